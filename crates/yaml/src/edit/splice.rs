//! Finds the one stretch of text that makes an edit, in the style of what stands around it. Comments stay with what they
//! belong to: one behind a value and those indented below it move with it, those above an entry stay above it.

use crate::edit::render::{self, Block, Flow};
use crate::edit::{Change, Edit, Refusal, Splice, Value, step};
use crate::node::{Kind, Node};
use crate::path::{Path, Segment};
use crate::text::Span;
use crate::tree::Style;

/// The splice for an edit that is not yet done.
pub(super) fn plan(root: Node<'_>, edit: &Edit) -> Result<Splice, Refusal> {
    let (node, depth) = reach(root, &edit.path);
    let rest = edit.path.segments().get(depth..).unwrap_or_default();
    refuse_shared(node, &edit.path)?;
    let place = Place {
        node,
        path: &edit.path,
        around: Around::of(node),
    };
    match (&edit.change, rest) {
        (Change::Set(value), []) => place.replace(value),
        (Change::Append(value), []) => place.append(value),
        (Change::Remove, []) => place.remove(),
        (Change::Remove, _) => Err(Refusal::Unreachable(edit.path.clone())),
        (Change::Set(value), rest) => place.make(rest, value.clone()),
        (Change::Append(value), rest) => place.make(rest, Value::List(vec![value.clone()])),
    }
}

/// The deepest node on the path, and how many segments lead to it.
fn reach<'a>(root: Node<'a>, path: &Path) -> (Node<'a>, usize) {
    let mut node = root;
    for (depth, segment) in path.segments().iter().enumerate() {
        match step(node, segment) {
            Some(child) => node = child,
            None => return (node, depth),
        }
    }
    (node, path.segments().len())
}

fn refuse_shared(node: Node<'_>, path: &Path) -> Result<(), Refusal> {
    if node.from_alias() || node.from_merge() {
        return Err(Refusal::Shared {
            path: path.clone(),
            anchor: node.span(),
        });
    }
    Ok(())
}

/// The text around the document's places.
struct Around<'a> {
    text: &'a str,
    line_end: &'static str,
    comments: &'a [Span],
}

impl<'a> Around<'a> {
    fn of(node: Node<'a>) -> Around<'a> {
        let text = node.tree().text();
        let windows = text
            .find('\n')
            .is_some_and(|at| text.get(..at).is_some_and(|line| line.ends_with('\r')));
        Around {
            text,
            line_end: if windows { "\r\n" } else { "\n" },
            comments: node.tree().comments(),
        }
    }

    fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |found| found + 1)
    }

    /// The end of the line, before its line end.
    fn line_stop(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        let stop = at + rest.find('\n').unwrap_or(rest.len());
        if self.slice(at, stop).ends_with('\r') {
            stop - 1
        } else {
            stop
        }
    }

    /// The start of the next line, or the end of the text.
    fn next_line(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        rest.find('\n')
            .map_or(self.text.len(), |found| at + found + 1)
    }

    /// How many columns `at` stands from its line's start; a mark at the start of the text has none.
    fn column(&self, at: usize) -> usize {
        self.slice(self.line_start(at), at)
            .trim_start_matches('\u{feff}')
            .chars()
            .count()
    }

    fn has_comment(&self, start: usize, end: usize) -> bool {
        self.comments
            .iter()
            .any(|comment| start <= comment.start as usize && (comment.start as usize) < end)
    }

    /// The start of the comment in which the text before `end` ends.
    fn comment_at(&self, end: usize) -> Option<usize> {
        let next = self
            .comments
            .partition_point(|comment| (comment.start as usize) < end);
        let comment = self.comments.get(next.checked_sub(1)?)?;
        (end <= comment.end as usize).then_some(comment.start as usize)
    }

    /// Where a line can be put behind content that ends at `end`: at the end of its line, or below the comments that
    /// follow directly and are indented at least to `column`. At column 0 a comment belongs to what follows.
    fn behind(&self, end: usize, column: usize) -> usize {
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
}

struct Place<'a, 'p> {
    node: Node<'a>,
    path: &'p Path,
    around: Around<'a>,
}

impl<'a> Place<'a, '_> {
    fn refuse<T>(&self, reason: &'static str) -> Result<T, Refusal> {
        Err(Refusal::Layout {
            path: self.path.clone(),
            reason,
        })
    }

    /// Writes another value where one stands.
    fn replace(&self, value: &Value) -> Result<Splice, Refusal> {
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
    fn fill(&self, value: &Value) -> Result<Splice, Refusal> {
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
        let lines = render::entry(name, value, column, self.block_style());
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

    /// Makes the members that `rest` names, the last with `value`.
    fn make(&self, rest: &[Segment], value: Value) -> Result<Splice, Refusal> {
        let mut keys = Vec::new();
        for segment in rest {
            match segment {
                Segment::Key(key) => keys.push(key.to_string()),
                _ => return Err(Refusal::Unreachable(self.path.clone())),
            }
        }
        let value = keys
            .iter()
            .skip(1)
            .rev()
            .fold(value, |value, key| Value::Map(vec![(key.clone(), value)]));
        let Some(key) = keys.first() else {
            return Err(Refusal::Unreachable(self.path.clone()));
        };
        match (self.node.kind(), self.node.style()) {
            (Kind::Mapping, Style::Flow) => self.insert_flow(&Member::Entry(key, &value)),
            (Kind::Mapping, _) => self.insert_block(key, &value),
            (Kind::Scalar, _) if self.node.is_null() => {
                self.fill(&Value::Map(vec![(key.clone(), value)]))
            }
            _ => Err(Refusal::Unreachable(self.path.clone())),
        }
    }

    /// A new last entry of a block mapping.
    fn insert_block(&self, key: &str, value: &Value) -> Result<Splice, Refusal> {
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
        let lines = render::entry(key, value, column, self.block_style());
        let mut text = String::new();
        for (number, line) in lines.iter().enumerate() {
            text.push_str(self.around.line_end);
            text.push_str(if number == 0 { &pad } else { "" });
            text.push_str(line);
        }
        Ok(Splice {
            span: Span::of(at, at),
            text,
        })
    }

    /// The end of an entry's own text; an alias ends where its name does.
    fn end_of(&self, key: Node<'a>, value: Node<'a>) -> usize {
        let key_end = key.span().end as usize;
        if value.from_alias() {
            self.around.line_stop(key_end)
        } else {
            (value.span().end as usize).max(key_end)
        }
    }

    /// A new last member of a flow collection.
    fn insert_flow(&self, member: &Member<'_>) -> Result<Splice, Refusal> {
        let style = self.flow_style();
        let text = member.render(style);
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
                    text,
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
        let multi_line = self.around.slice(start, first).contains('\n');
        let comma_at = self
            .around
            .slice(last, end)
            .find(',')
            .map(|at| last + at + 1);
        if !multi_line {
            let blank = if style.spaced { " " } else { "" };
            let text = if comma_at.is_some() {
                format!("{blank}{text}")
            } else {
                format!(",{blank}{text}")
            };
            let at = comma_at.unwrap_or(last);
            return Ok(Splice {
                span: Span::of(at, at),
                text,
            });
        }
        let at = comma_at.unwrap_or(last);
        let stop = self.around.line_stop(at);
        let pad = self.around.slice(self.around.line_start(first), first);
        if !pad.trim().is_empty() {
            return self.refuse("its members do not stand on lines of their own");
        }
        let comma = if comma_at.is_some() { "" } else { "," };
        let rest = self.around.slice(at, stop);
        Ok(Splice {
            span: Span::of(at, stop),
            text: format!("{comma}{rest}{}{pad}{text}", self.around.line_end),
        })
    }

    /// A new last item.
    fn append(&self, value: &Value) -> Result<Splice, Refusal> {
        match (self.node.kind(), self.node.style()) {
            (Kind::Sequence, Style::Flow) => self.insert_flow(&Member::Item(value)),
            (Kind::Sequence, _) => {
                let Some(last) = self.node.items().last() else {
                    return self.refuse("it is empty");
                };
                let Some(dash) = self.dash(last) else {
                    return self.refuse("its dashes are hard to find");
                };
                let column = self.around.column(dash);
                let end = (last.span().end as usize).max(dash + 1);
                let end = if last.from_alias() {
                    self.around.line_stop(dash)
                } else {
                    end
                };
                let at = self.around.behind(end, column + 1);
                let lines = render::list_item(value, column, self.block_style());
                let text: String = lines
                    .iter()
                    .map(|line| format!("{}{line}", self.around.line_end))
                    .collect();
                Ok(Splice {
                    span: Span::of(at, at),
                    text,
                })
            }
            (Kind::Scalar, _) if self.node.is_null() => {
                self.fill(&Value::List(vec![value.clone()]))
            }
            _ => Err(Refusal::Unreachable(self.path.clone())),
        }
    }

    /// The offset of an item's dash, which comments, an anchor or a tag may part from the item.
    fn dash(&self, item: Node<'a>) -> Option<usize> {
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

    /// Takes the node away with its key or dash.
    fn remove(&self) -> Result<Splice, Refusal> {
        let Some(parent) = self.node.parent() else {
            return self.refuse("it is the whole document");
        };
        refuse_shared(parent, self.path)?;
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
            Style::Flow => self.remove_flow(parent, start, end),
            _ => self.remove_block(parent, start, end),
        }
    }

    fn remove_block(&self, parent: Node<'a>, start: usize, end: usize) -> Result<Splice, Refusal> {
        let next = self.next_start(parent, start);
        let line = self.around.line_start(start);
        let alone = self
            .around
            .slice(line, start)
            .trim_start_matches('\u{feff}')
            .trim()
            .is_empty();
        if alone && parent.len() > 1 {
            let to = self.around.next_line(end);
            // The last line of a text without a final line end leaves none behind either.
            let from = if to == self.around.text.len() && !self.around.text.ends_with('\n') {
                self.around.line_stop(
                    self.around
                        .slice(0, line)
                        .trim_end_matches(['\n', '\r'])
                        .len(),
                )
            } else {
                line
            };
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

    /// Is the only comment in a stretch the one behind the value that goes?
    fn only_trailing(&self, end: usize, next: usize) -> bool {
        !self.around.has_comment(self.around.next_line(end), next)
    }

    fn remove_flow(&self, parent: Node<'a>, start: usize, end: usize) -> Result<Splice, Refusal> {
        let (from, to) = match self.next_start(parent, start) {
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

    /// Are the keys around in double quotes, or is this the top of a JSON document?
    fn is_json(&self) -> bool {
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

    fn flow_style(&self) -> Flow {
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

    /// The indentation that the document uses, from its first nested mapping and its first list.
    fn block_style(&self) -> Block {
        let mut block = Block { step: 2, dash: 2 };
        let (mut step_known, mut dash_known) = (false, false);
        let root = std::iter::successors(Some(self.node), |node| node.parent())
            .last()
            .unwrap_or(self.node);
        let mut waiting = vec![root];
        while let Some(node) = waiting.pop() {
            if step_known && dash_known || node.style() == Style::Flow {
                continue;
            }
            if let (Some(key), false) = (node.key(), node.from_alias()) {
                let column = self.around.column(key.span().start as usize);
                let own = self.around.column(node.span().start as usize);
                let below = key.span().end < node.span().start
                    && self
                        .around
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

/// What is put into a flow collection.
enum Member<'m> {
    Entry(&'m str, &'m Value),
    Item(&'m Value),
}

impl Member<'_> {
    fn render(&self, style: Flow) -> String {
        match self {
            Member::Entry(key, value) => render::member(key, value, style),
            Member::Item(value) => render::flow(value, style),
        }
    }
}
