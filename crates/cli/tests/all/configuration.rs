//! The configuration: where it is found, what it decides, and what is wrong with one.

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

const GAP: &str = "apiVersion: v1\nkind: Pod\nspec: [\n";

/// A repository with a configuration and a privileged pod in `deploy/`.
fn folder(configuration: &str) -> Folder {
    let configuration = format!("version: 1\n{configuration}");
    let folder = Folder::new().file("plimsoll.yaml", configuration);
    folder.file("deploy/a.yaml", PRIVILEGED)
}

#[test]
fn it_is_found_upwards_as_far_as_the_repository_reaches() {
    let folder = Folder::new()
        .file("plimsoll.yaml", "version: 1\nkubernetesVersion: '1.29'\n")
        .file("repository/.git/HEAD", "")
        .file(
            "repository/plimsoll.yaml",
            "version: 1\nkubernetesVersion: '1.30'\n",
        )
        .file("repository/deploy/a.yaml", PRIVILEGED)
        .file(
            "repository/inner/plimsoll.yaml",
            "version: 1\nkubernetesVersion: '1.31'\n",
        )
        .file("repository/inner/a.yaml", PRIVILEGED)
        .file("bare/.git", "gitdir: elsewhere")
        .file("bare/a.yaml", PRIVILEGED)
        .file("loose/a.yaml", PRIVILEGED);
    for (path, version) in [
        ("repository/deploy/a.yaml", "1.30"),
        ("repository/deploy", "1.30"),
        ("repository/inner", "1.31"),
        ("bare", "1.37"),
        ("loose", "1.29"),
        (".", "1.29"),
    ] {
        let scan = folder.scan_with(&[path]);
        assert_eq!(
            scan.report["target"]["kubernetesVersion"], version,
            "{path}"
        );
    }
    let named = folder.scan_with(&["--config", "repository/inner/plimsoll.yaml", "bare"]);
    assert_eq!(named.report["target"]["kubernetesVersion"], "1.31");
    let over = folder.scan_with(&["--kubernetes-version", "1.33", "."]);
    assert_eq!(over.report["target"]["kubernetesVersion"], "1.33");
}

#[test]
fn the_first_path_decides_and_standard_input_is_here() {
    let folder = Folder::new()
        .file("plimsoll.yaml", "version: 1\nkubernetesVersion: '1.29'\n")
        .file(
            "sub/plimsoll.yaml",
            "version: 1\nkubernetesVersion: '1.30'\n",
        )
        .file("sub/a.yaml", HARMLESS);
    let run = folder.pipe(&["scan", "--format", "json", "-", "sub"], HARMLESS);
    assert!(
        run.out.contains("\"kubernetesVersion\": \"1.29\""),
        "{}",
        run.out
    );
    let scan = folder.scan_with(&["sub", "."]);
    assert_eq!(scan.report["target"]["kubernetesVersion"], "1.30");
}

#[test]
fn it_decides_what_the_arguments_leave_open() {
    let never = folder("failOn: never\n");
    assert_eq!(never.run(&["scan"]).code, 0);
    assert_eq!(never.run(&["scan", "--fail-on", "medium"]).code, 1);
    assert_eq!(
        folder("failOn: low\n")
            .run(&["scan", "--fail-on", "never"])
            .code,
        0
    );
    let fine = PRIVILEGED.replace("privileged: true", "privileged: false");
    assert_eq!(
        folder("failOn: critical\n")
            .file("deploy/a.yaml", fine)
            .run(&["scan"])
            .code,
        0
    );
    assert_eq!(
        folder("profile: default\n").scan().report["target"]["profile"],
        "default"
    );
}

#[test]
fn gaps_of_an_allowed_reason_do_not_count() {
    let gap = |configuration: &str| {
        folder(configuration)
            .file("deploy/b.yaml", GAP)
            .run(&["scan"])
            .code
    };
    assert_eq!(gap(""), 2);
    assert_eq!(gap("allowGaps: [helm-chart]\n"), 2);
    assert_eq!(gap("allowGaps: [unparsable, helm-chart]\n"), 1);
    assert_eq!(gap("allowGaps: [unparsable]\nfailOn: never\n"), 0);
}

#[test]
fn a_control_that_is_off_is_reported_as_not_assessed() {
    let off = "controls: {off: {privileged-container: \"the admission webhook refuses them\"}}\n";
    let scan = folder(off).scan();
    assert_eq!(scan.found("privileged-container"), [""; 0]);
    let open = scan.report["notAssessed"].as_array().unwrap();
    let entry = open
        .iter()
        .find(|open| open["control"] == "privileged-container")
        .unwrap();
    let reason = entry["reason"].as_str().unwrap();
    assert!(
        reason.ends_with("the admission webhook refuses them"),
        "{reason}"
    );
    assert!(
        folder(off)
            .run(&["scan"])
            .out
            .contains("not assessed[privileged-container]")
    );
}

#[test]
fn what_it_excludes_is_counted_and_not_judged() {
    for pattern in [
        "**/testdata/**",
        "deploy/testdata",
        "deploy/testdata/",
        "**/b.yaml",
        "./deploy/t*",
    ] {
        let folder = folder(&format!("exclude: [{pattern:?}]\n"))
            .file("deploy/testdata/b.yaml", PRIVILEGED)
            .file("deploy/testdata/c/b.yaml", GAP)
            .file(".git/HEAD", "");
        for (from, path) in [
            ("", "."),
            ("", "deploy"),
            ("deploy", "."),
            ("deploy", "../deploy"),
        ] {
            let mut command = folder.command(&["scan", "--format", "json", path]);
            let run =
                crate::folder::ended(command.current_dir(folder.path(from)).output().unwrap());
            let scan = crate::folder::Scan::of(&run);
            assert_eq!(
                scan.found("privileged-container").len(),
                1,
                "{pattern} {from} {path}"
            );
            assert_eq!(
                (scan.code, scan.summary("excluded")),
                (1, 2),
                "{pattern} {from} {path}"
            );
        }
        let named = folder.scan_with(&["deploy/testdata/b.yaml"]);
        assert_eq!(
            named.found("privileged-container").len(),
            1,
            "what is named is meant"
        );
        assert!(
            folder
                .run(&["scan"])
                .out
                .contains("2 files excluded by the configuration")
        );
    }
    let star = folder("exclude: ['*.yaml']\n").scan();
    assert_eq!(
        star.found("privileged-container").len(),
        1,
        "a star stays in its folder"
    );
}

#[test]
fn every_mistake_is_an_error_with_its_place_and_advice() {
    for (configuration, complaint) in [
        ("", "plimsoll.yaml is empty"),
        ("# nothing\n", "plimsoll.yaml is empty"),
        ("failOn: low\n", "plimsoll.yaml:1:1: the version is missing"),
        ("version: 2\n", "plimsoll.yaml:1:10: this is not a version"),
        (
            "version: 1\nfailon: low\n",
            "plimsoll.yaml:2:1: there is no key \"failon\" here: did you mean failOn?",
        ),
        (
            "version: 1\nzzz: 1\n",
            "plimsoll.yaml:2:1: there is no key \"zzz\" here: choose from version",
        ),
        (
            "version: 1\nfailOn: hihg\n",
            "plimsoll.yaml:2:9: there is no threshold \"hihg\": did you mean high?",
        ),
        (
            "version: 1\nkubernetesVersion: 1.30\n",
            "plimsoll.yaml:2:20: this has to be a text: put it in quotes",
        ),
        (
            "version: 1\nkubernetesVersion: '1.99'\n",
            "choose a version from 1.24 to 1.37",
        ),
        (
            "version: 1\nprofile: strict\n",
            "there is no profile \"strict\": choose from default, public-single-team, internal-multi-team, public-multi-team, \
             internal-sensitive-data, public-sensitive-data",
        ),
        (
            "version: 1\nallowGaps: [helm]\n",
            "plimsoll.yaml:2:13: there is no reason for a gap \"helm\": did you mean helm-chart?",
        ),
        (
            "version: 1\nexclude: testdata\n",
            "plimsoll.yaml:2:10: this has to be a list",
        ),
        ("version: 1\nexclude: ['a[']\n", "plimsoll.yaml: exclude: "),
        (
            "version: 1\nexclude: [a, '']\n",
            "plimsoll.yaml:2:14: this item is empty: write what is meant, or remove it",
        ),
        (
            "version: 1\nimages: {trustedRegistries: [\"\"]}\n",
            "plimsoll.yaml:2:30: this item is empty",
        ),
        (
            "version: 1\ncontrols: {off: {privileged-containr: x}}\n",
            "plimsoll.yaml:2:18: there is no control \"privileged-containr\": did you mean privileged-container?",
        ),
        (
            "version: 1\ncontrols: {off: {privileged-container: ''}}\n",
            "say why privileged-container is off",
        ),
        (
            "version: 1\ncontrols: {off: [privileged-container]}\n",
            "each with the reason",
        ),
        (
            "version: 1\nimages: {registries: []}\n",
            "choose from trustedRegistries",
        ),
        (
            "version: 1\nwaivers: [{reason: x}]\n",
            "this waiver does not say its control",
        ),
        (
            "version: 1\nwaivers: [{control: host-pth, reason: x}]\n",
            "plimsoll.yaml:2:21: there is no control \"host-pth\": did you mean host-p",
        ),
        (
            "version: 1\nwaivers: [{control: host-pid, until: x}]\n",
            "there is no key \"until\" here",
        ),
        (
            "version: 1\nwaivers: [{control: host-pid, expires: 2027-02-30}]\n",
            "\"2027-02-30\" is not a date: write it as 2027-01-31",
        ),
        (
            "version: 1\nwaivers: [{control: host-pid, object: {nmae: x}}]\n",
            "did you mean name?",
        ),
        (
            "version: 1\nwaivers: [{control: host-pid, object: pod}]\n",
            "here should stand keys: kind",
        ),
        (
            "version: 1\nwaivers: [1]\n",
            "here should stand keys: control",
        ),
        (
            "version: 1\nversion: 1\n",
            "plimsoll.yaml:1:1: the key version stands twice",
        ),
        (
            "version: 1\n---\nversion: 1\n",
            "a configuration is one document",
        ),
        ("version: [\n", "plimsoll.yaml:"),
        (
            "- 1\n",
            "plimsoll.yaml:1:1: here should stand keys: version",
        ),
    ] {
        let run = Folder::with(HARMLESS)
            .file("plimsoll.yaml", configuration)
            .run(&["scan"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{configuration}");
        assert!(run.err.starts_with("error: plimsoll.yaml"), "{}", run.err);
        assert!(run.err.contains(complaint), "{configuration}: {}", run.err);
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    }
    let run = Folder::with(HARMLESS).run(&["scan", "--config", "missing.yaml"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            2,
            "error: there is no configuration missing.yaml: check the path\n"
        )
    );
    let run = Folder::with(HARMLESS)
        .file("plimsoll.yaml", b"\xff\x00")
        .run(&["scan"]);
    assert!(
        run.code == 2 && run.err.starts_with("error: plimsoll.yaml: not text"),
        "{}",
        run.err
    );
}

#[test]
fn a_profile_orders_findings_of_a_severity_and_says_why() {
    let ranks = |scan: &crate::folder::Scan| {
        let findings = scan.report["findings"].as_array().unwrap().iter();
        let rank = |finding: &serde_json::Value| {
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let why = finding["priority"]["why"].as_str().unwrap().to_owned();
            (
                finding["priority"]["rank"].as_u64().unwrap(),
                text("severity"),
                why,
            )
        };
        let mut ranks: Vec<_> = findings.map(rank).collect();
        ranks.sort();
        ranks
    };
    let usual = folder("").scan();
    let team = folder("profile: internal-multi-team\n").scan();
    let asked = folder("profile: public-single-team\n").scan_with(&[
        "--profile",
        "internal-multi-team",
        ".",
    ]);
    assert_eq!(team.report["target"]["profile"], "internal-multi-team");
    assert_eq!(team.report["findings"], asked.report["findings"]);
    let severities = |ranks: &[(u64, String, String)]| -> Vec<String> {
        ranks
            .iter()
            .map(|(_, severity, _)| severity.clone())
            .collect()
    };
    let (usual, team) = (ranks(&usual), ranks(&team));
    assert_eq!(
        severities(&usual),
        severities(&team),
        "severity comes first and stays"
    );
    let shared = |rank: &&(u64, String, String)| rank.2.contains("several teams share the cluster");
    assert_eq!(usual.iter().filter(shared).count(), 0);
    let weighed: Vec<bool> = team
        .iter()
        .filter(|rank| rank.1 == "medium")
        .map(|rank| shared(&rank))
        .collect();
    assert!(weighed.contains(&true), "{team:?}");
    assert!(weighed.is_sorted_by_key(|weighed| !weighed), "{team:?}");
    let run = Folder::new().run(&["scan", "--profile", "strict"]);
    assert!(
        run.code == 2 && run.err.contains("choose from default, public-single-team"),
        "{}",
        run.err
    );
}
