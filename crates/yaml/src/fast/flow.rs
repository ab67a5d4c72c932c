//! Flow collections: brackets and braces, on one line or several.
//!
//! Declined: keys that are collections, entries without a value, scalars of several lines, and
//! anything else but lists and mappings as JSON knows them, quotes aside.

use super::{DEEPEST, Scan};
use crate::grow::record;
use crate::text::{Span, offset};
use crate::tree::{Shape, Style};

impl Scan<'_> {
    /// Reads the collection starting here; gives where it ends.
    pub(super) fn flow(&mut self) -> Option<usize> {
        let mut open: Vec<bool> = Vec::new();
        // A value or key may come next; else a comma must.
        let mut wanted = true;
        loop {
            let byte = self.byte(self.at)?;
            let mapping = open.last().copied();
            match byte {
                b'[' | b'{' if wanted && mapping != Some(true) => {
                    self.flow_open(byte, &mut open)?;
                }
                b']' | b'}' => {
                    if open.pop() != Some(byte == b'}') {
                        return None;
                    }
                    self.at += 1;
                    self.cursor = self.at;
                    self.grow.close(offset(self.at)).ok()?;
                    if open.is_empty() {
                        return Some(self.at);
                    }
                    wanted = false;
                }
                b',' if !wanted => {
                    self.at += 1;
                    wanted = true;
                }
                _ if !wanted => return None,
                _ if mapping == Some(true) => {
                    self.flow_key()?;
                    let byte = self.byte(self.at)?;
                    if matches!(byte, b'[' | b'{') {
                        self.flow_open(byte, &mut open)?;
                    } else {
                        self.flow_scalar()?;
                        wanted = false;
                    }
                }
                _ => {
                    self.flow_scalar()?;
                    wanted = false;
                }
            }
            self.flow_blanks()?;
        }
    }

    fn flow_open(&mut self, bracket: u8, open: &mut Vec<bool>) -> Option<()> {
        if open.len() >= DEEPEST {
            return None;
        }
        let mapping = bracket == b'{';
        let shape = if mapping {
            Shape::Mapping
        } else {
            Shape::Sequence
        };
        let span = Span::of(self.at, self.at);
        self.grow.open(record(shape, Style::Flow, span)).ok()?;
        open.push(mapping);
        self.at += 1;
        Some(())
    }

    /// Skips blanks, line ends and comments.
    fn flow_blanks(&mut self) -> Option<()> {
        loop {
            let from = self.at;
            self.at = self.skip_spaces(from);
            match self.byte(self.at)? {
                b'\n' | b'\r' => {
                    self.next_line(self.at);
                    let first = self.byte(self.at)?;
                    if self.at == self.line && matches!(first, b'-' | b'.' | b'%') {
                        return None;
                    }
                }
                b'#' if self.at > from || self.at == self.line => {
                    let end = self.line_end(self.at);
                    self.comment(self.at, end);
                    self.at = end;
                }
                b'#' | b'\t' => return None,
                _ if self.at == from => return Some(()),
                _ => {}
            }
        }
    }

    /// A key, its colon and the blanks after it.
    fn flow_key(&mut self) -> Option<()> {
        let quoted = matches!(self.byte(self.at)?, b'"' | b'\'');
        self.flow_scalar()?;
        let colon = self.skip_spaces(self.at);
        let blank = self.gap(colon + 1);
        if self.byte(colon) != Some(b':') || !(blank || quoted && colon == self.at) {
            return None;
        }
        self.at = colon + 1;
        self.flow_blanks()
    }

    fn flow_scalar(&mut self) -> Option<()> {
        let first = self.byte(self.at)?;
        let line_end = self.line_end(self.at);
        if matches!(first, b'"' | b'\'') {
            let end = self.quoted_end(self.at)?;
            return (end <= line_end).then(|| self.quoted(first, end))?;
        }
        let end = self.flow_plain_end(first, line_end)?;
        self.scalar(Style::Plain, Span::of(self.at, end), None)?;
        self.at = end;
        // What follows decides: another word on the next line would belong to this scalar.
        let ahead = self.skip_spaces(end);
        let mut next = ahead;
        while matches!(self.byte(next), Some(b' ' | b'\n' | b'\r')) {
            next += 1;
        }
        match self.byte(next)? {
            b',' | b']' | b'}' => Some(()),
            b':' if next == ahead => Some(()),
            _ => None,
        }
    }

    fn flow_plain_end(&self, first: u8, line_end: usize) -> Option<usize> {
        let line = self.bytes.get(self.at..line_end)?;
        let odd = match first {
            b'-' | b':' => {
                let second = line.get(1).copied().unwrap_or(b' ');
                !(second.is_ascii_alphanumeric() || matches!(second, b'-' | b'.' | b'/'))
            }
            b'?' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>'
            | b'%' | b'@' | b'`' | b'\t' => true,
            _ => false,
        };
        if odd {
            return None;
        }
        let mut length = line.len();
        for (at, byte) in line.iter().enumerate() {
            match byte {
                b'[' | b'{' | b'#' | b'\t' => return None,
                b',' | b']' | b'}' => {}
                b':' => match line.get(at + 1) {
                    None | Some(b' ') => {}
                    Some(b'[' | b'{' | b'\t') => return None,
                    // As in `[fd00::]`: to kubectl such a colon belongs to the text.
                    _ => continue,
                },
                _ => continue,
            }
            length = at;
            break;
        }
        let text = line.get(..length)?;
        let trailing = text.iter().rev().take_while(|byte| **byte == b' ').count();
        (length > trailing).then_some(self.at + length - trailing)
    }
}
