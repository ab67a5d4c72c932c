//! Where the event parser and kubectl's library read the same characters as something else, nothing is read: one of the two would be
//! shown, and the other applied.
//!
//! Holds what both take and differ about; what only one of them takes is left to the parser. Invariant: no text that both read alike
//! is refused.

use crate::error::{ParseError, ParseErrorKind};
use crate::text::{BYTE_ORDER_MARK, OLD_LINE_ENDS, Span};

/// Said of a colon that the event parser takes for the end of a name.
pub(crate) const COLON: &str =
    "to kubectl the colon behind this belongs to it: quote it, or write a blank behind the colon";

/// Refuses a document with a line end that only kubectl sees: even what follows it in a comment would count.
pub(super) fn line_ends(text: &str, span: Span) -> Result<(), ParseError> {
    let Some((at, end)) = span.slice(text).match_indices(OLD_LINE_ENDS).next() else {
        return Ok(());
    };
    let at = span.start as usize + at;
    let code = end.chars().next().map_or(0, u32::from);
    let message = format!(
        "to kubectl a line ends at this invisible character (U+{code:04X}): remove it, or write it as an escape in double quotes"
    );
    Err(refusal(Span::of(at, at + end.len()), message))
}

/// Refuses a plain scalar within brackets or braces that kubectl ends or begins elsewhere: in `{a:}` the colon belongs to the name,
/// and in `{?a: b}` the mark does not.
pub(super) fn flow_scalar(text: &str, span: Span) -> Result<(), ParseError> {
    if span.slice(text).starts_with('?') {
        let message = "to kubectl this mark is none of the name: remove it, or quote the name";
        return Err(refusal(span, message));
    }
    let rest = text.get(span.end as usize..).unwrap_or_default();
    let colon = rest.trim_start().strip_prefix(':');
    if colon.is_some_and(|after| after.starts_with([',', '[', ']', '{', '}'])) {
        return Err(refusal(span, COLON));
    }
    Ok(())
}

/// Refuses a value that is nothing but a tag before a comma: to kubectl the comma and what follows it belong to the tag.
pub(super) fn flow_tag(text: &str, value: Span) -> Result<(), ParseError> {
    let at = value.start as usize;
    if text.get(at..).is_some_and(|rest| rest.starts_with(',')) {
        let message = "to kubectl this comma belongs to the tag: write a blank before it";
        return Err(refusal(Span::of(at, at + 1), message));
    }
    Ok(())
}

/// Refuses a byte order mark behind comments: to kubectl it is a part of the first key.
pub(super) fn mark(text: &str, span: Span) -> Result<(), ParseError> {
    let content = span.slice(text);
    let Some(at) = content.find(BYTE_ORDER_MARK) else {
        return Ok(());
    };
    let mut before = content.get(..at).unwrap_or_default().lines();
    if !before.all(|line| line.trim().is_empty() || line.trim().starts_with('#')) {
        return Ok(());
    }
    let at = span.start as usize + at;
    let place = Span::of(at, at + BYTE_ORDER_MARK.len_utf8());
    let message = "to kubectl this byte order mark belongs to the first key: remove it";
    Err(refusal(place, message))
}

fn refusal(span: Span, message: impl Into<String>) -> ParseError {
    ParseError::new(ParseErrorKind::Syntax, span, message)
}
