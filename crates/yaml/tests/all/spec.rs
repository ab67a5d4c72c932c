//! The facts of YAML's specification, case by case: `tests/spec.md`.

use plimsoll_yaml::{parse, split};
use serde_json::Value;

use crate::support::value;

const CASES: &str = include_str!("../spec.md");

/// The text of a block of a case.
fn block<'c>(case: &'c str, language: &str) -> Option<&'c str> {
    let (_, rest) = case.split_once(&format!("```{language}\n"))?;
    rest.split_once("```\n").map(|(text, _)| text)
}

/// With what stands for what cannot be seen put right.
fn seen(block: &str) -> String {
    let signs = [('·', " "), ('→', "\t"), ('␍', "\r"), ('␀', "\u{feff}")];
    let text = signs
        .into_iter()
        .fold(block.to_owned(), |text, (sign, meant)| {
            text.replace(sign, meant)
        });
    match text.split_once('∎') {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}

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
    let cases: Vec<&str> = CASES.split("\n## ").skip(1).collect();
    assert!(cases.len() > 100, "{}", cases.len());
    let wrong: Vec<String> = cases
        .into_iter()
        .filter_map(|case| {
            let wanted = block(case, "json").expect("what it means");
            let wanted = (wanted != "refused\n").then(|| {
                let values = wanted.lines().map(serde_json::from_str::<Value>);
                values
                    .map(|value| plain(value.expect("JSON")))
                    .collect::<Vec<_>>()
            });
            let found = documents(&seen(block(case, "yaml").expect("a text")));
            (found != wanted).then(|| format!("{case}\n{found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
