//! The text around the places of a document: lines, columns, comments, and how the document writes its block collections. Found
//! once for a document, whatever number of edits it gets.

use super::render::Block;
use crate::node::{Kind, Node};
use crate::text::Span;
use crate::tree::Style;

/// The text around the document's places.
pub(super) struct Around<'a> {
    pub(super) text: &'a str,
    pub(super) line_end: &'static str,
    comments: &'a [Span],
    /// How block collections are written in this document.
    pub(super) block: Block,
}

impl<'a> Around<'a> {
    pub(super) fn of(root: Node<'a>) -> Around<'a> {
        let text = root.tree().text();
        let windows = text
            .find('\n')
            .is_some_and(|at| text.get(..at).is_some_and(|line| line.ends_with('\r')));
        let mut around = Around {
            text,
            line_end: if windows { "\r\n" } else { "\n" },
            comments: root.tree().comments(),
            block: Block { step: 2, dash: 2 },
        };
        around.block = around.block_style(root);
        around
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |found| found + 1)
    }

    /// The end of the line, before its line end.
    pub(super) fn line_stop(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        let stop = at + rest.find('\n').unwrap_or(rest.len());
        if self.slice(at, stop).ends_with('\r') {
            stop - 1
        } else {
            stop
        }
    }

    /// The start of the next line, or the end of the text.
    pub(super) fn next_line(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        rest.find('\n')
            .map_or(self.text.len(), |found| at + found + 1)
    }

    /// How many columns `at` stands from its line's start; a mark at the start of the text has none.
    pub(super) fn column(&self, at: usize) -> usize {
        self.slice(self.line_start(at), at)
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
    }

    pub(super) fn has_comment(&self, start: usize, end: usize) -> bool {
        let before = |comment: &Span| (comment.start as usize) < start;
        let first = self.comments.get(self.comments.partition_point(before));
        first.is_some_and(|comment| (comment.start as usize) < end)
    }

    /// The start of the comment in which the text before `end` ends.
    pub(super) fn comment_at(&self, end: usize) -> Option<usize> {
        let next = self
            .comments
            .partition_point(|comment| (comment.start as usize) < end);
        let comment = self.comments.get(next.checked_sub(1)?)?;
        (end <= comment.end as usize).then_some(comment.start as usize)
    }

    /// Where a line can be put behind content that ends at `end`: at the end of its line, or below the comments that
    /// follow directly and are indented at least to `column`. At column 0 a comment belongs to what follows.
    pub(super) fn behind(&self, end: usize, column: usize) -> usize {
        let mut stop = self.line_stop(end);
        let mut next = self.next_line(end);
        while next < self.text.len() {
            let line = self.slice(next, self.line_stop(next));
            let indent = line.len() - line.trim_start_matches(' ').len();
            if !line.trim_start().starts_with('#') || indent < column.max(1) {
                break;
            }
            stop = self.line_stop(next);
            next = self.next_line(next);
        }
        stop
    }

    /// The indentation that the document uses, from its first nested mapping and its first list.
    fn block_style(&self, root: Node<'a>) -> Block {
        let mut block = Block { step: 2, dash: 2 };
        let (mut step_known, mut dash_known) = (false, false);
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if step_known && dash_known || node.style() == Style::Flow {
                continue;
            }
            if let (Some(key), false) = (node.key(), node.from_alias()) {
                let column = self.column(key.span().start as usize);
                let own = self.column(node.span().start as usize);
                let below = key.span().end < node.span().start
                    && self
                        .slice(key.span().end as usize, node.span().start as usize)
                        .contains('\n');
                if node.kind() == Kind::Mapping && !step_known && below && own > column {
                    (block.step, step_known) = (own - column, true);
                }
                if node.kind() == Kind::Sequence && !dash_known && below && own >= column {
                    (block.dash, dash_known) = (own - column, true);
                }
            }
            let members: Vec<_> = node
                .entries()
                .map(|(_, value)| value)
                .chain(node.items())
                .filter(|node| node.kind() != Kind::Scalar)
                .collect();
            waiting.extend(members.into_iter().rev());
        }
        block
    }
}
