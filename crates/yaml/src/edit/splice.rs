//! Finds the one stretch of text that makes a change at a node, in the style of what stands around it. Comments stay with what
//! they belong to: one behind a value and those indented below it move with it, those above an entry stay above it. What is put
//! in lives in `insert`, what is taken away in `remove`.

use crate::edit::around::Around;
use crate::edit::render::{self, Flow};
use crate::edit::{Refusal, Splice, Value};
use crate::node::{Kind, Node};
use crate::path::Path;
use crate::text::Span;
use crate::tree::Style;

/// A node that is to be changed.
pub(super) struct Place<'a, 'p> {
    pub(super) node: Node<'a>,
    pub(super) path: &'p Path,
    pub(super) around: &'p Around<'a>,
}

impl<'a> Place<'a, '_> {
    pub(super) fn refuse<T>(&self, reason: &'static str) -> Result<T, Refusal> {
        Err(Refusal::Layout {
            path: self.path.clone(),
            reason,
        })
    }

    /// Writes another value where one stands.
    pub(super) fn replace(&self, value: &Value) -> Result<Splice, Refusal> {
        let span = self.node.span();
        if self.node.kind() != Kind::Scalar || self.node.is_null() {
            return match (self.node.is_null(), value) {
                (true, Value::Map(members)) if !members.is_empty() => self.fill(value),
                (true, Value::List(items)) if !items.is_empty() => self.fill(value),
                (true, _) => self.fill_inline(value),
                (false, _) => self.replace_collection(value),
            };
        }
        let text = match (value, self.node.style()) {
            (Value::Str(text), Style::SingleQuoted) => render::single_quoted(text),
            (Value::Str(text), Style::DoubleQuoted) => Some(render::double_quoted(text)),
            _ => None,
        };
        let in_flow = self
            .node
            .parent()
            .is_some_and(|parent| parent.style() == Style::Flow);
        Ok(Splice {
            span,
            text: text.unwrap_or_else(|| render::inline(value, self.is_json(), in_flow)),
        })
    }

    /// A collection is written anew in flow style when nothing but it would be lost.
    fn replace_collection(&self, value: &Value) -> Result<Splice, Refusal> {
        let span = self.node.span();
        if self
            .around
            .has_comment(span.start as usize, span.end as usize)
        {
            return self.refuse("there are comments inside");
        }
        if self.node.style() == Style::Flow {
            return Ok(Splice {
                span,
                text: render::flow(value, self.flow_style()),
            });
        }
        let Some(key) = self.node.key() else {
            return self.refuse("it is an item of a list");
        };
        let colon = self.colon(key)?;
        let text = format!(
            " {}",
            render::flow(
                value,
                Flow {
                    json: false,
                    spaced: true
                }
            )
        );
        Ok(Splice {
            span: Span::of(colon, span.end as usize),
            text,
        })
    }

    /// The offset behind the colon of a key.
    fn colon(&self, key: Node<'a>) -> Result<usize, Refusal> {
        let end = key.span().end as usize;
        let rest = self.around.slice(end, self.around.text.len());
        match rest.find(|character: char| character != ' ') {
            Some(at) if rest.get(at..).is_some_and(|rest| rest.starts_with(':')) => {
                Ok(end + at + 1)
            }
            _ => self.refuse("its key is written in an unusual way"),
        }
    }

    /// Writes a scalar where a key has no value yet.
    fn fill_inline(&self, value: &Value) -> Result<Splice, Refusal> {
        let span = self.node.span();
        let in_flow = self
            .node
            .parent()
            .is_some_and(|parent| parent.style() == Style::Flow);
        let text = render::inline(value, self.is_json(), in_flow);
        Ok(Splice {
            span,
            text: if span.is_empty() {
                format!(" {text}")
            } else {
                text
            },
        })
    }

    /// Writes a collection where a key has no value, or null.
    pub(super) fn fill(&self, value: &Value) -> Result<Splice, Refusal> {
        let Some(key) = self.node.key() else {
            return self.refuse("it is an empty item of a list");
        };
        let flow = key
            .parent()
            .is_some_and(|parent| parent.style() == Style::Flow);
        let span = self.node.span();
        if flow {
            let text = render::flow(value, self.flow_style());
            return Ok(Splice {
                span,
                text: if span.is_empty() {
                    format!(" {text}")
                } else {
                    text
                },
            });
        }
        let name = key.text().unwrap_or_default();
        let column = self.around.column(key.span().start as usize);
        let lines = render::entry(name, value, column, self.around.block);
        let below: String = lines
            .iter()
            .skip(1)
            .map(|line| format!("{}{line}", self.around.line_end))
            .collect();
        let colon = self.colon(key)?;
        let stop = self.around.line_stop(span.end as usize);
        let comment = self.around.slice(span.end as usize, stop);
        Ok(Splice {
            span: Span::of(colon, stop),
            text: format!("{comment}{below}"),
        })
    }

    /// The offset of an item's dash, which comments, an anchor or a tag may part from the item.
    pub(super) fn dash(&self, item: Node<'a>) -> Option<usize> {
        if item.from_alias() {
            return None;
        }
        let mut before = self.around.slice(0, item.span().start as usize).trim_end();
        loop {
            let word = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
            let property = before
                .get(word..)
                .is_some_and(|word| word.starts_with(['&', '!']));
            let cut = match self.around.comment_at(before.len()) {
                Some(comment) => comment,
                None if property => word,
                None => break,
            };
            before = self.around.slice(0, cut).trim_end();
        }
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// Are the keys around in double quotes, or is this the top of a JSON document?
    pub(super) fn is_json(&self) -> bool {
        let flow = |node: &Node<'_>| node.style() == Style::Flow;
        let outermost = std::iter::successors(Some(self.node), |node| node.parent())
            .filter(flow)
            .last();
        outermost.is_some_and(|node| {
            let first = node.entries().next().map(|(key, _)| key);
            let inner = || {
                node.items()
                    .flat_map(Node::entries)
                    .next()
                    .map(|(key, _)| key)
            };
            first
                .or_else(inner)
                .is_some_and(|key| key.style() == Style::DoubleQuoted)
        })
    }

    pub(super) fn flow_style(&self) -> Flow {
        let text = self.around.text;
        let near = std::iter::successors(Some(self.node), |node| node.parent())
            .filter(|node| node.style() == Style::Flow);
        let mut gaps = near.flat_map(Node::entries).map(|(key, value)| {
            text.get(key.span().end as usize..value.span().start as usize)
                .unwrap_or_default()
        });
        let json = self.is_json();
        Flow {
            json,
            spaced: !json || gaps.next().is_none_or(|gap| gap.contains(' ')),
        }
    }
}
