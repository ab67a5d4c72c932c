//! YAML scalars that mean the string that was given, whatever it looks like.

/// Words that some reader of YAML takes for something other than a string.
const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A string as a YAML scalar in block style: plain where that is safe, in double quotes otherwise.
pub fn scalar(text: &str) -> String {
    let mut characters = text.chars();
    let plain = characters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric() || "._/@-".contains(c))
        || is_reference(text);
    if plain && !WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// An image with tag and digest, or an address: colons that are followed by something.
fn is_reference(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !text.ends_with(':')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._/@-:".contains(c))
}

/// In double quotes, with everything escaped that could end them or a line.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => out += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    out + "\""
}

/// Untrusted text within a comment: what could end the line or disturb a terminal becomes `?`.
pub(crate) fn in_comment(text: &str) -> String {
    let fine = |c: char| c.is_ascii_graphic() || c == ' ';
    text.chars()
        .map(|c| if fine(c) { c } else { '?' })
        .collect()
}

/// Lines with this many blanks before each that is not empty.
pub(crate) fn indented(blanks: usize, text: &str) -> String {
    let indent = " ".repeat(blanks);
    text.lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("{indent}{line}\n")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use plimsoll_yaml::{parse, split};

    use super::*;

    #[test]
    fn every_string_is_read_back() {
        for text in [
            "app",
            "true",
            "NO",
            "12",
            "1e3",
            "",
            "a: b",
            "a:",
            "#x",
            "- x",
            "a\nb",
            "ü",
            "\u{7f}",
            "\"",
            "\\",
            "a@sha256:0f",
            "https://a.example/x",
            "0x10",
            "*",
            "~",
            "a #b",
            "\u{1f600}",
        ] {
            let yaml = format!("key: {}\n", scalar(text));
            let chunk = &split(&yaml)[0];
            let tree = parse(&yaml, chunk).unwrap();
            let value = tree.root().get("key").unwrap();
            assert_eq!(value.as_str(), Some(text), "{yaml}");
        }
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(in_comment("a\nkind: b\u{1b}[0m\u{202e}"), "a?kind: b?[0m?");
    }
}
