//! Growing a tree: nodes are placed in the order of the text, mappings are settled when they close.
//!
//! Both readers (`build` for YAML, `json`) come through here, so duplicate keys, merge keys, bad
//! keys and the depth limit are decided in one place. Copying anchors is in `alias`.
//! Invariant: no recursion; the stack of open collections is an explicit one.

use std::collections::HashMap;

use crate::error::{ParseError, ParseErrorKind};
use crate::node::{Kind, Node, NodeId, Style};
use crate::scalar;
use crate::text::{Span, offset};
use crate::tree::{Duplicate, NONE, Record, Shape, Tree, flag};

/// The deepest nesting accepted; kubectl refuses more, in YAML and in JSON.
pub(crate) const MAX_DEPTH: usize = 10_000;

/// Up to this many entries, comparing all keys beats hashing them.
const FEW_ENTRIES: usize = 12;

/// A collection whose end has not been seen.
pub(crate) struct Open {
    pub(crate) id: u32,
    /// The last child placed, or [`NONE`].
    last: u32,
    /// Children placed so far: keys and values both count.
    count: u32,
    mapping: bool,
    merges: bool,
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

    /// Keeps a text that is not a slice of the source; gives its index.
    pub(crate) fn set_aside(&mut self, text: &str) -> u32 {
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
        let extra = self.set_aside(&name);
        self.edit(id, |key| key.extra = extra);
    }

    fn check_key(&self, record: &Record) -> Result<(), ParseError> {
        let what = match record.shape {
            Shape::Mapping => "a mapping",
            Shape::Sequence => "a sequence",
            Shape::Null => "null",
            _ => return Ok(()),
        };
        let parent = self.open.last().map_or(0, |open| open.id);
        let template = Span {
            start: self.tree.record(parent).span.start,
            end: offset(self.tree.text.len()),
        };
        let message = if template.slice(self.tree.text).starts_with("{{") {
            "this looks like a template, which is not YAML yet: render it first".to_owned()
        } else {
            format!("{what} cannot be a key: write a name before the colon, or quote it")
        };
        Err(ParseError::new(ParseErrorKind::BadKey, record.span, message))
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

    /// Applies merge keys and drops shadowed entries.
    fn settle(&mut self, open: &Open) -> Result<(), ParseError> {
        let entries = if open.merges {
            self.merged_entries(open.id)?
        } else if open.count < 4 {
            return Ok(());
        } else {
            self.entries(open.id)
        };
        let winners = self.winners(&entries);
        if !open.merges && winners.iter().all(Option::is_none) {
            return Ok(());
        }
        let mut kept = Vec::with_capacity(entries.len());
        for (entry, winner) in entries.into_iter().zip(winners) {
            match winner {
                None => kept.push(entry),
                // An entry merged in and overridden here is what merging is for, not a duplicate.
                Some(_) if self.tree.record(entry.0).parent != open.id => {}
                Some(winner) => self.tree.duplicates.push(Duplicate {
                    key: NodeId(entry.0),
                    winner: NodeId(winner),
                }),
            }
        }
        self.adopt(open.id, &kept);
        Ok(())
    }

    /// Key and value of every child pair.
    fn entries(&self, mapping: u32) -> Vec<(u32, u32)> {
        let node = Node::new(&self.tree, mapping);
        let pairs = node.entries();
        pairs.map(|(key, value)| (key.id().0, value.id().0)).collect()
    }

    /// All entries in the order kubectl writes them into its map, where later ones win: so a merge
    /// key overrides the local keys before it, not those after it. In a list of mappings the first
    /// wins, so the list is taken from its end.
    fn merged_entries(&mut self, mapping: u32) -> Result<Vec<(u32, u32)>, ParseError> {
        let mut entries = Vec::new();
        for (key, value) in self.entries(mapping) {
            if self.tree.record(key).flags & flag::MERGE_KEY == 0 {
                entries.push((key, value));
                continue;
            }
            let built = self.tree.records.len();
            let sources = self.merge_sources(value)?;
            // What the value is made of: all up to its next sibling, and copies made just now.
            let end = built.min(self.tree.record(value).next as usize);
            self.mark_merged(value as usize..end);
            self.mark_merged(built..self.tree.records.len());
            for source in sources {
                entries.extend(self.entries(source));
            }
        }
        Ok(entries)
    }

    fn mark_merged(&mut self, ids: std::ops::Range<usize>) {
        for node in self.tree.records.get_mut(ids).into_iter().flatten() {
            node.flags |= flag::MERGE;
        }
    }

    /// The mappings a merge key's value names, least important first, free to be taken apart.
    fn merge_sources(&mut self, value: u32) -> Result<Vec<u32>, ParseError> {
        let value = self.detached(value)?;
        let node = Node::new(&self.tree, value);
        let mut sources: Vec<u32> = match node.kind() {
            Kind::Sequence => node.items().map(|item| item.id().0).collect(),
            Kind::Mapping | Kind::Scalar => vec![value],
        };
        let fits = |id: &u32| self.tree.record(*id).shape == Shape::Mapping;
        if !sources.iter().all(fits) {
            let message = "the merge key `<<` takes a mapping or a list of mappings: quote it to use it as a name";
            return Err(ParseError::new(ParseErrorKind::BadKey, node.span(), message));
        }
        sources.reverse();
        sources.into_iter().map(|id| self.detached(id)).collect()
    }

    /// The node itself, or a copy of it if an alias may still refer to it.
    fn detached(&mut self, id: u32) -> Result<u32, ParseError> {
        if self.tree.record(id).flags & flag::ANCHOR == 0 {
            return Ok(id);
        }
        let copy = offset(self.tree.records.len());
        let open = std::mem::take(&mut self.open);
        let copied = self.copy(id);
        self.open = open;
        copied.map(|()| copy)
    }

    /// For each entry the key that shadows it, if a later entry has the same key.
    fn winners(&self, entries: &[(u32, u32)]) -> Vec<Option<u32>> {
        let name = |key: u32| Node::new(&self.tree, key).key_text();
        if entries.len() <= FEW_ENTRIES {
            let later = |at: usize, key: u32| {
                let same = |other: &&(u32, u32)| name(other.0) == name(key);
                let last = entries.iter().skip(at + 1).rfind(same);
                last.map(|other| other.0)
            };
            let indexed = entries.iter().enumerate();
            return indexed.map(|(at, (key, _))| later(at, *key)).collect();
        }
        let mut last = HashMap::with_capacity(entries.len());
        let mut winners: Vec<_> = entries
            .iter()
            .rev()
            .map(|(key, _)| match last.entry(name(*key)) {
                std::collections::hash_map::Entry::Occupied(winner) => Some(*winner.get()),
                std::collections::hash_map::Entry::Vacant(free) => {
                    free.insert(*key);
                    None
                }
            })
            .collect();
        winners.reverse();
        winners
    }

    /// Makes these the entries of a mapping, in this order.
    fn adopt(&mut self, mapping: u32, entries: &[(u32, u32)]) {
        let count = offset(entries.len());
        self.edit(mapping, |parent| {
            parent.first = entries.first().map_or(NONE, |(key, _)| *key);
            parent.extra = count;
        });
        let followers = entries.iter().skip(1).map(|(key, _)| *key);
        for ((key, value), next) in entries.iter().zip(followers.chain([NONE])) {
            self.edit(*key, |node| (node.parent, node.next) = (mapping, *value));
            self.edit(*value, |node| (node.parent, node.next) = (mapping, next));
        }
    }

    fn edit(&mut self, id: u32, change: impl FnOnce(&mut Record)) {
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
