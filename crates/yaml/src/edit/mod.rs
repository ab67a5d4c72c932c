//! Changes to one document that touch no byte besides. Each edit is a splice at a node's span, and is proved before it is
//! given out: the new text is parsed again and compared with the intended tree. What cannot be done so is refused with
//! the reason. Edits that do not depend on each other are made and proved together, others one after the other.

mod around;
mod arrange;
mod insert;
mod intent;
mod plan;
mod proof;
mod remove;
pub(crate) mod render;
mod splice;
mod together;

use std::fmt;

use crate::error::ParseError;
use crate::node::{Kind, Node};
use crate::parse::parse;
use crate::path::{Path, Segment};
use crate::split::{Chunk, split};
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

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Str(text)
    }
}

/// What to do at a path.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// Makes the value of a mapping's key, or a list's item, this one. Mappings on the way that are not there are made.
    Set(Value),
    /// Takes the entry or item away, and with it the mappings and lists above that it leaves empty.
    Remove,
    /// The same for an item, but the last one of its list takes the item of the list above with it in which that list stands: a
    /// rule goes with the last word that it is about.
    Withdraw,
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

/// Applies edits to the document of this number, as if one after the other, and gives the whole new text.
///
/// # Errors
/// The first edit that is refused; then nothing is changed.
pub fn apply(text: &str, document: u32, edits: &[Edit]) -> Result<String, Refusal> {
    attempt(text, document, edits).map_err(|refused| {
        let first = refused.into_iter().next();
        first.map_or(Refusal::NoDocument(document), |(_, refusal)| refusal)
    })
}

/// Applies edits like [`apply`].
///
/// # Errors
/// Edits that are refused, by their place in the list: as many as could be told at once, at least one. Nothing is changed then.
pub fn attempt(text: &str, document: u32, edits: &[Edit]) -> Result<String, Vec<(usize, Refusal)>> {
    if edits.len() > 1 {
        match together::make(text, document, edits) {
            together::Made::Done(edited) => return Ok(edited),
            together::Made::Refused(refused) => return Err(refused),
            together::Made::Dependent => {}
        }
    }
    let mut text = text.to_owned();
    for (index, edit) in edits.iter().enumerate() {
        let edited = apply_one(&text, document, edit);
        text = edited.map_err(|refusal| vec![(index, refusal)])?;
    }
    Ok(text)
}

fn chunk(text: &str, document: u32) -> Option<Chunk> {
    let mut chunks = split(text).into_iter();
    chunks.find(|chunk| chunk.number == document)
}

fn apply_one(text: &str, document: u32, edit: &Edit) -> Result<String, Refusal> {
    let before = chunk(text, document).ok_or(Refusal::NoDocument(document))?;
    let old = parse(text, &before)?;
    let edit = pruned(old.root(), edit);
    if proof::holds(old.root(), &edit) {
        return Ok(text.to_owned());
    }
    let splice = plan::plan(old.root(), &edit)?;
    let edited = splice.apply(text);
    let unproved = || Refusal::Unproved(edit.path.clone());
    let after = chunk(&edited, document).ok_or_else(unproved)?;
    let new = parse(&edited, &after).map_err(|_| unproved())?;
    let proved =
        split(&edited).len() == split(text).len() && proof::leads_to(old.root(), new.root(), &edit);
    if proved { Ok(edited) } else { Err(unproved()) }
}

/// A removal that would leave empty mappings or lists behind takes these away instead, as far as they are members of
/// mappings themselves.
fn pruned(root: Node<'_>, edit: &Edit) -> Edit {
    let mut edit = edit.clone();
    let last_of_list = || {
        parent_of(&edit.path)?
            .resolve(root)
            .filter(|list| list.len() == 1)
    };
    if edit.change == Change::Withdraw {
        if let (Some(_), Some(whole)) = (last_of_list(), item_above(&edit.path)) {
            edit.path = whole;
        }
        edit.change = Change::Remove;
    }
    if edit.change == Change::Remove {
        let path = &mut edit.path;
        while let Some(parent) = parent_of(path).and_then(|above| above.resolve(root)) {
            if parent.len() != 1 || parent.key().is_none() || path.resolve(root).is_none() {
                break;
            }
            path.pop();
        }
    }
    edit
}

/// The item in which the list of an item stands.
fn item_above(item: &Path) -> Option<Path> {
    let mut path = parent_of(item)?;
    while !matches!(path.segments().last()?, Segment::Index(_)) {
        path.pop();
    }
    Some(path)
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

impl Edit {
    /// Makes what stands at `path` this value.
    pub fn set(path: Path, value: impl Into<Value>) -> Edit {
        Edit {
            path,
            change: Change::Set(value.into()),
        }
    }

    /// Takes away what stands at `path`.
    pub fn remove(path: Path) -> Edit {
        Edit {
            path,
            change: Change::Remove,
        }
    }

    /// Adds an item to the list at `path`.
    pub fn append(path: Path, value: impl Into<Value>) -> Edit {
        Edit {
            path,
            change: Change::Append(value.into()),
        }
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.change {
            Change::Set(_) => "set",
            Change::Remove | Change::Withdraw => "remove",
            Change::Append(_) => "append to",
        };
        write!(f, "{word} {}", self.path)
    }
}
