//! Writes a value as a document in a chosen style. Every style says the same: text that Kubernetes would read as another
//! type is quoted in all of them.

use std::fmt::Write;

use crate::value::Value;

/// How to quote text in YAML.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Quotes {
    /// Only where it would be read as something else.
    WhereNeeded,
    /// `'…'`, keys included.
    Single,
    /// `"…"`, keys included.
    Double,
}

/// How to write block YAML.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Block {
    /// How to quote.
    pub(crate) quotes: Quotes,
    /// Does the dash of a list stand below the first letter of its key?
    pub(crate) indentless: bool,
    /// Blanks per level.
    pub(crate) step: usize,
}

/// The key that merges another mapping into its own; never quoted, for then it would be a key like any other.
pub(crate) const MERGE: &str = "<<";

/// What most people write.
pub(crate) const PLAIN: Block = Block {
    quotes: Quotes::WhereNeeded,
    indentless: false,
    step: 2,
};

/// A YAML document in block style, ending with a line end.
pub(crate) fn block(value: &Value, style: Block) -> String {
    let mut text = String::new();
    write_block(value, style, 0, &mut text);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn is_nested(value: &Value) -> bool {
    !value.entries().is_empty() || !value.items().is_empty()
}

/// Writes a value at `indent`; the cursor stands at that column already.
fn write_block(value: &Value, style: Block, indent: usize, text: &mut String) {
    match value {
        Value::Mapping(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                pad(index, indent, text);
                let _ = write!(text, "{}:", yaml_string(key, style.quotes));
                write_member(value, style, indent, text);
            }
        }
        Value::Sequence(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                pad(index, indent, text);
                text.push_str("- ");
                write_block(item, style, indent + 2, text);
                end_line(text);
            }
        }
        _ => text.push_str(&flow(value, style.quotes)),
    }
}

fn write_member(value: &Value, style: Block, indent: usize, text: &mut String) {
    if !is_nested(value) {
        text.push(' ');
        text.push_str(&flow(value, style.quotes));
    } else {
        let flush = style.indentless && !value.items().is_empty();
        let inner = if flush { indent } else { indent + style.step };
        text.push('\n');
        text.push_str(&" ".repeat(inner));
        write_block(value, style, inner, text);
    }
    end_line(text);
}

fn pad(index: usize, indent: usize, text: &mut String) {
    if index > 0 {
        text.push_str(&" ".repeat(indent));
    }
}

fn end_line(text: &mut String) {
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

/// YAML on one line, in brackets, without a line end.
pub(crate) fn flow(value: &Value, quotes: Quotes) -> String {
    match value {
        Value::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| {
                format!("{}: {}", yaml_string(key, quotes), flow(value, quotes))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Sequence(items) => {
            let items = items.iter().map(|item| flow(item, quotes));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Str(text) => yaml_string(text, quotes),
        scalar => json(scalar),
    }
}

/// JSON on one line, without blanks or a line end.
pub(crate) fn json(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::Str(text) => json_string(text),
        Value::Sequence(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(","))
        }
        Value::Mapping(entries) => {
            let entries = entries.iter();
            let entries =
                entries.map(|(key, value)| format!("{}:{}", json_string(key), json(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

/// JSON over several lines, indented with tabs, ending with a line end.
pub(crate) fn pretty_json(value: &Value) -> String {
    let mut text = String::new();
    write_pretty(value, 0, &mut text);
    text.push('\n');
    text
}

fn write_pretty(value: &Value, depth: usize, text: &mut String) {
    let members: Vec<(String, &Value)> = match value {
        Value::Mapping(entries) => {
            let entries = entries.iter();
            entries
                .map(|(key, value)| (format!("{}: ", json_string(key)), value))
                .collect()
        }
        _ => value
            .items()
            .iter()
            .map(|item| (String::new(), item))
            .collect(),
    };
    if members.is_empty() {
        return text.push_str(&json(value));
    }
    let (open, close) = if value.items().is_empty() {
        ('{', '}')
    } else {
        ('[', ']')
    };
    text.push(open);
    for (index, (key, member)) in members.into_iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "\n" });
        text.push_str(&"\t".repeat(depth + 1));
        text.push_str(&key);
        write_pretty(member, depth + 1, text);
    }
    text.push('\n');
    text.push_str(&"\t".repeat(depth));
    text.push(close);
}

fn yaml_string(text: &str, quotes: Quotes) -> String {
    let one_line = !text.contains(|c: char| c.is_control());
    match quotes {
        _ if text == MERGE => text.to_owned(),
        Quotes::WhereNeeded if is_plain(text) => text.to_owned(),
        Quotes::Single if one_line => format!("'{}'", text.replace('\'', "''")),
        _ => json_string(text),
    }
}

/// Is the text read as that text without quotes, in any style? Says no more often than it must.
fn is_plain(text: &str) -> bool {
    const OTHER_TYPES: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let safe = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && text.chars().all(safe)
        && !OTHER_TYPES.contains(&text.to_ascii_lowercase().as_str())
}

fn json_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        Value::map([
            ("kind", Value::text("Pod")),
            ("on", Value::text("0777")),
            (
                "list",
                Value::Sequence(vec![
                    Value::map([
                        ("a", Value::Int(1)),
                        ("b", Value::Sequence(vec![Value::Null])),
                    ]),
                    Value::Sequence(vec![Value::Bool(true), Value::text("yes")]),
                    Value::map([]),
                ]),
            ),
        ])
    }

    #[test]
    fn block_style_quotes_what_would_be_read_as_another_type() {
        assert_eq!(
            block(&sample(), PLAIN),
            "kind: Pod\n\"on\": \"0777\"\nlist:\n  - a: 1\n    b:\n      - null\n  - - true\n    - \"yes\"\n  - {}\n"
        );
    }

    #[test]
    fn lists_may_stand_below_their_key() {
        let style = Block {
            indentless: true,
            ..PLAIN
        };
        assert!(block(&sample(), style).contains("\nlist:\n- a: 1\n  b:\n  - null\n- - true\n"));
    }

    #[test]
    fn flow_and_json() {
        assert_eq!(
            flow(&sample(), Quotes::Single),
            "{'kind': 'Pod', 'on': '0777', 'list': [{'a': 1, 'b': [null]}, [true, 'yes'], {}]}"
        );
        assert_eq!(
            json(&sample()),
            r#"{"kind":"Pod","on":"0777","list":[{"a":1,"b":[null]},[true,"yes"],{}]}"#
        );
        assert_eq!(
            pretty_json(&Value::map([(
                "a",
                Value::Sequence(vec![Value::Int(1), Value::map([])])
            )])),
            "{\n\t\"a\": [\n\t\t1,\n\t\t{}\n\t]\n}\n"
        );
    }
}
