//! Changes to one document that touch no byte besides. Each edit is a splice at a node's span, and is proved before it is
//! given out: the new text is parsed again and compared with the intended tree. What cannot be done so is refused with
//! the reason.

mod proof;
pub(crate) mod render;
mod splice;

use std::fmt;

use crate::error::ParseError;
use crate::node::{Kind, Node};
use crate::parse::parse;
use crate::path::{Path, Segment};
use crate::split::split;
use crate::text::Span;

/// A value to write.
#[derive(Clone, PartialEq, Debug)]
pub enum Value {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string; quoted where kubectl would read its characters as something else.
    Str(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping, in the order in which it is written.
    Map(Vec<(String, Value)>),
}

/// What to do at a path.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// Makes the value of a mapping's key, or a list's item, this one. Mappings on the way that are not there are made.
    Set(Value),
    /// Takes the entry or item away, and with it the mappings and lists above that it leaves empty.
    Remove,
    /// Adds an item to the end of a list, which is made where it is not there.
    Append(Value),
}

/// One change at one place.
#[derive(Clone, PartialEq, Debug)]
pub struct Edit {
    /// Where, from the top of the document.
    pub path: Path,
    /// What.
    pub change: Change,
}

/// Why an edit is not made.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The place was written elsewhere and is used here by an alias or a merge key.
    #[error("{path} comes from an anchor at byte {}: change it there, for all that use it", .anchor.start)]
    Shared {
        /// The place that was to be changed.
        path: Path,
        /// Where the anchor's text stands.
        anchor: Span,
    },
    /// The path leads through a scalar, an index that is not there, or into embedded text.
    #[error("{0} cannot be reached: something on the way is not a mapping or list")]
    Unreachable(Path),
    /// The text around the place is written in a way that leaves no room for a clean edit.
    #[error("{path} cannot be changed without touching other text: {reason}")]
    Layout {
        /// The place.
        path: Path,
        /// What is in the way.
        reason: &'static str,
    },
    /// The edited text would not mean what was intended.
    #[error("changing {0} would change something else as well")]
    Unproved(Path),
    /// The document itself does not parse.
    #[error("the document does not parse: {0}")]
    Unparsable(#[from] ParseError),
    /// There is no document of this number.
    #[error("there is no document {0} in this text")]
    NoDocument(u32),
}

/// A stretch of text and what takes its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Splice {
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl Splice {
    fn apply(&self, text: &str) -> String {
        let (start, end) = (self.span.start as usize, self.span.end as usize);
        let (before, after) = (text.get(..start), text.get(end..));
        [
            before.unwrap_or_default(),
            &self.text,
            after.unwrap_or_default(),
        ]
        .concat()
    }
}

/// Applies edits to the document of this number, one after the other, and gives the whole new text.
///
/// # Errors
/// The first edit that is refused; then nothing is changed.
pub fn apply(text: &str, document: u32, edits: &[Edit]) -> Result<String, Refusal> {
    let mut text = text.to_owned();
    for edit in edits {
        text = apply_one(&text, document, edit)?;
    }
    Ok(text)
}

fn apply_one(text: &str, document: u32, edit: &Edit) -> Result<String, Refusal> {
    let chunk = |text: &str| {
        split(text)
            .into_iter()
            .find(|chunk| chunk.number == document)
    };
    let before = chunk(text).ok_or(Refusal::NoDocument(document))?;
    let old = parse(text, &before)?;
    let edit = pruned(old.root(), edit);
    if proof::holds(old.root(), &edit) {
        return Ok(text.to_owned());
    }
    let splice = splice::plan(old.root(), &edit)?;
    let edited = splice.apply(text);
    let unproved = || Refusal::Unproved(edit.path.clone());
    let after = chunk(&edited).ok_or_else(unproved)?;
    let new = parse(&edited, &after).map_err(|_| unproved())?;
    let proved =
        split(&edited).len() == split(text).len() && proof::leads_to(old.root(), new.root(), &edit);
    if proved { Ok(edited) } else { Err(unproved()) }
}

/// A removal that would leave empty mappings or lists behind takes these away instead, as far as they are members of
/// mappings themselves.
fn pruned(root: Node<'_>, edit: &Edit) -> Edit {
    let mut path = edit.path.clone();
    if edit.change == Change::Remove {
        while let Some(parent) = parent_of(&path).and_then(|above| above.resolve(root)) {
            if parent.len() != 1 || parent.key().is_none() || path.resolve(root).is_none() {
                break;
            }
            path.pop();
        }
    }
    Edit {
        path,
        change: edit.change.clone(),
    }
}

fn parent_of(path: &Path) -> Option<Path> {
    let mut above = path.clone();
    above.pop().map(|_| above)
}

/// The member of a collection that a segment names.
fn step<'a>(node: Node<'a>, segment: &Segment) -> Option<Node<'a>> {
    match (segment, node.kind()) {
        (Segment::Key(key), Kind::Mapping) => node.get(key),
        (Segment::Index(index), Kind::Sequence) => node.at(*index as usize),
        _ => None,
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.change {
            Change::Set(_) => "set",
            Change::Remove => "remove",
            Change::Append(_) => "append to",
        };
        write!(f, "{word} {}", self.path)
    }
}
