//! What is packed: the manifests that run the program, and the definitions for other people's pipelines.

use std::fs;
use std::path::PathBuf;

use crate::folder::{Folder, Scan};

fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(file: &str) -> String {
    fs::read_to_string(project().join(file)).unwrap()
}

#[test]
fn the_job_that_runs_it_has_no_findings() {
    let manifests = project().join("packaging/kubernetes");
    let configuration = "version: 1\nimages: {trustedRegistries: [registry.example.com/]}\n";
    let folder = Folder::new().file("plimsoll.yaml", configuration);
    let path = manifests.to_str().unwrap();
    let run = folder.run(&[
        "scan",
        "--format",
        "json",
        "--fail-on",
        "low",
        "--config",
        "plimsoll.yaml",
        path,
    ]);
    let scan = Scan::of(&run);
    assert!(scan.is_clean(), "{}", scan.report["findings"]);
    let open = scan.report["notAssessed"].as_array().unwrap().iter();
    let open: Vec<_> = open.map(|open| &open["control"]).collect();
    // What judges images is the cluster's own and stands elsewhere.
    assert_eq!(open, ["images-not-judged"]);
    assert_eq!((scan.summary("objects"), scan.summary("waived")), (6, 1));
}

#[test]
fn the_image_runs_as_the_user_that_the_job_names() {
    let (dockerfile, job) = (text("Dockerfile"), text("packaging/kubernetes/job.yaml"));
    assert!(dockerfile.contains("\nUSER 65532:65532\n") && job.contains("runAsUser: 65532"));
    let last = dockerfile.rsplit("\nFROM ").next().unwrap();
    assert!(
        last.starts_with("scratch\n") && !last.contains("\nRUN "),
        "no shell, no layers"
    );
}

#[test]
fn what_pipelines_call_is_understood() {
    for file in [
        ".pre-commit-hooks.yaml",
        "action.yml",
        "packaging/plimsoll.gitlab-ci.yml",
    ] {
        let text = text(file);
        assert!(
            text.contains("scan") && text.contains("--format concise"),
            "{file}"
        );
    }
    let folder = Folder::with(crate::folder::HARMLESS);
    assert_eq!(
        folder.run(&["scan", "--format", "concise", "--", "."]).code,
        0
    );
    let action = text("action.yml");
    let scripts = action.split("run: |").skip(1);
    for script in scripts.map(|script| script.split("\n    - ").next().unwrap()) {
        assert!(
            !script.contains("${{"),
            "inputs could become commands: {script}"
        );
    }
}
