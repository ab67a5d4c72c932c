//! Input made to exhaust or mislead: bounded time and memory, and never a silence.

use std::fmt::Write;

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

#[test]
fn an_alias_bomb_is_a_gap() {
    let mut bomb = String::from(
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: &a [x, x, x, x, x, x, x, x, x]\n",
    );
    for (from, to) in ["a", "b", "c", "d", "e", "f", "g", "h"]
        .windows(2)
        .map(|two| (two[0], two[1]))
    {
        let copies = vec![format!("*{from}"); 9].join(", ");
        writeln!(bomb, "  {to}: &{to} [{copies}]").unwrap();
    }
    let scan = Folder::with(format!("{PRIVILEGED}---\n{bomb}")).scan();
    assert_eq!(scan.code, 2);
    assert!(
        scan.gaps()[0].starts_with("unparsable a.yaml:"),
        "{:?}",
        scan.gaps()
    );
    assert!(
        scan.gap_message().contains("alias"),
        "{}",
        scan.gap_message()
    );
    assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
}

#[test]
fn ten_thousand_levels_do_not_end_the_run() {
    let brackets = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let mut blocks = String::new();
    for level in 0..10_000 {
        writeln!(blocks, "{}a:", " ".repeat(level + 1)).unwrap();
    }
    for deep in [format!("data: {brackets}\n"), format!("data:\n{blocks}")] {
        let text = format!("{PRIVILEGED}---\napiVersion: v1\nkind: ConfigMap\n{deep}");
        let scan = Folder::with(text).scan();
        assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
        assert_eq!(
            scan.summary("objects") + scan.gaps().len() as u64,
            2,
            "{:?}",
            scan.gaps()
        );
    }
}

#[test]
fn more_levels_than_kubectl_reads_are_a_gap() {
    let brackets = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let scan = Folder::with(format!(
        "apiVersion: v1\nkind: ConfigMap\ndata: {brackets}\n"
    ))
    .scan();
    assert_eq!(scan.code, 2);
    assert_eq!(scan.gaps(), ["unparsable a.yaml:3"]);
}

#[test]
fn a_file_of_100_mb_is_judged_to_its_end() {
    let size = 100_000_000;
    let document = HARMLESS.replace("blue", &"x".repeat(10_000));
    let mut text = String::with_capacity(size + 20_000);
    while text.len() < size {
        text.push_str(&document);
        text.push_str("---\n");
    }
    let lines = text.lines().count();
    text.push_str(PRIVILEGED);
    let scan = Folder::with(text).scan();
    assert_eq!(
        scan.found("privileged-container"),
        [format!("a.yaml:{}", lines + 9)]
    );
    assert_eq!(scan.code, 1);
}

#[test]
fn names_cannot_steer_the_terminal() {
    let hostile = PRIVILEGED.replace("{name: agent}", "{name: \"a\\e[2Jb\\u202ec\\nd\"}");
    let folder = Folder::with(hostile);
    for format in ["text", "concise"] {
        let run = folder.run(&["scan", "--format", format]);
        let bad = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!run.out.contains(bad), "{format}: {:?}", run.out);
        assert!(run.out.contains("privileged-container"), "{}", run.out);
    }
}

#[test]
fn reports_for_machines_lose_no_character() {
    let hostile = PRIVILEGED.replace("{name: agent}", "{name: \"a\\x9b31mb\\x7fc\\ed\"}");
    let scan = Folder::with(hostile).scan();
    assert_eq!(
        scan.report["findings"][0]["object"]["name"],
        "a\u{9b}31mb\u{7f}c\u{1b}d"
    );
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_what_was_asked_for() {
    let outside = Folder::with(PRIVILEGED);
    let folder = Folder::with(HARMLESS);
    std::os::unix::fs::symlink(outside.path("a.yaml"), folder.path("b.yaml")).unwrap();
    let scan = folder.scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["unreadable b.yaml".to_owned()])
    );
    assert!(scan.found("privileged-container").is_empty());
}

#[test]
fn many_objects_on_one_line_have_exact_columns() {
    let pod = |number| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p{number}é"}},"spec":{{"containers":[{{"name":"a","securityContext":{{"privileged":true}}}}]}}}}"#
        )
    };
    let pods: Vec<_> = (0..5_000).map(pod).collect();
    let text = format!(
        r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#,
        pods.join(",")
    );
    let scan = Folder::with(&text).scan();
    let findings = scan.report["findings"].as_array().unwrap();
    let last = findings
        .iter()
        .rfind(|finding| finding["control"] == "privileged-container");
    let last = last.unwrap();
    let before = text.rfind(r#""privileged""#).unwrap();
    let column = text[..before].chars().count() as u64 + 1;
    assert_eq!(last["location"]["column"], column);
    assert_eq!(
        last["path"],
        "items[4999].spec.containers[0].securityContext.privileged"
    );
}

#[test]
fn many_broken_documents_are_each_a_gap() {
    let text = "apiVersion: v1\nkind: [\n---\n".repeat(5_000);
    let scan = Folder::with(text).scan();
    assert_eq!(scan.gaps().len(), 5_000);
}
