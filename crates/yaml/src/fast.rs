//! The fast reader: the YAML that Kubernetes manifests are written in, line by line, into the tree.
//!
//! It reads block mappings and sequences here, scalars in `scalars` and `block`, brackets in `flow`.
//! It declines (`None`) whatever is rare, wrong or doubtful: then `build` reads the whole document,
//! and only `build` reports errors. Invariant: a tree given here is the one `build` would give.

mod block;
mod flow;
#[cfg(test)]
mod generated;
mod lines;
mod scalars;
#[cfg(test)]
mod tests;

use std::cell::Cell;

use crate::grow::{Grow, record};
use crate::scalar;
use crate::text::{Span, offset};
use crate::tree::{Shape, Style, Tree};

/// Nesting deeper than this is rare; `build` knows the exact limits.
const DEEPEST: usize = 1_000;

/// Parses the YAML document of this span. `None`: left to `build`.
pub(crate) fn parse(text: &str, span: Span) -> Option<Tree<'_>> {
    let content = span.slice(text);
    if !ordinary(content) {
        return None;
    }
    let start = span.start as usize;
    let mut scan = Scan {
        grow: Grow::new(text),
        bytes: text.as_bytes().get(..span.end as usize)?,
        tabs: memchr::memchr(b'\t', content.as_bytes()).is_some(),
        newline: Cell::new((1, 0)),
        line: start,
        at: start,
        cursor: start,
        levels: Vec::new(),
        pending: None,
    };
    // A manifest has a node for about every 30 bytes; a schema or a long text far fewer.
    scan.grow.tree.records.reserve(content.len() / 64);
    scan.document()?;
    let mut tree = scan.grow.finish(span.start);
    tree.fast = true;
    Some(tree)
}

/// Only characters every reader agrees on, and lines that end in `\n` or `\r\n`.
fn ordinary(content: &str) -> bool {
    let bytes = content.as_bytes();
    let odd =
        |byte: &u8| (*byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) | (*byte == 0x7f);
    let controls = bytes.iter().fold(false, |found, byte| found | odd(byte));
    let whole_ends = || {
        let mut returns = memchr::memchr_iter(b'\r', bytes);
        returns.all(|at| bytes.get(at + 1) == Some(&b'\n'))
    };
    !controls && (content.is_ascii() || content.chars().all(printable)) && whole_ends()
}

/// Not a control character, not a mark, and no line end but the usual ones.
fn printable(c: char) -> bool {
    !matches!(
        c,
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

/// An open block collection.
struct Level {
    /// Its column, from 0.
    indent: usize,
    mapping: bool,
}

struct Scan<'t> {
    grow: Grow<'t>,
    /// The text up to the document's end.
    bytes: &'t [u8],
    /// The document has tabs, so they must be looked for.
    tabs: bool,
    /// An offset and the next line feed after it, or the end: the last answer to where a line ends.
    newline: Cell<(usize, usize)>,
    /// Where the current line starts.
    line: usize,
    /// The next byte to read. Between lines: the first byte that is not blank.
    at: usize,
    /// The end of the last node.
    cursor: usize,
    levels: Vec<Level>,
    /// Where the value of the last key or dash was missing so far: directly after it.
    pending: Option<usize>,
}

impl Scan<'_> {
    fn document(&mut self) -> Option<()> {
        self.at = self.skip_spaces(self.line);
        self.next_line(self.at);
        while let Some(byte) = self.byte(self.at) {
            if byte == b'#' {
                let end = self.line_end(self.at);
                self.comment(self.at, end);
                self.next_line(end);
            } else {
                self.content_line(byte)?;
            }
        }
        self.missing_value()?;
        while !self.levels.is_empty() {
            self.close()?;
        }
        // A document without a node is rare: `build` says what it is.
        (!self.grow.tree.records.is_empty()).then_some(())
    }

    /// A line that starts with a node, or with the key or dash before one.
    fn content_line(&mut self, byte: u8) -> Option<()> {
        let column = self.at - self.line;
        let dash = byte == b'-' && self.gap(self.at + 1);
        if column == 0 && matches!(byte, b'-' | b'.' | b'%') && !dash {
            return None;
        }
        let Some(top) = self.levels.last() else {
            return self.grow.tree.records.is_empty().then(|| self.node())?;
        };
        if self.pending.is_some() {
            let indentless = dash && top.mapping && top.indent == column;
            if column > top.indent || indentless {
                self.pending = None;
                return self.node();
            }
            self.missing_value()?;
        }
        while let Some(top) = self.levels.last() {
            let beside = top.indent == column && (top.mapping || dash);
            if beside {
                break;
            }
            if top.indent < column {
                return None;
            }
            self.close()?;
        }
        let mapping = self.levels.last()?.mapping;
        match (mapping, dash) {
            (true, false) => self.entry(),
            (false, true) => self.item(),
            _ => None,
        }
    }

    /// A node that starts a line, or stands after a dash.
    fn node(&mut self) -> Option<()> {
        let first = self.byte(self.at)?;
        if first == b'-' && self.gap(self.at + 1) {
            self.open(false)?;
            return self.item();
        }
        if self.levels.is_empty() || self.key_end(first).is_some() {
            self.open(true)?;
            return self.entry();
        }
        self.value(first)
    }

    fn open(&mut self, mapping: bool) -> Option<()> {
        if self.levels.len() >= DEEPEST {
            return None;
        }
        let shape = if mapping {
            Shape::Mapping
        } else {
            Shape::Sequence
        };
        let span = Span::of(self.at, self.at);
        let opened = self.grow.open(record(shape, Style::Block, span));
        opened.ok()?;
        let indent = self.at - self.line;
        self.levels.push(Level { indent, mapping });
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        self.levels.pop();
        self.grow.close(offset(self.cursor)).ok()
    }

    /// A dash and what stands after it on its line.
    fn item(&mut self) -> Option<()> {
        let after = self.at + 1;
        self.cursor = self.cursor.max(after);
        self.at = self.skip_spaces(after);
        if self.line_is_over(after)? {
            // The general reader puts a missing item at the end of its dash's line.
            self.pending = Some(self.line_end(after));
            return Some(());
        }
        self.node()
    }

    /// A key and what stands after it on its line.
    fn entry(&mut self) -> Option<()> {
        let first = self.byte(self.at)?;
        let end = self.key_end(first)?;
        let colon = self.skip_spaces(end);
        self.key(first, end)?;
        let after = colon + 1;
        self.at = self.skip_spaces(after);
        if self.line_is_over(after)? {
            return Some(());
        }
        let first = self.byte(self.at)?;
        if first == b'-' && self.gap(self.at + 1) {
            return None;
        }
        self.value(first)
    }

    /// True if only a comment, or nothing, is left on the line: then a value is pending.
    fn line_is_over(&mut self, after: usize) -> Option<bool> {
        match self.byte(self.at) {
            None | Some(b'\n' | b'\r') => {}
            Some(b'#') if self.at > after => {}
            Some(b'#') => return None,
            _ => return Some(false),
        }
        self.pending = Some(after);
        self.end_line(self.at)?;
        Some(true)
    }

    fn missing_value(&mut self) -> Option<()> {
        match self.pending.take() {
            Some(at) => self.scalar(Style::Plain, Span::of(at, at), None),
            None => Some(()),
        }
    }

    /// Places a scalar. `decoded`: its text, where that is not what stands in the source.
    fn scalar(&mut self, style: Style, span: Span, decoded: Option<String>) -> Option<()> {
        let shape = match style {
            Style::Plain => {
                let raw = span.slice(self.grow.tree.text);
                plain_shape(decoded.as_deref().unwrap_or(raw))?
            }
            _ => Shape::Str,
        };
        let mut scalar = record(shape, style, span);
        if let Some(text) = decoded {
            scalar.first = self.grow.set_aside(text);
        }
        self.grow.place(scalar).ok()?;
        self.cursor = span.end as usize;
        Some(())
    }
}

/// The type of a plain scalar. `None` for merge keys and for numbers JSON does not have.
fn plain_shape(text: &str) -> Option<Shape> {
    let resolved = scalar::resolve(text);
    let infinite = matches!(resolved, crate::node::Scalar::Float(value) if !value.is_finite());
    (!infinite && text != "<<").then(|| scalar::shape(resolved))
}
