//! The same values written anew: in block and flow style, as JSON, with merge keys, as aliases. Lines are known only where
//! everything is on one. The verdicts must stay.

use crate::block::{Block, Mark, Variant};
use crate::carriers::in_item;
use crate::emit::{self, MERGE, PLAIN, Quotes};
use crate::example::Example;
use crate::value::{Value, read};

/// All variants of a block. None for an example that no value can say: one that does not parse, or with a key twice.
pub(crate) fn variants(block: &Block) -> Vec<Variant> {
    let documents = block.example.documents.iter();
    let values: Option<Vec<Value>> = documents.map(|text| read(text)).collect();
    let Some(values) = values else {
        return Vec::new();
    };
    let mut variants = rewritten(block, &values);
    variants.extend(json(block, &values));
    if let ([value], true) = (values.as_slice(), block.is_about_values()) {
        variants.push(aliased(
            block,
            "as an item of a List and its alias",
            in_flow(value),
        ));
        variants.push(aliased(
            block,
            "as a block of a List and its alias",
            in_block(value),
        ));
    }
    variants
}

type Write = fn(&Value) -> String;

const STYLES: [(&str, Write); 9] = [
    ("as canonical YAML", |value| emit::block(value, PLAIN)),
    ("as YAML with lists below their keys", |value| {
        emit::block(
            value,
            emit::Block {
                indentless: true,
                ..PLAIN
            },
        )
    }),
    ("as widely indented YAML in single quotes", |value| {
        emit::block(
            value,
            emit::Block {
                quotes: Quotes::Single,
                step: 5,
                ..PLAIN
            },
        )
    }),
    ("as YAML in double quotes", |value| {
        emit::block(
            value,
            emit::Block {
                quotes: Quotes::Double,
                ..PLAIN
            },
        )
    }),
    ("as flow YAML on one line", |value| one_line(value)),
    ("behind multi-byte text on one line", |value| {
        one_line(&annotated(value))
    }),
    ("below a multi-byte annotation", |value| {
        emit::block(&annotated(value), PLAIN)
    }),
    ("with merge keys", |value| {
        emit::block(&merged(value), PLAIN)
    }),
    ("with merge keys in flow", |value| one_line(&merged(value))),
];

fn one_line(value: &Value) -> String {
    format!("{}\n", emit::flow(value, Quotes::WhereNeeded))
}

fn rewritten(block: &Block, values: &[Value]) -> Vec<Variant> {
    let variant_of = |(name, write): (&str, Write)| {
        let example = Example {
            documents: values.iter().map(write).collect(),
        };
        let marks: Vec<Mark> = block
            .marks
            .iter()
            .map(|mark| {
                let text = example.documents.get(mark.document);
                let lines = text.map_or(0, |text| text.lines().count());
                Mark {
                    line: (lines == 1).then_some(1),
                    ..mark.clone()
                }
            })
            .collect();
        block.variant(name, &example, &marks)
    };
    STYLES.into_iter().map(variant_of).collect()
}

/// JSON values one after the other, which kubectl takes for documents.
fn json(block: &Block, values: &[Value]) -> [Variant; 2] {
    let text_of = |write: Write| values.iter().map(write).collect::<String>();
    let mut expected = block.expected();
    for verdict in &mut expected.verdicts {
        verdict.line = None;
    }
    let pretty = Variant {
        name: "as JSON".to_owned(),
        text: text_of(emit::pretty_json),
        expected: expected.clone(),
    };
    for verdict in &mut expected.verdicts {
        verdict.line = Some(verdict.document);
    }
    let compact = Variant {
        name: "as compact JSON".to_owned(),
        text: text_of(|value| format!("{}\n", emit::json(value))),
        expected,
    };
    [pretty, compact]
}

/// With an annotation in front of everything else that the object says.
fn annotated(value: &Value) -> Value {
    let mut metadata = value
        .get("metadata")
        .cloned()
        .unwrap_or_else(|| Value::map([]));
    let mut annotations = Value::map([(
        "example.com/備考",
        Value::text("🦀 「名前」 — \"ü\"\u{301}"),
    )]);
    for (key, text) in metadata
        .get("annotations")
        .map(Value::entries)
        .unwrap_or_default()
    {
        annotations.set(key, text.clone());
    }
    metadata.remove("annotations");
    let mut front = Value::map([("annotations", annotations)]);
    for (key, value) in metadata.entries() {
        front.set(key, value.clone());
    }
    let mut object = Value::map([("metadata", front)]);
    for (key, value) in value.entries() {
        if key != "metadata" {
            object.set(key, value.clone());
        }
    }
    object
}

/// With every item of a list that is a mapping, and every `spec`, merged from another mapping but for its name.
fn merged(value: &Value) -> Value {
    match value {
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| merge(&merged(item))).collect())
        }
        Value::Mapping(entries) => {
            let deep = |(key, value): &(String, Value)| {
                let value = merged(value);
                let value = if key == "spec" { merge(&value) } else { value };
                (key.clone(), value)
            };
            Value::Mapping(entries.iter().map(deep).collect())
        }
        scalar => scalar.clone(),
    }
}

fn merge(value: &Value) -> Value {
    if value.entries().is_empty() {
        return value.clone();
    }
    let mut rest = value.clone();
    rest.remove("name");
    let mut merged = Value::map([(MERGE, rest)]);
    if let Some(name) = value.get("name") {
        merged.set("name", name.clone());
    }
    merged
}

fn in_flow(value: &Value) -> String {
    format!("  - &one {}\n", emit::flow(value, Quotes::WhereNeeded))
}

fn in_block(value: &Value) -> String {
    let text = emit::block(value, PLAIN);
    let lines = text.lines().map(|line| format!("    {line}\n"));
    format!("  - &one\n{}", lines.collect::<String>())
}

/// The one document twice in a list, the second time by an alias.
fn aliased(block: &Block, name: &str, item: String) -> Variant {
    let text = format!("apiVersion: v1\nkind: List\nitems:\n{item}  - *one\n");
    let twice = |mark: &Mark| [0, 1].map(|index| in_item(mark, "items", index));
    let marks: Vec<Mark> = block.marks.iter().flat_map(twice).collect();
    let example = Example {
        documents: vec![text],
    };
    block.variant(name, &example, &marks)
}
