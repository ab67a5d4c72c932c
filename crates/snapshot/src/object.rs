//! One Kubernetes object inside a document, and the walk from a document to its objects. An [`Object`] borrows
//! its document and dies with it; what outlives it is copied into facts.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_yaml::{Duplicate, Kind, Lines, Node, NodeId, Span, Tree};

use crate::carrier::{Carrier, TEMPLATE, carrier_of};
use crate::kept::{Kept, Set};
use crate::place::{Excerpt, ItemNumbers, Location, Source, Traces, Ways, shown_line};
use crate::pod::Pod;
use crate::provenance::Provenance;
use crate::target::Target;

/// The text that a document came from, with what is needed to name places in it.
pub struct File<'t> {
    /// The name as shown: the path as given joined with the path below it, `/` everywhere.
    pub name: Arc<str>,
    /// The unit that the file belongs to.
    pub unit: Arc<str>,
    /// The whole text.
    pub text: &'t str,
    /// Where the text comes from.
    pub provenance: Provenance,
    lines: OnceCell<Lines>,
    kept_here: RefCell<Set<Arc<str>>>,
    kept: Arc<Kept>,
}

impl<'t> File<'t> {
    /// A file with the text that somebody wrote.
    pub fn new(name: Arc<str>, unit: Arc<str>, text: &'t str) -> File<'t> {
        File {
            name,
            unit,
            text,
            provenance: Provenance::Written,
            lines: OnceCell::new(),
            kept_here: RefCell::default(),
            kept: Arc::default(),
        }
    }

    /// The file with the origin of its text.
    pub fn from(self, provenance: Provenance) -> File<'t> {
        File { provenance, ..self }
    }

    /// The file, of which is kept with others what outlives it.
    pub fn keeping(self, kept: Arc<Kept>) -> File<'t> {
        File { kept, ..self }
    }

    /// What outlives files.
    pub fn kept(&self) -> &Arc<Kept> {
        &self.kept
    }

    /// The location of a span in the document of this number, with its line; in a rendered text, those of its origin.
    pub fn trace(&self, document: u32, span: Span) -> (Location, Option<Excerpt>) {
        if let Provenance::Rendered(map) = &self.provenance {
            return map.trace(self.text, self.lines(), span);
        }
        (
            self.location(document, span),
            Some(self.excerpt(self.text, span)),
        )
    }

    /// The location of a span in the document of this number; in a rendered text, that of its origin.
    pub fn locate(&self, document: u32, span: Span) -> Location {
        match &self.provenance {
            Provenance::Rendered(map) => map.trace(self.text, self.lines(), span).0,
            _ => self.location(document, span),
        }
    }

    fn location(&self, document: u32, span: Span) -> Location {
        let lines = self.lines();
        Location {
            file: self.name.clone(),
            document,
            start: lines.position(self.text, span.start),
            end: lines.position(self.text, span.end),
            exact: true,
        }
    }

    /// The line around the start of `span` in `text`, cut to a bounded length. Cost: that length, however long the
    /// line is.
    pub(crate) fn excerpt(&self, text: &str, span: Span) -> Excerpt {
        let (line, mark) = shown_line(text, span);
        Excerpt::new(self.keep(&line), mark)
    }

    /// [`Kept::text`], for what one file says again and again, such as its keys and lines.
    pub(crate) fn keep(&self, text: &str) -> Arc<str> {
        let mut here = self.kept_here.borrow_mut();
        if let Some(known) = here.get(text) {
            return known.clone();
        }
        let kept = self.kept.text(text);
        here.insert(kept.clone());
        kept
    }

    /// The lines of the text, found once.
    pub fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(self.text))
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
    pub(crate) items: ItemNumbers,
    pub(crate) ways: Ways,
    pub(crate) traces: Traces,
}

impl<'t> Document<'t> {
    /// A document, `number` counted from 1 within its file.
    pub fn new(file: &'t File<'t>, number: u32, tree: &'t Tree<'t>) -> Document<'t> {
        Document {
            file,
            number,
            tree,
            items: ItemNumbers::default(),
            ways: Ways::default(),
            traces: Traces::default(),
        }
    }
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

    /// The unit, and the namespace if it is said.
    pub fn whereabouts(&self) -> (&str, Option<&str>) {
        (&self.unit, self.namespace.as_deref())
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

/// Values of the wrong type, met while a control looked at them, and what the API wants there.
pub type Malformed = BTreeMap<NodeId, &'static str>;

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
    malformed: RefCell<Malformed>,
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

    /// Was the namespace filled in by the program that rendered the object, because nobody named one?
    pub fn is_placed_by_default(&self) -> bool {
        let file = self.document.file;
        let Provenance::Rendered(map) = &file.provenance else {
            return false;
        };
        let metadata = self.node.get("metadata");
        let node = metadata.and_then(|metadata| metadata.get("namespace"));
        node.zip(self.namespace()).is_some_and(|(node, name)| {
            let start = node.span().start;
            map.assumes_namespace(name, file.lines().position(file.text, start).line)
        })
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

    /// Is the node part of this object? Cost: the depth of the node.
    pub fn holds(&self, node: Node<'_>) -> bool {
        let mut above = std::iter::successors(Some(node), |node| node.parent());
        above.any(|node| node.id() == self.node.id())
    }

    /// The keys that stand more than once in some mapping of this object. Cost: their number.
    pub fn duplicates(&self) -> impl Iterator<Item = &'t Duplicate> {
        let tree = self.document.tree;
        // Ids grow with the text, so that those of an object lie together.
        let all = tree.duplicates();
        let first = all.partition_point(|duplicate| duplicate.key < self.node.id());
        let from_here = all.get(first..).unwrap_or_default().iter();
        from_here.take_while(|duplicate| {
            let key = tree.node(duplicate.key);
            key.is_some_and(|key| self.holds(key))
        })
    }

    /// Records a value of the wrong type, once per value.
    pub fn note_malformed(&self, node: Node<'t>, wanted: &'static str) {
        self.met_malformed.set(true);
        self.malformed
            .borrow_mut()
            .entry(node.id())
            .or_insert(wanted);
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

    /// The subject at hand cannot be judged, although nothing is wrong with it.
    pub fn leave_open(&self) {
        self.met_malformed.set(true);
    }

    /// Was something malformed met since the subject began?
    pub fn met_malformed(&self) -> bool {
        self.met_malformed.get()
    }

    /// Takes what was recorded since the last call.
    pub fn take_malformed(&self) -> Malformed {
        self.malformed.take()
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

/// What a document of Kubernetes holds.
#[derive(Default)]
pub struct Content<'t> {
    /// Kubernetes objects; a `List` gives its items.
    pub objects: Vec<Object<'t>>,
    /// What was meant to be an object, or objects, and is none: nothing below it was judged.
    pub faults: Vec<Fault<'t>>,
}

/// Something that should have been an object.
#[derive(Copy, Clone)]
pub struct Fault<'t> {
    /// Where.
    pub node: Node<'t>,
    /// What is wrong with it.
    pub what: FaultKind,
}

/// What is wrong with something that should have been an object.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// This key, `apiVersion` or `kind`, is missing from what otherwise looks like an object.
    Lacks(&'static str),
    /// An item of a list is no object.
    NotAnObject,
    /// The `items` of a list are no list.
    NotItems,
}

/// Finds the objects of a document. Items of a list that lack `apiVersion` and `kind` take them from a typed
/// list such as `PodList`, as the API server prints them. `None` when the document is not Kubernetes'.
pub fn objects<'t>(document: &'t Document<'t>, target: &'t Target) -> Option<Content<'t>> {
    let mut content = Content::default();
    let root = document.tree.root();
    let mut waiting = vec![(root, None)];
    while let Some((node, inherited)) = waiting.pop() {
        let item = node.id() != root.id();
        match identify(node, inherited, item) {
            Ok((_, "List")) if node.get("items").is_some_and(not_items) => {
                let node = node.get("items").unwrap_or(node);
                let what = FaultKind::NotItems;
                content.faults.push(Fault { node, what });
            }
            Ok((api_version, kind)) if is_list(node, kind) => {
                let item_kind = kind.strip_suffix("List").filter(|kind| !kind.is_empty());
                let inherited = item_kind.map(|kind| (api_version, kind));
                let items = node.get("items").into_iter().flat_map(Node::items);
                let before = waiting.len();
                waiting.extend(items.map(|item| (item, inherited)));
                waiting.get_mut(before..).unwrap_or_default().reverse();
            }
            Ok((api_version, kind)) => {
                let object = Object::new(document, node, api_version, kind, target);
                content.objects.push(object);
            }
            Err(what) => content.faults.push(Fault { node, what: what? }),
        }
    }
    Some(content)
}

fn not_items(items: Node<'_>) -> bool {
    items.kind() != Kind::Sequence && !items.is_null()
}

fn is_list(node: Node<'_>, kind: &str) -> bool {
    kind.ends_with("List")
        && node
            .get("items")
            .is_some_and(|items| items.kind() != Kind::Mapping)
}

/// `apiVersion` and `kind`, or what is wrong with what looks like an object; every item of a list should be one.
fn identify<'t>(
    node: Node<'t>,
    inherited: Option<(&'t str, &'t str)>,
    item: bool,
) -> Result<(&'t str, &'t str), Option<FaultKind>> {
    let text = |key| {
        node.get(key)
            .and_then(Node::as_str)
            .filter(|text| !text.is_empty())
    };
    match (text("apiVersion"), text("kind"), inherited) {
        (Some(api_version), Some(kind), _) => Ok((api_version, kind)),
        (None, None, Some(inherited)) if node.kind() == Kind::Mapping => Ok(inherited),
        (None, None, _) => Err(item.then_some(FaultKind::NotAnObject)),
        (api_version, _, _) => {
            let has = |key, kind| node.get(key).is_some_and(|body| body.kind() == kind);
            let body = has("metadata", Kind::Mapping)
                || has("spec", Kind::Mapping)
                || has("items", Kind::Sequence);
            let missing = if api_version.is_some() {
                "kind"
            } else {
                "apiVersion"
            };
            Err((item || body).then_some(FaultKind::Lacks(missing)))
        }
    }
}
