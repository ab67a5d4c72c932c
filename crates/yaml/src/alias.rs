//! Aliases: an anchor's nodes are copied to where its alias stands, within kubectl's own budget.
//!
//! The budget is checked before every node placed, so memory stays in proportion to the text.

use crate::error::{ParseError, ParseErrorKind};
use crate::grow::Grow;
use crate::text::Span;
use crate::tree::{NONE, Shape, flag};

/// Counts nodes as kubectl's YAML library does while decoding, to refuse alias bombs where it does.
#[derive(Default)]
pub(crate) struct Budget {
    decoded: u64,
    copied: u64,
    /// The alias being expanded.
    alias: Option<Span>,
}

impl Budget {
    /// Accounts for one node, about to be decoded at this place.
    pub(crate) fn decode(&mut self, at: Span) -> Result<(), ParseError> {
        self.decoded += 1;
        self.copied += u64::from(self.alias.is_some());
        self.check(at)
    }

    /// Accounts for nodes gone through once more.
    pub(crate) fn charge(&mut self, nodes: u64, at: Span) -> Result<(), ParseError> {
        self.decoded += nodes;
        self.copied += nodes;
        self.check(at)
    }

    fn check(&self, at: Span) -> Result<(), ParseError> {
        let excessive = self.copied > 100
            && self.decoded > 1000
            && self.copied as f64 / self.decoded as f64 > allowed_ratio(self.decoded);
        if !excessive {
            return Ok(());
        }
        Err(ParseError::new(
            ParseErrorKind::ExcessiveAliasing,
            self.alias.unwrap_or(at),
            "document contains excessive aliasing, which kubectl refuses: write the repeated parts out",
        ))
    }
}

/// The largest share of nodes that may come from aliases: 99 % up to 400,000 nodes, from there
/// falling evenly to 10 % at 4,000,000.
fn allowed_ratio(decoded: u64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let beyond = (decoded as f64 - LOW).clamp(0.0, HIGH - LOW);
    0.99 - 0.89 * beyond / (HIGH - LOW)
}

impl Grow<'_> {
    /// Places a copy of an anchor's node. `at` is the alias in the text.
    pub(crate) fn alias(&mut self, target: u32, at: Span) -> Result<(), ParseError> {
        if self.open.binary_search_by_key(&target, |o| o.id).is_ok() {
            let message = "the anchor's value contains itself: remove this alias";
            return Err(ParseError::new(
                ParseErrorKind::SelfReferringAnchor,
                at,
                message,
            ));
        }
        self.budget.decode(at)?;
        self.budget.alias = Some(at);
        let copied = self
            .copy(target)
            .map_err(|error| ParseError { span: at, ..error });
        self.budget.alias = None;
        copied
    }

    /// Copies a settled subtree, parents before children, without recursion.
    pub(crate) fn copy(&mut self, target: u32) -> Result<(), ParseError> {
        let mut source = target;
        loop {
            let first = self.copy_node(source, source == target)?;
            if first != NONE {
                source = first;
                continue;
            }
            // Up to the first ancestor with something left to copy.
            while source != target && self.tree.record(source).next == NONE {
                source = self.tree.record(source).parent;
                self.close_copy();
            }
            if source == target {
                return Ok(());
            }
            source = self.tree.record(source).next;
        }
    }

    /// Copies one node; gives the first child still to be copied, or [`NONE`].
    fn copy_node(&mut self, source: u32, root: bool) -> Result<u32, ParseError> {
        let mut copy = self.tree.record(source).clone();
        // An alias inside the anchor was one more node to decode for kubectl.
        if !root && copy.flags & flag::ALIAS_SITE != 0 {
            self.budget.decode(copy.span)?;
        }
        copy.flags &= !(flag::ALIAS_SITE | flag::MERGE_KEY | flag::ANCHOR);
        copy.flags |= flag::ALIAS;
        if root {
            copy.flags = copy.flags & !flag::MERGE | flag::ALIAS_SITE;
        }
        if !matches!(copy.shape, Shape::Mapping | Shape::Sequence) {
            self.place(copy)?;
            return Ok(NONE);
        }
        let first = copy.first;
        self.open(copy)?;
        if first == NONE {
            self.close_copy();
        }
        Ok(first)
    }
}
