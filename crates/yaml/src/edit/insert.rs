//! Puts entries into mappings and items behind the last of a list, as their siblings are written. Several at once stand one behind
//! the other, in the order in which they are given.

use super::splice::Place;
use crate::edit::render;
use crate::edit::{Refusal, Splice, Value};
use crate::node::{Kind, Node};
use crate::text::Span;
use crate::tree::Style;

impl<'a> Place<'a, '_> {
    /// New last entries of a mapping, or of what is no value yet.
    pub(super) fn add_entries(&self, members: &[(String, Value)]) -> Result<Splice, Refusal> {
        match (self.node.kind(), self.node.style()) {
            (Kind::Mapping, Style::Flow) if self.has_room_below(members) => {
                self.fill(&Value::Map(members.to_vec()))
            }
            (Kind::Mapping, Style::Flow) => {
                let style = self.flow_style();
                let texts = members.iter();
                let texts = texts.map(|(key, value)| render::member(key, value, style));
                self.insert_flow(texts.collect())
            }
            (Kind::Mapping, _) => self.insert_block(members),
            (Kind::Scalar, _) if self.node.is_null() => self.fill(&Value::Map(members.to_vec())),
            _ => Err(Refusal::Unreachable(self.path.clone())),
        }
    }

    /// New last items of a list, or of what is no value yet.
    pub(super) fn add_items(&self, values: &[Value]) -> Result<Splice, Refusal> {
        match (self.node.kind(), self.node.style()) {
            (Kind::Sequence, Style::Flow) => {
                let style = self.flow_style();
                let text = |value| {
                    self.like_siblings(value)
                        .unwrap_or_else(|| render::flow(value, style))
                };
                self.insert_flow(values.iter().map(text).collect())
            }
            (Kind::Sequence, _) => self.insert_items(values),
            (Kind::Scalar, _) if self.node.is_null() => self.fill(&Value::List(values.to_vec())),
            _ => Err(Refusal::Unreachable(self.path.clone())),
        }
    }

    /// Is it `{}` behind a key in block style, and what comes too much for its line? It has no style of its own to keep.
    fn has_room_below(&self, members: &[(String, Value)]) -> bool {
        let Some(key) = self.node.key() else {
            return false;
        };
        let nests = |(_, value): &(String, Value)| matches!(value, Value::List(_) | Value::Map(_));
        let in_block = key.parent().is_some_and(|it| it.style() != Style::Flow);
        let (start, end) = (key.span().end as usize, self.node.span().end as usize);
        let written = self.around.slice(start, end).split_whitespace();
        in_block && written.eq([":", "{}"]) && (members.len() > 1 || members.iter().any(nests))
    }

    /// A text in the quotes that the last item has. `None` where neither is one.
    fn like_siblings(&self, value: &Value) -> Option<String> {
        let last = self.node.items().last()?;
        match (value, last.style()) {
            (Value::Str(text), Style::SingleQuoted) => render::single_quoted(text),
            (Value::Str(text), Style::DoubleQuoted) => Some(render::double_quoted(text)),
            _ => None,
        }
    }

    fn insert_block(&self, members: &[(String, Value)]) -> Result<Splice, Refusal> {
        let own = || {
            self.node
                .entries()
                .filter(|(key, value)| !key.from_merge() && !value.from_merge())
        };
        let Some((first, _)) = own().min_by_key(|(key, _)| key.span().start) else {
            return self.refuse("all of it comes from elsewhere");
        };
        let column = self.around.column(first.span().start as usize);
        let end = own()
            .map(|(key, value)| self.end_of(key, value))
            .max()
            .unwrap_or_default();
        let at = self.around.behind(end, column);
        let pad = " ".repeat(column);
        let mut text = String::new();
        for (key, value) in members {
            let lines = render::entry(key, value, column, self.around.block);
            for (number, line) in lines.iter().enumerate() {
                text.push_str(self.around.line_end);
                text.push_str(if number == 0 { &pad } else { "" });
                text.push_str(line);
            }
        }
        Ok(Splice {
            span: Span::of(at, at),
            text,
        })
    }

    /// The end of an entry's own text; an alias ends where its name does.
    pub(super) fn end_of(&self, key: Node<'a>, value: Node<'a>) -> usize {
        let key_end = key.span().end as usize;
        if value.from_alias() {
            self.around.line_stop(key_end)
        } else {
            (value.span().end as usize).max(key_end)
        }
    }

    /// New last members of a flow collection.
    fn insert_flow(&self, texts: Vec<String>) -> Result<Splice, Refusal> {
        let spaced = self.flow_style().spaced;
        let blank = if spaced { " " } else { "" };
        let on_one_line = texts.join(&format!(",{blank}"));
        let span = self.node.span();
        let (start, end) = (span.start as usize + 1, span.end as usize - 1);
        let members = || {
            self.node
                .items()
                .chain(self.node.entries().map(|(_, value)| value))
        };
        let Some(last) = members().map(|member| member.span().end as usize).max() else {
            return match self.around.slice(start, end).trim() {
                "" => Ok(Splice {
                    span: Span::of(start, end),
                    text: on_one_line,
                }),
                _ => self.refuse("there is a comment inside"),
            };
        };
        if members().any(|member| member.from_alias()) {
            return self.refuse("it holds an alias");
        }
        let first = members()
            .map(|member| member.key().unwrap_or(member).span().start as usize)
            .min();
        let first = first.unwrap_or(start);
        let comma_at = self
            .around
            .slice(last, end)
            .find(',')
            .map(|at| last + at + 1);
        let at = comma_at.unwrap_or(last);
        let comma = if comma_at.is_some() { "" } else { "," };
        if !self.around.slice(start, first).contains('\n') {
            return Ok(Splice {
                span: Span::of(at, at),
                text: format!("{comma}{blank}{on_one_line}"),
            });
        }
        let stop = self.around.line_stop(at);
        let pad = self.around.slice(self.around.line_start(first), first);
        if !pad.trim().is_empty() {
            return self.refuse("its members do not stand on lines of their own");
        }
        let rest = self.around.slice(at, stop);
        let below = format!("{}{pad}", self.around.line_end);
        let texts = texts.join(&format!(",{below}"));
        Ok(Splice {
            span: Span::of(at, stop),
            text: format!("{comma}{rest}{below}{texts}"),
        })
    }

    fn insert_items(&self, values: &[Value]) -> Result<Splice, Refusal> {
        let Some(last) = self.node.items().last() else {
            return self.refuse("it is empty");
        };
        let Some(dash) = self.dash(last) else {
            return self.refuse("its dashes are hard to find");
        };
        let column = self.around.column(dash);
        let end = if last.from_alias() {
            self.around.line_stop(dash)
        } else {
            (last.span().end as usize).max(dash + 1)
        };
        let at = self.around.behind(end, column + 1);
        let lines = values
            .iter()
            .flat_map(|value| match self.like_siblings(value) {
                Some(text) => vec![format!("{}- {text}", " ".repeat(column))],
                None => render::list_item(value, column, self.around.block),
            });
        let text: String = lines
            .map(|line| format!("{}{line}", self.around.line_end))
            .collect();
        Ok(Splice {
            span: Span::of(at, at),
            text,
        })
    }
}
