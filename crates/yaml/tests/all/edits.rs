//! Edits: what a careful person would have written, nothing else touched, or a refusal.

use plimsoll_yaml::Path;
use plimsoll_yaml::edit::{Change, Edit, Refusal, Value, apply};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

use crate::documents::{change, documents, meaning, paths, prune, steps};

fn text(value: &str) -> Value {
    Value::Str(value.to_owned())
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.map(|(key, value)| (key.to_owned(), value)).to_vec())
}

fn edit(path: &str, change: Change) -> Edit {
    Edit {
        path: path.parse().unwrap(),
        change,
    }
}

fn set(path: &str, value: Value) -> Edit {
    edit(path, Change::Set(value))
}

fn remove(path: &str) -> Edit {
    edit(path, Change::Remove)
}

fn append(path: &str, value: Value) -> Edit {
    edit(path, Change::Append(value))
}

#[track_caller]
fn check(before: &str, edits: &[Edit], after: &str) {
    let edited = apply(before, 1, edits).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(edited, after);
    if edits.iter().all(repeatable) {
        let again = apply(&edited, 1, edits).unwrap();
        assert_eq!(again, after, "a second time changes nothing");
    }
}

/// Taking away or adding an item means another one the next time.
fn repeatable(edit: &Edit) -> bool {
    let by_index = matches!(
        edit.path.segments().last(),
        Some(plimsoll_yaml::Segment::Index(_))
    );
    match edit.change {
        Change::Set(_) => true,
        Change::Remove => !by_index,
        Change::Append(_) | Change::Withdraw => false,
    }
}

const TRUE: Value = Value::Bool(true);
const FALSE: Value = Value::Bool(false);

#[test]
fn a_scalar_is_replaced_in_its_own_style() {
    check(
        "a: 1 # one\nb: 2\n",
        &[set("a", Value::Int(3))],
        "a: 3 # one\nb: 2\n",
    );
    check("a: 'x'\n", &[set("a", text("it's"))], "a: 'it''s'\n");
    check("a: \"x\"\n", &[set("a", text("y"))], "a: \"y\"\n");
    check("{\"a\": \"x\"}", &[set("a", FALSE)], "{\"a\": false}");
    check("a: x\n", &[set("a", text("yes"))], "a: \"yes\"\n");
    check("a: x\n", &[set("a", text("1.10"))], "a: \"1.10\"\n");
    check("a: x\n", &[set("a", text("a: b # c"))], "a: \"a: b # c\"\n");
    check(
        "a: |\n  x\n  y\nb: 1\n",
        &[set("a", text("z"))],
        "a: z\nb: 1\n",
    );
}

#[test]
fn a_new_entry_stands_last_with_its_siblings_indentation() {
    check(
        "a:\n    b: 1\nc: 2\n",
        &[set("a.d", TRUE)],
        "a:\n    b: 1\n    d: true\nc: 2\n",
    );
    check(
        "a:\n    b:\n        c: 1\n",
        &[set("a.d.e", text("x"))],
        "a:\n    b:\n        c: 1\n    d:\n        e: x\n",
    );
    check(
        "l:\n- name: x\n  y: 1\n- name: z\n",
        &[set("l[0].w", TRUE)],
        "l:\n- name: x\n  y: 1\n  w: true\n- name: z\n",
    );
    check(
        "l:\n  - name: x\n",
        &[set("l[0].s.r", TRUE)],
        "l:\n  - name: x\n    s:\n      r: true\n",
    );
    check("a: 1", &[set("b", TRUE)], "a: 1\nb: true");
    check(
        "a: 1\r\n",
        &[set("b.c", TRUE)],
        "a: 1\r\nb:\r\n  c: true\r\n",
    );
    check(
        "\u{feff}a: 1\n",
        &[set("b", TRUE)],
        "\u{feff}a: 1\nb: true\n",
    );
    check(
        "a: |\n  text\n\nb: 1\n",
        &[set("c", TRUE)],
        "a: |\n  text\n\nb: 1\nc: true\n",
    );
}

#[test]
fn lists_are_written_as_the_document_writes_them() {
    let drop = || Value::List(vec![text("ALL")]);
    check(
        "l:\n- 1\nm:\n  x: 1\n",
        &[set("m.drop", drop())],
        "l:\n- 1\nm:\n  x: 1\n  drop:\n  - ALL\n",
    );
    check(
        "l:\n  - 1\nm:\n  x: 1\n",
        &[set("m.drop", drop())],
        "l:\n  - 1\nm:\n  x: 1\n  drop:\n    - ALL\n",
    );
    check(
        "l:\n- 1\n",
        &[append("l", map([("a", TRUE), ("b", FALSE)]))],
        "l:\n- 1\n- a: true\n  b: false\n",
    );
    check(
        "l:\n  - a: 1\n    b: 2\nc: 3\n",
        &[append("l", text("x"))].map(|edit| edit),
        "l:\n  - a: 1\n    b: 2\n  - x\nc: 3\n",
    );
    check("l: [a, b]\n", &[append("l", text("c"))], "l: [a, b, c]\n");
    check("l: []\n", &[append("l", text("c"))], "l: [c]\n");
    check("a: 1\n", &[append("l", text("c"))], "a: 1\nl:\n  - c\n");
}

#[test]
fn comments_stay_with_what_they_belong_to() {
    check(
        "a:\n  b: 1 # one\n  # about b\nc: 2\n",
        &[set("a.d", TRUE)],
        "a:\n  b: 1 # one\n  # about b\n  d: true\nc: 2\n",
    );
    check(
        "a:\n  b: 1\n# about c\nc: 2\n",
        &[set("a.d", TRUE)],
        "a:\n  b: 1\n  d: true\n# about c\nc: 2\n",
    );
    check(
        "a:\n  b:\n    x: 1\n    # inside b\n  # inside a\n",
        &[set("a.b.z", TRUE)],
        "a:\n  b:\n    x: 1\n    # inside b\n    z: true\n  # inside a\n",
    );
    check(
        "a: 1\n# banner\n",
        &[set("b", TRUE)],
        "a: 1\nb: true\n# banner\n",
    );
    check(
        "a: # why\n  b: 1\n",
        &[set("a.c", TRUE)],
        "a: # why\n  b: 1\n  c: true\n",
    );
    check(
        "a: # later\nb: 1\n",
        &[set("a.c", TRUE)],
        "a: # later\n  c: true\nb: 1\n",
    );
    check("# x\na: 1\n# y\nb: 2\n", &[remove("b")], "# x\na: 1\n# y\n");
}

#[test]
fn comments_go_with_what_they_speak_of() {
    check(
        "a:\n  b: 1 # one\n  # why c\n  # is there\n  c: 2\n  d: 3\n",
        &[remove("a.c")],
        "a:\n  b: 1 # one\n  d: 3\n",
    );
    check("a:\n- x\n# why y\n- y\n", &[remove("a[1]")], "a:\n- x\n");
    check("a:\n- x\n# why y\n- y", &[remove("a[1]")], "a:\n- x");
    check(
        "a:\n  # why b\n  b: 1\n",
        &[remove("a.b"), set("a.c", TRUE)],
        "a:\n  c: true\n",
    );
    for stays in [
        "# --- ports ---",
        "## ports",
        "# port: 1",
        "# - port",
        "# far\n",
    ] {
        check(
            &format!("a:\n  b: 1\n  {stays}\n  c: 2\n"),
            &[remove("a.c")],
            &format!("a:\n  b: 1\n  {stays}\n"),
        );
    }
    check(
        "a:\n  b: 1\n    # of b\n  c: 2\n",
        &[remove("a.c")],
        "a:\n  b: 1\n    # of b\n",
    );
}

#[test]
fn flow_and_json_keep_their_spacing() {
    check("a: {b: 1}\n", &[set("a.c", TRUE)], "a: {b: 1, c: true}\n");
    check(
        "a: { b: 1 }\n",
        &[set("a.c.d", TRUE)],
        "a: { b: 1, c: {d: true} }\n",
    );
    check("a: {}\n", &[set("a.c", TRUE)], "a: {c: true}\n");
    check(
        "{\"a\":{\"b\":1}}",
        &[set("a.c.d", text("x"))],
        "{\"a\":{\"b\":1,\"c\":{\"d\":\"x\"}}}",
    );
    check(
        "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
        &[set("a.c", TRUE)],
        "{\n  \"a\": {\n    \"b\": 1,\n    \"c\": true\n  }\n}\n",
    );
    check(
        "a: {\n  b: 1, # one\n  c: 2 # two\n}\n",
        &[set("a.d", TRUE)],
        "a: {\n  b: 1, # one\n  c: 2, # two\n  d: true\n}\n",
    );
    check(
        "a: {\n  b: 1,\n}\n",
        &[set("a.d", TRUE)],
        "a: {\n  b: 1,\n  d: true\n}\n",
    );
}

#[test]
fn an_empty_mapping_has_no_style_to_keep() {
    let two = map([("c", TRUE), ("d", TRUE)]);
    for empty in ["a: {} # why\nz: 1\n", "a:\n  {} # why\nz: 1\n"] {
        check(
            empty,
            &[set("a.b", two.clone())],
            "a: # why\n  b:\n    c: true\n    d: true\nz: 1\n",
        );
    }
    check("a: {}\n", &[set("a.b", TRUE)], "a: {b: true}\n");
    check(
        "a: &x {}\n",
        &[set("a.b.c", TRUE)],
        "a: &x {b: {c: true}}\n",
    );
    check("{a: {}}\n", &[set("a.b.c", TRUE)], "{a: {b: {c: true}}}\n");
}

#[test]
fn an_entry_goes_without_trace() {
    check("a: 1\nb: 2 # two\nc: 3\n", &[remove("b")], "a: 1\nc: 3\n");
    check("a:\n  b:\n    c: 1\nd: 2\n", &[remove("a.b.c")], "d: 2\n");
    check("l:\n- a: 1\n  b: 2\n", &[remove("l[0].a")], "l:\n- b: 2\n");
    check("l:\n- a: 1\n", &[remove("l[0].a")], "l:\n- {}\n");
    check("l:\n- 1\n- 2\n- 3\n", &[remove("l[1]")], "l:\n- 1\n- 3\n");
    check(
        "a: {b: 1, c: 2, d: 3}\n",
        &[remove("a.c")],
        "a: {b: 1, d: 3}\n",
    );
    check("a: {b: 1, c: 2}\n", &[remove("a.c")], "a: {b: 1}\n");
    check("{\"a\":1,\"b\":2}", &[remove("a")], "{\"b\":2}");
    check(
        "{\n  \"a\": 1,\n  \"b\": 2\n}\n",
        &[remove("b")],
        "{\n  \"a\": 1\n}\n",
    );
    check("a: 1\nb: 2", &[remove("b")], "a: 1");
}

#[test]
fn an_item_is_found_behind_a_comment_an_anchor_or_a_tag() {
    check(
        "a:\n  - # one - \n    # more\n    b: 1\n  - c: 2\n",
        &[remove("a[0]")],
        "a:\n  - c: 2\n",
    );
    check(
        "a:\n- # one\n  b: 1\n",
        &[append("a", text("x"))],
        "a:\n- # one\n  b: 1\n- x\n",
    );
    check(
        "a:\n  - &one # here\n    b: 1\n  - !!map\n    c: 2\n  - d\n",
        &[remove("a[1]"), remove("a[0]")],
        "a:\n  - d\n",
    );
}

#[test]
fn only_the_named_document_changes() {
    let edited = apply("a: 1\n---\na: 1\n---\na: 1\n", 2, &[set("b", TRUE)]).unwrap();
    assert_eq!(edited, "a: 1\n---\na: 1\nb: true\n---\na: 1\n");
}

#[test]
fn what_is_shared_is_refused_with_its_place() {
    let before = "a: &x\n  b: 1\nc: *x\n";
    let refusal = apply(before, 1, &[set("c.d", TRUE)]).unwrap_err();
    assert!(matches!(refusal, Refusal::Shared { .. }), "{refusal}");
    assert!(
        apply(
            "a: &x\n  b: 1\nc:\n  <<: *x\n",
            1,
            &[set("c.b", Value::Int(2))]
        )
        .is_err()
    );
    let unproved = apply(before, 1, &[set("a.d", TRUE)]).unwrap_err();
    assert!(
        matches!(unproved, Refusal::Unproved(_)),
        "an anchor in use is not changed behind its users: {unproved}"
    );
}

#[test]
fn what_cannot_be_reached_is_refused() {
    for (before, path) in [
        ("a: x\n", "a.b"),
        ("l:\n- 1\n", "l[3].x"),
        ("a: 1\n", "a!--x"),
    ] {
        let refusal = apply(before, 1, &[set(path, TRUE)]).unwrap_err();
        assert!(
            matches!(refusal, Refusal::Unreachable(_)),
            "{path}: {refusal}"
        );
    }
    assert_eq!(apply("a: 1\n", 2, &[]), Ok("a: 1\n".to_owned()));
    assert_eq!(
        apply("a: 1\n", 2, &[remove("a")]),
        Err(Refusal::NoDocument(2))
    );
}

/// How many lines of `before` are changed: those between what both texts begin and end with.
fn lines_changed(before: &str, after: &str) -> usize {
    let alike = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let start = alike(&mut before.lines().zip(after.lines()));
    let end = alike(&mut before.lines().rev().zip(after.lines().rev()));
    before.lines().count().saturating_sub(start + end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_does_what_it_says_or_is_refused(before in documents(), at in any::<Index>(), kind in 0..4u8) {
        let paths = paths(&before);
        let path = at.get(&paths);
        let (change_to, path, wanted) = match kind {
            0 => (Change::Set(Value::Bool(false)), path.clone(), Some(json!(false))),
            1 => (Change::Remove, path.clone(), None),
            2 => {
                let path = path.join(&"new.deep".parse().unwrap());
                (Change::Set(text("yes")), path, Some(json!("yes")))
            }
            _ => {
                let path = path.join(&"\"n/w\"".parse::<Path>().unwrap_or_else(|_| "nw".parse().unwrap()));
                (Change::Set(Value::List(vec![text("ALL")])), path, Some(json!(["ALL"])))
            }
        };
        let edit = Edit { path: path.clone(), change: change_to };
        let edited = match apply(&before, 1, std::slice::from_ref(&edit)) {
            Ok(edited) => edited,
            Err(_) => return Ok(()),
        };
        let mut expected = meaning(&before);
        change(&mut expected, &steps(&path), wanted.as_ref());
        if wanted.is_none() {
            prune(&mut expected, &steps(&path));
        }
        prop_assert_eq!(meaning(&edited), expected, "{}\n{}\n{}", edit, before, edited);
        let windows = before.contains("\r\n");
        let bare = edited.matches('\n').count() - edited.matches("\r\n").count();
        prop_assert!(!windows || bare == 0, "line ends are mixed: {edited:?}");
        if kind >= 2 {
            let lost = lines_changed(&before, &edited);
            prop_assert!(lost <= 1, "{lost} lines changed\n{edit}\n{before}\n{edited}");
        }
        let notes = |text: &str| text.matches('#').count();
        prop_assert!(kind == 1 || notes(&edited) >= notes(&before) || kind == 0, "a comment is lost\n{}\n{}", before, edited);
        if repeatable(&edit) {
            prop_assert_eq!(apply(&edited, 1, &[edit]).unwrap_or_else(|_| edited.clone()), edited);
        }
    }
}
