//! JSON's string escapes, both ways. Whether a string is well-formed is `json`'s business.
//!
//! Invariant: unescaping what `quoted` wrote between its quotes gives the same text.

/// Decodes the inside of a string the scanner accepted. Halves of surrogate pairs are replaced.
pub(crate) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (c, width) = match after.as_bytes().first() {
            Some(b'u') => code_point(after),
            Some(b'b') => ('\u{8}', 1),
            Some(b'f') => ('\u{c}', 1),
            Some(b'n') => ('\n', 1),
            Some(b'r') => ('\r', 1),
            Some(b't') => ('\t', 1),
            Some(other) => (char::from(*other), 1),
            None => break,
        };
        text.push(c);
        rest = after.get(width..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// The character of `uXXXX`, joined with a following `\uXXXX` if they make a pair; and its width.
fn code_point(escape: &str) -> (char, usize) {
    let unit = |at: usize| u16::from_str_radix(escape.get(at..at + 4)?, 16).ok();
    let first = unit(1).unwrap_or(0xfffd);
    let second = escape.get(5..7).filter(|next| *next == "\\u").and(unit(7));
    let pair = second.and_then(|second| char::decode_utf16([first, second]).next()?.ok());
    match (char::from_u32(u32::from(first)), pair) {
        (Some(c), _) => (c, 5),
        (None, Some(c)) => (c, 11),
        (None, None) => (char::REPLACEMENT_CHARACTER, 5),
    }
}

/// A text as a JSON string: quoted and escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
