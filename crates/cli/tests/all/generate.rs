//! `plimsoll generate`: what is written where, what is refused, and how the guide tells of it.

use std::fs;

use serde_json::Value;

use crate::folder::Folder;

/// The names in the first column of the list.
fn kinds(list: &str) -> Vec<&str> {
    let lines = list.lines().filter_map(|line| line.strip_prefix("  "));
    let lines = lines.filter(|line| !line.starts_with(' '));
    lines
        .filter_map(|line| line.split_whitespace().next())
        .collect()
}

#[test]
fn everything_that_is_listed_can_be_generated_and_scanned() {
    let mut folder = Folder::new();
    let list = folder.run(&["generate"]);
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    let kinds: Vec<String> = kinds(&list.out).into_iter().map(str::to_owned).collect();
    assert!(kinds.len() >= 20, "{kinds:?}");
    for kind in kinds {
        // psp-to-psa needs a policy; apiserver-audit is a part of a file, whose other parts are found missing.
        if ["psp-to-psa", "apiserver-audit"].contains(&kind.as_str()) {
            continue;
        }
        let run = folder.run(&["generate", &kind]);
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{kind}");
        folder = folder.file(&format!("{kind}/{kind}.yaml"), run.out);
    }
    let scan = folder.run(&["scan", "--fail-on", "low", "--format", "json", "."]);
    let report: serde_json::Value = serde_json::from_str(&scan.out).expect("a report");
    let findings = report["findings"].as_array().expect("findings").iter();
    let found: Vec<_> = findings.map(|finding| &finding["control"]).collect();
    // The role and the binding of the guide's samples meet here: together they give everywhere what ends at a namespace.
    assert_eq!(found, ["namespaced-rights-bound-everywhere"]);
    assert_eq!(report["gaps"], serde_json::json!([]));
}

#[test]
fn help_teaches_by_example() {
    let help = Folder::new().run(&["generate", "--help"]);
    assert_eq!(help.code, 0);
    assert!(
        help.out
            .contains("plimsoll generate namespace --name shop | kubectl apply -f -")
    );
}

#[test]
fn a_slip_of_the_finger_is_understood() {
    let run = Folder::new().run(&["generate", "networkpolcy"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "error: there is nothing to generate that is called networkpolcy: did you mean networkpolicy?\n"
    );
    assert_eq!(Folder::new().run(&["generate", "NetPol"]).code, 0);
}

#[test]
fn what_means_nothing_or_is_not_a_name_is_an_error() {
    for arguments in [
        &["audit-policy", "--name", "a"][..],
        &["namespace", "--name", "Shop_1"],
        &["namespace", "--name", "a\nb: c"],
        &["namespace", "--option", "best"],
        &["namespace", "--kubernetes-version", "1.99"],
        &["clusterrolebinding", "--subject", "group:system:masters"],
        &["deployment", "--image", "web:latest"],
        &["role", "--verb", "*"],
        &["resourcequota", "--from", "nowhere"],
        &["psp-to-psa"],
    ] {
        let run = Folder::new().run(&[&["generate"], arguments].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
}

#[test]
fn a_file_is_made_and_never_overwritten() {
    let folder = Folder::new().file("there.yaml", "mine\n");
    let run = folder.run(&["generate", "limitrange", "--output", "new.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""));
    let printed = folder.run(&["generate", "limitrange"]).out;
    assert_eq!(
        fs::read_to_string(folder.path("new.yaml")).unwrap(),
        printed
    );
    for name in ["there.yaml", "new.yaml", "."] {
        let run = folder.run(&["generate", "limitrange", "-o", name]);
        assert_eq!(run.code, 2, "{name}");
        assert!(run.err.contains("is not overwritten"), "{}", run.err);
    }
    let kept = fs::read_to_string(folder.path("there.yaml")).unwrap();
    assert_eq!(kept, "mine\n");
    let run = folder.run(&["generate", "limitrange", "-o", "no/folder.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("cannot be written"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("elsewhere.yaml", folder.path("link.yaml")).unwrap();
    let run = folder.run(&["generate", "limitrange", "-o", "link.yaml"]);
    assert_eq!(run.code, 2);
    assert!(!folder.path("elsewhere.yaml").exists());
}

/// The text behind `secret: `, without its quotes.
fn key(text: &str) -> String {
    let line = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("secret: "));
    line.unwrap().trim_matches('"').to_owned()
}

#[test]
fn a_key_is_made_on_request_and_goes_where_it_was_sent() {
    let folder = Folder::new();
    let run = folder.run(&["generate", "encryption-config", "--key-from-random"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("add --output FILE"), "{}", run.err);
    let mut keys = Vec::new();
    for name in ["one.yaml", "two.yaml"] {
        let arguments = [
            "generate",
            "encryption-config",
            "--key-from-random",
            "-o",
            name,
        ];
        let run = folder.run(&arguments);
        assert_eq!((run.code, run.out.as_str()), (0, ""));
        let path = folder.path(name);
        let text = fs::read_to_string(&path).unwrap();
        assert!(!run.err.contains(&key(&text)));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        keys.push(key(&text));
    }
    let shown = folder.run(&[
        "generate",
        "encryption-config",
        "--key-from-random",
        "-o",
        "-",
    ]);
    keys.push(key(&shown.out));
    // 32 bytes are 43 digits of base64 and one sign that fills up.
    assert!(
        keys.iter().all(|key| key.len() == 44 && key.ends_with('=')),
        "{keys:?}"
    );
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 3, "each key is fresh");
    let plain = folder.run(&["generate", "encryption-config"]);
    assert!(plain.code == 0 && !plain.out.contains("secret:"));
}

#[test]
fn what_is_there_is_read_from_files_and_folders() {
    let deployment = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  replicas: 4\n  template:\n    spec:\n      containers: [{name: web, resources: {requests: {cpu: 300m}}}]\n";
    let folder = Folder::new()
        .file("deploy/web.yaml", deployment)
        .file("deploy/picture.yaml", [0xff, 0xfe, 0x00])
        .file("policy.yaml", "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: old}\nspec: {privileged: true}\n");
    let run = folder.run(&["generate", "quota", "--from", "deploy"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out
            .contains("#   Deployment web: 5 x (cpu 300m, memory 128Mi)\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("  namespace: shop\n"));
    let run = folder.run(&["generate", "psp-to-psa", "--from", "policy.yaml"]);
    assert!(
        run.out.contains("# PodSecurityPolicy old: privileged\n"),
        "{}",
        run.out
    );
}

#[test]
fn the_guide_names_the_generators() {
    let folder = Folder::new();
    let run = folder.run(&["guide", "--format", "json"]);
    let guide: Vec<Value> = serde_json::from_str(&run.out).unwrap();
    let of = |id: &str| guide.iter().find(|row| row["id"] == id).unwrap();
    let generator = |id: &str| serde_json::json!([{"what": "generator", "id": id}]);
    assert_eq!(of("APX-F")["servedBy"], generator("limitrange"));
    assert_eq!(of("APX-F")["status"], "served");
    // Every artifact of the guide is there, and what is left of one is said.
    for row in guide.iter().filter(|row| row["kind"] == "artifact") {
        assert_ne!(row["status"], "notYet", "{row}");
        assert_eq!(
            row["status"] == "partly",
            row["missing"].is_string(),
            "{row}"
        );
    }
    // A starting point alone does not make a check served.
    let served = guide
        .iter()
        .filter(|row| row["status"] == "served" && row["kind"] != "artifact");
    for row in served {
        let by = row["servedBy"].as_array().unwrap();
        assert!(by.iter().any(|one| one["what"] != "generator"), "{row}");
    }
    let explained = folder.run(&["explain", "apx-f", "sec-04"]);
    assert!(
        explained.out.contains("plimsoll generate limitrange: "),
        "{}",
        explained.out
    );
    assert!(
        explained.out.contains("plimsoll generate kms-config: "),
        "{}",
        explained.out
    );
}
