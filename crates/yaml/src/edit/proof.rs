//! Compares the tree before an edit with the one after it: the edited place is as intended, everything else is equal.
//! Iterative, because documents may be deep.

use crate::edit::{Change, Edit, Value, step};
use crate::node::{Kind, Node, Scalar};
use crate::path::Segment;

/// Is the document already as the edit wants it?
pub(super) fn holds(root: Node<'_>, edit: &Edit) -> bool {
    match (&edit.change, edit.path.resolve(root)) {
        (Change::Set(value), Some(node)) => is(node, value),
        (Change::Remove | Change::Withdraw, None) => true,
        _ => false,
    }
}

/// Does `new` differ from `old` by the edit and nothing else?
pub(super) fn leads_to(old: Node<'_>, new: Node<'_>, edit: &Edit) -> bool {
    let (mut old, mut new) = (old, new);
    let segments = edit.path.segments();
    for (depth, segment) in segments.iter().enumerate() {
        let rest = segments.get(depth + 1..).unwrap_or_default();
        let removes_here = edit.change == Change::Remove && rest.is_empty();
        if !others_equal(old, new, segment, removes_here) {
            return false;
        }
        match (step(old, segment), step(new, segment)) {
            (_, None) if removes_here => return true,
            (_, Some(_)) if removes_here => return matches!(segment, Segment::Index(_)),
            (Some(before), Some(after)) => (old, new) = (before, after),
            (None, Some(after)) => return made(after, rest, &edit.change),
            (_, None) => return false,
        }
    }
    match &edit.change {
        Change::Set(value) => is(new, value),
        Change::Append(value) => appended(old, new, value),
        Change::Remove | Change::Withdraw => false,
    }
}

/// What stands at a key that was not there: the chain of keys that was made, with the value at its end.
fn made(mut node: Node<'_>, rest: &[Segment], change: &Change) -> bool {
    for segment in rest {
        match step(node, segment) {
            Some(child) if node.len() == 1 => node = child,
            _ => return false,
        }
    }
    match change {
        Change::Set(value) => is(node, value),
        Change::Append(value) => node.len() == 1 && node.at(0).is_some_and(|item| is(item, value)),
        Change::Remove | Change::Withdraw => false,
    }
}

fn appended(old: Node<'_>, new: Node<'_>, value: &Value) -> bool {
    let count = old.len();
    let kept = old
        .items()
        .zip(new.items())
        .all(|(before, after)| equal(before, after));
    new.kind() == Kind::Sequence
        && new.len() == count + 1
        && kept
        && new.at(count).is_some_and(|item| is(item, value))
}

/// Are all members besides the one named equal? Where it is removed, the others move up.
fn others_equal(old: Node<'_>, new: Node<'_>, segment: &Segment, removes: bool) -> bool {
    match segment {
        Segment::Key(key) => {
            let others = |node: Node<'_>| {
                node.entries()
                    .filter(|(name, _)| name.key_text() != Some(key))
                    .count()
            };
            let same = old
                .entries()
                .filter(|(name, _)| name.key_text() != Some(key))
                .all(|(name, value)| {
                    let other = name.key_text().and_then(|name| new.get(name));
                    other.is_some_and(|other| equal(value, other))
                });
            let shape = new.kind() == Kind::Mapping || removes && old.len() == 1;
            shape && same && others(old) == others(new)
        }
        Segment::Index(index) => {
            let index = *index as usize;
            let before = old
                .items()
                .enumerate()
                .filter(|(at, _)| *at != index)
                .map(|(_, item)| item);
            let after = new
                .items()
                .enumerate()
                .filter(|(at, _)| removes || *at != index)
                .map(|(_, item)| item);
            let shape = new.kind() == Kind::Sequence
                && new.len() + usize::from(removes) == old.len().max(index + 1);
            shape
                && before
                    .zip(after)
                    .all(|(before, after)| equal(before, after))
        }
        Segment::Embedded | Segment::Flag(_) => false,
    }
}

/// Does a node hold exactly this value?
pub(super) fn is(node: Node<'_>, value: &Value) -> bool {
    match (value, node.scalar()) {
        (Value::Bool(wanted), Some(Scalar::Bool(found))) => *wanted == found,
        (Value::Int(wanted), Some(Scalar::Int(found))) => *wanted == found,
        (Value::Str(wanted), Some(Scalar::Str(found))) => wanted == found,
        (Value::List(items), None) => {
            node.kind() == Kind::Sequence
                && node.len() == items.len()
                && node.items().zip(items).all(|(node, item)| is(node, item))
        }
        (Value::Map(members), None) => {
            node.kind() == Kind::Mapping
                && node.len() == members.len()
                && members
                    .iter()
                    .all(|(key, value)| node.get(key).is_some_and(|node| is(node, value)))
        }
        _ => false,
    }
}

/// Do two nodes mean the same?
pub(super) fn equal(one: Node<'_>, other: Node<'_>) -> bool {
    let mut waiting = vec![(one, other)];
    while let Some((one, other)) = waiting.pop() {
        if one.kind() != other.kind() || one.len() != other.len() {
            return false;
        }
        match one.kind() {
            Kind::Scalar if one.scalar() != other.scalar() => return false,
            Kind::Scalar => {}
            Kind::Sequence => waiting.extend(one.items().zip(other.items())),
            Kind::Mapping => {
                for ((key, value), (twin, found)) in one.entries().zip(other.entries()) {
                    // Nearly always the order is kept; only otherwise is a search worth its cost.
                    let found = if key.key_text() == twin.key_text() {
                        Some(found)
                    } else {
                        key.key_text().and_then(|key| other.get(key))
                    };
                    let Some(found) = found else { return false };
                    waiting.push((value, found));
                }
            }
        }
    }
    true
}
