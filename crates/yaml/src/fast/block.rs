//! Literal and folded block scalars with every header.

use super::Scan;
use crate::text::{BLANKS, Span};
use crate::tree::Style;

/// What a header says: how line ends at the end are kept, and the indentation it states.
#[derive(Default)]
struct Header {
    keep: bool,
    strip: bool,
    indent: Option<usize>,
}

/// The text of a block scalar as it grows.
struct Text {
    text: String,
    folded: bool,
    /// Line ends not yet written: the last line's own and those of empty lines.
    ends: usize,
    any: bool,
    /// The last line starts with a blank, so it is not folded.
    spaced: bool,
}

impl Scan<'_> {
    pub(super) fn block_scalar(&mut self, indicator: u8) -> Option<()> {
        let start = self.at;
        let (header, after) = self.header(start + 1)?;
        let parent = self.levels.last()?.indent;
        let comments = self.grow.tree.comments.len();
        self.end_line(after)?;
        let first = self
            .grow
            .tree
            .comments
            .get(comments)
            .map_or(after, |comment| comment.end as usize);
        let first = self.after_line(first);
        let folded = indicator == b'>';
        let mut text = Text {
            text: String::new(),
            folded,
            ends: 0,
            any: false,
            spaced: false,
        };
        let indent = match header.indent {
            Some(more) => parent + more,
            None => self.first_indent(first, parent)?,
        };
        let end = self.lines(first, indent, &mut text)?;
        let text = text.finish(&header)?;
        let style = if folded {
            Style::Folded
        } else {
            Style::Literal
        };
        let trimmed = self.slice(start, end).trim_end_matches(BLANKS).len();
        self.scalar(style, Span::of(start, start + trimmed), Some(text))?;
        self.line = end;
        self.at = self.skip_spaces(end);
        self.next_line(self.at);
        // What follows stands no deeper than the parent, or the indentation is doubtful.
        (self.at >= self.bytes.len() || self.at - self.line <= parent).then_some(())
    }

    fn header(&self, mut at: usize) -> Option<(Header, usize)> {
        let mut header = Header::default();
        loop {
            let chomped = header.keep || header.strip;
            match self.byte(at) {
                Some(b'+') if !chomped => header.keep = true,
                Some(b'-') if !chomped => header.strip = true,
                Some(digit @ b'1'..=b'9') if header.indent.is_none() => {
                    header.indent = Some(usize::from(digit - b'0'));
                }
                None | Some(b' ' | b'\n' | b'\r') => return Some((header, at)),
                Some(_) => return None,
            }
            at += 1;
        }
    }

    /// Where the line after the one of this offset starts.
    fn after_line(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |length| at + length + 1)
    }

    /// The indentation of the first line with content, which `next_line` has found. Empty lines
    /// before it must not be longer.
    fn first_indent(&self, first: usize, parent: usize) -> Option<usize> {
        let over = self.at >= self.bytes.len();
        let indent = (self.at - self.line).max(parent + 1);
        let (indent, end) = match over {
            true => (parent + 1, self.bytes.len()),
            false => (indent, self.line),
        };
        let mut at = first;
        while at < end {
            if self.skip_spaces(at) - at > indent {
                return None;
            }
            at = self.after_line(at);
        }
        (self.byte(self.at) != Some(b'\t')).then_some(indent)
    }

    /// Reads lines from here on; gives where the first line that is not the scalar's starts.
    fn lines(&self, first: usize, indent: usize, text: &mut Text) -> Option<usize> {
        let mut at = first;
        while at < self.bytes.len() {
            let end = self.line_end(at);
            let spaces = self.skip_spaces(at) - at;
            let content = at + spaces.min(indent);
            let open_end = end == self.bytes.len();
            if content < end {
                if spaces < indent {
                    let tab = self.byte(content) == Some(b'\t');
                    return (!tab).then_some(at);
                }
                if open_end && at + spaces == end {
                    return None;
                }
                text.line(self.slice(content, end));
            } else if open_end {
                return text.any.then_some(end);
            } else {
                text.ends += 1;
            }
            at = self.after_line(end);
        }
        Some(at)
    }
}

impl Text {
    fn line(&mut self, line: &str) {
        let spaced = line.starts_with([' ', '\t']);
        let folds = self.folded && self.any && !self.spaced && !spaced;
        match self.ends {
            1 if folds => self.text.push(' '),
            ends => {
                let written = ends - usize::from(folds);
                self.text.extend(std::iter::repeat_n('\n', written));
            }
        }
        self.text.push_str(line);
        (self.ends, self.any, self.spaced) = (1, true, spaced);
    }

    fn finish(mut self, header: &Header) -> Option<String> {
        if header.keep && !self.any {
            return None;
        }
        let ends = match (header.keep, header.strip) {
            (true, _) => self.ends,
            (_, true) => 0,
            _ => usize::from(self.any),
        };
        self.text.extend(std::iter::repeat_n('\n', ends));
        Some(self.text)
    }
}
