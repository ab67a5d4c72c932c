//! Anchors, merge keys and duplicate keys.

use plimsoll_yaml::ParseErrorKind;
use serde_json::json as expected;

use crate::support::{error, json, source, tree};

#[test]
fn an_alias_stands_for_its_anchor() {
    let text = "a: &x {b: [1, é]}\nc: *x\nd: [*x, &x 2, *x]\n";
    let tree = tree(text);
    assert_eq!(
        json(text),
        expected!({"a": {"b": [1, "é"]}, "c": {"b": [1, "é"]}, "d": [{"b": [1, "é"]}, 2, 2]})
    );
    let copy = tree.root().get("c").unwrap();
    let item = copy.get("b").unwrap().at(1).unwrap();
    assert!(copy.from_alias() && item.from_alias() && !copy.from_merge());
    assert!(!tree.root().get("a").unwrap().from_alias());
    assert_eq!(source(&tree, "c.b[1]"), "é");
    assert_eq!(
        item.span(),
        tree.root()
            .get("a")
            .unwrap()
            .get("b")
            .unwrap()
            .at(1)
            .unwrap()
            .span()
    );
    assert_eq!(item.path().to_string(), "c.b[1]");
    assert_eq!(copy.parent(), Some(tree.root()));
    assert!(tree.root().span().end as usize == text.len() - 1);
}

#[test]
fn aliases_may_be_keys_and_keys_anchors() {
    assert_eq!(
        json("&k 0777 : &v yes\nb: *k\n*v : *v\n"),
        expected!({"511": true, "b": 511, "true": true})
    );
    assert_eq!(error("a: &x [1]\n*x : 1\n").0, ParseErrorKind::BadKey);
    assert_eq!(
        json("a: &e {}\nb: *e\nc: &f []\nd: *f\n"),
        expected!({"a": {}, "b": {}, "c": [], "d": []})
    );
}

#[test]
fn merge_keys_are_applied_and_gone() {
    let text = "a: &a {x: 1, w: 2}\nb: &b {w: 3, z: 4}\nc:\n  <<: [*a, *b]\n  x: 5\n";
    let tree = tree(text);
    let merged = tree.root().get("c").unwrap();
    assert_eq!(json(text)["c"], expected!({"x": 5, "w": 2, "z": 4}));
    assert_eq!((merged.len(), merged.get("<<")), (3, None));
    let w = merged.get("w").unwrap();
    assert!(w.from_merge() && w.from_alias() && !merged.get("x").unwrap().from_merge());
    assert_eq!(
        (w.path().to_string().as_str(), w.parent()),
        ("c.w", Some(merged))
    );
    assert_eq!(w.key().and_then(|key| key.key_text()), Some("w"));
    assert!(tree.duplicates().is_empty());
}

#[test]
fn a_merge_key_overrides_what_stands_before_it() {
    let text = "b: &b {q: 1, r: 2}\nc:\n  q: 3\n  <<: *b\n";
    assert_eq!(json(text)["c"], expected!({"q": 1, "r": 2}));
    let tree = tree(text);
    let [duplicate] = tree.duplicates() else {
        panic!("one duplicate")
    };
    let key = tree.node(duplicate.key).unwrap();
    assert_eq!(key.span().start as usize, text.find("q: 3").unwrap());
}

#[test]
fn merging_takes_mappings_only() {
    assert_eq!(
        json("<<: {a: 1}\n? <<\n: {b: &x 1}\nc: *x\n"),
        expected!({"a": 1, "b": 1, "c": 1})
    );
    assert_eq!(json("'<<': 3\n"), expected!({"<<": 3}));
    assert_eq!(json("!!merge <<: {a: 1}\n"), expected!({"a": 1}));
    assert_eq!(json("<<: []\na: 1\n"), expected!({"a": 1}));
    for text in [
        "<<: null\n",
        "<<: 1\n",
        "<<: [1]\n",
        "a: &a [1]\n<<: *a\n",
        "<<: [[{a: 1}]]\n",
    ] {
        assert_eq!(error(text).0, ParseErrorKind::BadKey, "{text}");
    }
}

#[test]
fn anchors_on_merged_mappings_stay_whole() {
    let text = "a:\n  <<: &m {x: 1}\n  w: 2\nb: *m\nc:\n  <<: &l [&n {p: 1}, {q: 2}]\n  r: 3\nd: *l\ne: *n\n";
    assert_eq!(
        json(text),
        expected!({"a": {"x": 1, "w": 2}, "b": {"x": 1}, "c": {"p": 1, "q": 2, "r": 3}, "d": [{"p": 1}, {"q": 2}], "e": {"p": 1}})
    );
}

#[test]
fn merges_of_merges_work() {
    let text = "a: &a {x: {k: 1}}\nb: &b\n  <<: *a\n  w: 2\nc:\n  <<: *b\n  z: 3\n";
    assert_eq!(json(text)["c"], expected!({"x": {"k": 1}, "w": 2, "z": 3}));
    let tree = tree(text);
    assert!(
        tree.root()
            .get("c")
            .unwrap()
            .get("x")
            .unwrap()
            .get("k")
            .unwrap()
            .from_merge()
    );
}

#[test]
fn the_last_of_equal_keys_wins() {
    let text = "a: 1\nyes: 2\nb: 3\n\"true\": 4\na: 5\na: 6\n";
    let tree = tree(text);
    assert_eq!(json(text), expected!({"true": 4, "b": 3, "a": 6}));
    let names: Vec<_> = tree
        .root()
        .entries()
        .map(|(key, _)| key.key_text().unwrap())
        .collect();
    assert_eq!(names, ["b", "true", "a"]);
    let found: Vec<_> = tree
        .duplicates()
        .iter()
        .map(|d| {
            (
                tree.node(d.key).unwrap().span().start,
                tree.node(d.winner).unwrap().span().start,
            )
        })
        .collect();
    let start = |needle: &str| text.find(needle).unwrap() as u32;
    assert_eq!(
        found,
        [
            (0, start("a: 6")),
            (start("yes"), start("\"true\"")),
            (start("a: 5"), start("a: 6"))
        ]
    );
}

#[test]
fn many_keys_are_compared_too() {
    let mut text: String = (0..1000).map(|n| format!("k{n}: {n}\n")).collect();
    text.push_str("k7: x\n");
    let tree = tree(&text);
    assert_eq!((tree.root().len(), tree.duplicates().len()), (1000, 1));
    assert_eq!(tree.root().get("k7").unwrap().as_str(), Some("x"));
    assert_eq!(tree.root().entries().count(), 1000);
}

#[test]
fn impossible_aliases_are_refused() {
    assert_eq!(error("a: *é\n"), (ParseErrorKind::UnknownAnchor, "*é"));
    assert_eq!(
        error("a: &a [1, *a]\n"),
        (ParseErrorKind::SelfReferringAnchor, "*a")
    );
    assert_eq!(
        error("a: &a\n  b:\n    c: *a\n"),
        (ParseErrorKind::SelfReferringAnchor, "*a")
    );
    assert_eq!(
        error("a: &a\n  <<: *a\n").0,
        ParseErrorKind::SelfReferringAnchor
    );
}
