//! Untrusted text made harmless: what steers a terminal, reverses the reading direction or cannot be seen becomes a
//! visible escape such as `\u{1b}`. Backslashes stay as they are, so escaping twice changes nothing.

use std::borrow::Cow;
use std::ops::Range;

pub(crate) use plimsoll_control::is_treacherous;

/// How wide a tab is shown in an excerpt.
const TAB: &str = "    ";

/// The text on one line with nothing hidden in it: control characters, bidirectional overrides and invisible
/// characters become escapes. Borrows what needs none.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        push(&mut shown, character);
    }
    Cow::Owned(shown)
}

/// The same for a line with marked bytes, which stay marked; tabs become spaces, because a line of text has them
/// for good reasons. Bytes outside the text count as its end.
pub(crate) fn escape_marked(text: &str, mark: Range<usize>) -> (String, Range<usize>) {
    let mut shown = String::with_capacity(text.len() + 16);
    let (mut start, mut end) = (None, None);
    for (at, character) in text.char_indices() {
        if at >= mark.start {
            start.get_or_insert(shown.len());
        }
        if at >= mark.end {
            end.get_or_insert(shown.len());
        }
        match character {
            '\t' => shown.push_str(TAB),
            _ => push(&mut shown, character),
        }
    }
    let start = start.unwrap_or(shown.len());
    let end = end.unwrap_or(shown.len()).max(start);
    (shown, start..end)
}

fn push(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        _ if is_treacherous(character) => shown.extend(character.escape_unicode()),
        _ => shown.push(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_language_is_borrowed() {
        for text in ["shop/api", "日本語", "Ünïcödé", "שלום", "a\\u{1b}", ""] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn everything_that_could_steer_or_hide_becomes_visible() {
        let hostile = [
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\nb\rc\td", "a\\nb\\rc\\td"),
            ("\u{7f}\u{9b}\0", "\\u{7f}\\u{9b}\\u{0}"),
            ("\u{202e}\u{202a}", "\\u{202e}\\u{202a}"),
            (
                "\u{2066}\u{2069}\u{200f}\u{61c}",
                "\\u{2066}\\u{2069}\\u{200f}\\u{61c}",
            ),
            ("a\u{200b}b\u{feff}", "a\\u{200b}b\\u{feff}"),
            ("\u{2028}\u{ad}\u{e0041}", "\\u{2028}\\u{ad}\\u{e0041}"),
        ];
        for (text, shown) in hostile {
            assert_eq!(escape(text), shown);
            assert_eq!(escape(shown), shown, "escaping twice changes nothing");
        }
    }

    #[test]
    fn marks_stay_where_they_were() {
        let (shown, mark) = escape_marked("\t\u{1b}x: bad \u{202e}", 2..8);
        assert_eq!(shown, "    \\u{1b}x: bad \\u{202e}");
        assert_eq!(&shown[mark], "x: bad");
        let (shown, mark) = escape_marked("ab", 1..99);
        assert_eq!(&shown[mark], "b");
        let (_, mark) = escape_marked("ab", 7..9);
        assert_eq!(mark, 2..2);
    }
}
