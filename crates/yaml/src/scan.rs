//! Questions answered from the text itself: comments near a line, and keys of text that may not parse.

use crate::text::Span;
use crate::tree::Tree;

pub(crate) fn comments_above<'a>(_tree: &'a Tree<'a>, _start: u32) -> &'a [Span] {
    &[]
}

pub(crate) fn comment_on_line(_tree: &Tree<'_>, _start: u32) -> Option<Span> {
    None
}

/// Does any of these keys stand at the top level of this text, which need not parse?
pub fn looks_like(_text: &str, _keys: &[&str]) -> bool {
    false
}
