//! Owned places: what a finding keeps once the text and its tree are gone.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
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
    pub text: Arc<str>,
    // A line is cut long before this ends.
    mark: Range<u16>,
}

impl Excerpt {
    /// How many bytes of a line are kept on either side of the place.
    pub const LIMIT: usize = 160;

    /// A text of which some bytes are marked.
    pub fn new(text: Arc<str>, mark: Range<usize>) -> Excerpt {
        let bound = |at| u16::try_from(at).unwrap_or(u16::MAX);
        Excerpt {
            text,
            mark: bound(mark.start)..bound(mark.end),
        }
    }

    /// The marked bytes of `text`.
    pub fn mark(&self) -> Range<usize> {
        self.mark.start.into()..self.mark.end.into()
    }
}

/// A place in an object: the exact path, also of what is missing, and where that is in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// From the top of the document.
    pub path: Path,
    /// From the object's top, list indexes replaced by merge keys: survives reordering. Source of fingerprints.
    pub stable: Arc<str>,
    /// `None` for a live object, unless it is known which text made it.
    pub location: Option<Location>,
    /// `None` where the location is.
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
        self.place_below(at.node, at.missing)
    }

    /// [`Source::place`] for keys that are not known beforehand: those from `node` to what is missing; none when it is there.
    pub fn place_below(&self, node: Node<'t>, missing: &[&str]) -> Place {
        let keys = missing.iter();
        let keys = keys.take_while(|key| **key != crate::field::Field::EACH);
        let mut way = self.way(node, missing.len());
        for key in keys {
            way.path.push(Segment::Key(self.document.file.keep(key)));
            way.stable.extend([".", key]);
        }
        let kept = self.document.file.kept();
        let (path, stable) = (kept.path(&way.path), kept.text(&way.stable));
        if self.document.file.provenance.is_live() {
            let made = self.document.file.provenance.origins();
            let (location, excerpt) = made
                .and_then(|made| made.place(self, (node, missing)))
                .unzip();
            return Place {
                path,
                stable,
                location,
                excerpt,
            };
        }
        let (location, excerpt) = self
            .document
            .traces
            .of((node.id(), missing.is_empty()), || {
                let (file, number) = (self.document.file, self.document.number);
                let (span, harmless) = marks_of(file.text, node, missing.is_empty());
                let (location, whole) = file.trace(number, span);
                match harmless == span {
                    true => (location, whole),
                    false => (location, file.trace(number, harmless).1),
                }
            });
        Place {
            path,
            stable,
            location: Some(location),
            excerpt,
        }
    }

    /// The place of text inside a scalar value, such as a flag in a command: `steps` are added to the path, the
    /// location is the whole value.
    pub fn place_inside(&self, node: Node<'t>, steps: &Path) -> Place {
        let mut place = self.place(At::node(node));
        let kept = self.document.file.kept();
        place.path = kept.path(place.path.join(steps).segments());
        place.stable = kept.text(&format!("{}{steps}", place.stable));
        place
    }

    /// The location of a span of this document's file, or of what that was rendered from.
    pub fn location(&self, span: Span) -> Location {
        self.document.file.locate(self.document.number, span)
    }

    /// The place of a comment, under the path of the value for which it stands. The value itself, which may be a
    /// credential, is not kept.
    pub(crate) fn at_span(&self, node: Node<'t>, mark: &str, span: Span) -> Place {
        let whole = Span {
            start: 0,
            end: span.end.saturating_sub(span.start),
        };
        let Way { path, stable } = self.way(node, 0);
        Place {
            path: path.into(),
            stable: (stable + mark).into(),
            location: Some(self.location(span)),
            excerpt: Some(
                self.document
                    .file
                    .excerpt(span.slice(self.document.file.text), whole),
            ),
        }
    }

    /// The way to a node, with room for `more` steps. [`Node::path`] would count its way to the item of every list again
    /// for every finding.
    fn way(&self, node: Node<'t>, more: usize) -> Way {
        let Some(parent) = node.parent() else {
            return Way::default();
        };
        let mut way = self.document.ways.way(self, parent, more + 1);
        self.step(&mut way, parent, node);
        way
    }

    /// The way to a node, step by step from the top.
    fn walk(&self, node: Node<'t>) -> Way {
        let mut up: Vec<Node<'t>> =
            std::iter::successors(Some(node), |node| node.parent()).collect();
        up.reverse();
        let mut way = Way {
            path: Vec::with_capacity(up.len()),
            stable: String::with_capacity(STABLE_PATH),
        };
        for (parent, node) in up.iter().zip(up.iter().skip(1)) {
            self.step(&mut way, *parent, *node);
        }
        way
    }

    /// Goes on from `parent` to `node`. What stands above the object is no part of the stable path.
    fn step(&self, way: &mut Way, parent: Node<'t>, node: Node<'t>) {
        let key = node.key();
        way.path.push(match key.unwrap_or(node).key_text() {
            Some(key) => Segment::Key(self.document.file.keep(key)),
            None => Segment::Index(self.document.items.number(parent, node)),
        });
        match key.and_then(Node::key_text) {
            _ if node.id() == self.object.id() => way.stable.clear(),
            Some(key) => way.stable.extend([".", key]),
            None => push_merge_key(&mut way.stable, node),
        }
    }
}

/// Room for most stable paths, in bytes.
const STABLE_PATH: usize = 64;

/// How one comes to a node: from the top of its document, and from that of its object.
#[derive(Default)]
struct Way {
    path: Vec<Segment>,
    stable: String,
}

impl Way {
    /// The same way, with room to go on for `more` steps.
    fn with_room(&self, more: usize) -> Way {
        let mut path = Vec::with_capacity(self.path.len() + more);
        path.extend_from_slice(&self.path);
        let mut stable = String::with_capacity(self.stable.len() + STABLE_PATH);
        stable.push_str(&self.stable);
        Way { path, stable }
    }
}

/// The ways to those mappings and lists of one object below which a place was named: most places have neighbours.
#[derive(Default)]
pub(crate) struct Ways {
    of: Cell<Option<NodeId>>,
    known: RefCell<HashMap<NodeId, Way>>,
}

impl Ways {
    /// The way to a mapping or list, with room for `more` steps. Those of one object are forgotten when another is asked for.
    fn way<'t>(&self, source: &Source<'t>, node: Node<'t>, more: usize) -> Way {
        let mut known = self.known.borrow_mut();
        let object = Some(source.object.id());
        if self.of.replace(object) != object {
            known.clear();
        }
        let way = known.entry(node.id()).or_insert_with(|| source.walk(node));
        way.with_room(more)
    }
}

/// A node, and whether the place is the node itself or something missing below it.
type Traced = (NodeId, bool);

/// Where something is, and the line there.
type Trace = (Location, Option<Excerpt>);

/// The locations of the last few nodes at which a place was named: what is missing in one container is missing at one place.
#[derive(Default)]
pub(crate) struct Traces {
    known: RefCell<VecDeque<(Traced, Trace)>>,
}

impl Traces {
    /// More containers than most pods have.
    const LAST: usize = 6;

    fn of(&self, traced: Traced, trace: impl FnOnce() -> Trace) -> Trace {
        let mut known = self.known.borrow_mut();
        if let Some((_, found)) = known.iter().find(|(other, _)| *other == traced) {
            return found.clone();
        }
        let found = trace();
        if known.len() == Self::LAST {
            known.pop_front();
        }
        known.push_back((traced, found.clone()));
        found
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
    pub(crate) fn number(&self, list: Node<'_>, item: Node<'_>) -> u32 {
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

/// Adds what tells an item of a list from the others wherever it stands, such as `[name=api]`; `[]` when nothing does.
pub(crate) fn push_merge_key(stable: &mut String, item: Node<'_>) {
    let member = |key: &'static str| Some((key, item.get(key)?.text()?));
    stable.push('[');
    match (item.scalar(), MERGE_KEYS.into_iter().find_map(member)) {
        (Some(Scalar::Null), _) | (None, None) => {}
        (Some(_), _) => stable.extend(["=", item.text().unwrap_or_default()]),
        (None, Some((key, value))) => {
            stable.extend([key, "=", value]);
            stable.extend(protocol(key, item).into_iter().flat_map(|name| ["/", name]));
        }
    }
    stable.push(']');
}

/// Ports are told apart by their protocol as well; a live object says the default, a manifest seldom does.
fn protocol<'t>(key: &str, item: Node<'t>) -> Option<&'t str> {
    let written = item.get("protocol").and_then(Node::as_str);
    written.filter(|protocol| *protocol != "TCP" && matches!(key, "containerPort" | "port"))
}

/// What to mark for a node that is there, or for something missing below it; and what of that may be shown.
pub(crate) fn marks_of(text: &str, node: Node<'_>, is_there: bool) -> (Span, Span) {
    let span = if is_there {
        shown(text, node)
    } else {
        anchor(text, node)
    };
    (span, harmless(text, node, span))
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

/// What may be shown of `span`: a value in which people write what they like, or that holds other values, is left out, for
/// a credential may be among them.
fn harmless(text: &str, node: Node<'_>, span: Span) -> Span {
    const FREE: [&str; 5] = ["data", "stringData", "binaryData", "args", "command"];
    let Some(key) = node.key().filter(|key| key.span().start == span.start) else {
        return span;
    };
    let mut above = std::iter::successors(Some(node), |node| node.parent());
    let words = [(); 3].map(|()| above.next()?.key()?.key_text());
    let is_variable = words.first() == Some(&Some("value")) && words.last() == Some(&Some("env"));
    let is_free = is_variable
        || words
            .iter()
            .take(2)
            .flatten()
            .any(|word| FREE.contains(word));
    let holds_others = node.kind() == Kind::Mapping
        || node.kind() == Kind::Sequence && node.span().slice(text).contains([':', '{']);
    if is_free || holds_others {
        key.span()
    } else {
        span
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

/// The line around the start of `span`, as [`shown_line`] shows it.
pub(crate) fn excerpt(text: &str, span: Span) -> Excerpt {
    let (line, mark) = shown_line(text, span);
    Excerpt::new(line.into(), mark)
}

/// The line around the start of `span`, cut to a bounded length and without neighbours on the same line, and the bytes of it
/// that the span takes. Cost: that length, however long the line is.
pub(crate) fn shown_line(text: &str, span: Span) -> (Cow<'_, str>, Range<usize>) {
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
    let mark = start.saturating_sub(shift)..end.min(to).saturating_sub(shift);
    let is_whole = text
        .get(..from)
        .is_none_or(|before| before.is_empty() || before.ends_with('\n'));
    alone(line, mark, is_whole)
}

/// The line without the neighbours that stand on it as well, in flow style or JSON: what is at fault there says nothing of
/// them, and one may hold a credential. What opens and closes the place stays, and so does a comment.
fn alone(line: &str, mark: Range<usize>, is_whole: bool) -> (Cow<'_, str>, Range<usize>) {
    const MORE: &str = "…";
    const FORM: [char; 10] = [' ', '\t', ':', ',', '{', '}', '[', ']', '|', '>'];
    let (before, rest) = line.split_at_checked(mark.start).unwrap_or(("", line));
    let (marked, after) = rest.split_at_checked(mark.len()).unwrap_or((rest, ""));
    let other = after.trim_start_matches(FORM);
    let keeps_before = is_whole && !before.contains(',');
    let keeps_other = other.is_empty() || other.starts_with('#') || matches!(other, "-" | "+");
    if keeps_before && keeps_other {
        return (Cow::Borrowed(line), mark);
    }
    let mut text = if keeps_before {
        before.to_owned()
    } else {
        let indent = before.find(|c| !matches!(c, ' ' | '\t' | '-')).unwrap_or(0);
        let indent = before.get(..indent).unwrap_or_default();
        format!("{indent}{MORE} ")
    };
    let mark = text.len()..text.len() + marked.len();
    text.push_str(marked);
    text.push_str(after.get(..after.len() - other.len()).unwrap_or_default());
    text.push_str(if keeps_other { other } else { MORE });
    (Cow::Owned(text), mark)
}

fn floor(text: &str, mut offset: usize) -> usize {
    while offset > 0 && !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of `line` in which `mark` is marked.
    fn shown(line: &str, mark: &str) -> String {
        let start = line.find(mark).expect("the mark is on the line");
        let (text, range) = alone(line, start..start + mark.len(), true);
        assert_eq!(text.get(range), Some(mark));
        text.into_owned()
    }

    #[test]
    fn a_line_of_its_own_is_shown_whole() {
        for (line, mark) in [
            ("  - name: api  # see the wiki", "name: api"),
            (
                "  securityContext: { privileged: true }",
                "privileged: true",
            ),
            ("    command: |-", "command"),
            ("  image: nginx", "image: nginx"),
        ] {
            assert_eq!(shown(line, mark), line);
        }
    }

    #[test]
    fn neighbours_on_the_same_line_are_left_out() {
        let line = r#"  - {name: A, value: hunter2, image: nginx, other: hunter3}"#;
        assert_eq!(shown(line, "image: nginx"), "  - … image: nginx, …");
        assert_eq!(shown("  password: hunter2", "password"), "  password: …");
        let json = r#"{"data":{"password":"hunter2"},"kind":"ConfigMap"}"#;
        assert_eq!(
            shown(json, r#""kind":"ConfigMap""#),
            r#"… "kind":"ConfigMap"}"#
        );
    }

    #[test]
    fn a_line_that_was_cut_shows_nothing_before_the_mark() {
        let (text, _) = alone("hunter2\", \"a\": 1", 9..15, false);
        assert!(!text.contains("hunter2"), "{text}");
    }
}
