//! [`Path`]: Kubernetes' own notation for a place in a document.
//!
//! Printing and reading are inverse to each other for every path, whatever its keys contain.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::escape::quoted;
use crate::json;
use crate::node::Node;

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Segment {
    /// Into a mapping: `.name` or `["any text"]`. Counted, because paths of one document are made of few keys.
    Key(Arc<str>),
    /// Into a sequence, from 0: `[3]`.
    Index(u32),
    /// Into a document embedded in a string value: `!`.
    Embedded,
    /// To a command line flag in a string value: `!--name`; the name excludes the dashes.
    Flag(Box<str>),
}

/// A place in a document, from its root: `spec.containers[0].image`. Cheap to clone: its steps are counted.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct Path(Arc<[Segment]>);

/// A text is not a path.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message} at byte {offset}")]
pub struct PathError {
    /// Byte offset of the trouble in the text given.
    pub offset: usize,
    /// What was expected.
    pub message: String,
}

impl From<Vec<Segment>> for Path {
    fn from(segments: Vec<Segment>) -> Self {
        Path(segments.into())
    }
}

impl From<&[Segment]> for Path {
    fn from(segments: &[Segment]) -> Self {
        Path(segments.into())
    }
}

impl Borrow<[Segment]> for Path {
    fn borrow(&self) -> &[Segment] {
        &self.0
    }
}

impl Path {
    /// The path of the document itself, printed as an empty text.
    pub fn root() -> Path {
        Path::default()
    }

    /// Appends a step. Cost: that of all steps; many are better collected first.
    pub fn push(&mut self, segment: Segment) {
        self.0 = self.0.iter().cloned().chain([segment]).collect();
    }

    /// Removes and returns the last step. `None` at the root. Cost: that of all steps.
    pub fn pop(&mut self) -> Option<Segment> {
        let (last, rest) = self.0.split_last()?;
        let (last, rest) = (last.clone(), rest.into());
        self.0 = rest;
        Some(last)
    }

    /// This path followed by another.
    pub fn join(&self, rest: &Path) -> Path {
        Path(self.0.iter().chain(&*rest.0).cloned().collect())
    }

    /// Does this path lead to or through the place that `above` names?
    pub fn starts_with(&self, above: &Path) -> bool {
        self.0.starts_with(&above.0)
    }

    /// The steps from the root.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The node at this path. `None`: not there, or the path leads into embedded text.
    pub fn resolve<'a>(&self, root: Node<'a>) -> Option<Node<'a>> {
        let (node, matched) = self.nearest(root);
        (matched == self.0.len()).then_some(node)
    }

    /// The deepest node on the way that exists, and how many steps lead to it.
    pub fn nearest<'a>(&self, root: Node<'a>) -> (Node<'a>, usize) {
        let mut node = root;
        for (matched, segment) in self.0.iter().enumerate() {
            match step(node, segment) {
                Some(next) => node = next,
                None => return (node, matched),
            }
        }
        (node, self.0.len())
    }
}

fn step<'a>(node: Node<'a>, segment: &Segment) -> Option<Node<'a>> {
    match segment {
        Segment::Key(key) => node.get(key),
        Segment::Index(index) => node.at(*index as usize),
        Segment::Embedded | Segment::Flag(_) => None,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fresh = true;
        for segment in &*self.0 {
            match segment {
                Segment::Key(key) if !is_plain(key) => write!(f, "[{}]", quoted(key))?,
                Segment::Key(key) if fresh => f.write_str(key)?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Embedded => f.write_str("!")?,
                Segment::Flag(name) if is_flag(name) => write!(f, "!--{name}")?,
                Segment::Flag(name) => write!(f, "!--{}", quoted(name))?,
            }
            fresh = *segment == Segment::Embedded;
        }
        Ok(())
    }
}

/// Can this key stand in a path as it is?
fn is_plain(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && key.chars().all(in_name)
}

/// Can this flag name stand in a path as it is?
fn is_flag(name: &str) -> bool {
    !name.is_empty() && name.chars().all(in_name)
}

fn in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Path, PathError> {
        let mut reader = Reader { text, at: 0 };
        let mut steps = Vec::new();
        while reader.at < text.len() {
            let fresh = matches!(steps.last(), None | Some(Segment::Embedded));
            steps.push(reader.segment(fresh)?);
        }
        Ok(Path::from(steps))
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len();
        }
        found
    }

    fn fail<T>(&self, message: &str) -> Result<T, PathError> {
        Err(PathError {
            offset: self.at,
            message: message.to_owned(),
        })
    }

    fn segment(&mut self, fresh: bool) -> Result<Segment, PathError> {
        if self.eat("!--") {
            return self.flag();
        }
        if self.eat("!") {
            return Ok(Segment::Embedded);
        }
        if self.eat("[") {
            return self.bracket();
        }
        if !fresh && !self.eat(".") {
            return self.fail("expected `.`, `[` or `!`");
        }
        let name = self.word();
        if is_plain(name) {
            return Ok(Segment::Key(name.into()));
        }
        self.at -= name.len();
        self.fail("expected a name; write other keys as `[\"key\"]`")
    }

    /// The characters up to the end of a plain name; possibly none.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !in_name(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    fn flag(&mut self) -> Result<Segment, PathError> {
        if self.rest().starts_with('"') {
            return Ok(Segment::Flag(self.quoted()?.into()));
        }
        match self.word() {
            "" => self.fail("expected the name of a flag"),
            name => Ok(Segment::Flag(name.into())),
        }
    }

    fn bracket(&mut self) -> Result<Segment, PathError> {
        let segment = if self.rest().starts_with('"') {
            Segment::Key(self.quoted()?.into())
        } else {
            Segment::Index(self.index()?)
        };
        if self.eat("]") {
            Ok(segment)
        } else {
            self.fail("expected `]`")
        }
    }

    fn index(&mut self) -> Result<u32, PathError> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let digits = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let Ok(index) = digits.parse() else {
            return self.fail("expected an index such as `0`, or a key in double quotes");
        };
        self.at += digits.len();
        Ok(index)
    }

    fn quoted(&mut self) -> Result<String, PathError> {
        let Some((text, end)) = json::string_at(self.text, self.at) else {
            return self.fail("expected a key in double quotes, escaped as in JSON");
        };
        self.at = end;
        Ok(text)
    }
}
