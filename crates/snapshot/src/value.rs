//! What stands at a field: a value, nothing, null, or something of the wrong type; and where that is.

use plimsoll_yaml::{Node, Scalar};

use crate::field::{Field, Lit, Type};
use crate::version::Minor;

/// What stands at a field.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Value<T> {
    /// Nothing; or the field is newer than the target, whose API server drops it.
    Absent,
    /// An explicit null, which the API takes like an absent field.
    Null,
    /// A value of the wrong type, and what the API wants there: the API server refuses the object.
    Malformed(&'static str),
    /// A value of the right type.
    Is(T),
}

impl<T: Copy> Value<T> {
    /// The value, if one of the right type is there.
    pub fn is(self) -> Option<T> {
        match self {
            Value::Is(value) => Some(value),
            _ => None,
        }
    }
}

/// Where a field is, or would be.
#[derive(Copy, Clone)]
pub struct At<'t> {
    /// The field itself, or its nearest ancestor that is there.
    pub node: Node<'t>,
    /// The keys from `node` to the field; empty when the field is there.
    pub missing: &'static [&'static str],
}

impl<'t> At<'t> {
    /// A place that is there.
    pub fn node(node: Node<'t>) -> At<'t> {
        At { node, missing: &[] }
    }

    /// What `keys` lead to below `base`, up to the first list item, or the nearest ancestor that is there.
    pub fn nearest(base: Node<'t>, keys: &'static [&'static str]) -> At<'t> {
        let (mut node, mut rest) = (base, keys);
        while let Some((&key, below)) = rest.split_first() {
            match node.get(key) {
                Some(child) if key != Field::EACH => (node, rest) = (child, below),
                _ => break,
            }
        }
        let missing = if rest.first() == Some(&Field::EACH) {
            &[]
        } else {
            rest
        };
        At { node, missing }
    }
}

/// One reading of a field.
#[derive(Copy, Clone)]
pub struct Reading<'t> {
    /// What stands there.
    pub value: Value<Lit<'t>>,
    /// Where.
    pub at: At<'t>,
}

/// Where an effective value comes from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The field itself.
    Here,
    /// The pod-level twin of a container's field.
    Inherited,
    /// Nothing is written; the API's default holds.
    Default,
    /// Nothing is written and the API has no default.
    Unset,
}

/// The value that counts, once inheritance and defaults are applied.
#[derive(Copy, Clone)]
pub struct Effective<'t> {
    /// What counts.
    pub value: Value<Lit<'t>>,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is written; for a default or nothing, where the container's own field would be.
    pub at: At<'t>,
}

/// A scalar as `ty`, or why not.
pub(crate) fn typed<'t>(node: Node<'t>, ty: Type) -> Value<Lit<'t>> {
    match (node.scalar(), ty) {
        (Some(Scalar::Null), _) => Value::Null,
        (Some(Scalar::Bool(value)), Type::Bool) => Value::Is(Lit::Bool(value)),
        // `1e3` and `0.0` are whole numbers for the API server too.
        (Some(Scalar::Int(_) | Scalar::Float(_)), Type::Int) => node
            .as_int()
            .map_or(Value::Malformed(ty.article()), |value| {
                Value::Is(Lit::Int(value))
            }),
        (Some(Scalar::Str(value)), Type::String) => Value::Is(Lit::Str(value)),
        _ => Value::Malformed(ty.article()),
    }
}

/// Calls `seen` with each place that `field` names below `base`: once for a plain field, once per item for a
/// field below lists. A list that is not there gives no call. `version` is the target's: a newer field is absent.
pub(crate) fn read_each<'t>(
    base: Node<'t>,
    field: &'static Field,
    version: Minor,
    seen: &mut dyn FnMut(Reading<'t>),
) {
    if version < field.since {
        return seen(Reading {
            value: Value::Absent,
            at: At {
                node: base,
                missing: field.keys,
            },
        });
    }
    descend(base, field.keys, field.ty, seen);
}

/// Walks one key at a time; the recursion is as deep as the field's keys, never as deep as the input.
fn descend<'t>(
    node: Node<'t>,
    keys: &'static [&'static str],
    ty: Type,
    seen: &mut dyn FnMut(Reading<'t>),
) {
    use plimsoll_yaml::Kind;
    let Some((&key, rest)) = keys.split_first() else {
        return seen(Reading {
            value: typed(node, ty),
            at: At::node(node),
        });
    };
    let each = key == Field::EACH;
    match (node.kind(), each) {
        (Kind::Sequence, true) => node.items().for_each(|item| match rest {
            [] if item.is_null() => seen(zero(item, ty)),
            _ => descend(item, rest, ty, seen),
        }),
        (Kind::Mapping, false) => match node.get(key) {
            Some(child) => descend(child, rest, ty, seen),
            None if rest.contains(&Field::EACH) => {}
            None => seen(Reading {
                value: Value::Absent,
                at: At {
                    node,
                    missing: keys,
                },
            }),
        },
        _ if node.is_null() && (each || rest.contains(&Field::EACH)) => {}
        _ if node.is_null() => seen(Reading {
            value: Value::Absent,
            at: At {
                node,
                missing: keys,
            },
        }),
        _ => {
            let wanted = if each { "a list" } else { "an object" };
            seen(Reading {
                value: Value::Malformed(wanted),
                at: At::node(node),
            });
        }
    }
}

/// A null item of a list is the zero value of its type, as Go decodes it.
fn zero(item: Node<'_>, ty: Type) -> Reading<'_> {
    let value = match ty {
        Type::Bool => Lit::Bool(false),
        Type::Int => Lit::Int(0),
        Type::String => Lit::Str(""),
    };
    Reading {
        value: Value::Is(value),
        at: At::node(item),
    }
}
