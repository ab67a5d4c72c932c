//! Scalar types, row by row as kubectl decides them.

use plimsoll_yaml::{ParseErrorKind, Scalar};

use crate::support::{error, json, tree};

fn check(rows: &[(&str, Scalar<'_>)]) {
    for (text, expected) in rows {
        let text = format!("a: {text}\n");
        let tree = tree(&text);
        let value = tree.root().get("a").unwrap();
        assert_eq!(value.scalar(), Some(*expected), "{text}");
    }
}

#[test]
fn booleans_are_those_of_yaml_1_1() {
    for word in "y Y yes Yes YES true True TRUE on On ON".split(' ') {
        check(&[(word, Scalar::Bool(true))]);
    }
    for word in "n N no No NO false False FALSE off Off OFF".split(' ') {
        check(&[(word, Scalar::Bool(false))]);
    }
    for word in ["yEs", "tRUE", "oN", "YeS", "ye", "none"] {
        check(&[(word, Scalar::Str(word))]);
    }
}

#[test]
fn nulls_are_written_in_five_ways() {
    for word in ["", "~", "null", "Null", "NULL"] {
        check(&[(word, Scalar::Null)]);
    }
    check(&[("nULL", Scalar::Str("nULL")), ("''", Scalar::Str(""))]);
}

#[test]
fn integers_come_in_every_base() {
    check(&[
        ("0", Scalar::Int(0)),
        ("-0", Scalar::Int(0)),
        ("+12", Scalar::Int(12)),
        ("0777", Scalar::Int(511)),
        ("0o777", Scalar::Int(511)),
        ("-0644", Scalar::Int(-420)),
        ("0_1", Scalar::Int(1)),
        ("0x1F", Scalar::Int(31)),
        ("0X1f", Scalar::Int(31)),
        ("0x_1F", Scalar::Int(31)),
        ("-0x1F", Scalar::Int(-31)),
        ("0b101", Scalar::Int(5)),
        ("-0b11", Scalar::Int(-3)),
        ("0b-1", Scalar::Int(-1)),
        ("0b+1", Scalar::Int(1)),
        ("1_000", Scalar::Int(1000)),
        ("1__0", Scalar::Int(10)),
        ("-_1", Scalar::Int(-1)),
        ("9223372036854775807", Scalar::Int(i64::MAX)),
        ("-9223372036854775808", Scalar::Int(i64::MIN)),
    ]);
}

#[test]
fn floats_lose_what_json_numbers_lose() {
    check(&[
        ("1e3", Scalar::Float(1000.0)),
        ("1_e3", Scalar::Float(1000.0)),
        ("1.", Scalar::Float(1.0)),
        ("1.e1", Scalar::Float(10.0)),
        (".5", Scalar::Float(0.5)),
        (".5_0", Scalar::Float(0.5)),
        ("+.5", Scalar::Float(0.5)),
        ("-.5", Scalar::Float(-0.5)),
        (".5e3", Scalar::Float(500.0)),
        ("1.10", Scalar::Float(1.1)),
        ("0899", Scalar::Float(899.0)),
        ("08.5", Scalar::Float(8.5)),
        ("1e-400", Scalar::Float(0.0)),
        (
            "9223372036854775808",
            Scalar::Float(9_223_372_036_854_775_808.0),
        ),
        (
            "-9223372036854775809",
            Scalar::Float(-9_223_372_036_854_775_808.0),
        ),
        (
            "18446744073709551616",
            Scalar::Float(18_446_744_073_709_551_616.0),
        ),
    ]);
}

#[test]
fn what_only_resembles_a_number_is_text() {
    for text in [
        "12:30:45",
        "190:20:30",
        "1e400",
        "-1e400",
        "2001-12-14",
        "0x",
        "0b",
        "0b12",
        "-0b+1",
        "0o9",
        "1.2.3",
        "._5",
        ".5_",
        ".5__0",
        ".5_e3",
        "_1",
        ".",
        "+",
        "1e",
        "e3",
        "0x1p4",
        "+-1",
        "0x-1",
        "infinity",
        "nan",
        "NaN",
        "inf",
        ".iNF",
        "100m",
        "1Gi",
    ] {
        check(&[(text, Scalar::Str(text))]);
    }
}

#[test]
fn infinities_are_refused_as_values_and_kept_as_keys() {
    for text in [".inf", "-.Inf", "+.INF", ".nan", ".NaN"] {
        let text = format!("a: {text}\n");
        assert_eq!(
            error(&text),
            (ParseErrorKind::NotJson, &text[3..text.len() - 1])
        );
    }
    assert_eq!(json(".inf: 1"), serde_json::json!({".inf": 1}));
}

#[test]
fn quotes_and_blocks_make_text() {
    check(&[
        ("'yes'", Scalar::Str("yes")),
        ("\"0777\"", Scalar::Str("0777")),
        ("|\n  12", Scalar::Str("12\n")),
        (">-\n  null", Scalar::Str("null")),
    ]);
}

#[test]
fn tags_decide_and_unknown_ones_make_text() {
    check(&[
        ("!!str 12", Scalar::Str("12")),
        ("!!str", Scalar::Str("")),
        ("!!int \"12\"", Scalar::Int(12)),
        ("!!float 3", Scalar::Float(3.0)),
        ("!!bool yes", Scalar::Bool(true)),
        ("!!null ''", Scalar::Null),
        ("!foo bar", Scalar::Str("bar")),
        ("!foo 12", Scalar::Str("12")),
        ("! 12", Scalar::Str("12")),
        ("!!timestamp 2001-12-14", Scalar::Str("2001-12-14")),
        ("!!binary aGVsbG8=", Scalar::Str("hello")),
        ("!!binary |\n  aGVs\n  bG8h", Scalar::Str("hello!")),
        ("!!binary /w==", Scalar::Str("\u{fffd}")),
        ("!!binary ''", Scalar::Str("")),
    ]);
    assert_eq!(
        json("a: !x {b: !y [1]}"),
        serde_json::json!({"a": {"b": [1]}})
    );
}

#[test]
fn values_that_do_not_fit_their_tag_are_refused() {
    for text in [
        "!!int x",
        "!!int 1.5",
        "!!int ''",
        "!!bool 1",
        "!!null x",
        "!!float yes",
    ] {
        assert_eq!(
            error(&format!("a: {text}")).0,
            ParseErrorKind::BadTag,
            "{text}"
        );
    }
    for text in [
        "!!binary a",
        "!!binary a===",
        "!!binary '*aaa'",
        "!!binary a=aa",
    ] {
        assert_eq!(
            error(&format!("a: {text}")).0,
            ParseErrorKind::BadTag,
            "{text}"
        );
    }
}

#[test]
fn keys_are_named_as_kubectl_names_them() {
    for (key, name) in [
        ("yes", "true"),
        ("on", "true"),
        ("Off", "false"),
        ("0777", "511"),
        ("0x1F", "31"),
        ("1.5", "1.5"),
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("1e6", "1e+06"),
        ("100000.", "100000"),
        ("1234567.5", "1.2345675e+06"),
        ("1e-7", "1e-07"),
        ("1e-4", "0.0001"),
        ("0.00012", "0.00012"),
        ("2e21", "2e+21"),
        ("-0.0", "-0"),
        ("1e39", ".inf"),
        ("'yes'", "yes"),
        ("\"0777\"", "0777"),
        ("plain key", "plain key"),
    ] {
        let text = format!("{key}: 1\n");
        let tree = tree(&text);
        let (key, value) = tree.root().entries().next().unwrap();
        assert_eq!(key.key_text(), Some(name), "{text}");
        assert_eq!(tree.root().get(name), Some(value), "{text}");
        assert_eq!((value.key_text(), value.key()), (None, Some(key)));
    }
}

#[test]
fn typed_accessors_do_not_convert() {
    let text = "a: 0777\nb: '1'\nc: 1e3\nd: 1.5\ne: yes\nf: [1]\n";
    let tree = tree(text);
    let get = |key: &str| tree.root().get(key).unwrap();
    assert_eq!(
        (get("a").as_int(), get("a").text(), get("a").as_str()),
        (Some(511), Some("0777"), None)
    );
    assert_eq!((get("b").as_int(), get("b").as_str()), (None, Some("1")));
    assert_eq!((get("c").as_int(), get("d").as_int()), (Some(1000), None));
    assert_eq!((get("e").as_bool(), get("e").as_str()), (Some(true), None));
    assert_eq!(
        (get("f").text(), get("f").scalar(), get("f").len()),
        (None, None, 1)
    );
    assert!(!get("f").is_null() && get("f").at(1).is_none());
}
