//! The grammar of waivers, and what comments stand for.

use plimsoll_yaml::{parse, split};

use super::*;
use crate::object::{Content, File, objects};
use crate::target::Target;
use crate::version::Minor;

/// The waivers of a text, as `control, line or object, container, expiry, owner, reason, fault`.
fn read(text: &str) -> Vec<String> {
    let file = File::new("a.yaml".into(), "u".into(), text);
    let target = Target::new(Minor::NEWEST);
    let mut told = Vec::new();
    for chunk in split(text) {
        let tree = parse(text, &chunk).unwrap();
        let document = Document::new(&file, chunk.number, &tree);
        let Some(Content { objects, .. }) = objects(&document, &target) else {
            continue;
        };
        for waiver in waivers_of(&document, &objects) {
            let covers = match &waiver.covers {
                Covers::Line { line, .. } => format!("line {line}"),
                _ => "object".to_owned(),
            };
            told.push(format!(
                "{} {covers} {} {} {} {:?} {} @{}",
                waiver.control,
                waiver.container().unwrap_or("-"),
                waiver
                    .expires
                    .map_or("-".to_owned(), |date| date.to_string()),
                waiver.owner.as_deref().unwrap_or("-"),
                waiver.reason,
                waiver.fault.as_deref().unwrap_or("-"),
                waiver.place.path,
            ));
        }
    }
    told
}

fn comment(says: &str) -> String {
    let text = format!("apiVersion: v1\nkind: Pod\nspec: {{}} # {says}\n");
    read(&text).concat()
}

#[test]
fn every_part_of_a_waiver_but_the_control_may_be_missing() {
    for (says, is) in [
        (
            "plimsoll: allow host-path until 2027-01-31 (platform@example.com): reads /proc",
            "host-path line 3 - 2027-01-31 platform@example.com \"reads /proc\" - @spec",
        ),
        (
            "plimsoll: allow host-path: a: b",
            "host-path line 3 - - - \"a: b\" - @spec",
        ),
        (
            "plimsoll:allow host-path (me)",
            "host-path line 3 - - me \"\" - @spec",
        ),
        (
            "plimsoll: allow host-path",
            "host-path line 3 - - - \"\" - @spec",
        ),
        (
            "plimsoll: allow host-path container node-* until 2027-01-31: x # more",
            "host-path line 3 node-* 2027-01-31 - \"x\" - @spec",
        ),
        (
            "plimsoll: allow host-path: see #12",
            "host-path line 3 - - - \"see #12\" - @spec",
        ),
        ("plimsolls: allow host-path", ""),
        ("not plimsoll: allow host-path", ""),
    ] {
        assert_eq!(comment(says), is, "{says}");
    }
}

#[test]
fn what_cannot_be_understood_is_a_waiver_with_a_fault() {
    for (says, fault) in [
        ("plimsoll: ignore host-path", "does not begin with `allow`"),
        ("plimsoll: allow", "does not begin with `allow`"),
        (
            "plimsoll: allow host-path until tomorrow: x",
            "\"tomorrow\" is not a date",
        ),
        (
            "plimsoll: allow host-path until 2027-02-30: x",
            "is not a date",
        ),
        ("plimsoll: allow host-path (me: x", "parenthesis"),
        (
            "plimsoll: allow host-path, host-port: x",
            "does not belong there",
        ),
        (
            "plimsoll: allow host-path because I say so",
            "\"because I say so\" does not belong",
        ),
    ] {
        let told = comment(says);
        assert!(told.contains(fault), "{says}: {told}");
    }
}

#[test]
fn a_comment_stands_for_its_line_or_the_one_below() {
    let text = "\
apiVersion: v1
kind: Pod
# plimsoll: allow a: above
# another comment
spec:
  containers: # plimsoll: allow b: beside
    # plimsoll: allow c: item
    - {name: x, image: y}
  # plimsoll: allow d: nothing below
";
    let told = read(text);
    assert_eq!(
        told,
        [
            "a line 5 - - - \"above\" - @spec",
            "b line 6 - - - \"beside\" - @spec.containers",
            "c line 8 - - - \"item\" - @spec.containers[0].name",
            "d line 10 - - - \"nothing below\" - @",
        ]
    );
}

#[test]
fn annotations_stand_for_their_object() {
    let text = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    plimsoll.dev/allow.host-path: \"container node until 2027-01-31 (me): reads\"
    plimsoll.dev/allow.host-port: [1]
    plimsoll.dev/other: x
spec:
  template:
    metadata: {annotations: {plimsoll.dev/allow.host-ipc: ': shared'}}
    spec: {containers: []}
";
    assert_eq!(
        read(text),
        [
            "host-path object node 2027-01-31 me \"reads\" - @metadata.annotations[\"plimsoll.dev/allow.host-path\"]",
            "host-port object - - - \"\" its value is not a text @metadata.annotations[\"plimsoll.dev/allow.host-port\"]",
            "host-ipc object - - - \"shared\" - @spec.template.metadata.annotations[\"plimsoll.dev/allow.host-ipc\"]",
        ]
    );
}

#[test]
fn stars_stand_for_any_text() {
    for (pattern, text, fit) in [
        ("*", "", true),
        ("*", "abc", true),
        ("a*c", "abc", true),
        ("a*c", "ac", true),
        ("a*c", "ab", false),
        ("a", "ab", false),
        ("ab*ba", "aba", false),
        ("*b*", "abc", true),
        ("*b*c*", "acb", false),
        ("", "", true),
        ("", "a", false),
    ] {
        assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
    }
}
