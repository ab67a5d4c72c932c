//! Reading objects that are no pods, field by field: null is absence, and a value of the wrong type is recorded as malformed
//! where it is met. Which fields there are is known where they are read.

use plimsoll_yaml::{Kind, Node};

use crate::object::Object;

/// A field that holds a mapping or a list.
pub fn child<'t>(object: &Object<'t>, node: Node<'t>, key: &str, kind: Kind) -> Option<Node<'t>> {
    let child = node.get(key).filter(|child| !child.is_null())?;
    if child.kind() == kind {
        return Some(child);
    }
    let wanted = match kind {
        Kind::Sequence => "a list",
        Kind::Mapping => "an object",
        Kind::Scalar => "a plain value",
    };
    object.note_malformed(child, wanted);
    None
}

/// The mappings in a list.
pub fn items<'t>(object: &Object<'t>, node: Node<'t>, key: &str) -> Vec<Node<'t>> {
    let list = child(object, node, key, Kind::Sequence);
    let mut found = Vec::new();
    for item in list.into_iter().flat_map(Node::items) {
        match item.kind() {
            Kind::Mapping => found.push(item),
            _ => object.note_malformed(item, "an object"),
        }
    }
    found
}

/// The texts in a list.
pub fn texts<'t>(object: &Object<'t>, node: Node<'t>, key: &str) -> Vec<(&'t str, Node<'t>)> {
    let list = child(object, node, key, Kind::Sequence);
    let mut found = Vec::new();
    for item in list.into_iter().flat_map(Node::items) {
        match item.as_str() {
            Some(text) => found.push((text, item)),
            None => object.note_malformed(item, "a string"),
        }
    }
    found
}

/// One of the words that the API allows for a field, with its node; another value is recorded as malformed, with what is
/// wanted in words.
pub fn word<'t>(
    object: &Object<'t>,
    node: Node<'t>,
    key: &str,
    (allowed, wanted): (&[&str], &'static str),
) -> Option<(&'t str, Node<'t>)> {
    let value = node.get(key).filter(|value| !value.is_null())?;
    match value.as_str().filter(|text| allowed.contains(text)) {
        Some(text) => Some((text, value)),
        None => {
            object.note_malformed(value, wanted);
            None
        }
    }
}
