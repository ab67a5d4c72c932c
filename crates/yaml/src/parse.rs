//! [`parse`]: chooses the reader of a document, and whose complaint to pass on.

use crate::error::{ParseError, ParseErrorKind};
use crate::split::Chunk;
use crate::text::Span;
use crate::tree::Tree;
use crate::{build, fast, json};

/// Parses one document of a text. `chunk` must come from [`split`](crate::split) of the same text.
///
/// # Errors
/// [`ParseError`]: the document is one kubectl would refuse, or one of which it would silently
/// drop a part.
pub fn parse<'t>(text: &'t str, chunk: &Chunk) -> Result<Tree<'t>, ParseError> {
    if let Some(span) = chunk.separator_error {
        let message = "only a comment may follow `---`: move this to the next line";
        return Err(ParseError::new(ParseErrorKind::Separator, span, message));
    }
    if chunk.json {
        return json::parse(text, chunk.span);
    }
    match not_quite_json(text, chunk.span) {
        // YAML would read a comment like this as a part of a key.
        Some(fault) if fault.span.slice(text) == "/" => Err(fault),
        Some(fault) => build::parse(text, chunk.span).map_err(|_| fault),
        None => fast::parse(text, chunk.span).map_or_else(|| build::parse(text, chunk.span), Ok),
    }
}

/// What keeps a document that looks like JSON from being JSON. It may still be YAML.
fn not_quite_json(text: &str, span: Span) -> Option<ParseError> {
    let content = span.slice(text);
    let rest = content.trim_start();
    let start = span.start as usize + content.len() - rest.len();
    let looks_like_json = rest.strip_prefix('{')?.trim_start().starts_with(['"', '/']);
    let fault = json::value_end(text, start).err()?;
    (looks_like_json && fault.span.start < span.end).then_some(fault)
}
