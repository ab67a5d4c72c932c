//! Questions answered from the text itself: the comments near a node, and the top-level keys of a
//! document that need not parse.

use crate::text::{BYTE_ORDER_MARK, Span};
use crate::tree::Tree;

/// The comments alone on the lines directly above the line of this offset, indented like it.
pub(crate) fn comments_above<'a>(tree: &'a Tree<'a>, offset: u32) -> &'a [Span] {
    let (text, comments) = (tree.text, tree.comments());
    let mut line = line_start(text, offset as usize);
    let indent = indentation(text, line);
    let end = comments.partition_point(|comment| (comment.start as usize) < line);
    let mut first = end;
    while let Some(above) = line.checked_sub(1).map(|end| line_start(text, end)) {
        let at = above + indentation(text, above);
        let comment = first.checked_sub(1).and_then(|index| comments.get(index));
        let fits = comment.is_some_and(|comment| comment.start as usize == at);
        if !fits || at - above != indent {
            break;
        }
        first -= 1;
        line = above;
    }
    comments.get(first..end).unwrap_or_default()
}

/// The comment between this offset and the end of its line.
pub(crate) fn comment_on_line(tree: &Tree<'_>, offset: u32) -> Option<Span> {
    let comments = tree.comments();
    let index = comments.partition_point(|comment| comment.start < offset);
    let comment = *comments.get(index)?;
    let between = tree.text.get(offset as usize..comment.start as usize)?;
    (!between.contains('\n')).then_some(comment)
}

fn line_start(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1);
    let marked = start == 0 && text.starts_with(BYTE_ORDER_MARK);
    start
        + if marked {
            BYTE_ORDER_MARK.len_utf8()
        } else {
            0
        }
}

/// Number of blanks at this line start.
fn indentation(text: &str, line: usize) -> usize {
    let rest = text.as_bytes().get(line..).unwrap_or_default();
    rest.iter().take_while(|byte| **byte == b' ').count()
}

/// Does any of these keys stand at the top level of this chunk, which need not parse? That is a line
/// starting with the key, quoted or not, or in a chunk beginning with `{` a key inside exactly one
/// brace. Cost: one pass.
pub fn looks_like(text: &str, keys: &[&str]) -> bool {
    let text = text.trim_start_matches(BYTE_ORDER_MARK);
    let json = text.trim_start().starts_with('{');
    text.lines().any(|line| starts_with_key(line, keys)) || (json && holds_key(text, keys))
}

fn starts_with_key(line: &str, keys: &[&str]) -> bool {
    let (name, rest) = match line.as_bytes().first() {
        Some(b'"') => line.get(1..).and_then(|line| line.split_once('"')),
        Some(b'\'') => line.get(1..).and_then(|line| line.split_once('\'')),
        _ => line
            .find(':')
            .and_then(|colon| line.split_at_checked(colon)),
    }
    .unwrap_or_default();
    let after = rest.trim_start_matches([' ', '\t']).strip_prefix(':');
    after.is_some_and(|after| after.is_empty() || after.starts_with([' ', '\t', '\r']))
        && keys.contains(&name.trim_end())
}

fn holds_key(text: &str, keys: &[&str]) -> bool {
    let (mut depth, mut at, mut begins) = (0_usize, 0, false);
    while let Some(byte) = text.as_bytes().get(at) {
        let may_be_key = depth == 1 && (begins || *byte == b'"');
        let rest = text.get(at..).filter(|_| may_be_key);
        if rest.is_some_and(|rest| begins_with_key(rest, keys)) {
            return true;
        }
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => at = string_end(text, at) + 1,
            _ => {}
        }
        begins = matches!(byte, b'{' | b',') || begins && byte.is_ascii_whitespace();
    }
    false
}

/// A key in either quotes and a colon, or a plain one with a colon and a blank.
fn begins_with_key(rest: &str, keys: &[&str]) -> bool {
    let quote = ['"', '\'']
        .into_iter()
        .find(|quote| rest.starts_with(*quote));
    let word = quote
        .and_then(|quote| rest.strip_prefix(quote))
        .unwrap_or(rest);
    let mut after = keys.iter().filter_map(|key| word.strip_prefix(key));
    after.any(|after| match quote {
        Some(quote) => after
            .strip_prefix(quote)
            .is_some_and(|after| after.trim_start().starts_with(':')),
        None => after
            .trim_start()
            .strip_prefix(':')
            .is_some_and(|value| value.starts_with(char::is_whitespace)),
    })
}

/// Where the closing quote of a string stands, or the end of the text.
fn string_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') => return at,
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}
