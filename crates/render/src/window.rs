//! The part of a line that fits beside a frame, with its mark. Pure text: knows columns, not findings.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::escape::escape_marked;

/// Stands where a line was cut.
const CUT: char = '…';

/// A part of a line that is fit to be shown.
pub(crate) struct Window {
    /// The text, escaped.
    pub(crate) text: String,
    /// The marked columns of `text`, counted from 0; at least one.
    pub(crate) mark: Range<usize>,
}

/// The part around the marked bytes that takes at most `room` columns. A line that is short enough is whole.
pub(crate) fn window(line: &str, mark: Range<usize>, room: usize) -> Window {
    let (line, mark) = escape_marked(line, mark);
    let columns = |to: usize| line.get(..to).unwrap_or_default().width();
    let mark = columns(mark.start)..columns(mark.end).max(columns(mark.start) + 1);
    if line.width() <= room {
        return Window { text: line, mark };
    }
    let from = if mark.end < room {
        0
    } else {
        mark.start.saturating_sub(room / 4)
    };
    let (text, skipped) = cut(&line, from, room);
    let lead = usize::from(from > 0);
    let moved = |column: usize| (column + lead).saturating_sub(skipped).min(text.width());
    let start = moved(mark.start);
    Window {
        mark: start..moved(mark.end).max(start + 1),
        text,
    }
}

/// The characters from column `from` on, as many as fit, and how many columns were left out before them.
fn cut(line: &str, from: usize, room: usize) -> (String, usize) {
    let mut text = String::new();
    let (mut column, mut width, mut skipped) = (0, 0, 0);
    if from > 0 {
        text.push(CUT);
        width = 1;
    }
    for character in line.chars() {
        let wide = character.width().unwrap_or(0);
        if column < from {
            skipped = column + wide;
        } else if width + wide < room {
            text.push(character);
            width += wide;
        } else {
            text.push(CUT);
            break;
        }
        column += wide;
    }
    (text, skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(window: &Window) -> String {
        let marked = window.text.chars().scan(0, |column, character| {
            let at = *column;
            *column += character.width().unwrap_or(0);
            Some((at, character))
        });
        marked
            .filter(|(at, _)| window.mark.contains(at))
            .map(|(_, character)| character)
            .collect()
    }

    #[test]
    fn a_short_line_is_whole() {
        let shown = window("  privileged: true", 2..18, 40);
        assert_eq!(
            (shown.text.as_str(), shown.mark),
            ("  privileged: true", 2..18)
        );
    }

    #[test]
    fn a_long_line_is_cut_around_its_mark() {
        let line = format!(
            "{}{{ privileged: true }}{}",
            "語 ".repeat(40),
            " x".repeat(90)
        );
        let start = line.find("priv").unwrap();
        for room in [20, 41, 57, 100] {
            let shown = window(&line, start..start + 16, room);
            assert!(shown.text.width() <= room, "{room}: {}", shown.text);
            assert!(shown.text.starts_with(CUT) && shown.text.ends_with(CUT));
            assert!(
                "privileged: true".starts_with(marked(&shown).trim_end_matches(CUT)),
                "{room}"
            );
            assert!(marked(&shown).starts_with("priv"), "{room}");
        }
    }

    #[test]
    fn an_empty_mark_still_shows() {
        assert_eq!(window("kind:", 5..5, 40).mark, 5..6);
        assert_eq!(window("", 0..0, 40).mark, 0..1);
    }
}
