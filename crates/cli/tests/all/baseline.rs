//! `--baseline` and `--since`: what was known before does not fail a scan.

use crate::folder::{Folder, HARMLESS, PRIVILEGED, Scan};
use crate::revision::{REASONED, behind, committed, git};

const OTHER: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: other}
spec:
  containers:
    - name: main
      image: registry.example.com/other:1
      securityContext: {privileged: true}
";

fn since(folder: &Folder, revision: &str) -> Scan {
    folder.scan_with(&["--since", revision, "."])
}

fn baseline(scan: &Scan) -> [u64; 3] {
    let of = |key| scan.report["summary"]["baseline"][key].as_u64().unwrap();
    let listed = scan.report["known"].as_array().unwrap().len();
    assert_eq!(of("known"), listed as u64);
    let new = scan.report["findings"].as_array().unwrap().len();
    [new as u64, of("known"), of("gone")]
}

#[test]
fn only_what_is_not_in_the_former_report_fails() {
    let folder = Folder::with(PRIVILEGED);
    let former = folder.run(&["scan", "--format", "json", "."]).out;
    let folder = folder.file("former.json", former);
    let same = folder.scan_with(&["--baseline", "former.json", "."]);
    let [new, known, gone] = baseline(&same);
    assert_eq!((same.code, new, gone), (0, 0, 0));
    assert!(known > 0);
    let folder = folder.file("b.yaml", OTHER);
    let more = folder.scan_with(&["--baseline", "former.json", "."]);
    assert_eq!((more.code, baseline(&more)[1]), (1, known));
    assert_eq!(more.found("privileged-container"), ["b.yaml:8"]);
    assert_eq!(more.report["findings"][0]["object"]["name"], "other");
    let text = folder.run(&["scan", "--baseline", "former.json", "."]).out;
    let says = format!("{known} findings that former.json has already");
    assert!(text.contains(&says), "{text}");
    let less = folder
        .file("a.yaml", HARMLESS)
        .file("b.yaml", HARMLESS)
        .scan_with(&["--baseline", "former.json", "."]);
    assert_eq!((less.code, baseline(&less)), (0, [0, 0, known]));
}

#[test]
fn a_report_with_a_baseline_is_a_baseline_for_the_next() {
    let folder = Folder::with(PRIVILEGED);
    let first = folder.run(&["scan", "--format", "json", "."]).out;
    let folder = folder.file("1.json", first).file("b.yaml", OTHER);
    let second = folder.run(&["scan", "--format", "json", "--baseline", "1.json", "."]);
    let folder = folder.file("2.json", second.out);
    let third = folder.scan_with(&["--baseline", "2.json", "."]);
    assert_eq!((third.code, baseline(&third)[0]), (0, 0));
}

#[test]
fn gaps_are_never_known() {
    let folder = Folder::with("apiVersion: v1\nkind: [\n");
    let former = folder.run(&["scan", "--format", "json", "."]).out;
    let folder = folder.file("former.json", former);
    assert_eq!(
        folder.scan_with(&["--baseline", "former.json", "."]).code,
        2
    );
}

#[test]
fn what_was_waived_then_is_not_known_now() {
    let folder = Folder::with(behind(REASONED));
    let former = folder.run(&["scan", "--format", "json", "."]).out;
    let folder = folder
        .file("former.json", former)
        .file("a.yaml", PRIVILEGED);
    let scan = folder.scan_with(&["--baseline", "former.json", "."]);
    assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
}

#[test]
fn what_is_no_report_is_refused_with_advice() {
    let folder = Folder::with(PRIVILEGED)
        .file("newer.json", "{\"schema\": \"plimsoll.report/v7\"}")
        .file(
            "foreign.json",
            "{\"schema\": \"plimsoll.report/v1\", \"findings\": [{\"fingerprint\": \"v0:1\"}]}",
        );
    for (file, says) in [
        ("missing.json", "cannot be read"),
        (
            "a.yaml",
            "a.yaml: this is not a report: write one with `plimsoll scan --format json`",
        ),
        ("newer.json", "which is newer than the plimsoll.report/v1"),
        (
            "foreign.json",
            "the fingerprint \"v0:1\" was not made by this version",
        ),
    ] {
        let run = folder.run(&["scan", "--baseline", file, "."]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{file}");
        assert!(run.err.contains(says), "{file}: {}", run.err);
    }
    let both = folder.run(&["scan", "--baseline", "a", "--since", "b", "."]);
    assert_eq!(both.code, 2);
    let stdin = folder.run(&["scan", "--since", "main", "-"]);
    assert!(stdin.code == 2 && stdin.err.contains("compare with --baseline"));
    let bare = folder.run(&["scan", "--since", "main", "."]);
    assert!(bare.code == 2 && bare.err.contains("is not in a git repository"));
}

#[test]
fn only_what_is_new_since_a_revision_is_found() {
    let folder = committed(Folder::new().file("deploy/a.yaml", PRIVILEGED).file(
        "deploy/skipped.yaml",
        PRIVILEGED.replace("agent", "skipped"),
    ));
    let scan = since(&folder, "main");
    assert_eq!((scan.code, baseline(&scan)[0]), (0, 0));
    let moved = format!("# a comment\n\n{PRIVILEGED}");
    let folder = folder
        .file("deploy/a.yaml", HARMLESS)
        .file("moved/z.yaml", moved);
    assert_eq!((since(&folder, "main").code, baseline(&scan)[0]), (0, 0));
    let folder = folder.file("deploy/b.yaml", OTHER);
    let scan = since(&folder, "main");
    assert_eq!(scan.code, 1);
    assert_eq!(scan.found("privileged-container"), ["deploy/b.yaml:8"]);
    assert_eq!(scan.report["summary"]["baseline"]["source"], "main");
    let below = folder.scan_with(&["--since", "main", "deploy"]);
    assert_eq!(below.found("privileged-container"), ["deploy/b.yaml:8"]);
    let unknown = folder.run(&["scan", "--since", "nowhere", "."]);
    assert!(unknown.code == 2 && unknown.err.contains("there is no revision nowhere"));
}

#[test]
fn a_revision_is_judged_with_its_own_configuration_and_ignore_files() {
    let folder = committed(
        Folder::new()
            .file("a.yaml", PRIVILEGED)
            .file("b.yaml", OTHER)
            .file(".gitignore", "c.yaml\n")
            .file(
                "plimsoll.yaml",
                "version: 1\nexclude: [b.yaml]\nwaivers: [{control: privileged-container, reason: x}, {control: host-pid, reason: z}]\n",
            ),
    );
    let scan = since(&folder, "main");
    assert_eq!(
        (scan.code, baseline(&scan)[0]),
        (0, 0),
        "also what is about waivers is known"
    );
    let folder = folder.file("plimsoll.yaml", "version: 1\n");
    let scan = since(&folder, "main");
    assert_eq!(
        scan.found("privileged-container"),
        ["a.yaml:9", "b.yaml:8"],
        "what was waived or excluded then is new now"
    );
}

#[cfg(unix)]
#[test]
fn hostile_links_of_a_revision_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(PRIVILEGED);
    symlink("/etc", folder.path("etc")).unwrap();
    symlink("a.yaml", folder.path("link.yaml")).unwrap();
    let folder = committed(folder);
    let scan = since(&folder, "main");
    assert_eq!(baseline(&scan)[0], 0, "a link gives the same as today");
    git(&folder, &["rm", "-q", "--cached", "a.yaml"]);
    git(&folder, &["commit", "-q", "-m", "without"]);
    assert_eq!(since(&folder, "main~1").code, scan.code);
}
