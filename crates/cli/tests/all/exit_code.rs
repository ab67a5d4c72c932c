//! The exit codes that scripts rely on, and complaints about arguments: one sentence, on standard error, with 2.

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

const GAP: &str = "apiVersion: v1\nkind: Pod\nspec: [\n";

/// Exit code for a text and arguments.
fn code(text: &str, arguments: &[&str]) -> i32 {
    Folder::with(text)
        .run(&[&["scan"], arguments].concat())
        .code
}

/// Rights for an account that is not in the file.
const GONE: &str = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: gone, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: gone, namespace: shop}]
";

#[test]
fn what_is_missing_counts_only_when_everything_is_there() {
    const CONTROL: &str = "binding-to-missing-account";
    let folder = Folder::with(GONE);
    let part = folder.scan();
    assert_eq!((part.code, part.found(CONTROL)), (0, Vec::new()));
    let open = part.report["notAssessed"].as_array().unwrap();
    assert!(
        open.iter().any(|open| open["control"] == CONTROL),
        "{open:?}"
    );
    let whole = folder.scan_with(&["--complete", "."]);
    assert_eq!(
        (whole.code, whole.found(CONTROL)),
        (1, vec!["a.yaml:5".to_owned()])
    );
}

#[test]
fn the_table_of_exit_codes() {
    let both = format!("{PRIVILEGED}---\n{GAP}");
    for (text, arguments, expected) in [
        (HARMLESS, &[][..], 0),
        (PRIVILEGED, &[], 1),
        (PRIVILEGED, &["--fail-on", "critical"], 1),
        (PRIVILEGED, &["--fail-on", "low"], 1),
        (PRIVILEGED, &["--fail-on", "never"], 0),
        (GAP, &[], 2),
        (GAP, &["--fail-on", "never"], 2),
        (GAP, &["--allow-gaps"], 0),
        (&both, &[], 2),
        (&both, &["--allow-gaps"], 1),
        (&both, &["--allow-gaps", "--fail-on=never"], 0),
    ] {
        assert_eq!(code(text, arguments), expected, "{arguments:?} on {text}");
    }
}

#[test]
fn every_format_ends_with_the_same_code() {
    for format in ["text", "concise", "json"] {
        assert_eq!(code(PRIVILEGED, &["--format", format]), 1, "{format}");
    }
}

#[test]
fn the_threshold_looks_at_severities() {
    let without_fault = PRIVILEGED.replace("privileged: true", "privileged: false");
    let folder = Folder::with(without_fault);
    let scan = folder.scan();
    let severities: Vec<_> = scan.report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["severity"].as_str().unwrap().to_owned())
        .collect();
    assert!(!severities.is_empty() && !severities.contains(&"critical".to_owned()));
    assert_eq!(folder.run(&["scan", "--fail-on", "critical"]).code, 0);
    assert_eq!(folder.run(&["scan", "--fail-on", "low"]).code, 1);
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let run = Folder::with(PRIVILEGED).run(&["scan", ".", "missing/"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(
        run.err,
        "error: there is no file or folder missing/: check the path\n"
    );
}

#[test]
fn bad_arguments_are_errors_with_advice() {
    for (arguments, advice) in [
        (&["scan", "--formt", "json"][..], "--format"),
        (
            &["scan", "--format", "yaml"],
            "possible values: text, concise, json",
        ),
        (
            &["scan", "--fail-on", "severe"],
            "low, medium, high, critical, never",
        ),
        (&["scan", "--kubernetes-version", "1.99"], "1.24 to 1.37"),
        (&["scan", "--kubernetes-version", "new"], "write it as 1.37"),
        (&["scan", "--today", "tomorrow"], "write it as 2027-01-31"),
        (&["scam"], "scan"),
        (&["explain"], "<ID>"),
        (&["explain", "privilged-container"], "privileged-container"),
        (&["explain", "PSC-01", "zzzz"], "plimsoll controls"),
        (&["guide", "--report", "missing.json"], "missing.json"),
    ] {
        let run = Folder::new().run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
        assert!(run.err.contains(advice), "{}", run.err);
    }
}

#[test]
fn no_command_shows_the_help() {
    let run = Folder::new().run(&[]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("Usage:") && run.err.contains("plimsoll scan deploy/"));
}
