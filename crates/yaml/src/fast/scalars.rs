//! Keys, plain scalars and quoted scalars.
//!
//! Scalars of one line stay slices of the source; folded and escaped ones are decoded at once.

use super::Scan;
use crate::text::Span;
use crate::tree::Style;

/// What ends a plain scalar on its line.
#[derive(PartialEq, Eq)]
enum Stop {
    /// A colon before a blank: the scalar is a key.
    Colon,
    Comment,
    LineEnd,
}

impl Scan<'_> {
    /// Where the key starting here ends, if it is one: the colon follows, blanks aside.
    pub(super) fn key_end(&self, first: u8) -> Option<usize> {
        let end = match first {
            b'"' | b'\'' => {
                let end = self.quoted_end(self.at)?;
                let one_line = end <= self.line_end(self.at);
                one_line.then_some(end)?
            }
            _ => {
                let (end, stop) = self.plain_end(self.at)?;
                return (stop == Stop::Colon).then_some(end);
            }
        };
        let colon = self.skip_spaces(end);
        (self.byte(colon) == Some(b':') && self.gap(colon + 1)).then_some(end)
    }

    pub(super) fn key(&mut self, first: u8, end: usize) -> Option<()> {
        match first {
            b'"' | b'\'' => self.quoted(first, end),
            _ => self.scalar(Style::Plain, Span::of(self.at, end), None),
        }
    }

    /// A value that is no block collection.
    pub(super) fn value(&mut self, first: u8) -> Option<()> {
        match first {
            b'"' | b'\'' => {
                let end = self.quoted_end(self.at)?;
                self.quoted(first, end)?;
                self.end_line(end)
            }
            b'|' | b'>' => self.block_scalar(first),
            b'[' | b'{' => {
                let end = self.flow()?;
                self.end_line(end)
            }
            _ => self.plain(),
        }
    }

    /// A plain value with all its lines.
    fn plain(&mut self) -> Option<()> {
        let start = self.at;
        let (mut end, mut stop) = self.plain_end(start)?;
        let indent = self.levels.last()?.indent;
        let mut folded: Option<String> = None;
        while stop == Stop::LineEnd {
            let passed = self.next_line(self.skip_spaces(end));
            let inside = passed > 0 && self.at - self.line > indent;
            if !inside || self.byte(self.at).is_none_or(|byte| byte == b'#') {
                break;
            }
            let text = folded.get_or_insert_with(|| self.slice(start, end).to_owned());
            fold(text, passed);
            (end, stop) = self.plain_rest(self.at)?;
            text.push_str(self.slice(self.at, end));
        }
        self.scalar(Style::Plain, Span::of(start, end), folded)?;
        match stop {
            Stop::LineEnd => Some(()),
            Stop::Comment => self.end_line(end),
            Stop::Colon => None,
        }
    }

    /// The end of a plain scalar's first line, and what ended it. `None`: no plain scalar can start here.
    fn plain_end(&self, start: usize) -> Option<(usize, Stop)> {
        match self.byte(start)? {
            b'-' | b'?' | b':' if self.gap(start + 1) => None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' | b'\t' => None,
            _ => self.plain_rest(start),
        }
    }

    fn plain_rest(&self, start: usize) -> Option<(usize, Stop)> {
        let end = self.line_end(start);
        let line = self.bytes.get(start..end)?;
        let (mut length, mut stop) = (line.len(), Stop::LineEnd);
        for at in memchr::memchr2_iter(b':', b'#', line) {
            let colon = line.get(at) == Some(&b':');
            if colon && matches!(line.get(at + 1), None | Some(b' ' | b'\t')) {
                (length, stop) = (at, Stop::Colon);
                break;
            }
            let before = at.checked_sub(1).and_then(|before| line.get(before));
            if !colon && matches!(before, Some(b' ' | b'\t')) {
                (length, stop) = (at, Stop::Comment);
                break;
            }
        }
        let text = line.get(..length)?;
        let looked_at = line.get(..(length + 2).min(line.len()))?;
        if self.tabs && memchr::memchr(b'\t', looked_at).is_some() {
            return None;
        }
        let trailing = text.iter().rev().take_while(|byte| **byte == b' ').count();
        Some((start + length - trailing, stop))
    }

    /// Where the quoted scalar starting here ends, its closing quote included.
    pub(super) fn quoted_end(&self, start: usize) -> Option<usize> {
        let mut at = start + 1;
        if self.byte(start) == Some(b'\'') {
            loop {
                at += memchr::memchr(b'\'', self.bytes.get(at..)?)? + 1;
                if self.byte(at) != Some(b'\'') {
                    return Some(at);
                }
                at += 1;
            }
        }
        loop {
            at += memchr::memchr2(b'"', b'\\', self.bytes.get(at..)?)? + 1;
            match self.byte(at - 1)? {
                b'"' => return Some(at),
                _ => at += 1,
            }
        }
    }

    /// Places the quoted scalar that starts here and ends there.
    pub(super) fn quoted(&mut self, quote: u8, end: usize) -> Option<()> {
        let span = Span::of(self.at, end);
        let inner = self.slice(self.at + 1, end - 1);
        let single = quote == b'\'';
        let mark = if single { b'\'' } else { b'\\' };
        let style = if single {
            Style::SingleQuoted
        } else {
            Style::DoubleQuoted
        };
        let special = memchr::memchr2(b'\n', mark, inner.as_bytes()).is_some();
        let decoded = match (special, single) {
            (false, _) => None,
            (true, true) => Some(self.unfold(inner, single)?.replace("''", "'")),
            (true, false) => Some(unescape(&self.unfold(inner, single)?)?),
        };
        self.scalar(style, span, decoded)?;
        // The line that a scalar of several lines ends in has no column of its own.
        self.at = end;
        Some(())
    }

    /// Joins the lines of a quoted scalar; its escapes stay, except those of line ends.
    fn unfold<'a>(&self, inner: &'a str, single: bool) -> Option<std::borrow::Cow<'a, str>> {
        let Some((first, rest)) = inner.split_once('\n') else {
            return Some(inner.into());
        };
        let mut text = String::with_capacity(inner.len());
        let mut joined = quoted_line(&mut text, first, single)?;
        let mut passed = 1;
        let mut lines = rest.split('\n').peekable();
        while let Some(line) = lines.next() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            let content = line.trim_start_matches(' ');
            let last = lines.peek().is_none();
            if content.is_empty() && !last {
                passed += 1;
                continue;
            }
            // However little a line is indented, libyaml goes on: some writers of YAML count on it.
            let marker = line.starts_with("---") || line.starts_with("...");
            if marker || content.starts_with('\t') || (joined && passed > 1) {
                return None;
            }
            if !joined {
                fold(&mut text, passed);
            }
            passed = 1;
            if last {
                text.push_str(content);
            } else {
                joined = quoted_line(&mut text, content, single)?;
            }
        }
        Some(text.into())
    }
}

/// Adds a line of a quoted scalar that others follow. True: its line end is escaped.
fn quoted_line(text: &mut String, line: &str, single: bool) -> Option<bool> {
    let line = line.strip_suffix('\r').unwrap_or(line);
    let content = line.trim_end_matches([' ', '\t']);
    let slashes = content.bytes().rev().take_while(|byte| *byte == b'\\');
    let escaped = !single && !slashes.count().is_multiple_of(2);
    if escaped && content.len() < line.len() {
        return None;
    }
    let content = content.get(..content.len() - usize::from(escaped))?;
    if escaped {
        // An escape does not go on in the next line.
        unescape(content)?;
    }
    text.push_str(content);
    Some(escaped)
}

/// Adds what this number of line ends between two lines folds to.
fn fold(text: &mut String, ends: usize) {
    match ends {
        1 => text.push(' '),
        _ => text.extend(std::iter::repeat_n('\n', ends - 1)),
    }
}

/// Decodes YAML's escapes. `None`: surrogates, and what is no escape.
fn unescape(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let code = |width: usize| {
            let digits = after.get(1..=width)?;
            let hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let code = hex.then(|| u32::from_str_radix(digits, 16).ok())?;
            Some((char::from_u32(code?)?, width + 1))
        };
        let (c, width) = match after.as_bytes().first()? {
            b'0' => ('\0', 1),
            b'a' => ('\u{7}', 1),
            b'b' => ('\u{8}', 1),
            b't' => ('\t', 1),
            b'n' => ('\n', 1),
            b'v' => ('\u{b}', 1),
            b'f' => ('\u{c}', 1),
            b'r' => ('\r', 1),
            b'e' => ('\u{1b}', 1),
            same @ (b' ' | b'"' | b'/' | b'\\') => (char::from(*same), 1),
            b'N' => ('\u{85}', 1),
            b'_' => ('\u{a0}', 1),
            b'L' => ('\u{2028}', 1),
            b'P' => ('\u{2029}', 1),
            b'x' => code(2)?,
            b'u' => code(4)?,
            b'U' => code(8)?,
            _ => return None,
        };
        text.push(c);
        rest = after.get(width..)?;
    }
    text.push_str(rest);
    Some(text)
}
