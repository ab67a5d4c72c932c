//! `--waivers-from`: configuration and waivers of a revision, so that a change cannot waive itself.

use std::process::Command;

use crate::folder::{Folder, PRIVILEGED, Scan};

pub(crate) const REASONED: &str = " # plimsoll: allow privileged-container: loads a module";

pub(crate) fn behind(text: &str) -> String {
    PRIVILEGED.replace("privileged: true", &format!("privileged: true{text}"))
}

pub(crate) fn git(folder: &Folder, arguments: &[&str]) {
    let mut command = Command::new("git");
    let identity = [
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "commit.gpgsign=false",
    ];
    command
        .args(identity)
        .args(arguments)
        .current_dir(folder.path("."));
    let ended = command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}

/// All that is there becomes the revision `main`.
pub(crate) fn committed(folder: Folder) -> Folder {
    git(&folder, &["init", "-q", "-b", "main"]);
    git(&folder, &["add", "-A"]);
    git(&folder, &["commit", "-q", "-m", "all"]);
    folder
}

fn from_main(folder: &Folder) -> Scan {
    folder.scan_with(&["--waivers-from", "main", "."])
}

fn found(folder: &Folder) -> usize {
    from_main(folder).found("privileged-container").len()
}

#[test]
fn a_change_cannot_waive_itself() {
    let folder = committed(
        Folder::new()
            .file("deploy/a.yaml", PRIVILEGED)
            .file("readme", ""),
    );
    let folder = folder.file("deploy/a.yaml", behind(REASONED));
    assert_eq!(folder.scan().found("privileged-container").len(), 0);
    let scan = from_main(&folder);
    assert_eq!(
        (
            scan.found("privileged-container").len(),
            scan.summary("foreignWaivers")
        ),
        (1, 1)
    );
    let text = folder.run(&["scan", "--waivers-from", "main"]).out;
    assert!(text.contains("1 waiver not in the revision"), "{text}");
    let folder = folder.file("deploy/a.yaml", PRIVILEGED).file(
        "plimsoll.yaml",
        "version: 1\nfailOn: never\nwaivers: [{control: privileged-container, reason: x}]\n",
    );
    assert_eq!((found(&folder), from_main(&folder).code), (1, 1));
    let nearer = folder.file(
        "deploy/plimsoll.yaml",
        "version: 1\ncontrols: {off: {privileged-container: x}}\n",
    );
    let scan = nearer.scan_with(&["--waivers-from", "main", "deploy"]);
    assert_eq!(scan.found("privileged-container").len(), 1);
}

#[test]
fn what_was_reviewed_counts() {
    let folder = committed(Folder::with(behind(REASONED)));
    assert_eq!(found(&folder), 0);
    let moved = folder.file("a.yaml", format!("# a new line\n{}", behind(REASONED)));
    assert_eq!(found(&moved), 0, "a waiver may move with its line");
    let copied = moved.file("b.yaml", behind(REASONED));
    assert_eq!(found(&copied), 1, "but not into another file");
    let other = PRIVILEGED.replace("name: agent", "name: other");
    let twice = copied
        .file("b.yaml", "")
        .file("a.yaml", format!("{other}---\n{}", behind(REASONED)));
    assert_eq!(found(&twice), 1, "or to another object");
    let changed = twice.file(
        "a.yaml",
        behind(" # plimsoll: allow privileged-container: something else"),
    );
    assert_eq!(found(&changed), 1, "or get another reason");
}

#[test]
fn the_configuration_is_the_revisions() {
    let configuration = "version: 1\nkubernetesVersion: '1.30'\nwaivers: [{control: privileged-container, reason: x}]\n";
    let folder = committed(
        Folder::new()
            .file("deploy/a.yaml", PRIVILEGED)
            .file("plimsoll.yaml", configuration),
    );
    let folder = folder.file("plimsoll.yaml", "version: 3\n");
    let scan = folder.scan_with(&["--waivers-from", "main", "deploy"]);
    assert_eq!(scan.report["target"]["kubernetesVersion"], "1.30");
    assert_eq!(
        scan.report["waived"][0]["waiver"]["source"],
        "main:plimsoll.yaml:3"
    );
    std::fs::remove_file(folder.path("plimsoll.yaml")).unwrap();
    assert_eq!(
        folder
            .scan_with(&["--waivers-from", "HEAD", "deploy"])
            .found("privileged-container")
            .len(),
        0
    );
    let named = folder.scan_with(&[
        "--waivers-from",
        "main",
        "--config",
        "plimsoll.yaml",
        "deploy",
    ]);
    assert_eq!(named.report["target"]["kubernetesVersion"], "1.30");
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let folder = committed(Folder::with(PRIVILEGED));
    for revision in ["nowhere", "--output=x", "main:a.yaml", ""] {
        let run = folder.run(&["scan", &format!("--waivers-from={revision}"), "."]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{revision}");
        assert!(
            run.err
                .contains(&format!("there is no revision {revision}")),
            "{}",
            run.err
        );
    }
    let run = Folder::with(PRIVILEGED).run(&["scan", "--waivers-from", "main"]);
    assert!(
        run.code == 2 && run.err.contains("is not in a git repository"),
        "{}",
        run.err
    );
}

#[test]
fn what_has_no_file_has_no_waiver_there() {
    let folder = committed(Folder::with(behind(REASONED)));
    let run = folder.pipe(
        &["scan", "--format", "json", "--waivers-from", "main", "-"],
        &behind(REASONED),
    );
    assert_eq!(Scan::of(&run).found("privileged-container"), ["<stdin>:9"]);
}
