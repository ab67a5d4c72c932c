//! Splits a text into documents as kubectl does, before any parsing.
//!
//! Textual on purpose: a broken document cannot hide its neighbours.
//! Invariant: one pass over the bytes, plus one check of each chunk that could be JSON.

use crate::json;
use crate::text::{BYTE_ORDER_MARK, OLD_LINE_ENDS, Span};

/// One document's text.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// The document's bytes, without the separator lines around it.
    pub span: Span,
    /// The document's number in its file, from 1; documents without content are not counted.
    pub number: u32,
    /// The text that follows `---` on its line and must not: only a comment may.
    pub separator_error: Option<Span>,
    /// The chunk is exactly one valid JSON object, blanks around it aside.
    pub json: bool,
}

/// Splits a text into its documents: at lines starting with `---`, and between JSON objects when the
/// text begins with one. Chunks of blanks, comments and directives only are no documents.
pub fn split(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let rest = split_objects(text, after_mark(text, 0), &mut chunks);
    split_lines(text, rest, &mut chunks);
    chunks
}

/// Takes JSON objects off the start of the text; gives where the rest begins.
fn split_objects(text: &str, mut at: usize, chunks: &mut Vec<Chunk>) -> usize {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let start = at + rest.len() - rest.trim_start_matches(json::BLANKS).len();
        let is_object = text.as_bytes().get(start) == Some(&b'{');
        let Some(end) = json::value_end(text, start).ok().filter(|_| is_object) else {
            // The line with the last object is over; its end does not belong to the next document.
            let line_end = rest.find('\n').filter(|_| !chunks.is_empty());
            let blank = |end: &usize| rest.get(..*end).is_some_and(|line| line.trim().is_empty());
            return line_end.filter(blank).map_or(at, |end| at + end + 1);
        };
        push(text, Span::of(start, end), None, chunks);
        at = end;
    }
}

/// Splits at separator lines.
fn split_lines(text: &str, from: usize, chunks: &mut Vec<Chunk>) {
    let mut start = after_mark(text, from);
    let mut separator_error = None;
    let mut at = start;
    while at < text.len() {
        let line_end = memchr::memchr(b'\n', text.as_bytes().get(at..).unwrap_or_default());
        let next = line_end.map_or(text.len(), |length| at + length + 1);
        let line = text.get(at..next).unwrap_or_default();
        if let Some(trailing) = line.strip_prefix("---") {
            push(text, Span::of(start, at), separator_error, chunks);
            separator_error = trailing_text(trailing, at + 3);
            start = after_mark(text, next);
            at = start;
        } else {
            at = next;
        }
    }
    push(text, Span::of(start, text.len()), separator_error, chunks);
}

/// The offset itself, or the one after a byte order mark standing there.
fn after_mark(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with(BYTE_ORDER_MARK) {
        at + BYTE_ORDER_MARK.len_utf8()
    } else {
        at
    }
}

/// What follows a separator on its line, unless it is a comment.
fn trailing_text(trailing: &str, at: usize) -> Option<Span> {
    let content = trailing.trim();
    let start = at + trailing.len() - trailing.trim_start().len();
    let comment = content.starts_with('#') && !content.contains(OLD_LINE_ENDS);
    let wrong = !content.is_empty() && !comment;
    wrong.then(|| Span::of(start, start + content.len()))
}

fn push(text: &str, span: Span, separator_error: Option<Span>, chunks: &mut Vec<Chunk>) {
    let content = span.slice(text);
    if separator_error.is_some() || has_content(content) {
        chunks.push(Chunk {
            span,
            number: crate::text::offset(chunks.len() + 1),
            separator_error,
            json: is_json(content),
        });
    }
}

/// A line end that only kubectl sees counts as content: what follows it is none of a comment.
fn has_content(chunk: &str) -> bool {
    chunk.lines().any(|line| {
        let content = line.trim();
        let empty = content.is_empty()
            || content.starts_with('#')
            || line.starts_with('%')
            || content == "...";
        !empty || line.contains(OLD_LINE_ENDS)
    })
}

fn is_json(chunk: &str) -> bool {
    let start = chunk.len() - chunk.trim_start_matches(json::BLANKS).len();
    chunk.as_bytes().get(start) == Some(&b'{')
        && json::value_end(chunk, start).is_ok_and(|end| {
            let rest = chunk.get(end..).unwrap_or_default();
            rest.trim_matches(json::BLANKS).is_empty()
        })
}
