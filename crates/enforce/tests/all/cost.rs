//! What the exported policies cost by the API server library's own accounting (`referee cost`), on objects as large as an API
//! server takes them: created, and updated without a change. An update that changes some of many faults compares each with each,
//! which is dear from about a thousand faults in one object on. Needs the referee (`cargo xtask referee`); says so without one.

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use plimsoll_catalog::all;
use plimsoll_control::Control;
use serde_json::{Value, json};

use crate::object::{collection, of_manifest, read};
use crate::policies;

/// So many containers are in the pods: more than any that runs.
const CONTAINERS: usize = 250;
/// So many items have other lists.
const ITEMS: usize = 20;
/// So many bad examples of each page are tried.
const OBJECTS: usize = 5;
/// Etcd takes no larger object, in bytes.
const LARGEST: usize = 1_500_000;

/// What an API server allows an expression, and a policy with one binding.
const PER_EXPRESSION: u64 = 1_000_000;
const PER_POLICY: u64 = 10_000_000;

/// The object with long lists: what a policy finds fault with is there many times. Within a container, lists stay as they are.
fn enlarged(value: &Value, key: &str) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            members
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.clone(), enlarged(value, key)))
                .collect()
        }
        Value::Array(items) if !items.is_empty() => {
            let times = if key == "containers" {
                CONTAINERS
            } else {
                ITEMS
            };
            let items = items.iter().cycle().take(times.max(items.len()));
            items
                .enumerate()
                .map(|(index, item)| match key {
                    "containers" | "initContainers" => numbered(item.clone(), index),
                    _ => enlarged(item, ""),
                })
                .collect()
        }
        other => other.clone(),
    }
}

fn numbered(mut container: Value, index: usize) -> Value {
    container["name"] = json!(format!("container-{index}"));
    container
}

/// The largest parts of what a policy costs.
#[derive(Default, Debug)]
struct Most {
    conditions: u64,
    validations: u64,
    messages: u64,
    annotations: u64,
    failed: bool,
    /// What was not measured: the server's validation would have refused these objects before.
    errors: Vec<String>,
}

impl Most {
    fn take(&mut self, cost: &Value) {
        let part = |name: &str| cost[name].as_u64().unwrap_or_default();
        self.conditions = self.conditions.max(part("conditions"));
        self.validations = self.validations.max(part("validations"));
        self.messages = self.messages.max(part("messages"));
        self.annotations = self.annotations.max(part("annotations"));
        self.failed |= cost["failed"] == true;
        let error = cost.get("error").and_then(Value::as_str);
        self.errors.extend(error.map(str::to_owned));
    }

    /// What is taken from the budget of a policy: validations and messages, each with all variables.
    fn whole(&self) -> u64 {
        self.validations + self.messages
    }
}

fn ask(referee: &str, questions: &[Value]) -> Vec<Value> {
    let mut child = Command::new(referee)
        .arg("cost")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the referee starts");
    let mut input = child.stdin.take().expect("an input");
    let lines: Vec<String> = questions
        .iter()
        .map(|question| format!("{question}\n"))
        .collect();
    let writer = std::thread::spawn(move || {
        lines
            .iter()
            .try_for_each(|line| input.write_all(line.as_bytes()))
    });
    let output = child.wait_with_output().expect("an end");
    writer.join().expect("no panic").expect("written");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("an answer"))
        .collect()
}

#[test]
fn policies_cost_far_less_than_the_server_allows() {
    let Ok(referee) = std::env::var("PLIMSOLL_REFEREE") else {
        eprintln!(
            "policies_cost_far_less_than_the_server_allows was left out: `cargo xtask referee` builds the referee"
        );
        return;
    };
    let controls: Vec<&'static Control> = all().collect();
    let (mut questions, mut ids) = (Vec::new(), Vec::new());
    for (control, policy, samples) in policies(&controls) {
        let objects = samples
            .iter()
            .filter(|sample| sample.is_bad)
            .filter_map(|sample| {
                let kind = read(&sample.text)?["kind"].as_str()?.to_owned();
                collection(&kind, "any")?;
                let mut object = enlarged(&read(&sample.text)?, "");
                if object["metadata"]["name"].is_null() {
                    object["metadata"]["name"] = json!("large");
                }
                (object.to_string().len() < LARGEST).then_some(object)
            });
        // An update is compared with what was there, fault by fault.
        let objects = objects.take(OBJECTS).flat_map(|object| {
            [
                json!({"new": object, "old": null}),
                json!({"new": object, "old": object}),
            ]
        });
        let objects: Vec<Value> = objects.collect();
        questions.push(json!({"id": control.head.id, "policy": of_manifest(&policy.manifest()), "objects": objects}));
        ids.push(control.head.id);
    }
    let answers = ask(&referee, &questions);
    assert_eq!(answers.len(), ids.len());
    let mut costs = BTreeMap::new();
    for (id, answer) in ids.iter().zip(&answers) {
        assert_eq!(answer.get("error"), None, "{id}");
        let mut most = Most::default();
        for cost in answer["costs"].as_array().into_iter().flatten() {
            most.take(cost);
        }
        costs.insert(*id, most);
    }
    let dearest = costs.iter().max_by_key(|(_, most)| most.whole());
    eprintln!("{costs:#?}\nthe dearest: {dearest:?}");
    assert!(costs.len() >= 50, "{}", costs.len());
    for (id, most) in &costs {
        assert!(most.failed, "{id}: no object of its page is denied here");
        // All of its expressions together take less than the server allows one of them.
        assert!(most.validations < PER_EXPRESSION, "{id}: {most:?}");
        assert!(most.whole() * 5 < PER_POLICY, "{id}: {most:?}");
        let over = |error: &String| error.contains("cost limit exceeded");
        assert!(!most.errors.iter().any(over), "{id}: {most:?}");
    }
}
