//! Writes a value as a document of its own, in the block style that most people write: two blanks a level, lists at the level
//! of their key, texts of several lines as literal blocks.

use crate::edit::Value;
use crate::edit::render;

/// The value as a document that ends with a line end. Reads back as the same value.
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Map(members) if !members.is_empty() => mapping(members, 0, "", &mut text),
        Value::List(items) if !items.is_empty() => list(items, 0, &mut text),
        value => scalar(value, &mut text),
    }
    text
}

/// One line, in the quotes in which it needs no escapes.
fn scalar(value: &Value, text: &mut String) {
    let single = match value {
        Value::Str(inner) if inner.contains(['"', '\\']) => render::single_quoted(inner),
        _ => None,
    };
    text.push_str(&single.unwrap_or_else(|| render::inline(value, false, false)));
    text.push('\n');
}

/// The first line starts with `lead` instead of its indentation.
fn mapping(members: &[(String, Value)], indent: usize, lead: &str, text: &mut String) {
    for (index, (key, value)) in members.iter().enumerate() {
        if index == 0 && !lead.is_empty() {
            text.push_str(lead);
        } else {
            pad(indent, text);
        }
        text.push_str(&render::string(key, false, false));
        text.push(':');
        match value {
            Value::Map(members) if !members.is_empty() => {
                text.push('\n');
                mapping(members, indent + 2, "", text);
            }
            Value::List(items) if !items.is_empty() => {
                text.push('\n');
                list(items, indent, text);
            }
            Value::Str(lines) if is_block(lines) => literal(lines, indent + 2, text),
            value => {
                text.push(' ');
                scalar(value, text);
            }
        }
    }
}

fn list(items: &[Value], indent: usize, text: &mut String) {
    let lead = format!("{}- ", " ".repeat(indent));
    for item in items {
        match item {
            Value::Map(members) if !members.is_empty() => mapping(members, indent + 2, &lead, text),
            Value::Str(lines) if is_block(lines) => {
                text.push_str(lead.trim_end());
                literal(lines, indent + 2, text);
            }
            item => {
                text.push_str(&lead);
                scalar(item, text);
            }
        }
    }
}

/// Can the text stand as a literal block without an indicator of its indentation?
fn is_block(text: &str) -> bool {
    let printable = |character: char| character == '\n' || !render::needs_escape(character);
    text.trim_end_matches('\n').contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && !text
            .lines()
            .any(|line| line.trim().is_empty() || line.ends_with(' '))
        && text.chars().all(printable)
}

fn literal(lines: &str, indent: usize, text: &mut String) {
    text.push_str(if lines.ends_with('\n') {
        " |\n"
    } else {
        " |-\n"
    });
    for line in lines.lines() {
        pad(indent, text);
        text.push_str(line);
        text.push('\n');
    }
}

fn pad(indent: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    #[test]
    fn it_looks_as_people_write() {
        let value = Value::Map(vec![
            ("kind".into(), text("Policy")),
            ("quoted".into(), text("true")),
            ("expression".into(), text("kind == \"it's\"")),
            (
                "rules".into(),
                Value::List(vec![
                    Value::Map(vec![
                        ("lines".into(), text("one\ntwo")),
                        ("none".into(), Value::List(vec![])),
                    ]),
                    Value::Int(3),
                ]),
            ),
        ]);
        let wanted = "kind: Policy\nquoted: \"true\"\nexpression: 'kind == \"it''s\"'\nrules:\n- lines: |-\n    one\n    two\n  none: []\n- 3\n";
        assert_eq!(write(&value), wanted);
    }

    #[test]
    fn what_would_end_the_document_is_quoted() {
        assert_eq!(write(&text("... a")), "\"... a\"\n");
        let map = Value::Map(vec![("...".to_owned(), text("b"))]);
        assert_eq!(write(&map), "\"...\": b\n");
    }

    #[test]
    fn what_yaml_does_not_have_is_escaped() {
        assert_eq!(write(&text("a\nb\u{fffe}")), "\"a\\nb\\ufffe\"\n");
        assert_eq!(write(&text("'\"\u{ffff}")), "\"'\\\"\\uffff\"\n");
        // A line end to kubectl's library.
        assert_eq!(write(&text("a\u{2028}b\nc")), "\"a\\u2028b\\nc\"\n");
    }
}
