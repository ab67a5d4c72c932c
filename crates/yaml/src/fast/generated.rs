//! Generated documents in every style, then damaged ones: both readers must agree on all of them.

use proptest::prelude::*;

use super::tests::declined;

/// Texts that look like something else, and some that do not.
const ATOMS: &[&str] = &[
    "a",
    "b",
    "x y",
    "1",
    "-1",
    "0777",
    "yes",
    "~",
    "null",
    ".5",
    "1e3",
    "http://x:80/y",
    "a#b",
    "-x",
    "--x=:1",
    "a:b",
    "é ü",
    "日本",
    "it''s",
    "\\n",
    "\\x41",
    "\\\"",
    "x  y",
    "%x",
    "@x",
    "`x",
    "&a x",
    "*a",
    "!!str x",
    "<<",
    "| x",
    "> x",
    "? x",
    "- x",
    "-",
    "x: y",
    "x : y",
    "a, b",
    "[x]",
    "{{ x }}",
    "x #y",
    "'x'",
    "\"x\"",
    "x\ty",
    "...",
    "...x",
    ":x",
    "?x",
    "#x",
    ".inf",
    "a]",
    "\\",
    "\\ ",
    "x:",
    "---x",
    "=",
    "\u{85}x",
    "x\u{a0}",
    "\u{feff}",
    "",
];

/// What damage is made of.
const DAMAGE: &[&str] = &[
    " ", "  ", "\n", "\t", ":", ": ", "- ", "-", "#", " #", "'", "\"", "[", "]", "{", "}", ",",
    "|", ">", "&", "*", "!", "?", "? ", "%", "\\", "\r\n", "\r", "\n\n", "\n ", "...\n", "x", "0",
    "é", "\u{a0}", "\u{7f}",
];

/// Writes a document by a list of choices; when they run out, always the first.
struct Writer<'a> {
    choices: std::slice::Iter<'a, u16>,
    out: String,
}

impl Writer<'_> {
    fn pick(&mut self, ways: usize) -> usize {
        self.choices
            .next()
            .map_or(0, |choice| usize::from(*choice) % ways)
    }

    fn atom(&mut self) -> &'static str {
        // Mostly harmless, or hardly any document would be read.
        let ways = if self.pick(12) == 1 { ATOMS.len() } else { 18 };
        ATOMS[self.pick(ways)]
    }

    fn one_of(&mut self, ways: &[&str]) {
        let way = self.pick(ways.len());
        self.out.push_str(ways[way]);
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    /// Ends a line, perhaps with blanks or a comment, perhaps with more lines.
    fn end(&mut self, indent: usize) {
        match self.pick(12) {
            1 => self.out.push_str("  "),
            2 => self.out.push_str(" # é: - x  "),
            3 => self.out.push('\n'),
            4 => {
                self.out.push('\n');
                self.spaces(indent);
                self.out.push_str("# x");
            }
            5 => self.out.push_str("\n# y\n   "),
            _ => {}
        }
        self.out.push('\n');
    }

    fn quoted(&mut self, indent: usize) {
        let quote = ['"', '\''][self.pick(2)];
        self.out.push(quote);
        for _ in 0..self.pick(4) {
            let atom = self.atom();
            self.out.push_str(atom);
            let glue = ["", " ", "\n", "\\\n", " \n\n", "\\", "", ""][self.pick(8)];
            self.out.push_str(glue);
            if glue.ends_with('\n') {
                let more = self.pick(4);
                self.spaces(indent + more);
            }
        }
        self.out.push(quote);
    }

    fn plain(&mut self, indent: usize) {
        let atom = self.atom();
        self.out.push_str(atom);
        for _ in 0..self.pick(5).saturating_sub(2) {
            self.one_of(&["\n", "\n\n", " \n"]);
            let more = self.pick(3);
            self.spaces(indent + more);
            let atom = self.atom();
            self.out.push_str(atom);
        }
    }

    fn block(&mut self, indent: usize) {
        let headers = [
            "|", ">", "|-", ">-", "|+", ">+", "|2", ">1-", "|+3", ">2+", "|0", "| #x", ">#x", "|- ",
        ];
        let header = headers[self.pick(headers.len())];
        self.out.push_str(header);
        self.out.push('\n');
        let indent = indent + self.pick(4);
        for _ in 0..self.pick(6) {
            let more = [0, 0, 0, 1, 2, 0][self.pick(6)];
            match self.pick(6) {
                1 => {}
                2 => self.spaces(indent),
                3 => self.spaces(indent + more + 1),
                4 => {
                    self.spaces(indent);
                    self.out.push_str("\tx");
                }
                _ => {
                    self.spaces(indent + more);
                    let atom = self.atom();
                    self.out.push_str(atom);
                }
            }
            self.out.push('\n');
        }
    }

    fn flow(&mut self, depth: usize) {
        let mapping = self.pick(2) == 1;
        self.out.push(if mapping { '{' } else { '[' });
        for _ in 0..self.pick(4) {
            self.one_of(&["", "", " ", "\n   ", " # x\n ", "\n"]);
            if mapping {
                self.flow_atom();
                self.one_of(&[": ", ": ", ":", " : ", ":\n  "]);
            }
            match self.pick(4) {
                1 if depth < 3 => self.flow(depth + 1),
                _ => self.flow_atom(),
            }
            self.one_of(&[",", ", ", " ,", "\n,", ""]);
        }
        self.out.push(if mapping { '}' } else { ']' });
    }

    fn flow_atom(&mut self) {
        match self.pick(3) {
            1 => self.quoted(1),
            _ => {
                let atom = self.atom();
                self.out.push_str(atom);
            }
        }
    }

    /// What stands after a colon or a dash on the same line, or below.
    fn value(&mut self, indent: usize, depth: usize, in_list: bool) {
        let deeper = indent + [2, 2, 1, 4][self.pick(4)];
        match self.pick(11) {
            1 | 2 if depth < 4 => {
                if in_list && self.pick(3) > 0 {
                    self.out.push(' ');
                    return self.collection(indent + 2, depth + 1, true);
                }
                self.end(indent);
                self.collection(deeper, depth + 1, false);
            }
            3 if depth < 4 && !in_list => {
                self.end(indent);
                self.list(indent, depth + 1, false);
            }
            4 => self.end(indent),
            kind => {
                if self.pick(8) == 1 {
                    self.end(indent);
                    self.spaces(deeper);
                } else {
                    self.one_of(&[" ", " ", " ", " ", " ", "  ", ""]);
                }
                match kind {
                    5 => self.quoted(deeper),
                    6 => self.flow(0),
                    7 => return self.block(deeper),
                    8 => {
                        self.out.push_str("x\n");
                        self.spaces(deeper);
                        self.plain(deeper);
                    }
                    _ => self.plain(deeper),
                }
                self.end(indent);
            }
        }
    }

    fn collection(&mut self, indent: usize, depth: usize, inline: bool) {
        if self.pick(3) == 1 {
            return self.list(indent, depth, inline);
        }
        for entry in 0..=self.pick(4) {
            if entry > 0 || !inline {
                self.spaces(indent);
            }
            if self.pick(5) == 1 {
                self.quoted(indent);
            } else {
                let atom = self.atom();
                self.out.push_str(atom);
            }
            self.one_of(&[":", ":", ":", " :"]);
            self.value(indent, depth, false);
        }
    }

    fn list(&mut self, indent: usize, depth: usize, inline: bool) {
        for item in 0..=self.pick(3) {
            if item > 0 || !inline {
                self.spaces(indent);
            }
            self.out.push('-');
            self.value(indent, depth, true);
        }
    }
}

fn document(choices: &[u16]) -> String {
    let (last, choices) = choices.split_last().unwrap_or((&0, &[]));
    let mut writer = Writer {
        choices: choices.iter(),
        out: String::new(),
    };
    writer.collection(0, 0, false);
    let text = match last % 4 {
        1 => writer.out.replace('\n', "\r\n"),
        2 => writer.out.trim_end().to_owned(),
        _ => writer.out,
    };
    if last % 7 == 1 {
        format!("\u{feff}{text}")
    } else {
        text
    }
}

fn damaged(mut text: String, damage: &[(u16, u16, u8)]) -> String {
    for (place, what, how) in damage {
        let mut at = usize::from(*place) % (text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let with = DAMAGE[usize::from(*what) % DAMAGE.len()];
        match how % 3 {
            0 => text.insert_str(at, with),
            1 => text.replace_range(at..end, with),
            _ => text.replace_range(at..end, ""),
        }
    }
    text
}

fn choices() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_agree_on_generated_documents(choices in choices()) {
        let text = document(&choices);
        prop_assert!(declined(&text).is_ok(), "{}", declined(&text).unwrap_err());
    }

    #[test]
    fn both_readers_agree_on_damaged_documents(
        choices in choices(),
        damage in prop::collection::vec(any::<(u16, u16, u8)>(), 1..6),
    ) {
        let text = damaged(document(&choices), &damage);
        prop_assert!(declined(&text).is_ok(), "{}", declined(&text).unwrap_err());
    }

    #[test]
    fn both_readers_agree_on_damaged_ordinary_documents(
        which in 0..super::tests::ORDINARY.len(),
        damage in prop::collection::vec(any::<(u16, u16, u8)>(), 1..4),
    ) {
        let text = damaged(super::tests::ORDINARY[which].to_owned(), &damage);
        prop_assert!(declined(&text).is_ok(), "{}", declined(&text).unwrap_err());
    }
}

#[test]
fn most_generated_documents_are_read() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let read = (0..300).filter(|_| {
        let choices = choices()
            .new_tree(&mut runner)
            .expect("a list of numbers")
            .current();
        declined(&document(&choices)) == Ok(0)
    });
    let read = read.count();
    assert!(
        read > 60,
        "only {read} of 300: the comparison would compare little"
    );
}
