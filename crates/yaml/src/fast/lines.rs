//! Moving through the text: bytes, blanks, lines and comments.
//!
//! Nothing here knows what a node is. The end of the document counts as a line end.

use super::Scan;
use crate::text::{BLANKS, Span};

impl<'t> Scan<'t> {
    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// True for a blank, a line end and the end of the text. Tabs are not blanks here.
    pub(super) fn gap(&self, at: usize) -> bool {
        matches!(self.byte(at), None | Some(b' ' | b'\n' | b'\r'))
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        Span::of(start, end).slice(self.grow.tree.text)
    }

    /// Where the line of this offset ends, its line end excluded. Looks once for each line: a long one is asked for often.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let (from, found) = self.newline.get();
        let end = if (from..=found).contains(&at) {
            found
        } else {
            let rest = self.bytes.get(at..).unwrap_or_default();
            let end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |length| at + length);
            self.newline.set((at, end));
            end
        };
        end - usize::from(end > at && self.byte(end - 1) == Some(b'\r'))
    }

    /// From a line's end to the next line that is not blank; gives the number of line ends passed.
    pub(super) fn next_line(&mut self, end: usize) -> usize {
        let (mut at, mut passed) = (end, 0);
        loop {
            match self.byte(at) {
                Some(b'\r') => at += 2,
                Some(b'\n') => at += 1,
                _ => break,
            }
            passed += 1;
            self.line = at;
            at = self.skip_spaces(at);
        }
        self.at = at;
        passed
    }

    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        let spaces = rest.iter().position(|byte| *byte != b' ');
        at + spaces.unwrap_or(rest.len())
    }

    pub(super) fn comment(&mut self, start: usize, end: usize) {
        let trimmed = self.slice(start, end).trim_end_matches(BLANKS).len();
        let span = Span::of(start, start + trimmed);
        self.grow.tree.comments.push(span);
    }

    /// Goes to the next line from the end of a value; only a comment may stand between.
    pub(super) fn end_line(&mut self, from: usize) -> Option<()> {
        let at = self.skip_spaces(from);
        let end = match self.byte(at) {
            None | Some(b'\n' | b'\r') => at,
            Some(b'#') if at > from || self.byte(at.wrapping_sub(1)) == Some(b' ') => {
                let end = self.line_end(at);
                self.comment(at, end);
                end
            }
            Some(_) => return None,
        };
        self.next_line(end);
        Some(())
    }
}
