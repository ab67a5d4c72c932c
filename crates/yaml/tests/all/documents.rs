//! Random documents in every style with comments, what they mean, and changes made on the meaning by other means than the editor's.

use plimsoll_yaml::{Kind, Node, Path, Scalar, parse, split};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value as Json, json};

/// What a document means, as JSON.
pub(crate) fn meaning(text: &str) -> Json {
    let chunk = split(text).remove(0);
    let tree = parse(text, &chunk).unwrap();
    json_of(tree.root())
}

fn json_of(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Mapping => Json::Object(
            node.entries()
                .map(|(key, value)| (key.key_text().unwrap().to_owned(), json_of(value)))
                .collect(),
        ),
        Kind::Sequence => Json::Array(node.items().map(json_of).collect()),
        Kind::Scalar => match node.scalar().unwrap() {
            Scalar::Null => Json::Null,
            Scalar::Bool(value) => json!(value),
            Scalar::Int(value) => json!(value),
            Scalar::Float(value) => json!(value),
            Scalar::Str(value) => json!(value),
        },
    }
}

/// The same change made on the meaning, by other means than the editor's.
pub(crate) fn change(value: &mut Json, path: &[String], wanted: Option<&Json>) {
    let [first, rest @ ..] = path else { return };
    let index = first.parse::<usize>();
    match (value, rest, wanted) {
        (Json::Array(items), [], None) => drop(items.remove(index.unwrap())),
        (Json::Array(items), [], Some(wanted)) => items[index.unwrap()] = wanted.clone(),
        (Json::Array(items), rest, wanted) => {
            let index = index.unwrap();
            change(&mut items[index], rest, wanted);
        }
        (Json::Object(members), [], None) => drop(members.remove(first)),
        (Json::Object(members), [], Some(wanted)) => {
            drop(members.insert(first.clone(), wanted.clone()))
        }
        (Json::Object(members), rest, wanted) => {
            change(
                members.entry(first.clone()).or_insert_with(|| json!({})),
                rest,
                wanted,
            );
        }
        (null @ Json::Null, rest, wanted) => {
            *null = json!({});
            let path: Vec<String> = [std::slice::from_ref(first), rest].concat();
            change(null, &path, wanted);
        }
        (other, ..) => panic!("nothing below {other}"),
    }
}

/// A document: its meaning, and how it is written.
pub(crate) fn documents() -> impl Strategy<Value = String> {
    let scalar = select(vec![
        "x", "1", "true", "'q'", "\"d e\"", "1.5", "null", "~", "|\n B", ">-\n F",
    ]);
    let value = scalar.prop_map(Written::Scalar).boxed();
    let tree = value.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(
                (
                    select(vec!["a", "b", "name", "c.d", "on", "e f"]),
                    inner.clone()
                ),
                1..4
            )
            .prop_map(Written::Map),
            prop::collection::vec(inner, 1..4).prop_map(Written::List),
        ]
    });
    let top = prop::collection::vec((select(vec!["a", "b", "kind", "x/y"]), tree), 1..4)
        .prop_map(Written::Map);
    (
        top,
        any::<bool>(),
        1..5usize,
        any::<bool>(),
        0..4usize,
        any::<bool>(),
    )
        .prop_map(|(top, crlf, step, indentless, flow_at, final_end)| {
            let mut text = String::new();
            top.block(
                0,
                &Look {
                    step,
                    indentless,
                    flow_at,
                },
                0,
                &mut text,
            );
            let text = if final_end {
                text
            } else {
                text.trim_end().to_owned()
            };
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
}

struct Look {
    step: usize,
    indentless: bool,
    flow_at: usize,
}

#[derive(Clone, Debug)]
enum Written {
    Scalar(&'static str),
    List(Vec<Written>),
    Map(Vec<(&'static str, Written)>),
}

impl Written {
    fn block(&self, indent: usize, look: &Look, depth: usize, out: &mut String) {
        let pad = " ".repeat(indent);
        match self {
            Written::Map(members) => {
                for (number, (key, value)) in unique(members).into_iter().enumerate() {
                    if number == 1 {
                        out.push_str(&format!("{pad}# about {key}\n"));
                    }
                    out.push_str(&format!("{pad}{key}:"));
                    let below = match value {
                        Written::List(_) if look.indentless => indent,
                        _ => indent + look.step,
                    };
                    value.below(below, look, depth + 1, out);
                }
            }
            Written::List(items) => {
                for item in items {
                    out.push_str(&format!("{pad}-"));
                    match item {
                        Written::Map(_) if depth < look.flow_at => {
                            let mut inner = String::new();
                            item.block(indent + 2, look, depth + 1, &mut inner);
                            out.push(' ');
                            out.push_str(inner.trim_start());
                        }
                        item => item.below(indent + 2, look, depth + 1, out),
                    }
                }
            }
            Written::Scalar(text) => out.push_str(text),
        }
    }

    fn below(&self, indent: usize, look: &Look, depth: usize, out: &mut String) {
        match self {
            Written::Scalar(text) => {
                let text = text.replace("\n ", &format!("\n{}", " ".repeat(indent.max(1))));
                out.push_str(&format!(" {text}"));
                out.push_str(if text.contains('\n') {
                    "\n"
                } else {
                    " # note\n"
                });
            }
            _ if depth >= look.flow_at => {
                out.push(' ');
                self.flow(out);
                out.push('\n');
            }
            _ => {
                out.push('\n');
                self.block(indent, look, depth, out);
            }
        }
    }

    fn flow(&self, out: &mut String) {
        match self {
            Written::Scalar(text) => out.push_str(
                text.split('\n')
                    .next()
                    .unwrap()
                    .trim_matches(['|', '>', '-'])
                    .max("s"),
            ),
            Written::List(items) => {
                out.push('[');
                for (number, item) in items.iter().enumerate() {
                    out.push_str(if number > 0 { ", " } else { "" });
                    item.flow(out);
                }
                out.push(']');
            }
            Written::Map(members) => {
                out.push('{');
                for (number, (key, value)) in unique(members).into_iter().enumerate() {
                    out.push_str(if number > 0 { ", " } else { "" });
                    out.push_str(&format!("{key}: "));
                    value.flow(out);
                }
                out.push('}');
            }
        }
    }
}

fn unique<'m>(members: &'m [(&'static str, Written)]) -> Vec<(&'static str, &'m Written)> {
    let mut seen = Map::new();
    members
        .iter()
        .filter(|(key, _)| seen.insert((*key).to_owned(), Json::Null).is_none())
        .map(|(key, value)| (*key, value))
        .collect()
}

/// All paths in a document that lead to members.
pub(crate) fn paths(text: &str) -> Vec<Path> {
    let chunk = split(text).remove(0);
    let tree = parse(text, &chunk).unwrap();
    let mut found = Vec::new();
    let mut waiting = vec![tree.root()];
    while let Some(node) = waiting.pop() {
        for child in node.items().chain(node.entries().map(|(_, value)| value)) {
            found.push(child.path());
            waiting.push(child);
        }
    }
    found
}

pub(crate) fn steps(path: &Path) -> Vec<String> {
    use plimsoll_yaml::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Key(key) => key.to_string(),
        Segment::Index(index) => index.to_string(),
        other => panic!("{other:?}"),
    };
    path.segments().iter().map(step).collect()
}

/// Removes what the removal left empty.
pub(crate) fn prune(value: &mut Json, path: &[String]) {
    let mut path = path.to_vec();
    while path.pop().is_some() {
        let pointer: String = path
            .iter()
            .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
            .collect();
        let empty = value
            .pointer(&pointer)
            .is_some_and(|here| here == &json!({}) || here == &json!([]));
        let in_map = path.split_last().is_some_and(|(_, above)| {
            let pointer: String = above
                .iter()
                .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
                .collect();
            value.pointer(&pointer).is_some_and(Json::is_object)
        });
        if !(empty && in_map) {
            break;
        }
        change(value, &path, None);
    }
}
