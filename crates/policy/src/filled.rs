//! An object as a policy sees it on an API server: decoded by Kubernetes' types, with defaults filled in, and with what the
//! server makes up as unknown. Objects of kinds that are not Kubernetes' own are seen as they are written.
//!
//! Invariant: what the server would show differently is filled in as it would be, or unknown; a real server is asked.

mod defaults;
mod empty;
mod metadata;
mod pod;
mod quantity;
mod table;

use std::collections::HashMap;
use std::rc::Rc;

use plimsoll_cel::Value;
use plimsoll_yaml::{Kind, Node};

use crate::sent::Sent;

/// An object with the places that its values come from.
pub(crate) struct Seen<'t> {
    pub(crate) value: Value<'t>,
    places: HashMap<usize, Spot<'t>>,
}

/// Where a value comes from: a node, or what the API server filled in below it.
#[derive(Clone, Debug)]
pub(crate) struct Spot<'t> {
    pub(crate) node: Node<'t>,
    pub(crate) missing: Vec<String>,
}

/// The object whose `metadata` and `spec` stand in `node`.
pub(crate) fn seen<'t>(sent: &Sent<'t>, node: Node<'t>) -> Seen<'t> {
    let mut value = written(node, sent.is_known());
    put(&mut value, &["apiVersion"], || {
        Value::text(sent.api_version())
    });
    put(&mut value, &["kind"], || Value::text(sent.kind));
    if sent.is_known() {
        empty::drop(&mut value);
        defaults::fill(sent, &mut value);
        quantity::normalize(sent.kind, &mut value);
    }
    metadata::complete(sent, &mut value);
    let mut places = HashMap::new();
    let whole = Spot {
        node,
        missing: Vec::new(),
    };
    note(&value, &whole, &mut places);
    Seen { value, places }
}

impl<'t> Seen<'t> {
    /// Where a map or list of the object comes from. `None` for one that an expression made.
    pub(crate) fn spot(&self, of: &Value<'_>) -> Option<&Spot<'t>> {
        self.places.get(&of.address()?)
    }
}

/// The value as it is written, with the members that are null where they are asked for. Depth is bounded by the reader of
/// the document.
fn written(node: Node<'_>, nulls: bool) -> Value<'_> {
    match node.kind() {
        Kind::Mapping => {
            let entries = node
                .entries()
                .filter(|(_, value)| nulls || !value.is_null());
            let members = entries.filter_map(|(key, value)| {
                Some((Value::text(key.key_text()?), written(value, nulls)))
            });
            Value::Map(Rc::new(members.collect()))
        }
        Kind::Sequence => {
            let items = node.items().map(|item| written(item, nulls));
            Value::List(Rc::new(items.collect()))
        }
        Kind::Scalar => Value::of(node),
    }
}

fn note<'t>(value: &Value<'t>, spot: &Spot<'t>, places: &mut HashMap<usize, Spot<'t>>) {
    if let Some(address) = value.address() {
        places.insert(address, spot.clone());
    }
    match value {
        Value::Map(members) => {
            for (key, member) in members.iter() {
                note(
                    member,
                    &spot.below(key.as_str().unwrap_or_default()),
                    places,
                );
            }
        }
        Value::List(items) => {
            let nodes: Vec<_> = match spot.missing.is_empty() {
                true => spot.node.items().collect(),
                false => Vec::new(),
            };
            for (index, item) in items.iter().enumerate() {
                if let Some(&node) = nodes.get(index) {
                    let missing = Vec::new();
                    note(item, &Spot { node, missing }, places);
                }
            }
        }
        _ => {}
    }
}

impl<'t> Spot<'t> {
    /// Where the member of a map is, or would be.
    pub(crate) fn below(&self, key: &str) -> Spot<'t> {
        match self.node.get(key).filter(|_| self.missing.is_empty()) {
            Some(node) => Spot {
                node,
                missing: Vec::new(),
            },
            None => {
                let mut missing = self.missing.clone();
                missing.push(key.to_owned());
                Spot {
                    node: self.node,
                    missing,
                }
            }
        }
    }
}

/// The members of a map, to be changed; `None` for anything else.
fn members<'v, 't>(value: &'v mut Value<'t>) -> Option<&'v mut Vec<(Value<'t>, Value<'t>)>> {
    match value {
        Value::Map(members) => Some(Rc::make_mut(members)),
        _ => None,
    }
}

/// The items of a list, to be changed; none for anything else.
fn items<'v, 't>(value: &'v mut Value<'t>) -> impl Iterator<Item = &'v mut Value<'t>> {
    let items = match value {
        Value::List(items) => Some(Rc::make_mut(items)),
        _ => None,
    };
    items.into_iter().flatten()
}

/// The member of a map. `None` when there is none.
fn member<'v, 't>(value: &'v Value<'t>, key: &str) -> Option<&'v Value<'t>> {
    match value {
        Value::Map(members) => members
            .iter()
            .find(|(name, _)| name.as_str() == Some(key))
            .map(|(_, value)| value),
        _ => None,
    }
}

/// The member of a map, to be changed. `None` when there is none.
fn member_mut<'v, 't>(value: &'v mut Value<'t>, key: &str) -> Option<&'v mut Value<'t>> {
    let members = members(value)?;
    let mut found = members
        .iter_mut()
        .filter(|(name, _)| name.as_str() == Some(key));
    found.next().map(|(_, value)| value)
}

/// Gives every place that the keys lead to a value, where there is none; `[]` leads to each item of a list. What stands
/// above has to be there.
fn put<'t>(value: &mut Value<'t>, keys: &[&str], new: impl Fn() -> Value<'t> + Copy) {
    match keys {
        [] => {}
        ["[]", rest @ ..] => items(value).for_each(|item| put(item, rest, new)),
        [key] => {
            if member(value, key).is_none()
                && let Some(members) = members(value)
            {
                members.push((Value::text((*key).to_owned()), new()));
            }
        }
        [key, rest @ ..] => {
            if let Some(below) = member_mut(value, key) {
                put(below, rest, new);
            }
        }
    }
}

/// Makes the member this value, whatever it was.
fn set<'t>(value: &mut Value<'t>, key: &str, new: Value<'t>) {
    if let Some(members) = members(value) {
        members.retain(|(name, _)| name.as_str() != Some(key));
        members.push((Value::text(key.to_owned()), new));
    }
}

/// What nobody can know here.
fn unknown<'t>(why: &'static str) -> Value<'t> {
    Value::Unknown(why.into())
}

#[cfg(test)]
mod tests;
