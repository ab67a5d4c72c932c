//! What several test modules need: parsing shortcuts and a view of trees as JSON.

use plimsoll_yaml::{Kind, Node, ParseError, ParseErrorKind, Scalar, Tree, parse, split};
use serde_json::Value;

/// The tree of a text's first document.
pub(crate) fn tree(text: &str) -> Tree<'_> {
    try_tree(text).unwrap_or_else(|error| panic!("{error:?} in {text:?}"))
}

pub(crate) fn try_tree(text: &str) -> Result<Tree<'_>, ParseError> {
    parse(text, split(text).first().expect("a document"))
}

/// The first document's error: its kind and the text it points at.
pub(crate) fn error(text: &str) -> (ParseErrorKind, &str) {
    let error = try_tree(text).expect_err(text);
    (error.kind, error.span.slice(text))
}

/// The first document as JSON, as kubectl would send it.
pub(crate) fn json(text: &str) -> Value {
    value(tree(text).root())
}

pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => node
            .entries()
            .map(|(key, member)| (key.key_text().expect("a key").to_owned(), value(member)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Kind::Sequence => node.items().map(value).collect(),
        Kind::Scalar => match node.scalar().expect("a scalar") {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Int(value) => value.into(),
            Scalar::Float(value) => value.into(),
            Scalar::Str(value) => value.into(),
        },
    }
}

/// The source text of the node at a path.
pub(crate) fn source<'t>(tree: &Tree<'t>, path: &str) -> &'t str {
    let path: plimsoll_yaml::Path = path.parse().expect("a path");
    let node = path.resolve(tree.root()).expect("a node");
    node.span().slice(tree.text())
}
