//! The ways in which people write a document down: block, block with flow in it, JSON.
//!
//! Invariant: every style of one tree reads back as the same data. Comments survive in block style only.

use std::fmt::Write as _;

use super::value::{Entry, Map, Style, Value};

/// A map or list is short enough for flow style below this many characters.
const SHORT: usize = 64;

/// Writes the entries of a map in block style, each line `depth` columns in.
pub(super) fn block(map: &Map, depth: usize, style: Style, out: &mut String) {
    for entry in &map.0 {
        if let Some(comment) = entry.comment {
            let _ = writeln!(out, "{:depth$}# {comment}", "");
        }
        let _ = write!(out, "{:depth$}", "");
        block_entry(entry, depth, style, out);
    }
}

fn block_entry(entry: &Entry, depth: usize, style: Style, out: &mut String) {
    out.push_str(&scalar(&entry.key));
    out.push(':');
    match &entry.value {
        value if in_one_line(value, style) => {
            let _ = writeln!(out, " {}", flow(value));
        }
        Value::Lines(lines) => literal(lines, depth + 2, out),
        Value::List(items) => {
            out.push('\n');
            let deeper = if style == Style::Level { 0 } else { 2 };
            block_items(items, depth + deeper, style, out);
        }
        Value::Map(map) => {
            out.push('\n');
            block(map, depth + 2, style, out);
        }
        Value::Plain(_) | Value::Text(_) => {}
    }
}

fn block_items(items: &[Value], depth: usize, style: Style, out: &mut String) {
    for item in items {
        let _ = write!(out, "{:depth$}- ", "");
        match item {
            Value::Map(map) if !in_one_line(item, style) => {
                let mut inner = String::new();
                block(map, depth + 2, style, &mut inner);
                out.push_str(inner.trim_start_matches(' '));
            }
            _ => {
                let _ = writeln!(out, "{}", flow(item));
            }
        }
    }
}

fn literal(lines: &[String], depth: usize, out: &mut String) {
    out.push_str(" |\n");
    for line in lines {
        let _ = writeln!(out, "{:depth$}{line}", "");
    }
}

/// Whether a value stands on its key's line.
fn in_one_line(value: &Value, style: Style) -> bool {
    match value {
        Value::Plain(_) | Value::Text(_) => true,
        Value::Lines(_) => false,
        Value::List(items) if items.is_empty() => true,
        Value::Map(map) if map.0.is_empty() => true,
        _ => style == Style::Flowing && flows(value) && flow(value).len() < SHORT,
    }
}

/// Whether flow style loses nothing: no comments and no literal blocks.
fn flows(value: &Value) -> bool {
    match value {
        Value::Plain(_) | Value::Text(_) => true,
        Value::Lines(_) => false,
        Value::List(items) => items.iter().all(flows),
        Value::Map(map) => map
            .0
            .iter()
            .all(|entry| entry.comment.is_none() && flows(&entry.value)),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Plain(text) => text.clone(),
        Value::Text(text) => scalar(text),
        Value::Lines(lines) => quoted(&joined(lines)),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(map) => {
            let pair = |entry: &Entry| format!("{}: {}", scalar(&entry.key), flow(&entry.value));
            let pairs: Vec<String> = map.0.iter().map(pair).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// Writes a value as JSON, its inner lines `depth` columns in, without a line feed at the end.
pub(super) fn json(value: &Value, depth: usize, out: &mut String) {
    match value {
        Value::Plain(text) => out.push_str(text),
        Value::Text(text) => out.push_str(&quoted(text)),
        Value::Lines(lines) => out.push_str(&quoted(&joined(lines))),
        Value::List(items) => json_members(['[', ']'], items, depth, out, |item, out| {
            json(item, depth + 2, out);
        }),
        Value::Map(map) => json_members(['{', '}'], &map.0, depth, out, |entry, out| {
            let _ = write!(out, "{}: ", quoted(&entry.key));
            json(&entry.value, depth + 2, out);
        }),
    }
}

fn json_members<T>(
    [open, close]: [char; 2],
    members: &[T],
    depth: usize,
    out: &mut String,
    write_member: impl Fn(&T, &mut String),
) {
    out.push(open);
    for (index, member) in members.iter().enumerate() {
        out.push_str(if index == 0 { "\n" } else { ",\n" });
        let _ = write!(out, "{:1$}", "", depth + 2);
        write_member(member, out);
    }
    if !members.is_empty() {
        let _ = write!(out, "\n{:depth$}", "");
    }
    out.push(close);
}

fn joined(lines: &[String]) -> String {
    lines
        .iter()
        .flat_map(|line| [line.as_str(), "\n"])
        .collect()
}

fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// Whether a string stays that string without quotes, in block and in flow, in YAML 1.1 and 1.2.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "true", "false", "yes", "no", "on", "off", "y", "n", "null", "none",
    ];
    let option = text.strip_prefix("--").unwrap_or(text);
    let word = option.starts_with(|first: char| first.is_ascii_alphabetic());
    let quantity =
        text.starts_with(|first: char| first.is_ascii_digit()) && text.ends_with(['m', 'i']);
    let harmless = |each: char| each.is_ascii_alphanumeric() || " -_./:@=()+;#".contains(each);
    (word || quantity || text.starts_with('/'))
        && text.chars().all(harmless)
        && !text.contains(" #")
        && !text.contains(": ")
        && !text.ends_with([' ', ':'])
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// In double quotes, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for each in text.chars() {
        match each {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            _ => out.push(each),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Map {
        let inner = Map::default().with("name", "a").with("port", 80);
        let mut map = Map::default()
            .with("text", "yes")
            .with(
                "list",
                vec![inner.into(), Map::default().with("x", true).into()],
            )
            .with("lines", Value::Lines(vec!["one".into(), "two".into()]))
            .with("empty", Map::default());
        map.0[0].comment = Some("why");
        map
    }

    fn written(style: Style) -> String {
        let mut out = String::new();
        block(&sample(), 0, style, &mut out);
        out
    }

    #[test]
    fn block_style() {
        let indented = "# why\ntext: \"yes\"\nlist:\n  - name: a\n    port: 80\n  - x: true\nlines: |\n  one\n  two\nempty: {}\n";
        assert_eq!(written(Style::Indented), indented);
        let level = indented.replace("  - ", "- ").replace("    port", "  port");
        assert_eq!(written(Style::Level), level);
    }

    #[test]
    fn short_parts_flow() {
        let expected = "# why\ntext: \"yes\"\nlist: [{name: a, port: 80}, {x: true}]\nlines: |\n  one\n  two\nempty: {}\n";
        assert_eq!(written(Style::Flowing), expected);
    }

    #[test]
    fn json_style() {
        let mut out = String::new();
        json(&Value::Map(sample()), 0, &mut out);
        let expected = "{\n  \"text\": \"yes\",\n  \"list\": [\n    {\n      \"name\": \"a\",\n      \"port\": 80\n    },\n    {\n      \"x\": true\n    }\n  ],\n  \"lines\": \"one\\ntwo\\n\",\n  \"empty\": {}\n}";
        assert_eq!(out, expected);
    }

    #[test]
    fn strings_that_would_be_something_else_are_quoted() {
        for text in [
            "1.0", "on", "NO", "a: b", "a:", "", "*", "a, b", "a #b", "-", "---", "5", "0x1f", "~",
            "größer",
        ] {
            assert_eq!(scalar(text), format!("\"{text}\""));
        }
        for text in [
            "app/v1", "/tmp", "redis:7", "say so", "25m", "64Mi", "--quiet", "a#b",
        ] {
            assert_eq!(scalar(text), text);
        }
    }
}
