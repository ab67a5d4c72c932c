//! Takes entries and items away: whole lines where they stand alone on them, with the comments that speak of them; with their comma in
//! flow collections.

use super::plan::Company;
use super::splice::Place;
use crate::edit::{Refusal, Splice};
use crate::node::{Kind, Node};
use crate::text::Span;
use crate::tree::Style;

impl<'a> Place<'a, '_> {
    /// Takes the node away with its key or dash.
    pub(super) fn remove(&self, company: Company) -> Result<Splice, Refusal> {
        let Some(parent) = self.node.parent() else {
            return self.refuse("it is the whole document");
        };
        let start = match self.node.key() {
            Some(key) => key.span().start as usize,
            None if parent.style() == Style::Flow => self.node.span().start as usize,
            None => match self.dash(self.node) {
                Some(dash) => dash,
                None => return self.refuse("its dash is hard to find"),
            },
        };
        let end = match self.node.key() {
            Some(key) => self.end_of(key, self.node),
            None => (self.node.span().end as usize).max(start + 1),
        };
        match parent.style() {
            Style::Flow => self.remove_flow(parent, start, end, company.rest_goes),
            _ => self.remove_block(parent, start, end, company.beside_new),
        }
    }

    fn remove_block(
        &self,
        parent: Node<'a>,
        start: usize,
        end: usize,
        beside_new: bool,
    ) -> Result<Splice, Refusal> {
        let next = self.next_start(parent, start);
        let line = self.around.line_start(start);
        let alone = self
            .around
            .slice(line, start)
            .trim_start_matches('\u{feff}')
            .trim()
            .is_empty();
        if alone && (parent.len() > 1 || beside_new) {
            let to = self.around.next_line(end);
            let mut from = self.comments_above(parent, line);
            // The last line of a text without a final line end leaves none behind either.
            if to == self.around.text.len() && !self.around.text.ends_with('\n') {
                let before = self.around.slice(0, from).trim_end_matches(['\n', '\r']);
                from = self.around.line_stop(before.len());
            }
            return Ok(Splice {
                span: Span::of(from, to),
                text: String::new(),
            });
        }
        match next {
            // The first entry after a dash: the second moves up to the dash.
            Some(next) if !self.around.has_comment(end, next) || self.only_trailing(end, next) => {
                Ok(Splice {
                    span: Span::of(start, next),
                    text: String::new(),
                })
            }
            Some(_) => self.refuse("there are comments between it and what follows"),
            None if parent.len() == 1 && !self.around.has_comment(start, end) => {
                let empty = if parent.kind() == Kind::Mapping {
                    "{}"
                } else {
                    "[]"
                };
                Ok(Splice {
                    span: Span::of(start, end),
                    text: empty.to_owned(),
                })
            }
            None => self.refuse("it shares its line with what stands before it"),
        }
    }

    /// Where the comments begin that stand directly above `line`, on which the node begins, and speak of it: down from the last that is a
    /// banner or an entry that somebody commented out. At the top of a document they may speak of everything.
    fn comments_above(&self, parent: Node<'a>, line: usize) -> usize {
        let first = self.node.key().unwrap_or(self.node).span().start as usize;
        if parent.parent().is_none() || self.around.line_start(first) != line {
            return line;
        }
        let comments: Vec<Span> = self.node.leading_comments().collect();
        let speaks = |comment: &&Span| !stands_alone(comment.slice(self.around.text));
        let first = comments.iter().rev().take_while(speaks).last();
        first.map_or(line, |first| self.around.line_start(first.start as usize))
    }

    /// Is the only comment in a stretch the one behind the value that goes?
    fn only_trailing(&self, end: usize, next: usize) -> bool {
        !self.around.has_comment(self.around.next_line(end), next)
    }

    fn remove_flow(
        &self,
        parent: Node<'a>,
        start: usize,
        end: usize,
        rest_goes: bool,
    ) -> Result<Splice, Refusal> {
        let next = self.next_start(parent, start).filter(|_| !rest_goes);
        let (from, to) = match next {
            Some(next) => (start, next),
            None => match self.previous_end(parent, start) {
                Some(previous) => (previous, end),
                None => (
                    parent.span().start as usize + 1,
                    parent.span().end as usize - 1,
                ),
            },
        };
        if self.around.has_comment(from, to) {
            return self.refuse("there are comments beside it");
        }
        Ok(Splice {
            span: Span::of(from, to),
            text: String::new(),
        })
    }

    /// Where the member after `start` begins: its key, its dash, or itself.
    fn next_start(&self, parent: Node<'a>, start: usize) -> Option<usize> {
        let starts = parent
            .entries()
            .map(|(key, _)| Some(key.span().start as usize));
        let items = parent.items().map(|item| match parent.style() {
            Style::Flow => Some(item.span().start as usize),
            _ => self.dash(item),
        });
        starts
            .chain(items)
            .flatten()
            .filter(|other| *other > start)
            .min()
    }

    fn previous_end(&self, parent: Node<'a>, start: usize) -> Option<usize> {
        let values = parent
            .entries()
            .map(|(_, value)| value)
            .chain(parent.items());
        values
            .map(|value| value.span().end as usize)
            .filter(|end| *end <= start)
            .max()
    }
}

/// Is a comment a banner over what follows, such as `# --- ports ---`, or an entry that was commented out?
fn stands_alone(comment: &str) -> bool {
    let text = comment.trim_start_matches('#').trim();
    let rules = ["---", "===", "***", "~~~"];
    let is_banner = comment.starts_with("##") || rules.iter().any(|rule| text.contains(rule));
    let key = text.split_once(':').map_or("", |(key, rest)| match rest {
        "" => key,
        rest if rest.starts_with(' ') => key,
        _ => "",
    });
    let is_entry = key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.chars().all(|c| c.is_ascii_alphanumeric());
    is_banner || is_entry || text.starts_with("- ")
}
