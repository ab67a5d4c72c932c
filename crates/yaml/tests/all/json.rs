//! JSON documents, against another reader.

use plimsoll_yaml::{Kind, Style, split};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{json, source, tree, value};

#[test]
fn strings_are_decoded() {
    for text in [
        r#"{"a": "\ud83d\ude00 \/ \b\f\n\r\t \" \\ \u0041 \u00e9"}"#,
        r#"{"\u0061\/": {"": []}}"#,
        "{\t\"a\":\t[1,\n\t2],\"b\":\"\u{7f}\u{85}\u{feff}\"}",
        "{\"k\":-0.5e+3,\"l\":1E2,\"m\":-7,\"n\":null,\"o\":true,\"p\":false}",
    ] {
        let theirs: Value = serde_json::from_str(text).unwrap();
        assert_eq!(json(text).to_string(), theirs.to_string());
    }
    assert_eq!(
        json(r#"{"a": "\ud83d", "b": "\udead\ud83d\ude00"}"#),
        serde_json::json!({"a": "\u{fffd}", "b": "\u{fffd}😀"})
    );
}

#[test]
fn keys_may_be_long_and_repeated() {
    let key = "k".repeat(5_000);
    let text = format!("{{\"{key}\":1,\"{key}\" : 2}}");
    let tree = tree(&text);
    assert_eq!(tree.root().get(&key).unwrap().as_int(), Some(2));
    assert_eq!(tree.duplicates().len(), 1);
}

#[test]
fn what_is_not_strict_json_is_not_json() {
    for text in [
        "{a: 1}",
        "{\"a\": 1,}",
        "{\"a\": 01}",
        "{\"a\": +1}",
        "{\"a\": .5}",
        "{\"a\": 1.}",
        "{\"a\": 'x'}",
        "{\"a\": NaN}",
        "{\"a\": \"\t\"}",
        "{\"a\": \"\\x\"}",
        "{\"a\" 1}",
        "{\"a\": 1 # c\n}",
        "{\"a\": \"\\u12\"}",
        "{\"a\": [1,]}",
        "{,}",
        "{\"a\": tru}",
        "\u{a0}{\"a\": 1}",
        "---\n{\"a\": 1}\u{c}\n",
    ] {
        assert!(!split(text)[0].json, "{text}");
        assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
    }
}

#[test]
fn almost_json_is_read_as_yaml() {
    assert_eq!(
        json("{\"a\": 1, # c\n 'b': [x,],}"),
        serde_json::json!({"a": 1, "b": ["x"]})
    );
}

#[test]
fn spans_and_styles_are_those_of_the_text() {
    let text = " {\"é\": [1, {\"b\" : \"☂\\n\"} ]}";
    let tree = tree(text);
    assert_eq!(source(&tree, ""), &text[1..]);
    assert_eq!(source(&tree, "[\"é\"]"), "[1, {\"b\" : \"☂\\n\"} ]");
    assert_eq!(source(&tree, "[\"é\"][1].b"), "\"☂\\n\"");
    let key = tree.root().entries().next().unwrap().0;
    assert_eq!(
        (key.span().slice(text), key.key_text()),
        ("\"é\"", Some("é"))
    );
    assert_eq!(
        (tree.root().style(), key.style()),
        (Style::Flow, Style::DoubleQuoted)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9_f64..1e9).prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[a-z0-9.:+-]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_tree_of_json_is_the_json(expected in any_json(), pretty in any::<bool>()) {
        let wrapped = serde_json::json!({ "root": expected });
        let text = if pretty { serde_json::to_string_pretty(&wrapped) } else { serde_json::to_string(&wrapped) }.unwrap();
        prop_assert!(split(&text)[0].json);
        let tree = tree(&text);
        prop_assert_eq!(tree.root().kind(), Kind::Mapping);
        prop_assert_eq!(value(tree.root()), wrapped);
    }

    #[test]
    fn yaml_reads_plain_json_alike(expected in any_json()) {
        // Text outside of YAML's printable characters is JSON's alone.
        let text = serde_json::to_string(&expected).unwrap();
        prop_assume!(text.chars().all(|c| matches!(c, ' '..='~' | '\u{a0}'..='\u{d7ff}')));
        let text = format!("root: {text}\n");
        prop_assert_eq!(json(&text), serde_json::json!({ "root": expected }));
    }
}
