//! Strict JSON: finding where a value ends, and growing a tree from one.
//!
//! One scanner serves both through [`Sink`]. It accepts what Go's decoder accepts, which kubectl
//! uses; it knows nothing of YAML.
//! Invariant: no recursion; the cost is one pass over the bytes.

use crate::error::{ParseError, ParseErrorKind};
use crate::escape::unescape;
use crate::grow::{Grow, MAX_DEPTH, record, too_deep};
use crate::scalar;
use crate::text::{Span, offset};
use crate::tree::{Shape, Style, Tree};

/// What may stand between values.
pub(crate) const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// Told what the scanner meets, in the order of the text.
trait Sink {
    fn open(&mut self, shape: Shape, at: usize) -> Result<(), ParseError>;
    fn close(&mut self, end: usize) -> Result<(), ParseError>;
    /// A string with its quotes, or a bare word.
    fn scalar(&mut self, start: usize, end: usize) -> Result<(), ParseError>;
}

/// A sink for those who only want to know whether it is JSON.
struct Nowhere;

impl Sink for Nowhere {
    fn open(&mut self, _: Shape, _: usize) -> Result<(), ParseError> {
        Ok(())
    }
    fn close(&mut self, _: usize) -> Result<(), ParseError> {
        Ok(())
    }
    fn scalar(&mut self, _: usize, _: usize) -> Result<(), ParseError> {
        Ok(())
    }
}

impl Sink for Grow<'_> {
    fn open(&mut self, shape: Shape, at: usize) -> Result<(), ParseError> {
        let start = Span::of(at, at + 1);
        Grow::open(self, record(shape, Style::Flow, start)).map(|_| ())
    }

    fn close(&mut self, end: usize) -> Result<(), ParseError> {
        Grow::close(self, offset(end))
    }

    fn scalar(&mut self, start: usize, end: usize) -> Result<(), ParseError> {
        let span = Span::of(start, end);
        let raw = span.slice(self.tree.text);
        let mut scalar = match raw.strip_prefix('"') {
            Some(_) => record(Shape::Str, Style::DoubleQuoted, span),
            None => record(scalar::shape(scalar::resolve(raw)), Style::Plain, span),
        };
        if raw.contains('\\') {
            let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
            scalar.first = self.set_aside(unescape(inner));
        }
        self.place(scalar).map(|_| ())
    }
}

/// Where the JSON value starting at this offset ends.
pub(crate) fn value_end(text: &str, at: usize) -> Result<usize, ParseError> {
    let mut scanner = Scanner::new(text, at);
    scanner.value(&mut Nowhere)?;
    Ok(scanner.at)
}

/// The tree of a span that is exactly one JSON value, blanks around it aside.
pub(crate) fn parse(text: &str, span: Span) -> Result<Tree<'_>, ParseError> {
    let mut grow = Grow::new(text);
    Scanner::new(text, span.start as usize).value(&mut grow)?;
    let mut tree = grow.finish(span.start);
    tree.fast = true;
    Ok(tree)
}

/// The text of a JSON string starting at this offset, and where it ends. `None`: no string there.
pub(crate) fn string_at(text: &str, at: usize) -> Option<(String, usize)> {
    let mut scanner = Scanner::new(text, at);
    scanner.string().ok()?;
    let inner = text.get(at + 1..scanner.at - 1)?;
    Some((unescape(inner), scanner.at))
}

/// What the scanner may meet next.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// The open collections: true for objects.
    open: Vec<bool>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, at: usize) -> Self {
        Scanner {
            text,
            at,
            open: Vec::new(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn fail<T>(&self, message: &str) -> Result<T, ParseError> {
        let width = self
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next());
        let span = Span::of(self.at, self.at + width.map_or(0, char::len_utf8));
        let comment = matches!(self.peek(), Some(b'/' | b'#'));
        let message = match comment {
            true => "JSON has no comments: remove it",
            false => message,
        };
        Err(ParseError::new(ParseErrorKind::Syntax, span, message))
    }

    /// Scans one value with all it contains.
    fn value(&mut self, sink: &mut impl Sink) -> Result<(), ParseError> {
        let mut expect = Expect::Value;
        loop {
            self.skip_blanks();
            expect = match expect {
                Expect::Value | Expect::ValueOrEnd => self.step_value(expect, sink)?,
                Expect::Key | Expect::KeyOrEnd => self.step_key(expect, sink)?,
                Expect::CommaOrEnd => self.step_comma(sink)?,
            };
            if self.open.is_empty() {
                return Ok(());
            }
        }
    }

    fn step_value(&mut self, expect: Expect, sink: &mut impl Sink) -> Result<Expect, ParseError> {
        let start = self.at;
        match self.peek() {
            Some(b'{') => return self.step_open(Shape::Mapping, sink),
            Some(b'[') => return self.step_open(Shape::Sequence, sink),
            Some(b']') if expect == Expect::ValueOrEnd => return self.step_close(sink),
            Some(b'"') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        }
        sink.scalar(start, self.at)?;
        Ok(Expect::CommaOrEnd)
    }

    fn step_key(&mut self, expect: Expect, sink: &mut impl Sink) -> Result<Expect, ParseError> {
        let start = self.at;
        match self.peek() {
            Some(b'}') if expect == Expect::KeyOrEnd => return self.step_close(sink),
            Some(b'"') => self.string()?,
            _ => return self.fail("expected a key in double quotes here"),
        }
        sink.scalar(start, self.at)?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return self.fail("expected a colon after the key");
        }
        self.at += 1;
        Ok(Expect::Value)
    }

    fn step_comma(&mut self, sink: &mut impl Sink) -> Result<Expect, ParseError> {
        let in_object = self.open.last().copied().unwrap_or_default();
        match self.peek() {
            Some(b',') => self.at += 1,
            Some(b'}') if in_object => return self.step_close(sink),
            Some(b']') if !in_object => return self.step_close(sink),
            _ if in_object => return self.fail("expected a comma or a closing brace here"),
            _ => return self.fail("expected a comma or a closing bracket here"),
        }
        Ok(if in_object {
            Expect::Key
        } else {
            Expect::Value
        })
    }

    fn step_open(&mut self, shape: Shape, sink: &mut impl Sink) -> Result<Expect, ParseError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(Span::of(self.at, self.at + 1)));
        }
        sink.open(shape, self.at)?;
        self.at += 1;
        let object = shape == Shape::Mapping;
        self.open.push(object);
        Ok(if object {
            Expect::KeyOrEnd
        } else {
            Expect::ValueOrEnd
        })
    }

    fn step_close(&mut self, sink: &mut impl Sink) -> Result<Expect, ParseError> {
        self.at += 1;
        self.open.pop();
        sink.close(self.at)?;
        Ok(Expect::CommaOrEnd)
    }

    fn string(&mut self) -> Result<(), ParseError> {
        if self.peek() != Some(b'"') {
            return self.fail("expected a string in double quotes here");
        }
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(0..=0x1f) => {
                    return self.fail("write control characters in a string as `\\u00..`");
                }
                Some(_) => self.at += 1,
                None => return self.fail("this string has no closing quote"),
            }
        }
        self.at += 1;
        Ok(())
    }

    fn escape(&mut self) -> Result<(), ParseError> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return self.fail("expected four hexadecimal digits after `\\u`");
                    }
                    self.at += 1;
                }
            }
            _ => return self.fail("JSON has no such escape: write a backslash as `\\\\`"),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), ParseError> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return self.fail("expected a digit here");
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), ParseError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(());
            }
        }
        self.fail("expected a JSON value here: text needs double quotes")
    }
}
