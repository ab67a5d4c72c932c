//! The only way from text to a terminal: escapes, paints, wraps. What is written through a pen cannot steer the
//! terminal. Knows nothing of what it writes.

use std::io::{self, Write};

use anstyle::Style;
use unicode_width::UnicodeWidthStr;

use crate::escape::escape;
use crate::style::PLAIN;

/// Narrower terminals are written to as if they were this wide.
const NARROWEST: usize = 40;

/// A stretch of text in one style.
pub(crate) type Piece<'p> = (Style, &'p str);

/// Writes text for people.
pub(crate) struct Pen<'o> {
    out: &'o mut dyn Write,
    /// Columns.
    pub(crate) width: usize,
    /// Are styles shown?
    pub(crate) color: bool,
}

/// Text between two places at which a line may break.
#[derive(Default)]
struct Word {
    pieces: Vec<(Style, String)>,
    width: usize,
}

impl<'o> Pen<'o> {
    /// A pen for a terminal of a width in columns.
    pub(crate) fn new(out: &'o mut dyn Write, width: usize, color: bool) -> Pen<'o> {
        Pen {
            out,
            width: width.max(NARROWEST),
            color,
        }
    }

    /// Writes a text, escaped.
    pub(crate) fn put(&mut self, style: Style, text: &str) -> io::Result<()> {
        let text = escape(text);
        if self.color && style != PLAIN && !text.is_empty() {
            write!(self.out, "{style}{text}{style:#}")
        } else {
            self.out.write_all(text.as_bytes())
        }
    }

    /// Writes a tab as it is, for text that others read again.
    pub(crate) fn tab(&mut self) -> io::Result<()> {
        self.out.write_all(b"\t")
    }

    /// Writes what stands before the line ends of Windows, for text that others read again.
    pub(crate) fn carriage_return(&mut self) -> io::Result<()> {
        self.out.write_all(b"\r")
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes a line as it is, however long.
    pub(crate) fn line(&mut self, pieces: &[Piece<'_>]) -> io::Result<()> {
        for (style, text) in pieces {
            self.put(*style, text)?;
        }
        self.end()
    }

    /// Writes text over as many lines as it takes. `first` stands before the first line, `rest` before the others.
    /// Words that are wider than the terminal stay whole, so that they can be copied.
    pub(crate) fn flow(
        &mut self,
        first: &[Piece<'_>],
        rest: Piece<'_>,
        text: &[Piece<'_>],
    ) -> io::Result<()> {
        let mut column: usize = first.iter().map(|(_, text)| text.width()).sum();
        for (style, text) in first {
            self.put(*style, text)?;
        }
        let mut line: Vec<(Style, String)> = Vec::new();
        for word in words(text) {
            if !line.is_empty() && column + 1 + word.width > self.width {
                self.drain(&mut line)?;
                self.end()?;
                self.put(rest.0, rest.1)?;
                column = rest.1.width();
            }
            column += word.width + usize::from(!line.is_empty());
            append(&mut line, word);
        }
        self.drain(&mut line)?;
        self.end()
    }

    fn drain(&mut self, line: &mut Vec<(Style, String)>) -> io::Result<()> {
        line.drain(..)
            .try_for_each(|(style, text)| self.put(style, &text))
    }
}

/// Appends a word after a space, which has the words' style where they share one.
fn append(line: &mut Vec<(Style, String)>, word: Word) {
    let mut space = if line.is_empty() { "" } else { " " };
    for (style, text) in word.pieces {
        match line.last_mut() {
            Some((same, before)) if *same == style => {
                before.push_str(space);
                before.push_str(&text);
            }
            Some((_, before)) => {
                before.push_str(space);
                line.push((style, text));
            }
            None => line.push((style, text)),
        }
        space = "";
    }
}

/// Splits at spaces. Pieces that touch belong to one word.
fn words(pieces: &[Piece<'_>]) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = Word::default();
    for (style, text) in pieces {
        for (index, part) in escape(text).split(' ').enumerate() {
            if index > 0 && word.width > 0 {
                words.push(std::mem::take(&mut word));
            }
            if !part.is_empty() {
                word.width += part.width();
                word.pieces.push((*style, part.to_owned()));
            }
        }
    }
    if word.width > 0 {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::{BAD, STRONG};

    fn written(
        width: usize,
        color: bool,
        write: impl FnOnce(&mut Pen<'_>) -> io::Result<()>,
    ) -> String {
        let mut out = Vec::new();
        write(&mut Pen::new(&mut out, width, color)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_break_between_words_and_hang() {
        let text = "one two three four five six seven eight nine ten";
        let shown = written(40, false, |pen| {
            pen.flow(&[(PLAIN, "* ")], (PLAIN, "  "), &[(PLAIN, text)])
        });
        assert_eq!(
            shown,
            "* one two three four five six seven\n  eight nine ten\n"
        );
    }

    #[test]
    fn touching_pieces_stay_together_and_wide_characters_count_twice() {
        let pieces = [
            (PLAIN, "日本語日本語日本語 日本語日本語日 "),
            (STRONG, "日本語"),
            (PLAIN, ", so"),
        ];
        let shown = written(40, false, |pen| pen.flow(&[], (PLAIN, ""), &pieces));
        assert_eq!(shown, "日本語日本語日本語 日本語日本語日\n日本語, so\n");
    }

    #[test]
    fn colour_is_off_when_asked_and_always_reset() {
        assert_eq!(written(80, false, |pen| pen.put(BAD, "x")), "x");
        let shown = written(80, true, |pen| pen.put(BAD, "x"));
        assert!(
            shown.starts_with("\u{1b}[") && shown.ends_with("\u{1b}[0m"),
            "{shown:?}"
        );
    }

    #[test]
    fn words_of_one_style_are_painted_at_once() {
        let text = [(BAD, "one two"), (PLAIN, " three")];
        let shown = written(80, true, |pen| pen.flow(&[], (PLAIN, ""), &text));
        assert_eq!(shown, format!("{BAD}one two {BAD:#}three\n"));
    }

    #[test]
    fn nothing_steers_the_terminal() {
        let hostile = "a\u{1b}[31m\nb";
        let shown = written(80, false, |pen| {
            pen.flow(&[], (PLAIN, ""), &[(PLAIN, hostile)])
        });
        assert_eq!(shown, "a\\u{1b}[31m\\nb\n");
    }
}
