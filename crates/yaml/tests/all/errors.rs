//! Documents that cannot be read: what is said, and where.

use plimsoll_yaml::{ParseErrorKind, parse, split};

use crate::support::{error, try_tree};

#[test]
fn templates_are_recognised() {
    for text in [
        "image: {{ .Values.x }}\n",
        "{{- if .Values.y }}\na: 1\n",
        "a:\n  {{- toYaml . }}: 1\n",
    ] {
        let error = try_tree(text).unwrap_err();
        assert!(
            error.message.contains("template"),
            "{text}: {}",
            error.message
        );
    }
}

#[test]
fn a_template_value_is_a_bad_key() {
    let found = error("image: {{ .Values.é }}-x\n");
    assert_eq!(found, (ParseErrorKind::BadKey, "{{ .Values.é }}"));
}

#[test]
fn keys_must_be_names() {
    assert_eq!(error("~: 1\n"), (ParseErrorKind::BadKey, "~"));
    assert_eq!(error("a:\n  : 1\n").0, ParseErrorKind::BadKey);
    assert_eq!(error("? [a]\n: 1\n").0, ParseErrorKind::BadKey);
    assert_eq!(error("{{a: 1}: 2}\n").0, ParseErrorKind::BadKey);
}

#[test]
fn syntax_errors_point_at_their_place() {
    assert_eq!(error("é: 1\n\tb: 2\n").0, ParseErrorKind::Syntax);
    assert_eq!(error("a: é: c\n"), (ParseErrorKind::Syntax, ":"));
    assert_eq!(error("é: [1, 2\nb: 1\n").0, ParseErrorKind::Syntax);
}

#[test]
fn the_second_document_reports_in_file_offsets() {
    let text = "é: 1\n---\na: b: c\n";
    let error = parse(text, &split(text)[1]).unwrap_err();
    assert_eq!(error.span.start as usize, text.rfind(':').unwrap());
    assert!(error.message.contains("second `: `"));
}

#[test]
fn content_kubectl_would_drop_is_an_error() {
    assert_eq!(error("  a: 1\nb: 2\n").0, ParseErrorKind::Syntax);
    assert_eq!(error("{a: 1}\nb: 2\n").0, ParseErrorKind::Syntax);
}

#[test]
fn broken_json_is_told_as_json() {
    let error = try_tree("{\"a\": 1,\n \"b\": 2 \"c\": 3}").unwrap_err();
    assert!(error.message.contains("comma"), "{}", error.message);
    let error = try_tree("{ /* no */ \"a\": 1}").unwrap_err();
    assert!(error.message.contains("comments"), "{}", error.message);
    let error = try_tree("{\"a\": 1, // no\n \"b\": 2}").unwrap_err();
    assert!(error.message.contains("comments"), "{}", error.message);
}

#[test]
fn messages_are_one_lower_case_sentence() {
    for text in [
        "a: b: c",
        "a: [",
        "a: 'b",
        "\ta: 1",
        "a: *x",
        "a: !!int x",
        "{\"a\"",
        "a: .inf",
        "~: 1",
        "a: @b",
        "a: \"\\q\"",
    ] {
        let error = try_tree(text).unwrap_err();
        let first = error.message.chars().next().unwrap();
        assert!(
            !first.is_uppercase() && !error.message.ends_with('.'),
            "{}",
            error.message
        );
        assert!(error.span.end as usize <= text.len());
        assert_eq!(error.to_string(), error.message);
    }
}

/// To libyaml 0.2.5 and go-yaml, the line ends of YAML 1.1 end lines everywhere.
#[test]
fn line_ends_that_only_kubectl_sees_are_refused() {
    for end in ['\u{85}', '\u{2028}', '\u{2029}'] {
        for text in [
            format!("a: 1 # b{end}c: 2\n"),
            format!("a: b{end}c: 2\n"),
            format!("a: 'b{end}c'\n"),
            format!("a: |\n  b{end}c\n"),
            format!("# a{end}b: c\n"),
        ] {
            let error = try_tree(&text).unwrap_err();
            assert_eq!(error.span.slice(&text), end.to_string());
            assert!(error.message.contains("invisible"), "{}", error.message);
        }
    }
    assert!(try_tree("--- # a\u{2028}b: c\nd: e\n").is_err());
    assert!(try_tree("a: \"\\u2028\"\n").is_ok());
    assert!(try_tree("{\"a\": \"\u{2028}\"}").is_ok());
}

#[test]
fn names_in_braces_that_kubectl_reads_otherwise_are_refused() {
    for (text, place) in [
        ("a: {b:}\n", "b"),
        ("a: {b :}\n", "b"),
        ("a: {b:,c: d}\n", "b"),
        ("a: {b: {c :}}\n", "c"),
        ("a: {?b: c}\n", "?b"),
        ("a: [?b]\n", "?b"),
        ("a: {!b,c: d}\n", ","),
    ] {
        assert_eq!(error(text), (ParseErrorKind::Syntax, place), "{text}");
    }
    for text in [
        "a: {b: }\n",
        "a: {b: , c: d}\n",
        "a: {\"b\":}\n",
        "a: [fd00::, c:, d :]\n",
        "?b: :c\n",
        "a: {b: !c , d: e}\n",
        "a: {b: !c d, e: f}\n",
        "a: ?b\n",
    ] {
        assert!(try_tree(text).is_ok(), "{text}");
    }
}

#[test]
fn a_mark_behind_comments_is_refused() {
    assert_eq!(
        error("# a\n\u{feff}b: c\n"),
        (ParseErrorKind::Syntax, "\u{feff}")
    );
    assert!(try_tree("\u{feff}# a\nb: c\n").is_ok());
    assert!(try_tree("a: '\u{feff}'\n").is_ok());
}
