//! Growing a tree: nodes are placed in the order of the text, mappings are settled when they close.
//!
//! Both readers (`build` for YAML, `json`) come through here, so bad keys and the depth limit are
//! decided in one place. Merge keys and duplicates are in `settle`, copying anchors is in `alias`.
//! Invariant: no recursion; the stack of open collections is an explicit one.

use crate::error::{ParseError, ParseErrorKind};
use crate::node::Node;
use crate::scalar;
use crate::text::{Span, offset};
use crate::tree::{NONE, Record, Shape, Style, Tree, flag};

/// The deepest nesting accepted; kubectl refuses more, in YAML and in JSON.
pub(crate) const MAX_DEPTH: usize = 10_000;

/// A collection whose end has not been seen.
pub(crate) struct Open {
    pub(crate) id: u32,
    /// The last child placed, or [`NONE`].
    last: u32,
    /// Children placed so far: keys and values both count.
    pub(crate) count: u32,
    mapping: bool,
    /// A merge key is among the children.
    pub(crate) merges: bool,
}

/// A tree under construction.
pub(crate) struct Grow<'t> {
    pub(crate) tree: Tree<'t>,
    pub(crate) open: Vec<Open>,
    pub(crate) budget: crate::alias::Budget,
}

/// A scalar or an empty collection, ready to be placed.
pub(crate) fn record(shape: Shape, style: Style, span: Span) -> Record {
    Record {
        span,
        next: NONE,
        parent: NONE,
        first: NONE,
        extra: NONE,
        shape,
        style,
        flags: 0,
    }
}

impl<'t> Grow<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Grow {
            tree: Tree {
                text,
                records: Vec::new(),
                aside: Vec::new(),
                duplicates: Vec::new(),
                comments: Vec::new(),
                root: 0,
                fast: false,
            },
            open: Vec::new(),
            budget: crate::alias::Budget::default(),
        }
    }

    /// True if the next node placed will be a key.
    pub(crate) fn takes_key(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.mapping && open.count.is_multiple_of(2))
    }

    /// True if the next node placed will be the value of a key.
    pub(crate) fn takes_value(&self) -> bool {
        self.open
            .last()
            .is_some_and(|open| open.mapping && !open.count.is_multiple_of(2))
    }

    /// True within brackets or braces.
    pub(crate) fn in_flow(&self) -> bool {
        let innermost = self.open.last();
        let record = innermost.and_then(|open| self.tree.records.get(open.id as usize));
        record.is_some_and(|record| record.style == Style::Flow)
    }

    /// Keeps a text that is not a slice of the source; gives its index.
    pub(crate) fn set_aside(&mut self, text: impl Into<Box<str>>) -> u32 {
        self.tree.aside.push(text.into());
        offset(self.tree.aside.len() - 1)
    }

    /// Adds a node as the next child of the innermost open collection; gives its id.
    pub(crate) fn place(&mut self, mut record: Record) -> Result<u32, ParseError> {
        self.budget.decode(record.span)?;
        let was_key = record.flags & flag::KEY != 0;
        let is_key = self.takes_key();
        if is_key {
            self.check_key(&record)?;
        }
        record.flags = record.flags & !flag::KEY | if is_key { flag::KEY } else { 0 };
        if !(is_key && was_key) {
            record.extra = NONE;
        }
        record.next = NONE;
        record.parent = NONE;
        let id = self.link(record);
        if is_key && !was_key {
            self.name_key(id);
        }
        Ok(id)
    }

    fn link(&mut self, mut record: Record) -> u32 {
        let id = offset(self.tree.records.len());
        if let Some(open) = self.open.last_mut() {
            record.parent = open.id;
            open.count += 1;
            let merge_key = flag::KEY | flag::MERGE_KEY;
            open.merges |= record.flags & merge_key == merge_key;
            let (parent, previous) = (open.id, std::mem::replace(&mut open.last, id));
            match self.tree.records.get_mut(previous as usize) {
                Some(sibling) => sibling.next = id,
                None => self.edit(parent, |parent| parent.first = id),
            }
        }
        self.tree.records.push(record);
        id
    }

    /// Sets the text of a new key aside where kubectl's key differs from what is written.
    fn name_key(&mut self, id: u32) {
        let node = Node::new(&self.tree, id);
        let Some(name) = node.scalar().and_then(scalar::key_name) else {
            return;
        };
        let extra = self.set_aside(name);
        self.edit(id, |key| key.extra = extra);
    }

    fn check_key(&self, record: &Record) -> Result<(), ParseError> {
        let what = match record.shape {
            Shape::Mapping => "a mapping",
            Shape::Sequence => "a sequence",
            Shape::Null => "null",
            _ => return Ok(()),
        };
        if let Some(span) = self.template() {
            let advice = crate::error::TEMPLATE_ADVICE;
            return Err(ParseError::new(ParseErrorKind::BadKey, span, advice));
        }
        let message = format!("{what} cannot be a key: write a name before the colon, or quote it");
        Err(ParseError::new(
            ParseErrorKind::BadKey,
            record.span,
            message,
        ))
    }

    /// The `{{ … }}` the innermost open collection starts with, to the end of its line at most.
    fn template(&self) -> Option<Span> {
        let start = self.tree.record(self.open.last()?.id).span.start as usize;
        let line = self.tree.text.get(start..)?.lines().next()?;
        let end = line.find("}}").map_or(line.len(), |end| end + 2);
        line.starts_with("{{").then(|| Span::of(start, start + end))
    }

    /// Places a collection and makes it the innermost open one.
    pub(crate) fn open(&mut self, mut collection: Record) -> Result<u32, ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(collection.span));
        }
        collection.first = NONE;
        let mapping = collection.shape == Shape::Mapping;
        let id = self.place(collection)?;
        self.open.push(Open {
            id,
            last: NONE,
            count: 0,
            mapping,
            merges: false,
        });
        Ok(id)
    }

    /// Closes the innermost open collection, whose text ends here.
    pub(crate) fn close(&mut self, end: u32) -> Result<(), ParseError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let count = if open.mapping {
            open.count / 2
        } else {
            open.count
        };
        self.edit(open.id, |collection| {
            collection.span.end = end.max(collection.span.start);
            collection.extra = count;
        });
        if open.mapping {
            self.settle(&open)?;
        }
        Ok(())
    }

    /// Closes a collection that was copied whole: its end is known and its entries are settled.
    pub(crate) fn close_copy(&mut self) {
        if let Some(open) = self.open.pop() {
            let count = open.count / if open.mapping { 2 } else { 1 };
            self.edit(open.id, |collection| collection.extra = count);
        }
    }

    pub(crate) fn edit(&mut self, id: u32, change: impl FnOnce(&mut Record)) {
        if let Some(record) = self.tree.records.get_mut(id as usize) {
            change(record);
        }
    }

    /// The finished tree. A document without a node is a null at this offset.
    pub(crate) fn finish(mut self, start: u32) -> Tree<'t> {
        if self.tree.records.is_empty() {
            let span = Span { start, end: start };
            self.tree
                .records
                .push(record(Shape::Null, Style::Plain, span));
        }
        self.tree.comments.sort_unstable();
        self.tree.duplicates.sort_unstable_by_key(|d| d.key);
        self.tree
    }
}

/// The error for a collection below the last level allowed.
pub(crate) fn too_deep(span: Span) -> ParseError {
    let message = "nested more than 10,000 levels deep, which kubectl refuses";
    ParseError::new(ParseErrorKind::TooDeep, span, message)
}
