//! Paths: notation, reading, following.

use plimsoll_yaml::{Path, Segment};
use proptest::prelude::*;

use crate::support::tree;

fn key(text: &str) -> Segment {
    Segment::Key(text.into())
}

#[test]
fn paths_are_written_as_in_kubernetes() {
    for (segments, text) in [
        (vec![], ""),
        (
            vec![
                key("spec"),
                key("containers"),
                Segment::Index(0),
                key("image"),
            ],
            "spec.containers[0].image",
        ),
        (
            vec![key("metadata"), key("annotations"), key("a.b/c")],
            "metadata.annotations[\"a.b/c\"]",
        ),
        (vec![Segment::Index(3), key("_x-1")], "[3]._x-1"),
        (
            vec![
                key("command"),
                Segment::Index(3),
                Segment::Flag("anonymous-auth".into()),
            ],
            "command[3]!--anonymous-auth",
        ),
        (
            vec![
                key("data"),
                key("policy.yaml"),
                Segment::Embedded,
                key("rules"),
                Segment::Index(0),
            ],
            "data[\"policy.yaml\"]!rules[0]",
        ),
        (
            vec![key("a"), Segment::Embedded, Segment::Flag("b".into())],
            "a!!--b",
        ),
        (
            vec![key(""), key("1"), key("-a"), key("é"), key("a\"\\\n\u{1}")],
            "[\"\"][\"1\"][\"-a\"][\"é\"][\"a\\\"\\\\\\n\\u0001\"]",
        ),
        (
            vec![Segment::Flag("a=b".into()), Segment::Flag("".into())],
            "!--\"a=b\"!--\"\"",
        ),
    ] {
        let path = Path::from(segments);
        assert_eq!(path.to_string(), text);
        assert_eq!(text.parse(), Ok(path));
    }
}

#[test]
fn bad_paths_say_where() {
    for (text, offset) in [
        (".a", 0),
        ("a..b", 2),
        ("a.", 2),
        ("a[", 2),
        ("a[x]", 2),
        ("a[1", 3),
        ("a[\"b]", 2),
        ("a b", 1),
        ("a[\"b\"", 5),
        ("a!--", 4),
        ("a[99999999999]", 2),
        ("1a", 0),
        ("a.é", 2),
        ("a[-1]", 2),
    ] {
        let error = text.parse::<Path>().expect_err(text);
        assert_eq!(error.offset, offset, "{text}: {error}");
    }
}

#[test]
fn paths_lead_to_nodes() {
    let tree = tree("spec:\n  items:\n  - name: é\n  - name: b\n  a.b/c: 1\n");
    for text in ["", "spec", "spec.items[1].name", "spec[\"a.b/c\"]"] {
        let path: Path = text.parse().unwrap();
        assert_eq!(
            path.resolve(tree.root()).map(|node| node.path()),
            Some(path)
        );
    }
    let path: Path = "spec.items[0].image.tag".parse().unwrap();
    let (node, matched) = path.nearest(tree.root());
    assert_eq!(
        (node.path().to_string().as_str(), matched),
        ("spec.items[0]", 3)
    );
    assert_eq!(path.resolve(tree.root()), None);
    let embedded: Path = "spec.items!rules".parse().unwrap();
    assert_eq!(
        (
            embedded.resolve(tree.root()),
            embedded.nearest(tree.root()).1
        ),
        (None, 2)
    );
}

#[test]
fn paths_grow_and_shrink() {
    let mut path: Path = "a.b".parse().unwrap();
    path.push(Segment::Index(2));
    assert_eq!(path.join(&"c!d".parse().unwrap()).to_string(), "a.b[2].c!d");
    assert_eq!(path.pop(), Some(Segment::Index(2)));
    assert_eq!(
        (path.segments().len(), Path::root().to_string()),
        (2, String::new())
    );
    assert!("a.b".parse::<Path>().unwrap() < "a.c".parse().unwrap());
}

fn segment() -> impl Strategy<Value = Segment> {
    let text = prop_oneof![
        ".*",
        "[a-zA-Z_-]{0,8}",
        "[\\[\\]\"\\\\.!-]{0,6}",
        any::<String>()
    ];
    prop_oneof![
        text.clone().prop_map(|text| Segment::Key(text.into())),
        any::<u32>().prop_map(Segment::Index),
        Just(Segment::Embedded),
        text.prop_map(|text| Segment::Flag(text.into())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_undoes_writing(segments in prop::collection::vec(segment(), 0..8)) {
        let path = Path::from(segments);
        prop_assert_eq!(path.to_string().parse(), Ok(path));
    }

    #[test]
    fn reading_never_fails_badly(text in "[a.\\[\\]\"!-]{0,12}") {
        if let Ok(path) = text.parse::<Path>() {
            prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }
}
