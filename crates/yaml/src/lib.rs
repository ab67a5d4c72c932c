//! YAML and JSON as Kubernetes reads them: text, documents, a tree with exact spans, comments and paths.
//!
//! The way in: [`decode`] bytes, [`split`] the text into documents, [`parse`] each one to a [`Tree`].
//! Nothing here knows Kubernetes kinds, findings or files.
//! Invariant: no input, however hostile, makes this crate panic, recurse or use memory out of
//! proportion to its size.

mod alias;
mod build;
#[cfg(any(test, feature = "differ"))]
pub mod differ;
pub mod edit;
mod error;
mod escape;
mod fast;
mod grow;
mod json;
mod node;
mod parse;
mod path;
mod scalar;
mod scan;
mod settle;
mod split;
mod text;
mod tree;
mod write;

pub use error::{ParseError, ParseErrorKind};
pub use node::{Kind, Node, NodeId, Scalar};
pub use parse::parse;
pub use path::{Path, PathError, Segment};
pub use scan::looks_like;
pub use split::{Chunk, split};
pub use text::{Lines, NotText, Position, Span, decode};
pub use tree::{Duplicate, Kept, Style, Tree};
pub use write::write;
