//! Label selectors, owned, so that they can be asked when the text is gone. A selector that the API would refuse selects
//! nothing that we could know: it says so instead of guessing.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_yaml::{Kind, Node};

use crate::object::{File, Object};

/// Labels of a pod or namespace. Counted: pods of one run say the same again and again.
pub type Labels = Vec<(Arc<str>, Arc<str>)>;

/// One demand on the labels.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Requirement {
    /// The key has one of these values.
    In(String, Vec<String>),
    /// The key is not there or has none of these values.
    NotIn(String, Vec<String>),
    /// The key is there.
    Exists(String),
    /// The key is not there.
    DoesNotExist(String),
}

/// A label selector: all requirements together.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Selector {
    /// What must hold; nothing selects everything.
    pub requirements: Vec<Requirement>,
    /// Is some part of it not what the API takes?
    pub malformed: bool,
}

impl Selector {
    /// Reads a selector; what is malformed is recorded with the object. Null is the empty selector.
    pub fn read<'t>(object: &Object<'t>, node: Node<'t>) -> Selector {
        let mut selector = Selector::default();
        if node.is_null() {
            return selector;
        }
        let mut reader = Reader {
            object,
            selector: &mut selector,
        };
        if node.kind() != Kind::Mapping {
            reader.refuse(node, "a label selector");
            return selector;
        }
        reader.labels(node);
        reader.expressions(node);
        selector
    }

    /// Does it select everything?
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty() && !self.malformed
    }

    /// Does it select these labels? `None` when it is malformed.
    pub fn matches(&self, labels: &Labels) -> Option<bool> {
        let value = |wanted: &str| {
            let found = labels.iter().find(|(key, _)| **key == *wanted);
            found.map(|(_, value)| &**value)
        };
        let among = |values: &[String], value: &str| values.iter().any(|one| one == value);
        let holds = |requirement: &Requirement| match requirement {
            Requirement::In(key, values) => value(key).is_some_and(|value| among(values, value)),
            Requirement::NotIn(key, values) => value(key).is_none_or(|value| !among(values, value)),
            Requirement::Exists(key) => value(key).is_some(),
            Requirement::DoesNotExist(key) => value(key).is_none(),
        };
        (!self.malformed).then(|| self.requirements.iter().all(holds))
    }

    /// Labels of which everything selected has one, by which selectors can be found; none where the selector only says what must
    /// not be there.
    pub fn handles(&self) -> Vec<Handle<'_>> {
        let mut requirements = self.requirements.iter();
        let handles = requirements.find_map(|requirement| match requirement {
            Requirement::In(key, values) => {
                let values: BTreeSet<&str> = values.iter().map(String::as_str).collect();
                let values = values.into_iter();
                Some(values.map(|value| (key.as_str(), Some(value))).collect())
            }
            Requirement::Exists(key) => Some(vec![(key.as_str(), None)]),
            Requirement::NotIn(..) | Requirement::DoesNotExist(_) => None,
        });
        handles.unwrap_or_default()
    }
}

/// A label by its key and its value, or whatever its value is.
pub type Handle<'l> = (&'l str, Option<&'l str>);

/// The handles by which selectors of these labels are found, and none at last, for those that have no handles.
pub fn handles_of(labels: &Labels) -> impl Iterator<Item = Option<Handle<'_>>> {
    let labels = labels.iter();
    let handles =
        labels.flat_map(|(key, value)| [Some(&**value), None].map(|value| Some((&**key, value))));
    handles.chain([None])
}

struct Reader<'s, 'o, 't> {
    object: &'o Object<'t>,
    selector: &'s mut Selector,
}

impl<'t> Reader<'_, '_, 't> {
    fn refuse(&mut self, node: Node<'t>, wanted: &'static str) {
        self.object.note_malformed(node, wanted);
        self.selector.malformed = true;
    }

    fn labels(&mut self, node: Node<'t>) {
        let Some(labels) = node.get("matchLabels").filter(|node| !node.is_null()) else {
            return;
        };
        if labels.kind() != Kind::Mapping {
            return self.refuse(labels, "labels");
        }
        for (key, value) in labels.entries() {
            match (key.key_text(), text(value)) {
                (Some(key), Some(value)) => {
                    let one = Requirement::In(key.to_owned(), vec![value.to_owned()]);
                    self.selector.requirements.push(one);
                }
                _ => self.refuse(value, "a string"),
            }
        }
    }

    fn expressions(&mut self, node: Node<'t>) {
        let Some(list) = node.get("matchExpressions").filter(|node| !node.is_null()) else {
            return;
        };
        if list.kind() != Kind::Sequence {
            return self.refuse(list, "a list of label requirements");
        }
        for item in list.items() {
            match requirement(item) {
                Some(requirement) => self.selector.requirements.push(requirement),
                None => self.refuse(item, "a label requirement: key, operator In, NotIn, Exists or DoesNotExist, and values where the operator takes them"),
            }
        }
    }
}

fn requirement(item: Node<'_>) -> Option<Requirement> {
    let key = item.get("key")?.as_str()?.to_owned();
    let values = item.get("values").filter(|node| !node.is_null());
    if values.is_some_and(|values| values.kind() != Kind::Sequence) {
        return None;
    }
    let values: Option<Vec<String>> = values
        .into_iter()
        .flat_map(Node::items)
        .map(|value| text(value).map(str::to_owned))
        .collect();
    let values = values?;
    match (item.get("operator")?.as_str()?, values.is_empty()) {
        ("In", false) => Some(Requirement::In(key, values)),
        ("NotIn", false) => Some(Requirement::NotIn(key, values)),
        ("Exists", true) => Some(Requirement::Exists(key)),
        ("DoesNotExist", true) => Some(Requirement::DoesNotExist(key)),
        _ => None,
    }
}

/// A label's value; null is the empty string, as Go decodes it.
fn text(value: Node<'_>) -> Option<&str> {
    if value.is_null() {
        return Some("");
    }
    value.as_str()
}

/// The labels at `metadata.labels` of an object or pod template; what is not text is left out.
pub fn labels_of(file: &File<'_>, template: Node<'_>) -> Labels {
    let labels = template
        .get("metadata")
        .and_then(|node| node.get("labels"))
        .into_iter()
        .flat_map(Node::entries);
    labels
        .filter_map(|(key, value)| Some((file.keep(key.key_text()?), file.keep(text(value)?))))
        .collect()
}
