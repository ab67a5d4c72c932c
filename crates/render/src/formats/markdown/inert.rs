//! Untrusted text in Markdown as GitHub reads it: it can neither be markup nor call anybody.
//!
//! GitHub looks for mentions, issues and addresses in the text that Markdown leaves, where a backslash no longer helps; a
//! space without width keeps those apart.

use crate::escape::escape;

/// Keeps apart what GitHub would make a link of, and is not seen.
const APART: &str = "&#8203;";

/// Text within a sentence or a table.
pub(super) fn text(text: &str) -> String {
    inert(text, APART)
}

/// A name as code, in which GitHub looks for nothing, so that it can be copied as it is.
pub(super) fn code(text: &str) -> String {
    match text {
        "" => String::new(),
        text => format!("<code>{}</code>", inert(text, "")),
    }
}

fn inert(text: &str, apart: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let text = escape(text);
    for (at, c) in text.char_indices() {
        let address = match c {
            '@' | '#' => true,
            ':' => text.get(at..).is_some_and(|rest| rest.starts_with("://")),
            '.' => ends_with(&shown, "www"),
            '-' => ends_with(&shown, "gh"),
            _ => false,
        };
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            // As numbers, because these are read alike in Markdown, in tables and in HTML; backslashes are not.
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '@' | '#' => {
                shown += &format!("&#{};", u32::from(c));
            }
            _ => shown.push(c),
        }
        if address {
            shown += apart;
        }
    }
    shown
}

fn ends_with(shown: &str, word: &str) -> bool {
    let start = shown.len().checked_sub(word.len());
    start
        .and_then(|start| shown.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup_or_calls_anybody() {
        let cases = [
            ("@user", "&#64;&#8203;user"),
            ("#123", "&#35;&#8203;123"),
            ("GH-1", "GH-&#8203;1"),
            ("https://a.b", "https:&#8203;//a.b"),
            ("www.a.b", "www.&#8203;a.b"),
            ("nginx:1.2-gh", "nginx:1.2-gh"),
            ("a|b`c`", "a&#124;b&#96;c&#96;"),
            ("<img> [x](y)", "&lt;img&gt; &#91;x&#93;(y)"),
            ("a\nb\u{202e}", "a&#92;nb&#92;u{202e}"),
        ];
        for (hostile, shown) in cases {
            assert_eq!(text(hostile), shown);
        }
    }

    #[test]
    fn a_name_as_code_can_be_copied() {
        assert_eq!(code("a@b/c.yaml"), "<code>a&#64;b/c.yaml</code>");
        assert_eq!(code(""), "");
    }
}
