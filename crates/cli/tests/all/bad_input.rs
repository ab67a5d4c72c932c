//! Input that is broken, empty or not meant for us: told as what it is, next to what could be judged.

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

#[test]
fn an_empty_file_is_just_counted() {
    let scan = Folder::with("").scan();
    assert!(scan.is_clean());
    assert_eq!((scan.summary("files"), scan.summary("otherFiles")), (0, 1));
}

#[test]
fn a_folder_without_yaml_is_said_to_hold_nothing() {
    let folder = Folder::new().file("readme.md", "# Hello");
    let scan = folder.scan();
    assert!(scan.is_clean());
    assert_eq!((scan.summary("files"), scan.summary("objects")), (0, 0));
    let text = folder.run(&["scan"]);
    assert_eq!(text.code, 0);
    assert!(
        text.out.to_lowercase().contains("no kubernetes object"),
        "{}",
        text.out
    );
}

#[test]
fn a_manifest_that_is_named_as_kubectl_has_it_is_told_to_be_taken_for_values() {
    let folder = Folder::with(PRIVILEGED);
    let run = folder.run(&["scan", "-f", "a.yaml"]);
    assert!(run.err.contains("a.yaml holds values"), "{}", run.err);
    assert_eq!(folder.run(&["scan", "a.yaml"]).err, "");
}

#[test]
fn what_is_no_snapshot_is_not_called_damaged() {
    let folder = Folder::with(PRIVILEGED);
    let run = folder.run(&["snapshot", "diff", "a.yaml", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("a.yaml is no snapshot"), "{}", run.err);
    let run = folder.run(&["snapshot", "diff", "b.yaml", "a.yaml"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("there is no file b.yaml"), "{}", run.err);
}

#[test]
fn what_is_in_files_is_not_published_into_a_cluster() {
    let run = Folder::with(PRIVILEGED).run(&["scan", "--publish", "."]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(
        run.err
            .contains("'--publish' cannot be used with '[PATH]...'"),
        "{}",
        run.err
    );
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_a_gap_beside_its_neighbours() {
    let folder = Folder::with(PRIVILEGED);
    std::os::unix::fs::symlink("nowhere", folder.path("b.yaml")).unwrap();
    let scan = folder.scan();
    assert_eq!(scan.code, 2);
    assert_eq!(scan.gaps(), ["unreadable b.yaml"]);
    assert!(scan.gap_message().contains("leads nowhere"));
    assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
    assert_eq!(folder.scan_with(&["b.yaml"]).gaps(), ["unreadable b.yaml"]);
}

#[test]
fn a_folder_named_like_a_file_is_a_folder() {
    let scan = Folder::new().file("x.yaml/a.yaml", PRIVILEGED).scan();
    assert_eq!(scan.found("privileged-container"), ["x.yaml/a.yaml:9"]);
    assert_eq!(scan.code, 1);
}

#[test]
fn a_broken_second_document_costs_only_itself() {
    let broken = "---\napiVersion: v1\nkind: Pod\nspec: [unclosed\n";
    let scan = Folder::with(format!("{PRIVILEGED}{broken}---\n{HARMLESS}")).scan();
    assert_eq!(scan.code, 2);
    assert_eq!(scan.found("privileged-container"), ["a.yaml:9"]);
    assert_eq!(scan.summary("objects"), 2);
    let gap = &scan.report["gaps"][0];
    assert_eq!(
        (&gap["reason"], &gap["location"]["document"]),
        (&"unparsable".into(), &2.into())
    );
    let line = gap["location"]["line"].as_u64().unwrap();
    assert!((13..=15).contains(&line), "{gap}");
}

#[test]
fn what_does_not_look_like_kubernetes_may_be_broken() {
    let folder = Folder::new()
        .file("tsconfig.json", "{ // comment\n \"compilerOptions\": {,} }")
        .file("notes.yaml", "a: [b\n")
        .file("package.json", "{\"name\": \"shop\"}");
    let scan = folder.scan();
    assert!(scan.is_clean());
    assert_eq!(scan.summary("otherFiles"), 3);
}

#[test]
fn a_binary_file_is_counted_unless_it_was_meant() {
    let bytes = b"\x7fELF\x02\x01\x01\0\0\0\0\xff\xfe";
    let folder = Folder::with(bytes);
    assert!(folder.scan().is_clean());
    let named = folder.scan_with(&["a.yaml"]);
    assert_eq!(
        (named.code, named.gaps()),
        (2, vec!["not-text a.yaml".to_owned()])
    );
    assert!(named.gap_message().contains("UTF-8"));
}

#[test]
fn a_manifest_in_another_encoding_is_a_gap() {
    let latin = [PRIVILEGED.as_bytes(), b"# caf\xe9\n"].concat();
    let scan = Folder::with(latin).scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["not-text a.yaml".to_owned()])
    );
    assert!(scan.gap_message().contains("byte"));
}

#[test]
fn utf_16_with_its_mark_is_read() {
    let units = std::iter::once(0xfeff).chain(PRIVILEGED.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        Folder::with(bytes).scan().found("privileged-container"),
        ["a.yaml:9"]
    );
}

#[test]
fn a_template_says_what_to_do() {
    let template = PRIVILEGED.replace("name: agent", "name: {{ .Values.name }}");
    let scan = Folder::with(template).scan();
    assert_eq!(scan.code, 2);
    assert!(
        scan.gaps()[0].starts_with("template a.yaml:3"),
        "{:?}",
        scan.gaps()
    );
    assert!(scan.gap_message().contains("helm template"));
    let other = format!("{{% if agents %}}\n{PRIVILEGED}{{% endif %}}\n");
    assert_eq!(Folder::with(other).scan().gaps(), ["template a.yaml:1"]);
}

#[test]
fn the_last_of_two_equal_keys_counts_and_both_are_told() {
    let twice = PRIVILEGED.replace(
        "privileged: true",
        "privileged: false\n        privileged: true",
    );
    let scan = Folder::with(twice).scan();
    assert_eq!(scan.found("privileged-container"), ["a.yaml:10"]);
    assert_eq!(scan.found("duplicate-key").len(), 1);
    assert_eq!(scan.code, 1);
}

#[test]
fn a_key_twice_above_the_objects_of_a_list_is_a_gap() {
    let list = "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}]\nitems: []\n";
    let scan = Folder::with(list).scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (2, vec!["duplicate-key a.yaml:3".to_owned()])
    );
}

#[test]
fn a_lonely_scalar_is_just_counted() {
    for text in ["hello\n", "42\n", "[1, 2]\n", "~\n", "--- # nothing\n...\n"] {
        let scan = Folder::with(text).scan();
        assert!(scan.is_clean(), "{text:?}");
        assert_eq!(scan.summary("otherFiles"), 1, "{text:?}");
    }
}

#[test]
fn an_object_without_kind_or_version_is_a_gap() {
    let without_kind = Folder::with(PRIVILEGED.replace("kind: Pod\n", "")).scan();
    assert_eq!(
        (without_kind.code, without_kind.gaps()),
        (2, vec!["incomplete a.yaml:1".to_owned()])
    );
    assert!(without_kind.gap_message().contains("without kind"));
    let without_version = Folder::with(PRIVILEGED.replace("apiVersion: v1\n", "")).scan();
    assert!(without_version.gap_message().contains("without apiVersion"));
}

#[test]
fn a_value_of_the_wrong_type_is_a_gap_and_no_pass() {
    let scan = Folder::with(PRIVILEGED.replace("privileged: true", "privileged: \"true\"")).scan();
    assert_eq!(scan.code, 2);
    assert_eq!(scan.gaps(), ["malformed a.yaml:9"]);
    let controls = scan.report["gaps"][0]["controls"].as_array().unwrap();
    assert!(
        controls.contains(&"privileged-container".into()),
        "{controls:?}"
    );
    let counts = &scan.report["summary"]["controls"]["privileged-container"];
    assert_eq!(
        (&counts["passed"], &counts["notAssessed"]),
        (&0.into(), &1.into())
    );
}
