//! `plimsoll init`: a configuration that works, and never over one that is there.

use std::fs;

use crate::folder::{Folder, PRIVILEGED};

#[test]
fn what_it_writes_is_a_configuration_that_changes_no_verdict() {
    let folder = Folder::new()
        .file("deploy/a.yaml", PRIVILEGED)
        .file("testdata/b.yaml", PRIVILEGED)
        .file("charts/web/Chart.yaml", "name: web\n")
        .file("charts/web/templates/a.yaml", "{{ x }}");
    let before = folder.scan();
    let run = folder.run(&["init"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("wrote plimsoll.yaml"), "{}", run.out);
    let written = fs::read_to_string(folder.path("plimsoll.yaml")).unwrap();
    assert!(written.starts_with("# What plimsoll judges by"));
    for says in [
        "\nversion: 1\n",
        "registry.example.com/",
        "**/testdata/**",
        "helm-chart",
    ] {
        assert!(written.contains(says), "{says}: {written}");
    }
    let after = folder.scan();
    assert_eq!(before.report["findings"], after.report["findings"]);
    let taken = written.replace("#exclude:\n#  - ", "exclude:\n  - ");
    let scan = folder.file("plimsoll.yaml", taken).scan();
    assert_eq!(scan.found("privileged-container"), ["deploy/a.yaml:9"]);
}

#[test]
fn nothing_is_overwritten_and_stdout_writes_nothing() {
    let folder = Folder::with(PRIVILEGED);
    let shown = folder.run(&["init", "--stdout", "."]);
    assert_eq!(shown.code, 0);
    assert!(!folder.path("plimsoll.yaml").exists());
    let folder = folder.file("plimsoll.yaml", "version: 1\n");
    let run = folder.run(&["init"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err.contains("plimsoll.yaml is there already"),
        "{}",
        run.err
    );
    let kept = fs::read_to_string(folder.path("plimsoll.yaml")).unwrap();
    assert_eq!(kept, "version: 1\n");
    for (path, says) in [
        ("a.yaml", "is a file"),
        ("nowhere", "there is no file or folder"),
    ] {
        let run = folder.run(&["init", path]);
        assert!(run.code == 2 && run.err.contains(says), "{}", run.err);
    }
}
