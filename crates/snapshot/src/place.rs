//! Owned places: what a finding keeps once the text and its tree are gone.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use plimsoll_yaml::{Kind, Node, NodeId, Path, Position, Scalar, Segment, Span};

use crate::object::Document;
use crate::value::At;

/// A stretch of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Location {
    /// The file's name as shown.
    pub file: Arc<str>,
    /// Counted from 1 within the file.
    pub document: u32,
    /// Where it begins.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// False where a rendered text could only be traced to about there.
    pub exact: bool,
}

/// The line of text on which a location begins, so that it can be shown when the file is gone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Excerpt {
    /// At most [`Excerpt::LIMIT`] bytes of the line, around the location.
    pub text: Box<str>,
    /// The marked bytes of `text`.
    pub mark: std::ops::Range<usize>,
}

impl Excerpt {
    /// How many bytes of a line are kept on either side of the place.
    pub const LIMIT: usize = 160;
}

/// A place in an object: the exact path, also of what is missing, and where that is in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// From the top of the document.
    pub path: Path,
    /// From the object's top, list indexes replaced by merge keys: survives reordering. Source of fingerprints.
    pub stable: String,
    /// `None` for a live object.
    pub location: Option<Location>,
    /// `None` for a live object.
    pub excerpt: Option<Excerpt>,
}

/// What is needed to make owned places of a document's nodes.
#[derive(Copy, Clone)]
pub struct Source<'t> {
    /// The document.
    pub document: &'t Document<'t>,
    /// The object's mapping, from which stable paths count.
    pub object: Node<'t>,
}

impl<'t> Source<'t> {
    /// The owned place of a field. For a missing one the location is the key of the nearest ancestor that is there;
    /// for a list item, its `name`.
    pub fn place(&self, at: At<'t>) -> Place {
        let mut path = self.path(at.node);
        let mut stable = self.stable(at.node);
        for key in at
            .missing
            .iter()
            .take_while(|key| **key != crate::field::Field::EACH)
        {
            path.push(Segment::Key((*key).into()));
            stable.push('.');
            stable.push_str(key);
        }
        let text = self.document.file.text;
        let span = if at.missing.is_empty() {
            shown(text, at.node)
        } else {
            anchor(text, at.node)
        };
        Place {
            path,
            stable,
            location: self.is_written().then(|| self.location(span)),
            excerpt: self.is_written().then(|| excerpt(text, span)),
        }
    }

    /// Did somebody write this text, so that its lines mean something?
    fn is_written(&self) -> bool {
        !self.document.file.live
    }

    /// The place of text inside a scalar value, such as a flag in a command: `steps` are added to the path, the
    /// location is the whole value.
    pub fn place_inside(&self, node: Node<'t>, steps: &Path) -> Place {
        let mut place = self.place(At::node(node));
        place.path = place.path.join(steps);
        place.stable.push_str(&steps.to_string());
        place
    }

    /// The location of a span of this document's file.
    pub fn location(&self, span: Span) -> Location {
        let file = self.document.file;
        let lines = file.lines();
        Location {
            file: file.name.clone(),
            document: self.document.number,
            start: lines.position(file.text, span.start),
            end: lines.position(file.text, span.end),
            exact: true,
        }
    }

    /// [`Node::path`], which would count its way to the item of every list again for every finding.
    fn path(&self, node: Node<'t>) -> Path {
        let mut steps = Vec::new();
        let mut here = node;
        while let Some(list) = here.parent() {
            steps.push(match here.key().unwrap_or(here).key_text() {
                Some(key) => Segment::Key(key.into()),
                None => Segment::Index(self.document.items.number(list, here)),
            });
            here = list;
        }
        steps.reverse();
        Path::from(steps)
    }

    /// The place of a comment, under the path of the value for which it stands. The value itself, which may be a
    /// credential, is not kept.
    pub(crate) fn at_span(&self, node: Node<'t>, mark: &str, span: Span) -> Place {
        let whole = Span {
            start: 0,
            end: span.end.saturating_sub(span.start),
        };
        Place {
            path: self.path(node),
            stable: self.stable(node) + mark,
            location: Some(self.location(span)),
            excerpt: Some(excerpt(span.slice(self.document.file.text), whole)),
        }
    }

    fn stable(&self, node: Node<'t>) -> String {
        let mut steps = Vec::new();
        let mut here = node;
        while here.id() != self.object.id() {
            let Some(parent) = here.parent() else { break };
            steps.push(match here.key().and_then(Node::key_text) {
                Some(key) => format!(".{key}"),
                None => merge_key(here),
            });
            here = parent;
        }
        steps.reverse();
        steps.concat()
    }
}

/// The items of those lists in which a place was named, so that naming places in a long list costs no more for each
/// than in a short one.
#[derive(Default)]
pub(crate) struct ItemNumbers {
    lists: RefCell<HashMap<NodeId, Vec<NodeId>>>,
}

impl ItemNumbers {
    /// The number of an item of a list, from 0.
    fn number(&self, list: Node<'_>, item: Node<'_>) -> u32 {
        let mut lists = self.lists.borrow_mut();
        let items = lists
            .entry(list.id())
            .or_insert_with(|| list.items().map(Node::id).collect());
        // Ids grow with the text.
        let number = items.partition_point(|other| *other < item.id());
        u32::try_from(number).unwrap_or(u32::MAX)
    }
}

/// The keys by which Kubernetes merges lists, in the order in which they are tried. Mounts have a `name` too, which is
/// their volume's.
const MERGE_KEYS: [&str; 4] = ["mountPath", "name", "containerPort", "port"];

fn merge_key(item: Node<'_>) -> String {
    let member = |key: &'static str| Some((key, item.get(key)?.text()?));
    match (item.scalar(), MERGE_KEYS.into_iter().find_map(member)) {
        (Some(Scalar::Null), _) => "[]".to_owned(),
        (Some(_), _) => format!("[={}]", item.text().unwrap_or_default()),
        (None, Some((key, value))) => format!("[{key}={value}{}]", protocol(key, item)),
        (None, None) => "[]".to_owned(),
    }
}

/// Ports are told apart by their protocol as well; a live object says the default, a manifest seldom does.
fn protocol(key: &str, item: Node<'_>) -> String {
    let written = item.get("protocol").and_then(Node::as_str);
    match written.filter(|protocol| *protocol != "TCP" && matches!(key, "containerPort" | "port")) {
        Some(protocol) => format!("/{protocol}"),
        None => String::new(),
    }
}

/// What to mark for a value that is there: its entry, `key: value`, where that stands on one line, otherwise its key;
/// an item of a list whole or by its `name`.
fn shown(text: &str, node: Node<'_>) -> Span {
    match (node.key(), node.kind()) {
        (Some(key), _) => entry(text, key, node),
        (None, Kind::Scalar) => node.span(),
        (None, _) => named(text, node),
    }
}

/// What to mark for something missing below `node`.
fn anchor(text: &str, node: Node<'_>) -> Span {
    node.key().map_or_else(|| named(text, node), Node::span)
}

fn entry(text: &str, key: Node<'_>, value: Node<'_>) -> Span {
    let whole = Span {
        start: key.span().start,
        end: value.span().end,
    };
    match text.get(whole.start as usize..whole.end as usize) {
        Some(line) if !line.contains('\n') => whole,
        _ => key.span(),
    }
}

fn named(text: &str, node: Node<'_>) -> Span {
    let member = |key| {
        let value = node.get(key)?;
        Some(entry(text, value.key()?, value))
    };
    let Span { start, end } = node.span();
    member("name").or_else(|| member("kind")).unwrap_or(Span {
        start,
        end: end.min(start + 1),
    })
}

/// The line around the start of `span`, cut to a bounded length. Cost: that length, however long the line is.
fn excerpt(text: &str, span: Span) -> Excerpt {
    let start = span.start as usize;
    let end = (span.end as usize).max(start);
    let near = floor(text, start.saturating_sub(Excerpt::LIMIT));
    let far = floor(text, (start + Excerpt::LIMIT).min(text.len()));
    let before = text.get(near..start).unwrap_or_default();
    let after = text.get(start..far).unwrap_or_default();
    let from = near + before.rfind('\n').map_or(0, |found| found + 1);
    let to = start + after.find(['\n', '\r']).unwrap_or(after.len());
    let line = text
        .get(from..to)
        .unwrap_or_default()
        .trim_start_matches('\u{feff}');
    let shift = to - line.len();
    Excerpt {
        text: line.into(),
        mark: start.saturating_sub(shift)..end.min(to).saturating_sub(shift),
    }
}

fn floor(text: &str, mut offset: usize) -> usize {
    while offset > 0 && !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
