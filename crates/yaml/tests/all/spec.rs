//! The facts of YAML's specification, case by case: `tests/spec.md`.

use plimsoll_yaml::{parse, split};
use serde_json::Value;

use crate::facts::blocks;
use crate::support::value;

/// The same value, all numbers as JavaScript has them: `1` and `1.0` are one number of JSON.
fn plain(value: Value) -> Value {
    match value {
        Value::Number(number) => number.as_f64().into(),
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(key, member)| (key, plain(member))).collect()
        }
        other => other,
    }
}

/// The documents of a text; `None`: one of them is refused.
fn documents(text: &str) -> Option<Vec<Value>> {
    let chunks = split(text);
    let trees = chunks.iter().map(|chunk| parse(text, chunk).ok());
    trees.map(|tree| Some(plain(value(tree?.root())))).collect()
}

#[test]
fn each_fact_holds() {
    let (texts, meanings) = (blocks("yaml"), blocks("json"));
    assert!(texts.len() > 100, "{}", texts.len());
    assert_eq!(texts.len(), meanings.len());
    let wrong: Vec<String> = texts
        .iter()
        .zip(&meanings)
        .filter_map(|(text, meaning)| {
            let wanted = (meaning != "refused\n").then(|| {
                let values = meaning.lines().map(serde_json::from_str::<Value>);
                values
                    .map(|value| plain(value.expect("JSON")))
                    .collect::<Vec<_>>()
            });
            let found = documents(text);
            (found != wanted).then(|| format!("{text}\n{meaning}\n{found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
