//! [`Node`]: a copyable handle to one node of a [`Tree`], and all questions one can ask it.
//!
//! Answers are effective ones: duplicate keys are settled (the last wins), merge keys and aliases
//! are applied. Nothing here changes a tree.

use crate::path::{Path, Segment};
use crate::scalar;
use crate::text::Span;
use crate::tree::{NONE, Record, Shape, Style, Tree, flag};

/// Names a node within its tree; ids grow in the order the nodes were built.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// The three kinds of node.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub enum Kind {
    /// Keys and values.
    Mapping,
    /// Items in order.
    Sequence,
    /// Anything else.
    Scalar,
}

/// A scalar as kubectl types it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~` or nothing at all.
    Null,
    /// Also `yes`, `no`, `on`, `off`, `y`, `n` when unquoted.
    Bool(bool),
    /// An integer of any notation that fits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Str(&'a str),
}

/// A handle to one node; as cheap to copy as a slice.
#[derive(Copy, Clone)]
pub struct Node<'a> {
    tree: &'a Tree<'a>,
    id: u32,
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {:?}", self.kind(), self.span())
    }
}

/// Two handles are equal when they name the same node of the same tree.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl Eq for Node<'_> {}

impl<'a> Node<'a> {
    pub(crate) fn new(tree: &'a Tree<'a>, id: u32) -> Self {
        Node { tree, id }
    }

    fn record(self) -> &'a Record {
        self.tree.record(self.id)
    }

    fn link(self, id: u32) -> Option<Node<'a>> {
        (id != NONE).then(|| Node::new(self.tree, id))
    }

    fn first_child(self) -> Option<Node<'a>> {
        match self.kind() {
            Kind::Scalar => None,
            Kind::Mapping | Kind::Sequence => self.link(self.record().first),
        }
    }

    fn next_sibling(self) -> Option<Node<'a>> {
        self.link(self.record().next)
    }

    fn flagged(self, bit: u8) -> bool {
        self.record().flags & bit != 0
    }

    /// The tree this node belongs to.
    pub fn tree(self) -> &'a Tree<'a> {
        self.tree
    }

    /// This node's name within its tree.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// Mapping, sequence or scalar.
    pub fn kind(self) -> Kind {
        match self.record().shape {
            Shape::Mapping => Kind::Mapping,
            Shape::Sequence => Kind::Sequence,
            _ => Kind::Scalar,
        }
    }

    /// How the node is written.
    pub fn style(self) -> Style {
        self.record().style
    }

    /// The node's text, tags and anchors excluded: scalars with their quotes, block scalars from
    /// their `|` or `>`, block collections from the first key or dash to the end of the last child,
    /// flow collections with their brackets. A missing value is an empty span after its colon or
    /// dash. A copy made from an alias or a merge key has the span of the anchor's text.
    pub fn span(self) -> Span {
        self.record().span
    }

    /// The value of a mapping's key, compared as kubectl makes keys ([`Node::key_text`]).
    /// `None`: not a mapping, or no such key. Cost: one comparison per entry.
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entries()
            .find(|(name, _)| name.is_key(key))
            .map(|(_, value)| value)
    }

    /// Is it the key `key`? Most are not, which their lengths and first letters show.
    fn is_key(self, key: &str) -> bool {
        let record = self.record();
        if record.first != NONE || record.extra != NONE {
            return self.key_text() == Some(key);
        }
        let quote = match record.style {
            Style::SingleQuoted | Style::DoubleQuoted => 1,
            _ => 0,
        };
        let start = record.span.start as usize + quote;
        let written = self.tree.text.as_bytes().get(start..start + key.len());
        record.span.len() as usize == key.len() + 2 * quote
            && record.flags & flag::KEY != 0
            && written.is_some_and(|written| written.iter().eq(key.as_bytes()))
    }

    /// The item of a sequence at an index from 0. `None`: not a sequence, or too short.
    pub fn at(self, index: usize) -> Option<Node<'a>> {
        self.items().nth(index)
    }

    /// Key and value of every effective entry of a mapping; nothing for other kinds.
    pub fn entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> + 'a {
        let mut next = self.first_child().filter(|_| self.kind() == Kind::Mapping);
        std::iter::from_fn(move || {
            let key = next?;
            let value = key.next_sibling()?;
            next = value.next_sibling();
            Some((key, value))
        })
    }

    /// The items of a sequence; nothing for other kinds.
    pub fn items(self) -> impl Iterator<Item = Node<'a>> + 'a {
        let first = self.first_child().filter(|_| self.kind() == Kind::Sequence);
        std::iter::successors(first, |item| item.next_sibling())
    }

    /// Number of items or effective entries; 0 for scalars.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Scalar => 0,
            Kind::Mapping | Kind::Sequence => self.record().extra as usize,
        }
    }

    /// True if [`Node::len`] is 0, as for every scalar.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The scalar's value as kubectl types it. `None` for collections.
    pub fn scalar(self) -> Option<Scalar<'a>> {
        let text = self.text()?;
        Some(match self.record().shape {
            Shape::Mapping | Shape::Sequence => return None,
            Shape::Null => Scalar::Null,
            Shape::Str => Scalar::Str(text),
            shape => scalar::value(shape, text),
        })
    }

    /// True for a null scalar, a missing value included.
    pub fn is_null(self) -> bool {
        self.record().shape == Shape::Null
    }

    /// The text of a scalar typed as a string. `None` for anything else.
    pub fn as_str(self) -> Option<&'a str> {
        match self.scalar() {
            Some(Scalar::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean. `None` for anything else.
    pub fn as_bool(self) -> Option<bool> {
        match self.scalar() {
            Some(Scalar::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The value of an integer, or of a number without a fraction such as `1e3` or `1.0`, which
    /// JSON does not tell apart. `None` for anything else.
    pub fn as_int(self) -> Option<i64> {
        match self.scalar() {
            Some(Scalar::Int(value)) => Some(value),
            Some(Scalar::Float(value)) => scalar::whole(value),
            _ => None,
        }
    }

    /// The scalar's decoded characters, whatever its type: `0777` for `0777`. `None` for collections.
    pub fn text(self) -> Option<&'a str> {
        let record = self.record();
        if self.kind() != Kind::Scalar {
            return None;
        }
        if let Some(decoded) = self.tree.aside(record.first) {
            return Some(decoded);
        }
        let raw = record.span.slice(self.tree.text);
        Some(match record.style {
            Style::SingleQuoted | Style::DoubleQuoted => {
                raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default()
            }
            _ => raw,
        })
    }

    /// The key as kubectl makes it: `true` for `yes:`, `511` for `0777:`. `None`: not a key.
    pub fn key_text(self) -> Option<&'a str> {
        if !self.flagged(flag::KEY) {
            return None;
        }
        self.tree.aside(self.record().extra).or_else(|| self.text())
    }

    /// The key of a mapping's value. `None` for keys, items and roots.
    pub fn key(self) -> Option<Node<'a>> {
        let in_mapping = self.parent()?.kind() == Kind::Mapping;
        (in_mapping && !self.flagged(flag::KEY)).then(|| Node::new(self.tree, self.id - 1))
    }

    /// The collection this node stands in. `None` for the root.
    pub fn parent(self) -> Option<Node<'a>> {
        self.link(self.record().parent)
    }

    /// The path from the document's root; a key has the path of its value.
    /// Cost: the depth plus, for every sequence on the way, the items before this one.
    pub fn path(self) -> Path {
        let mut segments = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            segments.push(node.segment_in(parent));
            node = parent;
        }
        segments.reverse();
        Path::from(segments)
    }

    fn segment_in(self, parent: Node<'a>) -> Segment {
        match self.key().unwrap_or(self).key_text() {
            Some(key) => Segment::Key(key.into()),
            None => {
                let before = parent.items().take_while(|item| item.id != self.id);
                Segment::Index(crate::text::offset(before.count()))
            }
        }
    }

    /// True if the node was copied from an anchor: its span is the anchor's text.
    pub fn from_alias(self) -> bool {
        self.flagged(flag::ALIAS)
    }

    /// True if an alias stands where the node is: all of it was copied.
    pub(crate) fn is_alias(self) -> bool {
        self.flagged(flag::ALIAS_SITE)
    }

    /// True if the node came into its mapping (or an ancestor's) through a merge key `<<`.
    pub fn from_merge(self) -> bool {
        self.flagged(flag::MERGE)
    }

    /// The comments on the lines directly above the node's first line (for a mapping's value: above
    /// its key), with that line's indentation and without a gap, from top to bottom.
    pub fn leading_comments(self) -> impl Iterator<Item = Span> + 'a {
        let start = self.key().unwrap_or(self).span().start;
        crate::scan::comments_above(self.tree, start)
            .iter()
            .copied()
    }

    /// The comment at the end of the node's own first line.
    pub fn trailing_comment(self) -> Option<Span> {
        crate::scan::comment_on_line(self.tree, self.span().start)
    }
}
