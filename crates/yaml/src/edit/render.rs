//! Writes values in the style of their surroundings: block with this indentation, flow with this spacing, JSON.

use crate::edit::Value;
use crate::node::Scalar;
use crate::scalar;

/// How a flow collection is written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Flow {
    /// Keys and strings are quoted.
    pub(super) json: bool,
    /// A blank after `:`; YAML cannot do without.
    pub(super) spaced: bool,
}

/// How block collections are written.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) struct Block {
    /// Blanks by which a mapping stands deeper than its key.
    pub(super) step: usize,
    /// Blanks by which the dashes of a list stand deeper than its key; 0 is common, too.
    pub(super) dash: usize,
}

/// `value` in flow style, on one line.
pub(super) fn flow(value: &Value, style: Flow) -> String {
    let comma = if style.spaced { ", " } else { "," };
    match value {
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| flow(item, style)).collect();
            format!("[{}]", items.join(comma))
        }
        Value::Map(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| member(key, value, style))
                .collect();
            format!("{{{}}}", members.join(comma))
        }
        value => inline(value, style.json, true),
    }
}

/// `key: value` in flow style.
pub(super) fn member(key: &str, value: &Value, style: Flow) -> String {
    let colon = if style.spaced { ": " } else { ":" };
    format!(
        "{}{colon}{}",
        string(key, style.json, true),
        flow(value, style)
    )
}

/// The lines of `key: value` in block style, the first without, the others with indentation.
pub(super) fn entry(key: &str, value: &Value, indent: usize, style: Block) -> Vec<String> {
    let key = string(key, false, false);
    match value {
        Value::Map(members) if !members.is_empty() => {
            let mut lines = vec![format!("{key}:")];
            lines.extend(mapping(members, indent + style.step, style));
            lines
        }
        Value::List(items) if !items.is_empty() => {
            let mut lines = vec![format!("{key}:")];
            lines.extend(
                items
                    .iter()
                    .flat_map(|item| list_item(item, indent + style.dash, style)),
            );
            lines
        }
        value => vec![format!(
            "{key}: {}",
            flow(
                value,
                Flow {
                    json: false,
                    spaced: true
                }
            )
        )],
    }
}

/// The lines of a list item in block style, with indentation.
pub(super) fn list_item(item: &Value, indent: usize, style: Block) -> Vec<String> {
    let pad = " ".repeat(indent);
    match item {
        Value::Map(members) if !members.is_empty() => {
            let mut lines = mapping(members, indent + 2, style);
            if let Some(first) = lines.first_mut() {
                *first = format!("{pad}- {}", first.trim_start());
            }
            lines
        }
        item => vec![format!(
            "{pad}- {}",
            flow(
                item,
                Flow {
                    json: false,
                    spaced: true
                }
            )
        )],
    }
}

fn mapping(members: &[(String, Value)], indent: usize, style: Block) -> Vec<String> {
    let pad = " ".repeat(indent);
    let lines = members.iter().flat_map(|(key, value)| {
        let mut lines = entry(key, value, indent, style);
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &pad);
        }
        lines
    });
    lines.collect()
}

/// A scalar on one line.
pub(crate) fn inline(value: &Value, json: bool, in_flow: bool) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Str(text) => string(text, json, in_flow),
        Value::List(_) | Value::Map(_) => flow(value, Flow { json, spaced: true }),
    }
}

/// A string, plain only where it reads back as itself.
pub(crate) fn string(text: &str, json: bool, in_flow: bool) -> String {
    if !json && is_plain(text, in_flow) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let letter = |character: char| character.is_alphanumeric() || "._/-@%+*~=".contains(character);
    let inside = |character: char| {
        letter(character) || character == ':' || (" ,".contains(character) && !in_flow)
    };
    let starts = |first: char| first.is_alphanumeric() || "/._".contains(first);
    let ends = |last: char| last != ':' && last != ' ';
    let separates = text.contains(": ") || text.contains("  ") || (in_flow && text.contains(':'));
    let flag = text.strip_prefix("--");
    let is_flag = flag.is_some_and(|name| name.starts_with(char::is_alphabetic));
    (is_flag || text.starts_with(starts))
        // At the start of a line it would end the document.
        && !text.starts_with("...")
        && text.ends_with(ends)
        && text.chars().all(inside)
        && !separates
        && matches!(scalar::resolve(text), Scalar::Str(_))
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            special if needs_escape(special) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(special)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters that YAML does not have, and those at which kubectl's library ends a line.
pub(crate) fn needs_escape(character: char) -> bool {
    let special = ['\u{2028}', '\u{2029}', '\u{feff}', '\u{fffe}', '\u{ffff}'];
    character.is_control() || special.contains(&character)
}

/// A string in single quotes, as its neighbour was written; `None` where that cannot be.
pub(crate) fn single_quoted(text: &str) -> Option<String> {
    let fine = !text.contains(needs_escape);
    fine.then(|| format!("'{}'", text.replace('\'', "''")))
}

/// A string in double quotes.
pub(super) fn double_quoted(text: &str) -> String {
    quoted(text)
}
