//! The way through a live object, gone again in the text that made it. Items of lists are found by what Kubernetes merges them
//! by, for others may have been added; those that nothing names, by their number.

use plimsoll_yaml::{Kind, Node};

use crate::field::Field;
use crate::place::{Source, push_merge_key};

/// The node that says in the object `written` what `at` is in the live one, or its nearest ancestor; and whether it is that
/// node itself.
pub(super) fn follow<'w>(
    live: &Source<'_>,
    node: Node<'_>,
    missing: &[&str],
    written: Node<'w>,
) -> (Node<'w>, bool) {
    let up = std::iter::successors(Some(node), |node| node.parent());
    let way: Vec<Node<'_>> = up
        .take_while(|node| node.id() != live.object.id())
        .collect();
    let mut here = written;
    for step in way.into_iter().rev() {
        let next = match step.key().and_then(Node::key_text) {
            Some(key) => here.get(key),
            None => {
                let list = step.parent().unwrap_or(live.object);
                item(here, step, live.document.items.number(list, step))
            }
        };
        match next {
            Some(next) => here = next,
            None => return (here, false),
        }
    }
    for key in missing.iter().take_while(|key| **key != Field::EACH) {
        match here.get(key) {
            Some(next) => here = next,
            None => return (here, false),
        }
    }
    (here, true)
}

/// Objects are not deeper, but for what somebody wrote to make us fail.
const DEPTH: usize = 100;

/// How many values are written that the live object does not have. What it has besides was added to it.
pub(super) fn differing(written: Node<'_>, live: Node<'_>) -> usize {
    let mut differing = 0;
    let mut waiting = vec![(written, Some(live), 0)];
    while let Some((written, live, depth)) = waiting.pop() {
        let Some(live) = live.filter(|_| depth < DEPTH) else {
            differing += 1;
            continue;
        };
        match written.kind() {
            Kind::Mapping => waiting.extend(written.entries().map(|(key, value)| {
                let other = key.key_text().and_then(|key| live.get(key));
                (value, other, depth + 1)
            })),
            Kind::Sequence => waiting.extend(
                written
                    .items()
                    .zip(0..)
                    .map(|(value, number)| (value, item(live, value, number), depth + 1)),
            ),
            Kind::Scalar => differing += usize::from(written.text() != live.text()),
        }
    }
    differing
}

/// The item of a list that is the same as an item of another one, which has this number there.
fn item<'w>(list: Node<'w>, other: Node<'_>, number: u32) -> Option<Node<'w>> {
    let key = merge_key(other);
    let is_named = key != "[]";
    let same = |item: &Node<'w>| merge_key(*item) == key;
    let there = list.at(number as usize).filter(same);
    there.or_else(|| list.items().find(same).filter(|_| is_named))
}

fn merge_key(item: Node<'_>) -> String {
    let mut key = String::new();
    push_merge_key(&mut key, item);
    key
}
