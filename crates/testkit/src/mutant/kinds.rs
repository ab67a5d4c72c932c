//! Faults of rules across objects, whose functions cannot be taken apart: the rule no longer sees objects of one kind. Planted in the
//! examples instead of the control, which comes to the same.

use std::collections::BTreeSet;

use plimsoll_control::Control;

use crate::block::{Block, Mark};
use crate::example::Example;
use crate::outcome::{Judging, judge};
use crate::value;

/// The kinds of the examples that a control across objects might as well not look at, in words. A kind stands in a
/// bad block because it decides something: with its objects gone, some example must come out otherwise.
pub(super) fn unread(blocks: &[Block], control: &'static Control) -> Vec<String> {
    let mut revisions = control.revisions.iter();
    if !revisions.any(|revision| revision.rule.joined().is_some()) {
        return Vec::new();
    }
    // What stands in good blocks only shows what the control leaves alone.
    let bad = blocks.iter().filter(|block| !block.marks.is_empty());
    let documents = bad.flat_map(|block| &block.example.documents);
    let kinds: BTreeSet<String> = documents.filter_map(|text| kind_of(text)).collect();
    let unread = kinds
        .into_iter()
        .filter(|kind| !blocks.iter().any(|block| needs(block, kind, control)));
    unread
        .map(|kind| {
            format!(
                "{}: no example notices when objects of the kind {kind} are not read",
                control.head.id
            )
        })
        .collect()
}

fn kind_of(text: &str) -> Option<String> {
    Some(value::read(text)?.get("kind")?.as_str()?.to_owned())
}

/// Does the block come out otherwise without the objects of a kind?
fn needs(block: &Block, kind: &str, control: &'static Control) -> bool {
    let (mut documents, mut marks) = (Vec::new(), Vec::new());
    for (index, text) in block.example.documents.iter().enumerate() {
        let here = block.marks.iter().filter(|mark| mark.document == index);
        if kind_of(text).as_deref() == Some(kind) {
            if here.count() > 0 {
                return true;
            }
            continue;
        }
        let document = documents.len();
        marks.extend(here.map(|mark| Mark {
            document,
            ..mark.clone()
        }));
        documents.push(text.clone());
    }
    if documents.len() == block.example.documents.len() {
        return false;
    }
    let example = Example { documents };
    let expected = block.expected_of(&example, &marks);
    let judging = Judging {
        control,
        others: &[],
    };
    let mut versions = block.versions.iter();
    versions.any(|version| {
        let outcome = judge(&judging, &example.text(), block.target(*version));
        !outcome.meets(&expected)
    })
}
