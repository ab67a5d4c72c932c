//! `--stats`: what a run took, told beside the report and never in it.

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

#[test]
fn stats_count_what_was_read_and_by_which_reader() {
    let anchored = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: &a b, c: *a}\n";
    let text = format!("{PRIVILEGED}---\n{HARMLESS}---\n{HARMLESS}---\n{anchored}");
    let folder = Folder::with(&text);
    let plain = folder.run(&["scan", "--format", "concise", "."]);
    let run = folder.run(&["scan", "--format", "concise", "--stats", "."]);
    assert_eq!((run.code, &run.out), (plain.code, &plain.out));
    assert_eq!(plain.err, "");
    let said = |phase: &str| {
        let line = run.err.lines().find(|line| line.starts_with(phase));
        line.unwrap_or_else(|| panic!("no {phase} in {}", run.err))
    };
    assert!(said("read").ends_with(&format!("ms   1 files, {} bytes", text.len())));
    assert!(said("parse").ends_with("4 documents, 75.0 % by the fast reader"));
    assert!(said("judge").ends_with("4 objects"));
    for phase in ["find", "together", "join", "render"] {
        assert!(said(phase).contains(" ms"), "{}", run.err);
    }
    #[cfg(target_os = "linux")]
    assert!(said("memory").ends_with("MiB at most"));
}
