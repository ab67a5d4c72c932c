//! Several edits at once: the same as one after the other, and text behind an anchor only where all that use it want it.

use plimsoll_yaml::Path;
use plimsoll_yaml::edit::{Change, Edit, Refusal, Value, apply, attempt};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::documents::{documents, meaning, paths};

fn at(path: &str) -> Path {
    path.parse().unwrap()
}

fn set(path: &str, value: impl Into<Value>) -> Edit {
    Edit::set(at(path), value)
}

fn remove(path: &str) -> Edit {
    Edit::remove(at(path))
}

fn withdraw(path: &str) -> Edit {
    Edit {
        path: at(path),
        change: Change::Withdraw,
    }
}

#[track_caller]
fn check(before: &str, edits: &[Edit], after: &str) {
    assert_eq!(attempt(before, 1, edits).as_deref(), Ok(after));
}

fn one_by_one(text: &str, edits: &[Edit]) -> Result<String, Refusal> {
    let mut text = text.to_owned();
    for edit in edits {
        text = apply(&text, 1, std::slice::from_ref(edit))?;
    }
    Ok(text)
}

#[test]
fn what_ends_together_is_written_from_the_inside_out() {
    let before = "spec:\n  containers:\n  - name: a\n    image: b\n";
    check(
        before,
        &[
            set("spec.hostNetwork", false),
            Edit::append(at("spec.containers"), "x"),
            set("spec.containers[0].tty", false),
            set("top", 1),
        ],
        "spec:\n  containers:\n  - name: a\n    image: b\n    tty: false\n  - x\n  hostNetwork: false\ntop: 1\n",
    );
}

#[test]
fn what_is_made_on_the_way_is_made_once() {
    check(
        "a: 1\n",
        &[
            set("r.limits.memory", "1Gi"),
            set("r.requests.cpu", "1m"),
            set("r.requests.memory", "1Mi"),
        ],
        "a: 1\nr:\n  limits:\n    memory: 1Gi\n  requests:\n    cpu: 1m\n    memory: 1Mi\n",
    );
    check(
        "{\"a\":{\"x\":1}, \"r\": {}}",
        &[set("a.b", 1), set("a.c", 2), set("r.d", 3), set("r.e", 4)],
        "{\"a\":{\"x\":1,\"b\":1,\"c\":2}, \"r\": {\"d\":3,\"e\":4}}",
    );
    check(
        "r:\n",
        &[set("r.a", 1), set("r.b", 2)],
        "r:\n  a: 1\n  b: 2\n",
    );
}

#[test]
fn something_new_stands_where_the_last_entry_went() {
    let before = "c:\n- s:\n    a: 1\n    p: true # why\n  i: 2\n- s:\n    a: 1\n    p: true\n";
    check(
        before,
        &[
            set("c[0].s.z", 1),
            set("c[1].s.z", 1),
            remove("c[1].s.p"),
            remove("c[0].s.p"),
        ],
        "c:\n- s:\n    a: 1\n    z: 1\n  i: 2\n- s:\n    a: 1\n    z: 1\n",
    );
}

#[test]
fn something_new_stands_where_the_only_entry_went() {
    check(
        "c:\n- s:\n    p: true # why\n  i: 2\n",
        &[set("c[0].s.z", 1), remove("c[0].s.p")],
        "c:\n- s:\n    z: 1\n  i: 2\n",
    );
}

#[test]
fn a_flow_mapping_of_which_nothing_stays_is_written_anew() {
    check(
        "c: [{s: {p: true}, i: 1}]\n",
        &[
            set("c[0].s.z", 1),
            set("c[0].s.k.l", "m"),
            remove("c[0].s.p"),
        ],
        "c: [{s: {z: 1, k: {l: m}}, i: 1}]\n",
    );
    check(
        "{\"s\":{\"p\":true,\"q\":0},\"i\":1}",
        &[set("s.z", 1), remove("s.q"), remove("s.p")],
        "{\"s\":{\"z\":1},\"i\":1}",
    );
}

#[test]
fn what_is_emptied_goes_with_its_last_member() {
    check(
        "a: 1\ns:\n  c:\n    x: 1\n    z: 2\n",
        &[remove("s.c.z"), remove("s.c.x")],
        "a: 1\n",
    );
    let rules = "rules:\n- resources: [a, b]\n  verbs: [get]\n- resources: [c]\n  verbs: [get]\n";
    check(
        rules,
        &[
            withdraw("rules[0].resources[1]"),
            withdraw("rules[0].resources[0]"),
        ],
        "rules:\n- resources: [c]\n  verbs: [get]\n",
    );
    check(
        rules,
        &[
            withdraw("rules[1].resources[0]"),
            withdraw("rules[0].resources[0]"),
        ],
        "rules:\n- resources: [b]\n  verbs: [get]\n",
    );
    let all: Vec<Edit> = [
        "rules[1].resources[0]",
        "rules[0].resources[1]",
        "rules[0].resources[0]",
    ]
    .map(withdraw)
    .to_vec();
    assert_eq!(
        attempt(&format!("a: 1\n{rules}"), 1, &all).as_deref(),
        Ok("a: 1\n")
    );
}

#[test]
fn an_item_is_quoted_as_the_one_before_it() {
    check(
        "a: ['x']\nb:\n  - \"y\"\nc: [z]\n",
        &[
            Edit::append(at("a"), "k"),
            Edit::append(at("a"), "l"),
            Edit::append(at("b"), "k"),
            Edit::append(at("c"), "k"),
        ],
        "a: ['x', 'k', 'l']\nb:\n  - \"y\"\n  - \"k\"\nc: [z, k]\n",
    );
}

#[test]
fn neighbours_go_from_a_line() {
    let line = "a: [p, q, r, s]\n";
    let gone = |items: &[u32]| -> Vec<Edit> {
        items
            .iter()
            .map(|item| remove(&format!("a[{item}]")))
            .collect()
    };
    check(line, &gone(&[3, 2]), "a: [p, q]\n");
    check(line, &gone(&[3, 1]), "a: [p, r]\n");
    check(line, &gone(&[2, 1, 0]), "a: [s]\n");
    let shared = "a: &a [p, q, r]\nb: *a\n";
    let edits = [
        remove("b[2]"),
        remove("b[1]"),
        remove("a[2]"),
        remove("a[1]"),
    ];
    check(shared, &edits, "a: &a [p]\nb: *a\n");
}

/// Two containers that share one security context, and one of their own.
const SHARED: &str = "c:\n- s: &s\n    a: 1\n    p: true\n- s: *s\n- s:\n    <<: *s\n    b: 2\n";

#[test]
fn an_anchor_is_changed_where_all_that_use_it_want_the_same() {
    let everywhere = ["c[0].s", "c[1].s", "c[2].s"];
    let removed = everywhere.map(|place| remove(&format!("{place}.p")));
    check(
        SHARED,
        &removed,
        "c:\n- s: &s\n    a: 1\n- s: *s\n- s:\n    <<: *s\n    b: 2\n",
    );
    let replaced = everywhere.map(|place| set(&format!("{place}.a"), 7));
    check(
        SHARED,
        &replaced,
        "c:\n- s: &s\n    a: 7\n    p: true\n- s: *s\n- s:\n    <<: *s\n    b: 2\n",
    );
    let whole = "c:\n- s: &s {p: true}\n  n: 1\n- s: *s\n  n: 2\n";
    check(
        whole,
        &[remove("c[1].s.p"), remove("c[0].s.p")],
        "c:\n- n: 1\n- n: 2\n",
    );
}

#[test]
fn an_anchor_that_somebody_else_uses_stays_and_all_who_asked_are_told() {
    let edits = [set("c[0].s.a", 7), set("c[1].s.a", 7), set("c[2].s.b", 3)];
    let refused = attempt(SHARED, 1, &edits).unwrap_err();
    let told: Vec<usize> = refused.iter().map(|(index, _)| *index).collect();
    assert_eq!(told, [0, 1]);
    assert!(
        refused
            .iter()
            .all(|(_, refusal)| matches!(refusal, Refusal::Shared { .. }))
    );
    let different = [set("c[0].s.a", 7), set("c[1].s.a", 8), set("c[2].s.a", 7)];
    assert_eq!(attempt(SHARED, 1, &different).unwrap_err().len(), 3);
}

#[test]
fn edits_that_need_each_other_are_made_one_after_the_other() {
    let list = "l: [a, b, c]\n";
    check(list, &[remove("l[0]"), remove("l[0]")], "l: [c]\n");
    check(
        "a: 1\n",
        &[set("b.c", 1), set("b.c", 2)],
        "a: 1\nb:\n  c: 2\n",
    );
    let refused = attempt(
        list,
        1,
        &[remove("l[0]"), remove("l[0].x"), set("l[0].y", 1)],
    )
    .unwrap_err();
    assert_eq!(refused[0].0, 2, "{refused:?}");
}

/// Do edits remove all that some mapping or list holds?
fn empties(paths: &[Path], edits: &[Edit]) -> bool {
    let parent = |path: &Path| path.segments().split_last().map(|(_, rest)| rest.to_vec());
    let removed = |path: &Path| {
        let mut removals = edits.iter().filter(|edit| edit.change == Change::Remove);
        removals.any(|edit| edit.path == *path)
    };
    let mut parents = edits.iter().filter_map(|edit| parent(&edit.path));
    parents.any(|holder| {
        let mut held = paths
            .iter()
            .filter(|path| parent(path).as_ref() == Some(&holder));
        held.clone().next().is_some() && held.all(removed)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn together_is_as_one_after_the_other(
        before in documents(),
        places in prop::collection::vec((any::<Index>(), 0..4u8), 2..7),
    ) {
        let paths = paths(&before);
        let edit = |(place, kind): &(Index, u8)| {
            let path = place.get(&paths).clone();
            match kind {
                0 => Edit::set(path, false),
                1 => Edit::remove(path),
                2 => Edit::set(path.join(&at("new.deep")), "yes"),
                _ => Edit::append(path.join(&at("nw")), "ALL"),
            }
        };
        let mut edits: Vec<Edit> = places.iter().map(edit).collect();
        edits.sort_by_key(|edit| (edit.change == Change::Remove, std::cmp::Reverse(edit.path.clone())));
        edits.dedup();
        let Ok(wanted) = one_by_one(&before, &edits) else { return Ok(()) };
        let made = attempt(&before, 1, &edits);
        let Ok(made) = made else { return Ok(()) };
        prop_assert_eq!(meaning(&made), meaning(&wanted), "{:?}\n{}\n{}", edits, before, made);
        let notes = |text: &str| text.matches('#').count();
        // What is emptied goes as a whole, with the comments that are left inside of it: which, depends on the order.
        if !empties(&paths, &edits) {
            prop_assert_eq!(notes(&made), notes(&wanted), "{:?}\n{}\n{}\n{}", edits, before, made, wanted);
        }
    }
}
