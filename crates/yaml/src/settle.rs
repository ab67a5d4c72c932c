//! Settling a mapping when it closes: merge keys are applied, shadowed entries dropped and recorded.
//!
//! Afterwards a mapping's children are its effective entries, as kubectl would send them.
//! Invariant: keys and values are linked anew but never renumbered, so a value's record stays
//! directly after its key's.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::error::{ParseError, ParseErrorKind};
use crate::grow::{Grow, Open};
use crate::node::{Kind, Node, NodeId};
use crate::text::{Span, offset};
use crate::tree::{Duplicate, NONE, Shape, flag};

/// Up to this many entries, comparing all keys beats hashing them.
const FEW_ENTRIES: usize = 12;

impl Grow<'_> {
    /// Applies merge keys and drops shadowed entries.
    pub(crate) fn settle(&mut self, open: &Open) -> Result<(), ParseError> {
        let entries = if open.merges {
            self.merged_entries(open.id)?
        } else if open.count < 4 || self.keys_differ(open.id) {
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

    /// Do all keys of a mapping differ for sure? Each sets one of 256 marks, by its text; where none is set twice they do. That
    /// is so for most mappings, and then nothing has to be compared.
    fn keys_differ(&self, mapping: u32) -> bool {
        let mut marks = [0_u64; 4];
        Node::new(&self.tree, mapping).entries().all(|(key, _)| {
            let text = key.key_text().unwrap_or_default();
            let hash = text.bytes().fold(0_u32, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            });
            let [.., high] = hash.to_le_bytes();
            let bit = 1 << (high % 64);
            let Some(word) = marks.get_mut(usize::from(high / 64)) else {
                return false;
            };
            let is_free = *word & bit == 0;
            *word |= bit;
            is_free
        })
    }

    /// Key and value of every child pair.
    fn entries(&self, mapping: u32) -> Vec<(u32, u32)> {
        let node = Node::new(&self.tree, mapping);
        let pairs = node.entries();
        pairs
            .map(|(key, value)| (key.id().0, value.id().0))
            .collect()
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
            self.mark_merged(value as usize..end)?;
            self.mark_merged(built..self.tree.records.len())?;
            for source in sources {
                entries.extend(self.entries(source));
            }
        }
        Ok(entries)
    }

    /// Flags nodes as merged in. Merge keys written inside each other come here once per level, which
    /// the budget for aliases bounds, too.
    fn mark_merged(&mut self, ids: std::ops::Range<usize>) -> Result<(), ParseError> {
        let mut again = 0;
        let nodes = self.tree.records.get_mut(ids).unwrap_or_default();
        let at = nodes.first().map_or(Span::of(0, 0), |node| node.span);
        for node in nodes {
            again += u64::from(node.flags & (flag::MERGE | flag::ALIAS) == flag::MERGE);
            node.flags |= flag::MERGE;
        }
        self.budget.charge(again, at)
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
            return Err(ParseError::new(
                ParseErrorKind::BadKey,
                node.span(),
                message,
            ));
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
                Entry::Occupied(winner) => Some(*winner.get()),
                Entry::Vacant(free) => {
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
}
