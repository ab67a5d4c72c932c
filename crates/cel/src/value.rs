//! Values: scalars, collections of our own, and collections that still are nodes of a document.

use std::borrow::Cow;
use std::rc::Rc;

use plimsoll_yaml::{Kind, Node, Scalar};

use crate::eval::{Done, Fault};
use crate::number::equal_numbers;
use crate::quantity::Quantity;

/// A value. A document's null members read as absent, as the API server drops them from typed objects.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    Uint(u64),
    /// A floating-point number.
    Double(f64),
    /// Text.
    Str(Cow<'a, str>),
    /// Bytes.
    Bytes(Rc<[u8]>),
    /// A list.
    List(Rc<Vec<Value<'a>>>),
    /// A map, in the order in which it was made.
    Map(Rc<Vec<(Value<'a>, Value<'a>)>>),
    /// A mapping or sequence of a document.
    Node(Node<'a>),
    /// A type, by its name.
    Type(&'static str),
    /// A Kubernetes quantity.
    Quantity(Quantity),
    /// A value or none.
    Optional(Option<Rc<Value<'a>>>),
    /// What nobody can know here, and why. Using it is a [`Fault::Unsupported`], and so is asking whether a map has it.
    Unknown(Rc<str>),
}

impl<'a> Value<'a> {
    /// The value of a document's node.
    pub fn of(node: Node<'a>) -> Value<'a> {
        match node.scalar() {
            None => Value::Node(node),
            Some(Scalar::Null) => Value::Null,
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Str(text)) => Value::Str(Cow::Borrowed(text)),
            // JSON does not tell 1.0 from 1.
            Some(Scalar::Int(_) | Scalar::Float(_)) => match (node.as_int(), node.scalar()) {
                (Some(whole), _) => Value::Int(whole),
                (None, Some(Scalar::Float(value))) => Value::Double(value),
                _ => Value::Null,
            },
        }
    }

    /// Text.
    pub fn text(text: impl Into<Cow<'a, str>>) -> Value<'a> {
        Value::Str(text.into())
    }

    /// A map with names for keys.
    pub fn map<'k>(members: impl IntoIterator<Item = (&'k str, Value<'a>)>) -> Value<'a> {
        let members = members
            .into_iter()
            .map(|(key, value)| (Value::text(key.to_owned()), value));
        Value::Map(Rc::new(members.collect()))
    }

    pub(crate) fn list(items: Vec<Value<'a>>) -> Value<'a> {
        Value::List(Rc::new(items))
    }

    /// The boolean. `None` for anything else.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The text. `None` for anything else.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Its type, as `type()` names it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null_type",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::Str(_) => "string",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Node(node) if node.kind() == Kind::Sequence => "list",
            Value::Node(_) => "map",
            Value::Type(_) => "type",
            Value::Quantity(_) => "kubernetes.Quantity",
            Value::Optional(_) => "optional_type",
            Value::Unknown(_) => "unknown",
        }
    }

    /// The items of a list. `None` for anything else.
    pub fn items(&self) -> Option<Cow<'_, [Value<'a>]>> {
        match self {
            Value::List(items) => Some(Cow::Borrowed(items)),
            Value::Node(node) if node.kind() == Kind::Sequence => {
                Some(node.items().map(Value::of).collect())
            }
            _ => None,
        }
    }

    /// The members of a map. `None` for anything else.
    pub fn members(&self) -> Option<Cow<'_, [(Value<'a>, Value<'a>)]>> {
        match self {
            Value::Map(members) => Some(Cow::Borrowed(members)),
            Value::Node(node) if node.kind() == Kind::Mapping => {
                let members = node.entries().filter(|(_, value)| !value.is_null());
                let members = members.filter_map(|(key, value)| {
                    Some((Value::text(key.key_text()?), Value::of(value)))
                });
                Some(members.collect())
            }
            _ => None,
        }
    }

    /// The same number for a collection of our own and its clones, while one of them lives. `None` for anything else.
    pub fn address(&self) -> Option<usize> {
        match self {
            Value::List(items) => Some(Rc::as_ptr(items).addr()),
            Value::Map(members) => Some(Rc::as_ptr(members).addr()),
            _ => None,
        }
    }

    /// The member of a map. `None` when there is none; an error when it is no map, or when nobody knows whether there is one.
    pub(crate) fn member(&self, key: &Value<'a>) -> Done<Option<Value<'a>>> {
        let found = self.find(key)?;
        match &found {
            Some(value) => value.known().map(|()| found),
            None => Ok(None),
        }
    }

    /// Itself, unless some member of a map is unknown: then so are the map's size and what stands for all its members.
    pub(crate) fn whole(&self) -> Done<()> {
        match self {
            Value::Map(members) => members.iter().try_for_each(|(_, value)| value.known()),
            _ => Ok(()),
        }
    }

    fn find(&self, key: &Value<'a>) -> Done<Option<Value<'a>>> {
        match (self, key) {
            (Value::Node(node), Value::Str(name)) if node.kind() == Kind::Mapping => {
                let found = node.get(name).filter(|value| !value.is_null());
                Ok(found.map(Value::of))
            }
            (Value::Node(node), _) if node.kind() == Kind::Mapping => Ok(None),
            (Value::Map(members), _) => {
                for (name, value) in members.iter() {
                    if name.equals(key)? {
                        return Ok(Some(value.clone()));
                    }
                }
                Ok(None)
            }
            (other, _) => Err(Fault::failed(format!(
                "no such overload: {} has no members",
                other.type_name()
            ))),
        }
    }

    /// As `==`: values of different types are different, save for numbers.
    pub(crate) fn equals(&self, other: &Value<'a>) -> Done<bool> {
        self.known()?;
        other.known()?;
        if let Some(equal) = equal_numbers(self, other) {
            return Ok(equal);
        }
        Ok(match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Str(one), Value::Str(other)) => one == other,
            (Value::Bytes(one), Value::Bytes(other)) => one == other,
            (Value::Type(one), Value::Type(other)) => one == other,
            (Value::Quantity(one), Value::Quantity(other)) => one == other,
            (Value::Optional(None), Value::Optional(None)) => true,
            (Value::Optional(Some(one)), Value::Optional(Some(other))) => one.equals(other)?,
            _ => return self.equals_collection(other),
        })
    }

    fn equals_collection(&self, other: &Value<'a>) -> Done<bool> {
        if let (Some(ones), Some(others)) = (self.items(), other.items()) {
            if ones.len() != others.len() {
                return Ok(false);
            }
            for (one, other) in ones.iter().zip(others.iter()) {
                if !one.equals(other)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let (Some(ones), Some(others)) = (self.members(), other.members()) else {
            return Ok(false);
        };
        self.whole()?;
        other.whole()?;
        if ones.len() != others.len() {
            return Ok(false);
        }
        for (key, one) in ones.iter() {
            match other.member(key)? {
                Some(other) if one.equals(&other)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Itself, unless it is unknown.
    pub(crate) fn known(&self) -> Done<()> {
        match self {
            Value::Unknown(why) => Err(Fault::Unsupported(why.to_string())),
            _ => Ok(()),
        }
    }
}
