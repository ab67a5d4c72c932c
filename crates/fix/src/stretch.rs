//! What differs between two texts, as stretches of the old one with what takes their place: lines that are compared first,
//! then narrowed to whole words, so that two edits which are near each other stay apart.

use std::iter::once;
use std::ops::Range;

use similar::{DiffOp, TextDiff};

/// A stretch of a text and what takes its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Stretch {
    /// In the old text; empty to insert.
    pub(crate) bytes: Range<usize>,
    /// What stands there afterwards.
    pub(crate) text: String,
}

/// The stretches by which `new` differs from `old`, in order and apart from each other.
pub(crate) fn stretches(old: &str, new: &str) -> Vec<Stretch> {
    let diff = TextDiff::from_lines(old, new);
    let (from, to) = (starts(old), starts(new));
    let differing = diff
        .ops()
        .iter()
        .filter(|op| !matches!(op, DiffOp::Equal { .. }));
    differing
        .map(|op| {
            let come = bytes(&to, op.new_range());
            let stretch = narrowed(
                old,
                bytes(&from, op.old_range()),
                new.get(come).unwrap_or_default(),
            );
            before_the_last_line_end(old, stretch)
        })
        .collect()
}

/// Where each line starts, and where the last one ends.
fn starts(text: &str) -> Vec<usize> {
    let ends = text.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    });
    once(0).chain(ends).collect()
}

fn bytes(starts: &[usize], lines: Range<usize>) -> Range<usize> {
    let at = |line: usize| starts.get(line).copied().unwrap_or_default();
    at(lines.start)..at(lines.end)
}

/// Without what is the same at both ends.
fn narrowed(old: &str, bytes: Range<usize>, new: &str) -> Stretch {
    let was = old.get(bytes.clone()).unwrap_or_default();
    let ahead = agreed(was.chars(), new.chars());
    let (was, new) = (
        was.get(ahead..).unwrap_or_default(),
        new.get(ahead..).unwrap_or_default(),
    );
    let behind = agreed(was.chars().rev(), new.chars().rev());
    let text = new.get(..new.len() - behind).unwrap_or_default();
    Stretch {
        bytes: bytes.start + ahead..bytes.end - behind,
        text: text.to_owned(),
    }
}

/// How many bytes agree, up to the end of a word.
fn agreed(mut one: impl Iterator<Item = char>, mut other: impl Iterator<Item = char>) -> usize {
    let (mut length, mut of_words) = (0, 0);
    let ends = |next: Option<char>| next.is_none_or(|next| !next.is_alphanumeric());
    loop {
        match (one.next(), other.next()) {
            (Some(same), Some(character)) if same == character => {
                length += same.len_utf8();
                if !same.is_alphanumeric() {
                    of_words = length;
                }
            }
            (here, there) if ends(here) && ends(there) => return length,
            _ => return of_words,
        }
    }
}

/// Whole lines at the end of a text, with the line end before them instead of the one behind: the line behind the last one is
/// no place for some editors.
fn before_the_last_line_end(old: &str, stretch: Stretch) -> Stretch {
    let end = if old.ends_with("\r\n") { "\r\n" } else { "\n" };
    let before = old.get(..stretch.bytes.start).unwrap_or_default();
    let lines = match stretch.text.strip_suffix(end) {
        Some(lines) => format!("{end}{lines}"),
        None => stretch.text.clone(),
    };
    let whole = stretch.text.is_empty() || stretch.text.ends_with(end);
    let last = stretch.bytes.end == old.len() && old.ends_with(end);
    if !(whole && last && before.ends_with(end)) {
        return stretch;
    }
    Stretch {
        bytes: stretch.bytes.start - end.len()..stretch.bytes.end - end.len(),
        text: lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is replaced, and by what. The stretches lead from one text to the other.
    fn told<'t>(old: &'t str, new: &str) -> Vec<(&'t str, String)> {
        let stretches = stretches(old, new);
        let mut text = old.to_owned();
        for stretch in stretches.iter().rev() {
            text.replace_range(stretch.bytes.clone(), &stretch.text);
        }
        assert_eq!(text, new);
        let told = |it: Stretch| (&old[it.bytes], it.text);
        stretches.into_iter().map(told).collect()
    }

    fn one<'t>(gone: &'t str, come: &str) -> Vec<(&'t str, String)> {
        vec![(gone, come.to_owned())]
    }

    #[test]
    fn words_are_replaced_whole() {
        assert_eq!(
            told("a: true # x\n", "a: false # x\n"),
            one("true", "false")
        );
        assert_eq!(
            told("{a: 1, b: 2}", "{a: 1, c: 3, b: 2}"),
            one("", "c: 3, ")
        );
        assert_eq!(told("{a: 1, b: 2}", "{b: 2}"), one("a: 1, ", ""));
        assert_eq!(told("é: über\r\n", "é: übel\r\n"), one("über", "übel"));
    }

    #[test]
    fn lines_come_and_go() {
        assert_eq!(
            told("a: 1\nb: 2\n", "a: 1\nx: 3\nb: 2\n"),
            one("", "x: 3\n")
        );
        assert_eq!(
            told("a: 1\nb: 2\nc: 3\n", "a: 1\nc: 3\n"),
            one("b: 2\n", "")
        );
        let apart = told("a: 1\nb: 2\nc: 3\n", "a: 9\nb: 2\nc: 8\n");
        assert_eq!(apart, [("1", "9".to_owned()), ("3", "8".to_owned())]);
    }

    #[test]
    fn no_place_is_behind_the_last_line() {
        assert_eq!(told("a: 1\n", "a: 1\nb: 2\n"), one("", "\nb: 2"));
        assert_eq!(told("a: 1\r\n", "a: 1\r\nb: 2\r\n"), one("", "\r\nb: 2"));
        assert_eq!(told("a: 1\nb: 2\n", "a: 1\n"), one("\nb: 2", ""));
        assert_eq!(told("a: 1", "a: 1\nb: 2"), one("", "\nb: 2"));
        assert_eq!(told("", "a: 1\n"), one("", "a: 1\n"));
        assert_eq!(told("a: 1\n", ""), one("a: 1\n", ""));
    }
}
