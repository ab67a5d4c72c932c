//! Documents of a text.

use plimsoll_yaml::{Chunk, ParseErrorKind, parse, split};

use crate::support::value;

fn texts(text: &str) -> Vec<&str> {
    split(text)
        .iter()
        .map(|chunk| chunk.span.slice(text))
        .collect()
}

#[test]
fn separators_split_and_may_carry_comments() {
    assert_eq!(texts("a: 1\n---\nb: 2\n"), ["a: 1\n", "b: 2\n"]);
    assert_eq!(
        texts("---\na: 1\n--- # c\nb: 2\n---  \nc: 3"),
        ["a: 1\n", "b: 2\n", "c: 3"]
    );
    assert_eq!(texts("a: 1\r\n---\r\nb: 2\r\n"), ["a: 1\r\n", "b: 2\r\n"]);
    assert_eq!(
        texts("a: |\n  x\n  ---\n  y\n"),
        ["a: |\n  x\n  ---\n  y\n"]
    );
}

#[test]
fn documents_without_content_do_not_count() {
    assert_eq!(texts(""), [""; 0]);
    assert_eq!(
        texts("\n  \n# c\n  # d\n%YAML 1.2\n---\n---\n...\n"),
        [""; 0]
    );
    let chunks = split("# license\n---\na: 1\n---\n# nothing\n---\nb: 2\n");
    let numbers: Vec<u32> = chunks.iter().map(|chunk| chunk.number).collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn a_byte_order_mark_is_skipped_at_each_start() {
    let text = "\u{feff}a: 1\n---\n\u{feff}b: 2\n";
    assert_eq!(texts(text), ["a: 1\n", "b: 2\n"]);
    assert_eq!(texts("\u{feff}---\na: 1\n"), ["a: 1\n"]);
    let trees: Vec<_> = split(text)
        .iter()
        .map(|c| value(parse(text, c).unwrap().root()))
        .collect();
    assert_eq!(
        trees,
        [serde_json::json!({"a": 1}), serde_json::json!({"b": 2})]
    );
}

#[test]
fn a_bad_separator_spoils_its_own_document_only() {
    let text = "a: 1\n---{}\nb: 2\n--- é # x\n---\nc: 3\n";
    let chunks = split(text);
    assert_eq!(chunks.len(), 4);
    assert_eq!(
        chunks[1].separator_error.map(|span| span.slice(text)),
        Some("{}")
    );
    assert_eq!(
        chunks[2].separator_error.map(|span| span.slice(text)),
        Some("é # x")
    );
    let results: Vec<_> = chunks.iter().map(|chunk| parse(text, chunk)).collect();
    assert!(results[0].is_ok() && results[3].is_ok());
    let error = results[1].as_ref().unwrap_err();
    assert_eq!(
        (error.kind, error.span.slice(text)),
        (ParseErrorKind::Separator, "{}")
    );
}

#[test]
fn json_objects_may_follow_each_other() {
    let text = " {\"a\": 1}{\"b\": \"}{\"}\n{\"c\": {}}\n";
    assert_eq!(
        texts(text),
        ["{\"a\": 1}", "{\"b\": \"}{\"}", "{\"c\": {}}"]
    );
    assert!(split(text).iter().all(|chunk| chunk.json));
}

#[test]
fn what_follows_json_may_be_yaml() {
    let text = "{\"a\": 1}\n---\nb: 2\n";
    let chunks = split(text);
    assert_eq!(texts(text), ["{\"a\": 1}", "b: 2\n"]);
    assert_eq!(
        chunks.iter().map(|c| c.json).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(texts("{a: b}\n---\nc: d\n"), ["{a: b}\n", "c: d\n"]);
    assert_eq!(texts("{\"a\": 1} # c\n"), ["{\"a\": 1}"]);
}

#[test]
fn json_in_a_later_document_is_recognised() {
    let text = "a: 1\n---\n{\"b\": 2}\n---\n{c: 3}\n";
    let json: Vec<bool> = split(text).iter().map(|chunk: &Chunk| chunk.json).collect();
    assert_eq!(json, [false, true, false]);
}

#[test]
fn the_end_marker_ends_reading() {
    let text = "a: 1\n...\n]]] not read\n";
    assert_eq!(
        value(parse(text, &split(text)[0]).unwrap().root()),
        serde_json::json!({"a": 1})
    );
}

#[test]
fn a_million_empty_documents_are_nothing() {
    assert!(split(&"---\n".repeat(1_000_000)).is_empty());
}
