//! Unified diffs that `git apply` and `patch -p1` take. Characters that steer a terminal or cannot be seen are escaped, which
//! makes the lines that hold any unfit for patching, on purpose; everything else stands as it is in the texts.

use std::io;

use anstyle::Style;
use plimsoll_fix::Changed;
use similar::{ChangeTag, TextDiff};

use crate::pen::Pen;
use crate::style::{ADDED, FAINT, PLAIN, REMOVED, STRONG};

/// Writes the difference between two texts of a file; nothing when they are equal.
pub(super) fn unified(name: &str, changed: &Changed, pen: &mut Pen<'_>) -> io::Result<()> {
    let (old, new) = (changed.old.as_str(), changed.new.as_str());
    if old == new {
        return Ok(());
    }
    let diff = TextDiff::from_lines(old, new);
    let (from, to) = match name.starts_with(['/', '<']) {
        true => (name.to_owned(), name.to_owned()),
        false => (format!("a/{name}"), format!("b/{name}")),
    };
    let from = if changed.is_new { "/dev/null" } else { &from };
    pen.line(&[(STRONG, "--- "), (STRONG, from)])?;
    pen.line(&[(STRONG, "+++ "), (STRONG, &to)])?;
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        pen.line(&[(FAINT, &hunk.header().to_string())])?;
        for change in hunk.iter_changes() {
            let (style, sign) = match change.tag() {
                ChangeTag::Delete => (REMOVED, "-"),
                ChangeTag::Insert => (ADDED, "+"),
                ChangeTag::Equal => (PLAIN, " "),
            };
            line(style, sign, change.value(), pen)?;
            if change.missing_newline() {
                pen.line(&[(FAINT, "\\ No newline at end of file")])?;
            }
        }
    }
    Ok(())
}

fn line(style: Style, sign: &str, text: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    pen.put(style, sign)?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    // A line end of Windows belongs to the text, or the diff could not be applied.
    let (text, windows) = match text.strip_suffix('\r') {
        Some(text) => (text, !pen.color),
        None => (text, false),
    };
    for (index, piece) in text.split('\t').enumerate() {
        if index > 0 {
            pen.tab()?;
        }
        pen.put(style, piece)?;
    }
    if windows {
        pen.carriage_return()?;
    }
    pen.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str, color: bool) -> String {
        let mut out = Vec::new();
        let changed = Changed {
            old: old.to_owned(),
            new: new.to_owned(),
            is_new: old.is_empty(),
        };
        unified("a.yaml", &changed, &mut Pen::new(&mut out, 80, color)).expect("written");
        String::from_utf8(out).expect("a text")
    }

    #[test]
    fn a_changed_line_is_shown_between_its_neighbours() {
        assert_eq!(
            shown("a: 1\nb: 2\nc: 3\n", "a: 1\nb: 4\nc: 3\n", false),
            "--- a/a.yaml\n+++ b/a.yaml\n@@ -1,3 +1,3 @@\n a: 1\n-b: 2\n+b: 4\n c: 3\n"
        );
        assert_eq!(shown("a: 1\n", "a: 1\n", false), "");
    }

    #[test]
    fn line_ends_and_tabs_stay_as_they_are() {
        let shown = shown("a: 1\r\n", "a: 2\t# x\r\n", false);
        assert!(shown.ends_with("-a: 1\r\n+a: 2\t# x\r\n"), "{shown:?}");
    }

    #[test]
    fn a_missing_line_end_is_said() {
        let shown = shown("a: 1", "a: 2", false);
        assert_eq!(shown.matches("\\ No newline at end of file\n").count(), 2);
    }

    #[test]
    fn nothing_in_a_text_reaches_the_terminal() {
        let shown = shown("a: 1\n", "a: \u{202e}2\u{1b}[31m\n", true);
        assert!(!shown.contains('\u{202e}'), "{shown:?}");
        assert!(!shown.contains("\u{1b}[31m\u{1b}"), "{shown:?}");
        assert!(shown.contains("\\u{202e}2\\u{1b}[31m"), "{shown:?}");
    }
}
