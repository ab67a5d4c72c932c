//! Scalars: a text written as a value is read as that text; what is plain has one type, whatever stands around it; a number of JSON
//! is that number.

use plimsoll_yaml::edit::Value;
use plimsoll_yaml::{Kind, Style, differ, parse, split, write};

use crate::model::Model;

/// Panics where it does not hold.
pub fn holds(text: &str) {
    written(text);
    if text.contains(['\n', '\r']) {
        return;
    }
    let Some(alone) = plain(&format!("key: {text}\n"), text) else {
        return;
    };
    let listed = plain(&format!("key:\n  - {text}\n"), text);
    let commented = plain(&format!("key: {text} # comment\n"), text);
    for elsewhere in [listed, commented].into_iter().flatten() {
        assert_eq!(elsewhere, alone, "{text:?}");
    }
    if let Ok(number) = text.parse::<serde_json::Number>() {
        number_of_json(&number, text, &alone);
    }
    if let Model::Bool(_) | Model::Null = alone {
        let known = [
            "y", "yes", "on", "true", "n", "no", "off", "false", "~", "null", "",
        ];
        assert!(
            known.contains(&text.to_lowercase().as_str()),
            "{text:?}: {alone:?}"
        );
    }
    if let Model::Int(_) | Model::Float(_) = alone {
        assert!(text.contains(|c: char| c.is_ascii_digit()), "{text:?}");
        assert!(
            text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)),
            "{text:?}"
        );
    }
}

/// Any text can be written as a value, a key and an item, and is that text again.
fn written(text: &str) {
    // A NUL is no text; whole files with one are refused before.
    if text.contains('\0') {
        return;
    }
    let value = Value::Map(vec![
        (text.to_owned(), Value::Str(text.to_owned())),
        (
            format!("{text}+"),
            Value::List(vec![Value::Str(text.to_owned())]),
        ),
    ]);
    let shown = write(&value);
    let chunks = split(&shown);
    assert_eq!(chunks.len(), 1, "{shown:?}");
    let tree = parse(&shown, &chunks[0]).unwrap_or_else(|error| panic!("{error}: {shown:?}"));
    assert_eq!(
        Model::of(tree.root()),
        Some(Model::from(&value)),
        "{shown:?}"
    );
}

/// The type of a text that stands in a document as a plain scalar. `None`: it is none there.
fn plain(document: &str, text: &str) -> Option<Model> {
    let chunks = split(document);
    let [chunk] = chunks.as_slice() else {
        return None;
    };
    if !chunk.json
        && let Err(difference) = differ::agree(document, chunk.span)
    {
        panic!("{difference}");
    }
    let tree = parse(document, chunk).ok()?;
    let value = tree.root().get("key")?;
    let value = value.at(0).unwrap_or(value);
    let whole = value.kind() == Kind::Scalar
        && value.style() == Style::Plain
        && value.span().slice(document) == text;
    whole.then(|| Model::of(value)).flatten()
}

/// JSON's own reader of fractions is off by a bit now and then; the language's is not.
fn number_of_json(number: &serde_json::Number, text: &str, found: &Model) {
    let fraction = text.parse::<f64>().expect("a number");
    let same = match (number.as_i64(), found) {
        (Some(one), Model::Int(other)) => one == *other,
        (Some(one), Model::Float(other)) => one as f64 == f64::from_bits(*other),
        (None, Model::Float(other)) => fraction == f64::from_bits(*other),
        (None, Model::Int(other)) => fraction == *other as f64,
        _ => false,
    };
    assert!(same, "{text:?} is {number} to JSON, and {found:?}");
}
