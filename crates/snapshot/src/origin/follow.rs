//! The way through a live object, gone again in the text that made it. Items of lists are found by what Kubernetes merges them
//! by, for others may have been added; those that nothing names, by their number.

use plimsoll_yaml::{Kind, Node};

use crate::field::Field;
use crate::place::{Source, push_merge_key};
use crate::value::At;

/// The node that says in the object `written` what `at` is in the live one, or its nearest ancestor; and whether it is that
/// node itself.
pub(super) fn follow<'w>(live: &Source<'_>, at: At<'_>, written: Node<'w>) -> (Node<'w>, bool) {
    let up = std::iter::successors(Some(at.node), |node| node.parent());
    let way: Vec<Node<'_>> = up
        .take_while(|node| node.id() != live.object.id())
        .collect();
    let mut here = written;
    for step in way.into_iter().rev() {
        let next = match step.key().and_then(Node::key_text) {
            Some(key) => here.get(key),
            None => item(here, step),
        };
        match next {
            Some(next) => here = next,
            None => return (here, false),
        }
    }
    let missing = at.missing.iter();
    for key in missing.take_while(|key| **key != Field::EACH) {
        match here.get(key) {
            Some(next) => here = next,
            None => return (here, false),
        }
    }
    (here, true)
}

/// How many values are written that the live object does not have. What it has besides was added to it.
pub(super) fn differing(written: Node<'_>, live: Node<'_>) -> usize {
    match written.kind() {
        Kind::Mapping => {
            let entries = written.entries();
            let other = |key: Node<'_>| live.get(key.key_text()?);
            entries
                .map(|(key, value)| differing_from(value, other(key)))
                .sum()
        }
        Kind::Sequence => {
            let items = written.items();
            items
                .map(|value| differing_from(value, item(live, value)))
                .sum()
        }
        _ => usize::from(written.text() != live.text()),
    }
}

fn differing_from(written: Node<'_>, live: Option<Node<'_>>) -> usize {
    match live {
        Some(live) => differing(written, live),
        None => 1,
    }
}

/// The item of a list that is the same as an item of another one.
fn item<'w>(list: Node<'w>, live: Node<'_>) -> Option<Node<'w>> {
    let number = live
        .parent()?
        .items()
        .position(|item| item.id() == live.id())?;
    let key = merge_key(live);
    let is_named = key != "[]";
    let same = |item: &Node<'w>| merge_key(*item) == key;
    let there = list.at(number).filter(same);
    there.or_else(|| list.items().find(same).filter(|_| is_named))
}

fn merge_key(item: Node<'_>) -> String {
    let mut key = String::new();
    push_merge_key(&mut key, item);
    key
}
