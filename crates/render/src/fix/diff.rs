//! Unified diffs that `git apply` and `patch -p1` take, whole or hunk by hunk. Characters that steer a terminal or cannot be seen are escaped, which
//! makes the lines that hold any unfit for patching, on purpose; everything else stands as it is in the texts.

use std::io;

use anstyle::Style;
use plimsoll_fix::Changed;
use similar::udiff::UnifiedDiffHunk;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff};

use crate::pen::Pen;
use crate::style::{ADDED, FAINT, PLAIN, REMOVED, STRONG};

/// How many lines are shown around what differs.
const CONTEXT: usize = 3;

/// The difference between two texts of a file.
pub struct Difference<'c> {
    name: &'c str,
    changed: &'c Changed,
    diff: TextDiff<'c, 'c, 'c, str>,
    hunks: Vec<Vec<DiffOp>>,
}

impl<'c> Difference<'c> {
    /// Finds it.
    pub fn new(name: &'c str, changed: &'c Changed) -> Difference<'c> {
        let diff = by_lines(&changed.old, &changed.new);
        let hunks = diff.grouped_ops(CONTEXT);
        Difference {
            name,
            changed,
            diff,
            hunks,
        }
    }

    /// How many hunks it has; none where the texts are equal.
    pub fn hunks(&self) -> usize {
        self.hunks.len()
    }

    /// The old text with the hunks made that are chosen; one that has no answer is not.
    pub fn with(&self, chosen: &[bool]) -> String {
        let (old, new) = (self.diff.old_slices(), self.diff.new_slices());
        let mut text = String::with_capacity(self.changed.new.len());
        let mut done = 0;
        let take =
            |lines: &[&str], text: &mut String| lines.iter().for_each(|line| text.push_str(line));
        for (hunk, _) in self.hunks.iter().zip(chosen).filter(|(_, chosen)| **chosen) {
            for op in hunk.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
                let (gone, come) = (op.old_range(), op.new_range());
                take(old.get(done..gone.start).unwrap_or_default(), &mut text);
                take(new.get(come).unwrap_or_default(), &mut text);
                done = gone.end;
            }
        }
        take(old.get(done..).unwrap_or_default(), &mut text);
        text
    }

    /// Writes the two lines that name the file.
    pub(super) fn head(&self, pen: &mut Pen<'_>) -> io::Result<()> {
        let name = self.name;
        let (from, to) = match name.starts_with(['/', '<']) {
            true => (name.to_owned(), name.to_owned()),
            false => (format!("a/{name}"), format!("b/{name}")),
        };
        let from = if self.changed.is_new {
            "/dev/null"
        } else {
            &from
        };
        pen.line(&[(STRONG, "--- "), (STRONG, from)])?;
        pen.line(&[(STRONG, "+++ "), (STRONG, &to)])
    }

    /// Writes a hunk; nothing where there is none of this number.
    pub(super) fn hunk(&self, number: usize, pen: &mut Pen<'_>) -> io::Result<()> {
        let Some(ops) = self.hunks.get(number) else {
            return Ok(());
        };
        let hunk = UnifiedDiffHunk::new(ops.clone(), &self.diff, true);
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
        Ok(())
    }
}

/// The difference by lines. Lines that stand in a text once, such as names, are matched first: in a long list others would be compared
/// with all others.
pub(super) fn by_lines<'t>(old: &'t str, new: &'t str) -> TextDiff<'t, 't, 't, str> {
    let mut diff = TextDiff::configure();
    diff.algorithm(Algorithm::Patience).diff_lines(old, new)
}

/// Writes the difference between two texts of a file; nothing when they are equal.
pub(super) fn unified(name: &str, changed: &Changed, pen: &mut Pen<'_>) -> io::Result<()> {
    let difference = Difference::new(name, changed);
    if difference.hunks() == 0 {
        return Ok(());
    }
    difference.head(pen)?;
    (0..difference.hunks()).try_for_each(|number| difference.hunk(number, pen))
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
    fn chosen_hunks_make_a_text() {
        let lines = |marks: &[usize]| -> String {
            let line = |number| match marks.contains(&number) {
                true => format!("{number} changed\n"),
                false => format!("{number}\n"),
            };
            (0..40).map(line).collect()
        };
        let changed = Changed {
            old: lines(&[]),
            new: lines(&[2, 20, 39]),
            is_new: false,
        };
        let difference = Difference::new("a.yaml", &changed);
        assert_eq!(difference.hunks(), 3);
        assert_eq!(difference.with(&[true, false, true]), lines(&[2, 39]));
        assert_eq!(difference.with(&[false, true]), lines(&[20]));
        assert_eq!(difference.with(&[true; 3]), changed.new);
        assert_eq!(difference.with(&[]), changed.old);
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
