//! One Kubernetes object inside a document, and the walk from a document to its objects. An [`Object`] borrows
//! its document and dies with it; what outlives it is copied into facts.

use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use plimsoll_yaml::{Kind, Lines, Node, NodeId, Tree};

use crate::carrier::{Carrier, TEMPLATE, carrier_of};
use crate::place::Source;
use crate::pod::Pod;
use crate::target::Target;

/// The text that a document came from, with what is needed to name places in it.
pub struct File<'t> {
    /// The name as shown: the path as given joined with the path below it, `/` everywhere.
    pub name: Arc<str>,
    /// The unit that the file belongs to.
    pub unit: Arc<str>,
    /// The whole text.
    pub text: &'t str,
    pub(crate) lines: OnceCell<Lines>,
}

impl<'t> File<'t> {
    /// A file with its text.
    pub fn new(name: Arc<str>, unit: Arc<str>, text: &'t str) -> File<'t> {
        File {
            name,
            unit,
            text,
            lines: OnceCell::new(),
        }
    }
}

/// One parsed document of a file.
pub struct Document<'t> {
    /// The file.
    pub file: &'t File<'t>,
    /// Counted from 1 within the file.
    pub number: u32,
    /// The parsed text.
    pub tree: &'t Tree<'t>,
}

/// Which object: what finds it again in a cluster or a folder.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ObjectId {
    /// As written, such as `apps/v1`.
    pub api_version: String,
    /// As written.
    pub kind: String,
    /// `None` when the object does not say: unknown, not `default`.
    pub namespace: Option<String>,
    /// The name; `generateName` with a `*` behind where only that is given; empty when neither is.
    pub name: String,
    /// The unit.
    pub unit: Arc<str>,
}

impl ObjectId {
    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        group_of(&self.api_version)
    }
}

/// The group of an apiVersion; empty for the core group.
pub fn group_of(api_version: &str) -> &str {
    api_version.split_once('/').map_or("", |(group, _)| group)
}

/// How an object's pod was recognised.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Carries {
    /// A kind of the carriers table.
    Known(&'static Carrier),
    /// A kind that is not Kubernetes' own, with a pod template where workloads keep theirs.
    ByShape,
    /// No pod.
    Nothing,
}

/// A value of the wrong type, met while a control looked at it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The value.
    pub node: NodeId,
    /// What the API wants there.
    pub wanted: &'static str,
}

/// One Kubernetes object in a document.
pub struct Object<'t> {
    /// Where it comes from.
    pub document: &'t Document<'t>,
    /// The object's mapping.
    pub node: Node<'t>,
    /// `apiVersion`, as written.
    pub api_version: &'t str,
    /// `kind`, as written.
    pub kind: &'t str,
    /// How its pod was recognised.
    pub carries: Carries,
    /// What it is judged against.
    pub target: &'t Target,
    malformed: RefCell<Vec<Malformed>>,
    met_malformed: Cell<bool>,
    id: OnceCell<Arc<ObjectId>>,
}

impl<'t> Object<'t> {
    fn new(
        document: &'t Document<'t>,
        node: Node<'t>,
        api_version: &'t str,
        kind: &'t str,
        target: &'t Target,
    ) -> Object<'t> {
        let carries = match carrier_of(group_of(api_version), kind) {
            Some(carrier) => Carries::Known(carrier),
            None if has_pod_template(node) => Carries::ByShape,
            None => Carries::Nothing,
        };
        Object {
            document,
            node,
            api_version,
            kind,
            carries,
            target,
            malformed: RefCell::default(),
            met_malformed: Cell::new(false),
            id: OnceCell::new(),
        }
    }

    /// `metadata.name`, or `generateName`.
    pub fn name(&self) -> Option<&'t str> {
        let metadata = self.node.get("metadata")?;
        let name = |key| {
            metadata
                .get(key)
                .and_then(Node::as_str)
                .filter(|name| !name.is_empty())
        };
        name("name").or_else(|| name("generateName"))
    }

    /// `metadata.namespace`; `None` means unknown.
    pub fn namespace(&self) -> Option<&'t str> {
        self.node
            .get("metadata")?
            .get("namespace")?
            .as_str()
            .filter(|name| !name.is_empty())
    }

    /// `metadata.labels[key]`.
    pub fn label(&self, key: &str) -> Option<&'t str> {
        self.node.get("metadata")?.get("labels")?.get(key)?.as_str()
    }

    /// The API group.
    pub fn group(&self) -> &'t str {
        group_of(self.api_version)
    }

    /// The owned identity, made once.
    pub fn id(&self) -> Arc<ObjectId> {
        self.id.get_or_init(|| Arc::new(self.make_id())).clone()
    }

    fn make_id(&self) -> ObjectId {
        let metadata = self.node.get("metadata");
        let named = metadata
            .and_then(|node| node.get("name"))
            .and_then(Node::as_str);
        let name = match (named, self.name()) {
            (Some(name), _) if !name.is_empty() => name.to_owned(),
            (_, Some(prefix)) => format!("{prefix}*"),
            _ => String::new(),
        };
        ObjectId {
            api_version: self.api_version.to_owned(),
            kind: self.kind.to_owned(),
            namespace: self.namespace().map(str::to_owned),
            name,
            unit: self.document.file.unit.clone(),
        }
    }

    /// The pod that the object carries. `None` when it carries none; a carrier without a template is recorded
    /// as malformed and gives `None`.
    pub fn pod(&'t self) -> Option<Pod<'t>> {
        let keys = match self.carries {
            Carries::Known(carrier) => carrier.pod,
            Carries::ByShape => TEMPLATE,
            Carries::Nothing => return None,
        };
        let mut node = self.node;
        for key in keys {
            match node.get(key) {
                Some(child) => node = child,
                None => {
                    self.note_malformed(node, "an object that holds a pod template");
                    return None;
                }
            }
        }
        Pod::new(self, node)
    }

    /// Is the node part of this object?
    pub fn holds(&self, node: Node<'_>) -> bool {
        let mut here = Some(node);
        while let Some(node) = here {
            if node.id() == self.node.id() {
                return true;
            }
            here = node.parent();
        }
        false
    }

    /// Records a value of the wrong type, once per value.
    pub fn note_malformed(&self, node: Node<'t>, wanted: &'static str) {
        self.met_malformed.set(true);
        let entry = Malformed {
            node: node.id(),
            wanted,
        };
        let mut list = self.malformed.borrow_mut();
        if !list.iter().any(|known| known.node == entry.node) {
            list.push(entry);
        }
    }

    /// The items of the list `key` below `base`; none when it is absent or null. What is no list is recorded as malformed.
    pub fn items(&self, base: Node<'t>, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
        let list = base.get(key).filter(|list| !list.is_null());
        if let Some(node) = list.filter(|list| list.kind() != Kind::Sequence) {
            self.note_malformed(node, "a list");
        }
        list.into_iter().flat_map(Node::items)
    }

    /// Forgets that something malformed was met: another subject is judged from here on.
    pub fn begin_subject(&self) {
        self.met_malformed.set(false);
    }

    /// Was something malformed met since the subject began?
    pub fn met_malformed(&self) -> bool {
        self.met_malformed.get()
    }

    /// Takes what was recorded since the last call.
    pub fn take_malformed(&self) -> Vec<Malformed> {
        std::mem::take(&mut self.malformed.borrow_mut())
    }

    /// The source of places in this object.
    pub fn source(&self) -> Source<'t> {
        Source {
            document: self.document,
            object: self.node,
        }
    }
}

fn has_pod_template(node: Node<'_>) -> bool {
    node.get("spec")
        .and_then(|spec| spec.get("template"))
        .and_then(|template| template.get("spec"))
        .and_then(|spec| spec.get("containers"))
        .is_some_and(|containers| containers.kind() == Kind::Sequence)
}

/// What a document turned out to be.
pub enum Content<'t> {
    /// Kubernetes objects; a `List` gives its items.
    Objects(Vec<Object<'t>>),
    /// `apiVersion` or `kind` is missing, yet there is a `metadata` or `spec`: the place and what is missing.
    Incomplete(Node<'t>, &'static str),
    /// Not a Kubernetes object.
    Other,
}

/// Finds the objects of a document. Items of a list that lack `apiVersion` and `kind` take them from a typed
/// list such as `PodList`, as the API server prints them.
pub fn objects<'t>(document: &'t Document<'t>, target: &'t Target) -> Content<'t> {
    let mut found = Vec::new();
    let mut waiting = vec![(document.tree.root(), None)];
    let mut other = false;
    while let Some((node, inherited)) = waiting.pop() {
        match identify(node, inherited) {
            Ok((api_version, kind)) if is_list(node, kind) => {
                let item_kind = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
                let inherited = item_kind.map(|kind| (api_version, kind));
                let items = node.get("items").into_iter().flat_map(Node::items);
                let mut items: Vec<_> = items.map(|item| (item, inherited)).collect();
                items.reverse();
                waiting.extend(items);
            }
            Ok((api_version, kind)) => {
                found.push(Object::new(document, node, api_version, kind, target));
            }
            Err(Some(missing)) if found.is_empty() && waiting.is_empty() => {
                return Content::Incomplete(node, missing);
            }
            Err(_) => other = true,
        }
    }
    if other && found.is_empty() {
        Content::Other
    } else {
        Content::Objects(found)
    }
}

fn is_list(node: Node<'_>, kind: &str) -> bool {
    kind.ends_with("List")
        && node
            .get("items")
            .is_some_and(|items| items.kind() != Kind::Mapping)
}

/// `apiVersion` and `kind`, or what is missing where the rest looks like an object.
fn identify<'t>(
    node: Node<'t>,
    inherited: Option<(&'t str, &'t str)>,
) -> Result<(&'t str, &'t str), Option<&'static str>> {
    let text = |key| {
        node.get(key)
            .and_then(Node::as_str)
            .filter(|text| !text.is_empty())
    };
    match (text("apiVersion"), text("kind"), inherited) {
        (Some(api_version), Some(kind), _) => Ok((api_version, kind)),
        (None, None, Some(inherited)) if node.kind() == Kind::Mapping => Ok(inherited),
        (None, None, _) => Err(None),
        (api_version, _, _) => {
            let body = |key| {
                node.get(key)
                    .is_some_and(|body| body.kind() == Kind::Mapping)
            };
            let missing = if api_version.is_some() {
                "kind"
            } else {
                "apiVersion"
            };
            Err((body("metadata") || body("spec")).then_some(missing))
        }
    }
}
