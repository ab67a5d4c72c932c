//! CustomResourceDefinitions with large schemas, as generators write them.
//!
//! Invariant: the schema is structural, so that an API server accepts it, and its size comes within one property
//! of what was asked for.

use super::random::Random;
use super::value::{Map, Style, Value, texts};
use super::write::block;

/// Columns from the left at which the properties of `spec` stand.
const DEPTH: usize = 18;

const NOUNS: [&str; 24] = [
    "backup",
    "bucket",
    "certificate",
    "cluster",
    "connection",
    "credential",
    "endpoint",
    "filter",
    "gateway",
    "health",
    "image",
    "listener",
    "mirror",
    "network",
    "pool",
    "queue",
    "replica",
    "retention",
    "route",
    "schedule",
    "shard",
    "snapshot",
    "storage",
    "volume",
];

const ASPECTS: [&str; 20] = [
    "Address", "Class", "Count", "Delay", "Depth", "Interval", "Key", "Limit", "Mode", "Name",
    "Options", "Policy", "Prefix", "Quota", "Ref", "Selector", "Size", "Template", "Timeout",
    "Weight",
];

const WORDS: [&str; 40] = [
    "the",
    "controller",
    "uses",
    "this",
    "value",
    "when",
    "it",
    "creates",
    "a",
    "new",
    "object",
    "and",
    "keeps",
    "it",
    "in",
    "sync",
    "with",
    "what",
    "was",
    "asked",
    "for",
    "unless",
    "another",
    "field",
    "says",
    "otherwise",
    "defaults",
    "to",
    "one",
    "that",
    "operators",
    "may",
    "change",
    "at",
    "any",
    "time",
    "without",
    "restart",
    "of",
    "pods",
];

/// A definition of about `bytes` bytes in block style, the `number`th of its kind; at least 1,000 bytes or so.
pub(super) fn sized(number: u32, bytes: usize, random: &mut Random) -> Map {
    let mut written = String::new();
    block(
        &definition(number, Map::default()),
        0,
        Style::Indented,
        &mut written,
    );
    let room = bytes.saturating_sub(written.len());
    definition(number, properties(room, random))
}

/// Properties that take at most `room` bytes: groups while they fit, then single values, then bare ones.
fn properties(room: usize, random: &mut Random) -> Map {
    let mut properties = Map::default();
    let mut left = room;
    for number in random.below(480).. {
        let candidates = [
            group(3, random),
            leaf(random),
            Map::default().with("type", "string"),
        ];
        let sizes = candidates.map(|property| {
            let one = Map::default().with(name(number), property);
            let mut text = String::new();
            block(&one, DEPTH, Style::Indented, &mut text);
            (one, text.len())
        });
        let Some((one, size)) = sizes.into_iter().find(|(_, size)| *size <= left) else {
            break;
        };
        left -= size;
        properties.0.extend(one.0);
    }
    properties
}

/// The `number`th name; no two numbers share one.
fn name(number: u32) -> String {
    let at =
        |words: &[&'static str], index: u32| words.get(index as usize).copied().unwrap_or_default();
    let noun = at(&NOUNS, number % 24);
    let aspect = at(&ASPECTS, number / 24 % 20);
    match number / 480 {
        0 => format!("{noun}{aspect}"),
        round => format!("{noun}{aspect}{round}"),
    }
}

/// An object with properties of its own, at most `levels` deep.
fn group(levels: u32, random: &mut Random) -> Map {
    let start = random.below(480);
    let mut properties = Map::default();
    for number in start..start + random.between(3, 7) {
        let deeper = levels > 1 && random.one_in(4);
        let property = if deeper {
            group(levels - 1, random)
        } else {
            leaf(random)
        };
        properties = properties.with(name(number), property);
    }
    let required = random.one_in(3).then(|| vec![name(start).into()]);
    let object = described(random)
        .with("properties", properties)
        .filled("required", required.unwrap_or_default())
        .with("type", "object");
    if random.one_in(5) {
        return described(random)
            .with("items", object)
            .with("type", "array");
    }
    object
}

/// A property without properties of its own.
fn leaf(random: &mut Random) -> Map {
    let of = |kind: &str| Map::default().with("type", kind);
    let described = described(random);
    match random.below(8) {
        0 => described
            .with("format", "int32")
            .with("minimum", 0)
            .with("type", "integer"),
        1 => described.with("type", "boolean"),
        2 => described
            .with("enum", texts(&["Always", "IfNotPresent", "Never"]))
            .with("type", "string"),
        3 => described.with("items", of("string")).with("type", "array"),
        4 => described
            .with("additionalProperties", of("string"))
            .with("type", "object"),
        5 => described
            .with("anyOf", vec![of("integer").into(), of("string").into()])
            .with("x-kubernetes-int-or-string", true),
        6 => described
            .with("pattern", "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
            .with("maxLength", 63)
            .with("type", "string"),
        _ => described.with("type", "string"),
    }
}

/// A schema that so far has a description of one or several lines.
fn described(random: &mut Random) -> Map {
    let lines = random.pick(&[1, 1, 1, 2, 3]);
    let mut lines: Vec<String> = (0..lines).map(|_| sentence(random)).collect();
    let description = match lines.pop() {
        Some(only) if lines.is_empty() => Value::Text(only),
        last => {
            lines.extend(last);
            Value::Lines(lines)
        }
    };
    Map::default().with("description", description)
}

fn sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..random.between(8, 18))
        .map(|_| random.pick(&WORDS))
        .collect();
    let text = words.join(" ");
    let mut rest = text.chars();
    let first: String = rest
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .collect();
    format!("{first}{}.", rest.as_str())
}

fn definition(number: u32, properties: Map) -> Map {
    let noun = name(number % 24).to_ascii_lowercase();
    let singular = format!("{noun}{number}");
    let plural = format!("{singular}s");
    let group = "fleet.example.com";
    let kind = format!(
        "{}{}",
        singular.get(..1).unwrap_or_default().to_ascii_uppercase(),
        singular.get(1..).unwrap_or_default()
    );
    let names = Map::default()
        .with("kind", kind.as_str())
        .with("listKind", format!("{kind}List"))
        .with("plural", plural.as_str())
        .with("singular", singular.as_str());
    let annotations = Map::default().with("controller-gen.kubebuilder.io/version", "v0.18.0");
    let metadata = Map::default()
        .with("annotations", annotations)
        .with("name", format!("{plural}.{group}"));
    let spec = Map::default()
        .with("group", group)
        .with("names", names)
        .with("scope", "Namespaced")
        .with("versions", vec![version(properties).into()]);
    Map::default()
        .with("apiVersion", "apiextensions.k8s.io/v1")
        .with("kind", "CustomResourceDefinition")
        .with("metadata", metadata)
        .with("spec", spec)
}

fn version(properties: Map) -> Map {
    let text = || Map::default().with("type", "string");
    let object = |properties: Map| {
        Map::default()
            .with("properties", properties)
            .with("type", "object")
    };
    let whole = Map::default()
        .with("apiVersion", text())
        .with("kind", text())
        .with("metadata", Map::default().with("type", "object"))
        .with("spec", object(properties))
        .with("status", object(Map::default().with("phase", text())));
    let schema = Map::default().with("openAPIV3Schema", object(whole));
    Map::default()
        .with("name", "v1")
        .with("schema", schema)
        .with("served", true)
        .with("storage", true)
        .with(
            "subresources",
            Map::default().with("status", Map::default()),
        )
}
