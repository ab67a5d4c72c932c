//! A document as an owned tree that can be rearranged: scalars keep the type that Kubernetes gives them. Knows
//! nothing of text; `emit` writes it.

use plimsoll_yaml::{Chunk, Kind, Node, Scalar, Style, Tree, parse, split};

/// A node without its text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(String),
    /// Items in order.
    Sequence(Vec<Value>),
    /// Keys and values in order.
    Mapping(Vec<(String, Value)>),
}

/// Calls `look` with the tree of a text's one document. `None`: it does not parse, or is not one document.
pub(crate) fn with_tree<R>(text: &str, look: impl FnOnce(&Tree<'_>) -> R) -> Option<R> {
    let chunks: Vec<Chunk> = split(text);
    let [chunk] = chunks.as_slice() else {
        return None;
    };
    parse(text, chunk).ok().map(|tree| look(&tree))
}

/// The value of a text that is one document. `None`: it does not parse, or holds a key twice, which no value can say.
pub(crate) fn read(text: &str) -> Option<Value> {
    with_tree(text, |tree| {
        let faithful = tree.duplicates().is_empty();
        faithful.then(|| Value::of(tree.root()))
    })?
}

/// Is every scalar of this document written on one line?
pub(crate) fn scalars_on_one_line(text: &str) -> bool {
    with_tree(text, |tree| {
        let mut waiting = vec![tree.root()];
        while let Some(node) = waiting.pop() {
            let block = matches!(node.style(), Style::Literal | Style::Folded);
            let scalar = node.kind() == Kind::Scalar;
            if scalar && (block || node.span().slice(text).contains('\n')) {
                return false;
            }
            waiting.extend(node.items());
            waiting.extend(node.entries().map(|(_, value)| value));
        }
        true
    })
    .unwrap_or(false)
}

impl Value {
    fn of(node: Node<'_>) -> Value {
        match (node.kind(), node.scalar()) {
            (Kind::Sequence, _) => Value::Sequence(node.items().map(Value::of).collect()),
            (Kind::Mapping, _) => {
                let entries = node.entries();
                let owned = |(key, value): (Node<'_>, Node<'_>)| {
                    (
                        key.key_text().unwrap_or_default().to_owned(),
                        Value::of(value),
                    )
                };
                Value::Mapping(entries.map(owned).collect())
            }
            (Kind::Scalar, Some(Scalar::Bool(value))) => Value::Bool(value),
            (Kind::Scalar, Some(Scalar::Int(value))) => Value::Int(value),
            (Kind::Scalar, Some(Scalar::Float(value))) => Value::Float(value),
            (Kind::Scalar, Some(Scalar::Str(value))) => Value::Str(value.to_owned()),
            (Kind::Scalar, _) => Value::Null,
        }
    }

    /// A text value.
    pub(crate) fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    /// A mapping of these entries.
    pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
        Value::Mapping(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }

    /// The entries of a mapping; empty for everything else.
    pub(crate) fn entries(&self) -> &[(String, Value)] {
        match self {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; empty for everything else.
    pub(crate) fn items(&self) -> &[Value] {
        match self {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// A mapping's member.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        let mut entries = self.entries().iter();
        entries
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// A mapping's member, to change.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let Value::Mapping(entries) = self else {
            return None;
        };
        let mut entries = entries.iter_mut();
        entries
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// A scalar that is a text.
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Sets a mapping's member, in its place or at the end. Does nothing to other values.
    pub(crate) fn set(&mut self, key: &str, value: Value) {
        if let Some(there) = self.get_mut(key) {
            *there = value;
        } else if let Value::Mapping(entries) = self {
            entries.push((key.to_owned(), value));
        }
    }

    /// Removes a mapping's member.
    pub(crate) fn remove(&mut self, key: &str) {
        if let Value::Mapping(entries) = self {
            entries.retain(|(name, _)| name != key);
        }
    }
}
