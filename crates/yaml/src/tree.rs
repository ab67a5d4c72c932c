//! The tree of one document: a flat arena of 28-byte records, and what stands beside them.
//!
//! Built by `build` and `json` through `grow`, read through [`Node`]; immutable once built.
//! Invariant: a record's parent precedes it in the arena, and the children of a mapping alternate
//! key, value with the value's record directly after its key's.

use crate::node::{Node, NodeId};
use crate::text::Span;

/// A link that leads nowhere.
pub(crate) const NONE: u32 = u32::MAX;

/// Bits of [`Record::flags`].
pub(crate) mod flag {
    /// The node is a key of a mapping.
    pub(crate) const KEY: u8 = 1;
    /// The node was copied from an anchor.
    pub(crate) const ALIAS: u8 = 2;
    /// The node came into its mapping through a merge key.
    pub(crate) const MERGE: u8 = 4;
    /// The node stands where an alias stood (the root of a copy).
    pub(crate) const ALIAS_SITE: u8 = 8;
    /// The node is a plain `<<`: as a key it merges.
    pub(crate) const MERGE_KEY: u8 = 16;
    /// The node has an anchor, so an alias may still copy it.
    pub(crate) const ANCHOR: u8 = 32;
}

/// How a node is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Hash)]
pub enum Style {
    /// A scalar without quotes, or a missing value.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A collection by indentation.
    Block,
    /// A collection in brackets.
    Flow,
}

/// What a record is: collections first, then scalars by the type Kubernetes gives them.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Shape {
    Mapping,
    Sequence,
    Null,
    Bool,
    Int,
    Float,
    Str,
}

/// One node as stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Record {
    pub(crate) span: Span,
    /// Next sibling, or [`NONE`].
    pub(crate) next: u32,
    pub(crate) parent: u32,
    /// Collections: first child. Scalars: index of the decoded text aside. Or [`NONE`].
    pub(crate) first: u32,
    /// Collections: number of items or effective entries. Keys: index of the key text aside, or [`NONE`].
    pub(crate) extra: u32,
    pub(crate) shape: Shape,
    pub(crate) style: Style,
    pub(crate) flags: u8,
}

const _: () = assert!(size_of::<Record>() == 28);

/// A key that stands more than once in a mapping.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Duplicate {
    /// The earlier key, which does not count.
    pub key: NodeId,
    /// The key that counts: the last one.
    pub winner: NodeId,
}

/// One parsed document. Holds the text it was parsed from by reference.
#[derive(Clone, Debug)]
pub struct Tree<'t> {
    pub(crate) text: &'t str,
    pub(crate) records: Vec<Record>,
    /// Texts that are not a slice of the source: decoded scalars and normalised keys.
    pub(crate) aside: Vec<Box<str>>,
    pub(crate) duplicates: Vec<Duplicate>,
    pub(crate) comments: Vec<Span>,
    pub(crate) root: u32,
    /// Read by the fast reader.
    pub(crate) fast: bool,
}

/// A tree that is kept beside its text instead of borrowing it.
#[derive(Clone, Debug)]
pub struct Kept(Tree<'static>);

impl Kept {
    /// The tree again. With another text than its own, its nodes say anything.
    pub fn with(self, text: &str) -> Tree<'_> {
        Tree { text, ..self.0 }
    }
}

impl<'t> Tree<'t> {
    /// The tree without its text, to be kept for later.
    pub fn kept(self) -> Kept {
        Kept(Tree {
            text: "",
            records: self.records,
            aside: self.aside,
            duplicates: self.duplicates,
            comments: self.comments,
            root: self.root,
            fast: self.fast,
        })
    }

    /// The text of the whole file, which all spans refer to.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The root of the document: usually a mapping, but any kind is possible.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, self.root)
    }

    /// The node of an id given by this tree. `None`: this tree has no such node.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        ((id.0 as usize) < self.records.len()).then(|| Node::new(self, id.0))
    }

    /// All nodes stored, in the order in which they were made.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..crate::text::offset(self.records.len())).map(|id| Node::new(self, id))
    }

    /// Keys shadowed by a later, equal key of the same mapping, in the order of the text.
    pub fn duplicates(&self) -> &[Duplicate] {
        &self.duplicates
    }

    /// All comments in the order of the text, each from `#` to the end of its line (line end excluded).
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }

    /// Number of nodes stored, including shadowed ones.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// True if the fast reader read the document, not the general one. Only for statistics: the tree
    /// is the same either way. JSON documents count as fast.
    pub fn fast(&self) -> bool {
        self.fast
    }

    /// Always false: every tree has a root.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(crate) fn record(&self, id: u32) -> &Record {
        const MISSING: &Record = &Record {
            span: Span { start: 0, end: 0 },
            next: NONE,
            parent: NONE,
            first: NONE,
            extra: NONE,
            shape: Shape::Null,
            style: Style::Plain,
            flags: 0,
        };
        self.records.get(id as usize).unwrap_or(MISSING)
    }

    pub(crate) fn aside(&self, index: u32) -> Option<&str> {
        self.aside.get(index as usize).map(AsRef::as_ref)
    }
}
