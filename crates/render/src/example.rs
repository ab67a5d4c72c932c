//! An example of a page for a terminal: indented, with its verdict and versions in words, and with the marks of the
//! expected findings as arrows.

use std::io;

use crate::pen::{Pen, Piece};
use crate::style::{BAD, CODE, GOOD, PLAIN};

/// Begins the comment that marks findings in an example.
const MARK: &str = "# ! ";
const INDENT: &str = "    ";

/// Writes a code block with its info string, such as `yaml bad kubernetes=1.25..`.
pub(crate) fn example(info: &str, text: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    let mut words = info.split_whitespace().skip(1);
    let verdict = words.next().unwrap_or_default();
    let style = if verdict == "bad" { BAD } else { GOOD };
    if !verdict.is_empty() {
        let attributes: String = words
            .map(|word| format!(" ({})", attribute(word)))
            .collect();
        pen.line(&[(PLAIN, INDENT), (style, verdict), (PLAIN, &attributes)])?;
    }
    for line in text.lines() {
        code(line, pen)?;
    }
    Ok(())
}

/// A line without the marks, and behind it an arrow for each of them.
fn code(line: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    if line.is_empty() {
        return pen.end();
    }
    let Some((code, marks)) = line.split_once(MARK) else {
        return pen.line(&[(PLAIN, INDENT), (CODE, line)]);
    };
    let ids = marks
        .split("; ")
        .filter_map(|mark| mark.split_whitespace().next());
    let arrow = format!("# ← {}", ids.collect::<Vec<_>>().join(", "));
    let pieces: [Piece<'_>; 3] = [(PLAIN, INDENT), (CODE, code), (BAD, &arrow)];
    pen.line(&pieces)
}

/// `kubernetes=1.25..` in words; other attributes as they are.
fn attribute(word: &str) -> String {
    let Some(range) = word.strip_prefix("kubernetes=") else {
        return word.to_owned();
    };
    match range.split_once("..") {
        Some((since, "")) => format!("Kubernetes {since} and newer"),
        Some(("", until)) => format!("Kubernetes {until} and older"),
        Some((since, until)) => format!("Kubernetes {since} to {until}"),
        None => format!("Kubernetes {range}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_words() {
        let words = [
            ("kubernetes=1.25..", "Kubernetes 1.25 and newer"),
            ("kubernetes=..1.24", "Kubernetes 1.24 and older"),
            ("kubernetes=1.25..1.34", "Kubernetes 1.25 to 1.34"),
            ("kubernetes=1.30", "Kubernetes 1.30"),
            ("profile=strict", "profile=strict"),
        ];
        for (attribute, shown) in words {
            assert_eq!(super::attribute(attribute), shown);
        }
    }

    #[test]
    fn code_without_an_info_string_is_only_indented() {
        let mut out = Vec::new();
        example(
            "",
            "a: 1\n\nb: 2 # ! x y; z[low] w\n",
            &mut Pen::new(&mut out, 80, false),
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "    a: 1\n\n    b: 2 # ← x, z[low]\n"
        );
    }
}
