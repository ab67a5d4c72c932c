//! A tree as plain values, made without what is tested: to compare trees, and to do to a value what an edit does to a text.

use plimsoll_yaml::edit::Value as Written;
use plimsoll_yaml::{Kind, Node, Scalar};
use serde_json::Value as Json;

/// How deep a model may be; deeper trees have none, because models are made by recursion.
const DEPTH: usize = 100;

/// A value. Members keep their order.
#[derive(Clone, PartialEq, Debug)]
pub enum Model {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number, by its bits.
    Float(u64),
    /// A text.
    Str(String),
    /// A list.
    List(Vec<Model>),
    /// A mapping.
    Map(Vec<(String, Model)>),
}

impl Model {
    /// The model of a tree. `None`: the tree is too deep.
    pub fn of(node: Node<'_>) -> Option<Model> {
        Model::within(node, DEPTH)
    }

    fn within(node: Node<'_>, depth: usize) -> Option<Model> {
        let depth = depth.checked_sub(1)?;
        Some(match node.kind() {
            Kind::Sequence => Model::List(
                node.items()
                    .map(|item| Model::within(item, depth))
                    .collect::<Option<_>>()?,
            ),
            Kind::Mapping => Model::Map(
                node.entries()
                    .map(|(key, value)| {
                        let key = key.key_text().unwrap_or_default().to_owned();
                        Some((key, Model::within(value, depth)?))
                    })
                    .collect::<Option<_>>()?,
            ),
            Kind::Scalar => match node.scalar()? {
                Scalar::Null => Model::Null,
                Scalar::Bool(value) => Model::Bool(value),
                Scalar::Int(value) => Model::Int(value),
                Scalar::Float(value) => Model::Float(value.to_bits()),
                Scalar::Str(text) => Model::Str(text.to_owned()),
            },
        })
    }

    /// The same to be written. `None`: there is a null or a fraction, which cannot be written.
    pub fn written(&self) -> Option<Written> {
        Some(match self {
            Model::Null | Model::Float(_) => return None,
            Model::Bool(value) => Written::Bool(*value),
            Model::Int(value) => Written::Int(*value),
            Model::Str(text) => Written::Str(text.clone()),
            Model::List(items) => {
                Written::List(items.iter().map(Model::written).collect::<Option<_>>()?)
            }
            Model::Map(members) => {
                let member = |(key, value): &(String, Model)| Some((key.clone(), value.written()?));
                Written::Map(members.iter().map(member).collect::<Option<_>>()?)
            }
        })
    }

    /// Does it mean what this JSON means? Of JSON's numbers only the value counts.
    pub fn means(&self, json: &Json) -> bool {
        match (json, self) {
            (Json::Null, Model::Null) => true,
            (Json::Bool(one), Model::Bool(other)) => one == other,
            (Json::String(one), Model::Str(other)) => one == other,
            (Json::Number(one), Model::Int(other)) => one.as_f64() == Some(*other as f64),
            (Json::Number(one), Model::Float(other)) => {
                // JSON's own reader of fractions is off by a bit now and then.
                let (one, other) = (one.as_f64().unwrap_or_default(), f64::from_bits(*other));
                (one - other).abs() <= other.abs() * 1e-15
            }
            (Json::Array(one), Model::List(other)) => {
                one.len() == other.len()
                    && one.iter().zip(other).all(|(one, other)| other.means(one))
            }
            (Json::Object(one), Model::Map(other)) => {
                one.len() == other.len()
                    && other
                        .iter()
                        .all(|(key, value)| one.get(key).is_some_and(|found| value.means(found)))
            }
            _ => false,
        }
    }

    /// The same with the members of mappings in the order of their keys.
    pub fn sorted(self) -> Model {
        match self {
            Model::List(items) => Model::List(items.into_iter().map(Model::sorted).collect()),
            Model::Map(members) => {
                let mut members: Vec<_> = members
                    .into_iter()
                    .map(|(key, value)| (key, value.sorted()))
                    .collect();
                members.sort_by(|(one, _), (other, _)| one.cmp(other));
                Model::Map(members)
            }
            other => other,
        }
    }
}

impl From<&Written> for Model {
    fn from(value: &Written) -> Model {
        match value {
            Written::Bool(value) => Model::Bool(*value),
            Written::Int(value) => Model::Int(*value),
            Written::Str(text) => Model::Str(text.clone()),
            Written::List(items) => Model::List(items.iter().map(Model::from).collect()),
            Written::Map(members) => {
                let member = |(key, value): &(String, Written)| (key.clone(), value.into());
                Model::Map(members.iter().map(member).collect())
            }
        }
    }
}
