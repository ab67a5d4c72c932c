//! Edits: what is given out means the old value with the edit done to it, and no other document changes by a byte. The text is a path,
//! a change (`set VALUE`, `append VALUE` or `remove`), and the document, a line each but the last.

use plimsoll_yaml::edit::{Change, Edit, Value, apply};
use plimsoll_yaml::{Path, Segment, parse, split};

use crate::model::Model;

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let mut parts = text.splitn(3, '\n');
    let (Some(path), Some(change), Some(document)) = (parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let (Ok(path), Some(change)) = (path.parse::<Path>(), read(change)) else {
        return;
    };
    let edit = Edit { path, change };
    let Ok(edited) = apply(document, 1, std::slice::from_ref(&edit)) else {
        return;
    };
    let (Some(old), Some(new)) = (model(document), model(&edited)) else {
        return;
    };
    let mut wanted = old;
    assert!(
        done(&mut wanted, edit.path.segments(), &edit.change),
        "{edit} was made"
    );
    assert_eq!(
        new.sorted(),
        wanted.sorted(),
        "{edit} made {edited:?} of {document:?}"
    );
    others_are_the_same(document, &edited);
    if !matches!(edit.change, Change::Append(_)) && edit.path != Path::root() {
        let removed_again = matches!(edit.change, Change::Remove)
            && matches!(edit.path.segments().last(), Some(Segment::Index(_)));
        if !removed_again {
            assert_eq!(apply(&edited, 1, &[edit]).as_deref(), Ok(edited.as_str()));
        }
    }
}

fn read(change: &str) -> Option<Change> {
    match change.split_once(' ') {
        Some(("set", value)) => Some(Change::Set(written(value)?)),
        Some(("append", value)) => Some(Change::Append(written(value)?)),
        _ => (change == "remove").then_some(Change::Remove),
    }
}

fn written(value: &str) -> Option<Value> {
    model(value)?.written()
}

fn model(text: &str) -> Option<Model> {
    let chunks = split(text);
    let tree = parse(text, chunks.first()?).ok()?;
    Model::of(tree.root())
}

fn others_are_the_same(old: &str, new: &str) {
    let (before, after) = (split(old), split(new));
    assert_eq!(before.len(), after.len());
    for (one, other) in before.iter().zip(&after).skip(1) {
        assert_eq!(one.span.slice(old), other.span.slice(new));
    }
}

/// Does to a value what the edit promises. False: it cannot be done.
fn done(value: &mut Model, path: &[Segment], change: &Change) -> bool {
    match (path, change) {
        ([], Change::Set(wanted)) => *value = wanted.into(),
        ([], Change::Append(wanted)) => match value {
            Model::List(items) => items.push(wanted.into()),
            // A list that is not there is made, and a key without a value has none.
            Model::Null => *value = Model::List(vec![wanted.into()]),
            _ => return false,
        },
        ([], Change::Remove | Change::Withdraw) => return false,
        ([step, rest @ ..], change) => return member(value, step, rest, change),
    }
    true
}

fn member(value: &mut Model, step: &Segment, rest: &[Segment], change: &Change) -> bool {
    match (value, step) {
        (Model::Map(members), Segment::Key(key)) => {
            let at = members.iter().position(|(name, _)| **name == **key);
            let Some(at) = at else {
                if *change == Change::Remove {
                    return true;
                }
                let Some(made) = made(rest, change) else {
                    return false;
                };
                members.push((key.to_string(), made));
                return true;
            };
            if rest.is_empty() && *change == Change::Remove {
                members.remove(at);
                return true;
            }
            let had = !is_empty(&members[at].1);
            let worked = done(&mut members[at].1, rest, change);
            if worked && *change == Change::Remove && had && is_empty(&members[at].1) {
                members.remove(at);
            }
            worked
        }
        (Model::List(items), Segment::Index(at)) => {
            let at = *at as usize;
            match items.get_mut(at) {
                None => *change == Change::Remove,
                Some(_) if rest.is_empty() && *change == Change::Remove => {
                    items.remove(at);
                    true
                }
                Some(item) => done(item, rest, change),
            }
        }
        (value @ Model::Null, Segment::Key(_)) if *change != Change::Remove => {
            *value = Model::Map(Vec::new());
            member(value, step, rest, change)
        }
        _ => *change == Change::Remove,
    }
}

fn is_empty(value: &Model) -> bool {
    match value {
        Model::List(items) => items.is_empty(),
        Model::Map(members) => members.is_empty(),
        _ => false,
    }
}

fn made(rest: &[Segment], change: &Change) -> Option<Model> {
    let mut value = match change {
        Change::Set(value) => value.into(),
        Change::Append(value) => Model::List(vec![value.into()]),
        Change::Remove | Change::Withdraw => return None,
    };
    for step in rest.iter().rev() {
        let Segment::Key(key) = step else {
            return None;
        };
        value = Model::Map(vec![(key.to_string(), value)]);
    }
    Some(value)
}
