//! Which files are read, under which names, and which part they play.

use crate::folder::{Folder, HARMLESS, PRIVILEGED, Scan};

#[test]
fn no_path_means_the_current_folder() {
    let folder = Folder::new().file("deploy/a.yaml", PRIVILEGED);
    for arguments in [
        &[][..],
        &["."],
        &["./"],
        &["deploy"],
        &["./deploy/"],
        &["deploy/a.yaml", "./deploy"],
    ] {
        let scan = folder.scan_with(arguments);
        assert_eq!(
            scan.found("privileged-container"),
            ["deploy/a.yaml:9"],
            "{arguments:?}"
        );
    }
    assert_eq!(
        folder.scan_with(&[]).report["target"]["sources"],
        serde_json::json!(["."])
    );
}

#[test]
fn standard_input_has_a_name() {
    let folder = Folder::new().file("b.yaml", PRIVILEGED);
    let run = folder.pipe(&["scan", "--format", "json", "-"], PRIVILEGED);
    assert_eq!(Scan::of(&run).found("privileged-container"), ["<stdin>:9"]);
    let run = folder.pipe(&["scan", "--format", "json", "-", ".", "-"], PRIVILEGED);
    assert_eq!(
        Scan::of(&run).found("privileged-container"),
        ["<stdin>:9", "b.yaml:9"]
    );
}

/// A namespace that pins the policy's version makes everything be judged twice.
#[test]
fn standard_input_can_be_judged_again() {
    let pin = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {pod-security.kubernetes.io/enforce-version: v1.25}\n";
    let text = format!("{PRIVILEGED}---\n{pin}")
        .replace("{name: agent}", "{name: agent, namespace: shop}");
    let run = Folder::new().pipe(&["scan", "--format", "json", "-"], &text);
    assert_eq!(Scan::of(&run).found("privileged-container"), ["<stdin>:9"]);
}

#[test]
fn hidden_foreign_and_ignored_files_are_left_out() {
    let folder = Folder::with(HARMLESS)
        .file(".github/b.yaml", PRIVILEGED)
        .file(".c.yaml", PRIVILEGED)
        .file("node_modules/d.yaml", PRIVILEGED)
        .file("vendor/e.yaml", PRIVILEGED)
        .file("out/f.yaml", PRIVILEGED)
        .file("g.yaml", PRIVILEGED)
        .file(".gitignore", "/out\n")
        .file(".ignore", "g.yaml\n");
    let scan = folder.scan();
    assert!(scan.is_clean());
    assert_eq!(scan.summary("files"), 1);
    assert_eq!(
        folder.scan_with(&["g.yaml"]).found("privileged-container"),
        ["g.yaml:9"]
    );
}

#[cfg(unix)]
#[test]
fn loops_of_links_are_survived() {
    let folder = Folder::new().file("deploy/a.yaml", PRIVILEGED);
    std::os::unix::fs::symlink("..", folder.path("deploy/up")).unwrap();
    let scan = folder.scan();
    assert_eq!(scan.found("privileged-container"), ["deploy/a.yaml:9"]);
    assert_eq!(scan.code, 1);
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let mut folder = Folder::new();
    for number in 0..40 {
        let text = match number % 4 {
            0 => "apiVersion: v1\nkind: Pod\nspec: [\n",
            _ => PRIVILEGED,
        };
        folder = folder.file(&format!("{}/{}.yaml", number % 7, number), text);
    }
    for format in ["text", "concise", "json"] {
        let run = |threads: &str| {
            let mut command = folder.command(&["scan", "--format", format]);
            crate::folder::ended(command.env("RAYON_NUM_THREADS", threads).output().unwrap())
        };
        let one = run("1");
        assert_eq!(one.code, 2);
        assert_eq!(one, run("2"));
        assert_eq!(one, run("8"));
    }
}

#[test]
fn patches_of_a_kustomization_are_no_objects() {
    let folder = Folder::new()
        .file(
            "prod/kustomization.yaml",
            "resources: [a.yaml]\npatches:\n  - path: change.yaml\n  - old.yaml\n",
        )
        .file("prod/a.yaml", HARMLESS)
        .file("prod/change.yaml", PRIVILEGED)
        .file("prod/old.yaml", PRIVILEGED);
    let scan = folder.scan();
    assert_eq!(scan.report["findings"], serde_json::json!([]));
    assert_eq!(scan.gaps(), ["kustomize-not-found prod/kustomization.yaml"]);
    assert_eq!(scan.summary("patches"), 2);
    assert_eq!(scan.summary("objects"), 1);
}

#[test]
fn a_patch_that_is_switched_off_is_no_object() {
    let folder = Folder::new()
        .file(
            "prod/kustomization.yaml",
            "resources: [a.yaml, no-patch.yaml]\npatches: []\n#- path: manager_patch.yaml\n",
        )
        .file("prod/a.yaml", HARMLESS)
        .file("prod/manager_patch.yaml", PRIVILEGED)
        .file("prod/patches/webhook.yaml", PRIVILEGED)
        .file("prod/no-patch.yaml", PRIVILEGED)
        .file("patches/agent.yaml", PRIVILEGED)
        .file("agent-patch.yaml", PRIVILEGED);
    let scan = folder.scan();
    assert_eq!(scan.summary("patches"), 2);
    assert_eq!(
        scan.found("privileged-container"),
        [
            "agent-patch.yaml:9",
            "patches/agent.yaml:9",
            "prod/no-patch.yaml:9"
        ]
    );
}

#[test]
fn objects_do_not_hide_in_a_file_named_like_a_kustomization() {
    let scan = Folder::new().file("kustomization.yaml", PRIVILEGED).scan();
    assert_eq!(scan.found("privileged-container"), ["kustomization.yaml:9"]);
}

#[test]
fn a_broken_kustomization_is_a_gap() {
    let text = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [\n";
    let scan = Folder::new().file("x/kustomization.yaml", text).scan();
    assert_eq!(scan.code, 2);
    assert!(scan.gaps()[0].starts_with("unparsable x/kustomization.yaml:"));
}

#[test]
fn each_overlay_is_a_unit() {
    let folder = Folder::new()
        .file("dev/kustomization.yaml", "resources: [a.yaml]\n")
        .file("dev/a.yaml", PRIVILEGED)
        .file("prod/kustomization.yaml", "resources: [a.yaml]\n")
        .file("prod/a.yaml", PRIVILEGED);
    let scan = folder.scan();
    assert_eq!(scan.summary("units"), 2);
    let units: Vec<_> = scan.report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["control"] == "privileged-container")
        .map(|finding| finding["object"]["unit"].as_str().unwrap())
        .collect();
    assert_eq!(units, ["dev", "prod"]);
}

#[test]
fn a_chart_is_one_gap_that_says_how_to_render_it() {
    let folder = Folder::new()
        .file(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        )
        .file("web/values.yaml", "replicas: 2\n")
        .file("web/templates/a.yaml", "kind: {{ .Values.kind }}\n")
        .file("web/templates/b.yaml", PRIVILEGED)
        .file("web/crds/c.yaml", PRIVILEGED)
        .file(
            "web/charts/db/Chart.yaml",
            "apiVersion: v2\nname: db\nversion: 1.0.0\n",
        )
        .file("web/charts/db/templates/a.yaml", PRIVILEGED);
    let scan = folder.scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["helm-not-found web/Chart.yaml".to_owned()])
    );
    assert_eq!(
        scan.gap_message(),
        "chart web is not rendered: install helm or name it with --helm; or `helm template web | plimsoll scan -`"
    );
    assert_eq!(scan.found("privileged-container"), ["web/crds/c.yaml:9"]);
}

#[test]
fn a_chart_made_of_other_charts_is_a_gap_too() {
    let chart =
        "apiVersion: v2\nname: all\nversion: 1.0.0\ndependencies: [{name: db, version: 1.x}]\n";
    let scan = Folder::new().file("Chart.yaml", chart).scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["helm-not-found Chart.yaml".to_owned()])
    );
    assert!(scan.gap_message().contains("helm template . |"));
}
