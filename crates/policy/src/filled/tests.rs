//! What we see of an object, compared member by member with what a real API server makes of it. Needs a control plane; says
//! so without one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_catalog::all;
use plimsoll_cel::Value;
use plimsoll_control::Control;
use plimsoll_control_plane::{Api, ControlPlane, Programs};
use plimsoll_snapshot::object::{Document, File, objects};
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_testkit::samples;
use plimsoll_yaml::{Kind, Node, Scalar, parse, split};
use serde_json::{Map, Value as Json, json};

use crate::resource::{Scope, is_judged, resources, scope};
use crate::sent::sent;

const CONNECTIONS: usize = 8;
/// Objects beside those of the pages: fields that they do not have.
const MORE: &str = include_str!("tests.yaml");

/// The ways in which we see an object otherwise, or why the server refuses it.
type Compared = Result<Vec<String>, String>;

fn of_node(node: Node<'_>) -> Json {
    match node.kind() {
        Kind::Mapping => {
            let members = node.entries().map(|(key, value)| {
                let key = key.key_text().unwrap_or_default().to_owned();
                (key, of_node(value))
            });
            Json::Object(members.collect::<Map<_, _>>())
        }
        Kind::Sequence => node.items().map(of_node).collect(),
        Kind::Scalar => match node.scalar() {
            Some(Scalar::Bool(value)) => json!(value),
            Some(Scalar::Int(value)) => json!(value),
            Some(Scalar::Float(value)) => json!(value),
            Some(Scalar::Str(text)) => json!(text),
            Some(Scalar::Null) | None => Json::Null,
        },
    }
}

fn document(text: &str) -> Option<Json> {
    let tree = parse(text, split(text).first()?).ok()?;
    Some(of_node(tree.root()))
}

/// What the API asks for beside what examples say.
fn complete(object: &mut Json) {
    let labels = json!({"app": "sample"});
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let spec = &mut object["spec"];
    let run_once = |spec: &mut Json| {
        if spec["restartPolicy"].is_null() || spec["restartPolicy"] == "Always" {
            spec["restartPolicy"] = json!("Never");
        }
    };
    match kind.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
            spec["selector"] = json!({"matchLabels": labels});
            spec["template"]["metadata"]["labels"] = labels;
        }
        "ReplicationController" => {
            spec["selector"] = labels.clone();
            spec["template"]["metadata"]["labels"] = labels;
        }
        // The plugin that looks after service accounts is off in tests.
        "Pod" => {
            if spec["serviceAccountName"].is_null() {
                spec["serviceAccountName"] = json!("default");
            }
            spec["automountServiceAccountToken"] = json!(false);
        }
        "Job" => run_once(&mut spec["template"]["spec"]),
        "CronJob" => {
            spec["schedule"] = json!("0 3 * * *");
            run_once(&mut spec["jobTemplate"]["spec"]["template"]["spec"]);
        }
        _ => {}
    }
}

/// The object under a name and in a namespace of its own, and where it is created. `None` for what is not sent.
fn prepared(text: &str, index: usize) -> Option<(String, Json)> {
    let mut object = document(text)?;
    let version = object["apiVersion"].as_str()?.to_owned();
    let kind = object["kind"].as_str()?.to_owned();
    if !is_judged(&version, &kind) || kind == "List" {
        return None;
    }
    complete(&mut object);
    object["metadata"]["name"] = json!(format!("sample-{index}"));
    let root = match version.contains('/') {
        true => format!("/apis/{version}"),
        false => format!("/api/{version}"),
    };
    let resource = resources(&version, &kind).remove(0);
    let path = match scope(&version, &kind, false) {
        Scope::Cluster => format!("{root}/{resource}"),
        Scope::Namespaced => {
            object["metadata"]["namespace"] = json!("default");
            format!("{root}/namespaces/default/{resource}")
        }
        Scope::Unknown => return None,
    };
    Some((path, object))
}

/// The ways in which we see the object otherwise than the server.
fn differences(ours: &Value<'_>, theirs: &Json, path: &str, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Unknown(_), _) => {}
        (Value::Map(members), Json::Object(others)) => {
            for (key, value) in members.iter() {
                let key = key.as_str().unwrap_or_default();
                match (value, others.get(key)) {
                    (Value::Unknown(_), _) => {}
                    (value, Some(other)) => {
                        differences(value, other, &format!("{path}.{key}"), found);
                    }
                    (value, None) => found.push(format!("{path}.{key}: only ours: {value:?}")),
                }
            }
            let is_ours = |key: &str| members.iter().any(|(name, _)| name.as_str() == Some(key));
            for (key, other) in others.iter().filter(|(key, _)| !is_ours(key)) {
                let what = match other {
                    Json::Object(members) => format!("{:?}", members.keys().take(9)),
                    other => other.to_string(),
                };
                found.push(format!("{path}.{key}: only theirs: {what}"));
            }
        }
        (Value::List(items), Json::Array(others)) if items.len() == others.len() => {
            for (item, other) in items.iter().zip(others) {
                differences(item, other, &format!("{path}[]"), found);
            }
        }
        (Value::Bool(one), Json::Bool(other)) if one == other => {}
        (Value::Int(one), Json::Number(other)) if other.as_i64() == Some(*one) => {}
        (Value::Str(one), Json::String(other)) if one == other => {}
        (ours, theirs) => found.push(format!("{path}: ours {ours:?}, theirs {theirs}")),
    }
}

/// How we see an object otherwise; an error when the server refuses it, `None` for what is not sent.
fn compare(api: &Api, text: &str, index: usize) -> Option<Compared> {
    let (path, object) = prepared(text, index)?;
    let answer = api
        .post(&format!("{path}?dryRun=All"), &object)
        .expect("an answer");
    if !answer.is_fine() {
        return Some(Err(answer.message().to_owned()));
    }
    let text = object.to_string();
    let tree = parse(&text, &split(&text).remove(0)).expect("a tree");
    let file = File::new("a.yaml".into(), "".into(), &text);
    let document = Document::new(&file, 1, &tree);
    let target = Target::new(Minor::NEWEST);
    let objects = objects(&document, &target).expect("objects").objects;
    let known = Surroundings::default();
    let sent = sent(&objects[0], &known);
    let mut found = Vec::new();
    differences(&sent[0].seen().value, &answer.body, "", &mut found);
    Some(Ok(found))
}

#[test]
fn objects_are_seen_as_the_server_makes_them() {
    let Some(programs) = Programs::find() else {
        eprintln!(
            "objects_are_seen_as_the_server_makes_them was left out: `cargo xtask control-plane` builds a control plane"
        );
        return;
    };
    let plane = ControlPlane::shared(&programs).expect("a control plane");
    let controls: Vec<&'static Control> = all().collect();
    let of_pages = controls.iter().flat_map(|control| {
        let samples = samples(&controls, control, Minor::NEWEST);
        // Of the many variants that differ in the carrier only, some.
        samples.into_iter().step_by(4).map(|sample| sample.text)
    });
    let more = split(MORE)
        .into_iter()
        .map(|chunk| chunk.span.slice(MORE).to_owned());
    let more: Vec<String> = more.collect();
    let texts: Vec<String> = more.iter().cloned().chain(of_pages).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut said = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(text) = texts.get(index) else {
                return said;
            };
            said.push((index, compare(plane.api(), text, index)));
        }
    };
    let said: Vec<(usize, Option<Compared>)> = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
        let said = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        said.flatten().collect()
    });
    let mut wrong: BTreeMap<String, (usize, &str)> = BTreeMap::new();
    let mut compared = 0;
    for (index, found) in &said {
        if let Some(Err(why)) = found
            && *index < more.len()
        {
            wrong.insert(format!("refused: {why}"), (1, &texts[*index]));
        }
        let found = found.as_ref().and_then(|found| found.as_ref().ok());
        compared += usize::from(found.is_some());
        for difference in found.into_iter().flatten() {
            wrong
                .entry(difference.clone())
                .or_insert((0, &texts[*index]))
                .0 += 1;
        }
    }
    eprintln!(
        "{compared} objects compared, {} refused",
        said.len() - compared
    );
    assert!(compared > 1000, "{compared}");
    let shown: Vec<String> = wrong
        .iter()
        .map(|(what, (count, _))| format!("{count} x {what}"))
        .collect();
    assert!(
        wrong.is_empty(),
        "{}\n{}",
        shown.join("\n"),
        wrong.values().next().expect("one").1
    );
}
