//! Marks the lines of a template, so that what it prints tells where it came from: a comment at the end of every line that
//! can carry one. Takes the marks out of the printed text again.
//!
//! Left unmarked: lines within an action that spans several, lines whose end an action trims (`-}}`), empty lines, and
//! what is defined to be printed elsewhere (`define`), which belongs to the line that includes it.

use std::fmt::Write;

/// Begins a mark; a character that no manifest uses.
const OPEN: &str = " #\u{e000}";
/// Ends a mark, so that a text from which it is removed joins again what trimming had joined.
const CLOSE: char = '\u{e001}';

/// A template's text with marks, and its lines that print without a mark.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Marked {
    pub(crate) text: String,
    /// From 1, in order: lines that may print and could not be marked.
    pub(crate) unmarked: Vec<u32>,
}

/// Marks a template's lines with the number of its file.
pub(crate) fn mark(file: usize, template: &str) -> Marked {
    let mut scanner = Scanner::default();
    let mut marked = Marked {
        text: String::with_capacity(template.len() * 2),
        unmarked: Vec::new(),
    };
    for (line, number) in template.split_inclusive('\n').zip(1_u32..) {
        let content = line.trim_end_matches(['\n', '\r']);
        let end = line.get(content.len()..).unwrap_or_default();
        let defined = scanner.is_defining();
        scanner.read(content);
        marked.text.push_str(content);
        let blank = content.trim().is_empty();
        let trimmed = content.trim_end().ends_with("-}}");
        let defined = defined || scanner.is_defining();
        if !blank && !trimmed && !defined && scanner.inside == Inside::Text {
            let _ = write!(marked.text, "{OPEN}{file}:{number}{CLOSE}");
        } else if !blank && !defined && scanner.printed {
            marked.unmarked.push(number);
        }
        marked.text.push_str(end);
    }
    marked
}

/// Where a line of printed text came from: the number of the file and the line of each mark on it.
pub(crate) type Marks = Vec<(usize, u32)>;

/// A printed line without its marks, and the marks.
pub(crate) fn unmark(line: &str) -> (String, Marks) {
    let (mut text, mut marks) = (String::new(), Marks::new());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(OPEN) {
        text.push_str(before);
        let Some((mark, behind)) = after.split_once(CLOSE) else {
            // Cut by the template itself.
            return (text, marks);
        };
        let number = mark.split_once(':');
        marks
            .extend(number.and_then(|(file, line)| Some((file.parse().ok()?, line.parse().ok()?))));
        rest = behind;
    }
    text.push_str(rest);
    (text, marks)
}

/// Does a printed line begin with a mark that stands alone and lost its space, as at the start of a document?
pub(crate) fn is_bare(line: &str) -> bool {
    line.starts_with(OPEN.trim_start())
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Inside {
    #[default]
    Text,
    Action,
    Comment,
    Quoted,
    Raw,
}

/// Reads a template line by line, as far as actions and blocks are concerned.
#[derive(Default)]
struct Scanner {
    inside: Inside,
    action: String,
    /// For each open block, whether it is a `define`.
    blocks: Vec<bool>,
    /// May the line read last print what an action makes?
    printed: bool,
}

impl Scanner {
    fn is_defining(&self) -> bool {
        self.blocks.contains(&true)
    }

    fn read(&mut self, line: &str) {
        self.printed = false;
        let mut rest = line;
        while let Some(next) = rest.chars().next() {
            rest = rest.get(self.step(rest, next)..).unwrap_or_default();
        }
        if self.inside == Inside::Action {
            self.action.push('\n');
        }
    }

    /// Takes one step; gives how many bytes it was.
    fn step(&mut self, rest: &str, next: char) -> usize {
        match self.inside {
            Inside::Text if rest.starts_with("{{") => {
                let inner = rest.get(2..).unwrap_or_default();
                let inner = inner.strip_prefix("- ").unwrap_or(inner);
                let comment = inner.starts_with("/*");
                self.inside = if comment {
                    Inside::Comment
                } else {
                    Inside::Action
                };
                self.action.clear();
                2
            }
            Inside::Comment if rest.starts_with("*/") => {
                self.inside = Inside::Action;
                2
            }
            Inside::Action if rest.starts_with("}}") => {
                self.inside = Inside::Text;
                self.ended();
                2
            }
            Inside::Action => {
                self.inside = match next {
                    '"' => Inside::Quoted,
                    '`' => Inside::Raw,
                    _ => Inside::Action,
                };
                self.action.push(next);
                next.len_utf8()
            }
            Inside::Quoted if next == '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            Inside::Quoted if next == '"' => {
                self.inside = Inside::Action;
                1
            }
            Inside::Raw if next == '`' => {
                self.inside = Inside::Action;
                1
            }
            _ => next.len_utf8(),
        }
    }

    fn ended(&mut self) {
        let action = self.action.trim_start_matches('-').trim();
        let word = action.split(|c: char| !c.is_alphanumeric()).next();
        match word.unwrap_or_default() {
            "define" => self.blocks.push(true),
            "if" | "range" | "with" | "block" => self.blocks.push(false),
            "end" => drop(self.blocks.pop()),
            "else" | "break" | "continue" => {}
            _ if action.is_empty() || action.starts_with('$') && action.contains('=') => {}
            _ => self.printed = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines that carry a mark.
    fn marked(template: &str) -> Vec<u32> {
        let marked = mark(7, template);
        let lines = marked.text.lines().map(unmark);
        let lines: Vec<_> = lines.collect();
        let plain: Vec<_> = lines.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(
            plain,
            template.lines().collect::<Vec<_>>(),
            "nothing else changes"
        );
        let marks = lines.iter().flat_map(|(_, marks)| marks);
        assert!(marks.clone().all(|(file, _)| *file == 7));
        marks.map(|(_, line)| *line).collect()
    }

    #[test]
    fn lines_of_text_and_of_whole_actions_are_marked() {
        assert_eq!(
            marked("a: 1\n{{- if .x }}\nb: {{ .y }}\n\n{{- end }}\n"),
            [1, 2, 3, 5]
        );
    }

    #[test]
    fn what_cannot_carry_a_comment_is_not() {
        assert_eq!(marked("{{ if .x -}}\na: 1\n{{ list\n 1\n 2 }}\n"), [2, 5]);
        assert_eq!(marked("{{/* a\n b\n*/}}\na: 1\n"), [3, 4]);
        assert_eq!(marked("a: {{ `}}\n{{` }}\nb: {{ \"}}\\\"}}\" }}\n"), [2, 3]);
    }

    #[test]
    fn what_is_defined_belongs_to_who_includes_it() {
        let template = "{{- define \"a\" }}\n{{ if .x }}\nx: 1\n{{ end }}\n{{- end }}\nb: 1\n";
        assert_eq!(marked(template), [6]);
    }

    #[test]
    fn lines_that_print_unmarked_are_known() {
        let template = "{{- if .x -}}\n{{- toYaml .y -}}\n{{- $z := 1 -}}\n";
        assert_eq!(mark(0, template).unmarked, [2]);
    }

    #[test]
    fn marks_come_out_again_wherever_they_went() {
        let text = mark(3, "a: 1\r\nb: 2").text;
        assert!(text.contains("\u{e001}\r\n"), "{text:?}");
        let joined = format!("a{OPEN}1:2{CLOSE}b{OPEN}1:3{CLOSE}");
        assert_eq!(unmark(&joined), ("ab".to_owned(), vec![(1, 2), (1, 3)]));
        assert_eq!(unmark(" #\u{e000}1:2").0, "");
    }
}
