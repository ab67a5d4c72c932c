//! Policies of our own invention against objects, here and on a real API server: every verdict and every message has to be the
//! same. On the server they warn, so that one request tells what all of them say.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control_plane::Api;
use plimsoll_policy::ProblemKind;
use plimsoll_yaml::{Kind, Node, Scalar, parse, split};
use serde_json::{Value, json};

use crate::judged::{FAULTY, expression};
use crate::{control_plane, policies, report};

const POLICIES: &str = include_str!("policies.yaml");
const OBJECTS: &str = include_str!("objects.yaml");
const SURROUNDINGS: &str = include_str!("surroundings.yaml");
const ROOT: &str = "/apis/admissionregistration.k8s.io/v1";
const PATIENCE: Duration = Duration::from_secs(60);

/// What is said to an object: policies with their messages.
type Said = BTreeSet<(String, String)>;

fn documents(text: &str) -> Vec<Value> {
    let chunks = split(text).into_iter();
    let document = |chunk| {
        let tree = parse(text, &chunk).expect("a tree");
        of_node(tree.root())
    };
    chunks.map(document).collect()
}

fn of_node(node: Node<'_>) -> Value {
    match (node.kind(), node.scalar()) {
        (Kind::Mapping, _) => {
            let entries = node.entries();
            entries
                .map(|(key, value)| (key.key_text().expect("a key").to_owned(), of_node(value)))
                .collect()
        }
        (Kind::Sequence, _) => node.items().map(of_node).collect(),
        (_, Some(Scalar::Bool(value))) => json!(value),
        (_, Some(Scalar::Int(value))) => json!(value),
        (_, Some(Scalar::Float(value))) => json!(value),
        (_, Some(Scalar::Str(text))) => json!(text),
        _ => Value::Null,
    }
}

/// The policies and bindings, under names of their own.
fn manifests() -> Vec<(Value, Value)> {
    let made = documents(POLICIES).into_iter().enumerate().map(|(index, written)| {
        let name = format!("own-{index}");
        let policy = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": name}, "spec": written["spec"],
        });
        let mut binding = json!({
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": name}, "spec": {"policyName": name, "validationActions": ["Warn"]},
        });
        for (key, value) in written["binding"].as_object().into_iter().flatten() {
            binding["spec"][key] = value.clone();
        }
        (policy, binding)
    });
    made.collect()
}

fn collection(object: &Value) -> String {
    let version = object["apiVersion"].as_str().expect("a version");
    let root = if version.contains('/') { "apis" } else { "api" };
    let kind = object["kind"].as_str().expect("a kind").to_lowercase();
    let resource = match kind.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{kind}s"),
    };
    match object["metadata"]["namespace"].as_str() {
        Some(namespace) => format!("/{root}/{version}/namespaces/{namespace}/{resource}"),
        None => format!("/{root}/{version}/{resource}"),
    }
}

fn create(api: &Api, object: &Value) {
    let answer = api.post(
        &format!("{}?fieldValidation=Strict", collection(object)),
        object,
    );
    let answer = answer.expect("an answer");
    assert!(answer.is_fine(), "{}\n{object:#}", answer.message());
}

/// An error's own words are not compared.
fn comparable(message: &str) -> String {
    let before = message.split("resulted in error:").next();
    before.unwrap_or(message).to_owned()
}

/// What the server warns of.
fn asked(api: &Api, object: &Value) -> Said {
    let path = format!("{}?dryRun=All", collection(object));
    let answer = api.post(&path, object).expect("an answer");
    assert!(answer.is_fine(), "{}\n{object:#}", answer.message());
    let warnings = answer.warnings.iter().filter_map(|warning| {
        let rest = warning.strip_prefix("Validation failed for ValidatingAdmissionPolicy '")?;
        let (policy, rest) = rest.split_once('\'')?;
        let (_, message) = rest.split_once("': ")?;
        Some((policy.to_owned(), comparable(message)))
    });
    warnings.collect()
}

/// What we say; and the policies that could not say anything.
fn judged(texts: &str, object: &Value) -> (Said, BTreeSet<String>) {
    let known = format!("{object}\n---\n{SURROUNDINGS}");
    let report = report(&policies(texts), &known);
    let name = object["metadata"]["name"].as_str().expect("a name");
    let kind = object["kind"].as_str().expect("a kind");
    let findings = report.findings.iter().map(|it| &it.finding);
    let about = findings.filter(|finding| {
        finding.subject.object.name == name && finding.subject.object.kind == kind
    });
    let said = about.filter_map(|finding| {
        let message = finding.message.to_string();
        let (_, rest) = message.split_once(" would be warned of by policy ")?;
        let made = message.contains("makes pods that");
        let (policy, message) = rest.split_once(": ")?;
        (!made).then(|| (policy.to_owned(), comparable(message)))
    });
    let undecided = report
        .gaps
        .iter()
        .filter(|gap| gap.message.contains(&format!("judge {kind} {name}")));
    let undecided =
        undecided.flat_map(|gap| gap.controls.iter().map(|id| id.replace("policy/", "")));
    (said.collect(), undecided.collect())
}

#[test]
fn own_policies_say_what_the_server_says() {
    let Some(plane) = control_plane("own_policies_say_what_the_server_says") else {
        return;
    };
    let api = plane.api();
    let all = manifests();
    documents(SURROUNDINGS)
        .iter()
        .for_each(|object| create(api, object));
    for (policy, binding) in &all {
        let policies = api.post(
            &format!("{ROOT}/validatingadmissionpolicies?fieldValidation=Strict"),
            policy,
        );
        let answer = policies.expect("an answer");
        assert!(answer.is_fine(), "{}\n{policy:#}", answer.message());
        let bindings = api.post(
            &format!("{ROOT}/validatingadmissionpolicybindings?fieldValidation=Strict"),
            binding,
        );
        let answer = bindings.expect("an answer");
        assert!(answer.is_fine(), "{}\n{binding:#}", answer.message());
    }
    let texts: Vec<String> = all
        .iter()
        .map(|(policy, binding)| format!("{policy}\n---\n{binding}\n"))
        .collect();
    let texts = texts.join("---\n");
    assert_eq!(policies(&texts).problems, []);
    let objects = documents(OBJECTS);
    let ours: Vec<_> = objects
        .iter()
        .map(|object| judged(&texts, object))
        .collect();
    // Policies take effect some moments after they are created, so the last answers count.
    let begin = Instant::now();
    let theirs = loop {
        let theirs: Vec<Said> = objects.iter().map(|object| asked(api, object)).collect();
        let same = theirs
            .iter()
            .zip(&ours)
            .all(|(theirs, (ours, _))| theirs == ours);
        if same || begin.elapsed() > PATIENCE {
            break theirs;
        }
        thread::sleep(Duration::from_millis(500));
    };
    let mut wrong = Vec::new();
    let mut fired = BTreeMap::<&str, usize>::new();
    let mut undecided_count = 0;
    for (object, (theirs, (ours, undecided))) in objects.iter().zip(theirs.iter().zip(&ours)) {
        undecided_count += undecided.len();
        for (policy, message) in theirs
            .symmetric_difference(ours)
            .filter(|(policy, _)| !undecided.contains(policy))
        {
            let who = if ours.contains(&(policy.clone(), message.clone())) {
                "only ours"
            } else {
                "only the server"
            };
            wrong.push(format!(
                "{} {}: {who}: {policy}: {message}",
                object["kind"], object["metadata"]["name"]
            ));
        }
        let policies: BTreeSet<_> = theirs.iter().map(|(policy, _)| policy.as_str()).collect();
        policies
            .into_iter()
            .for_each(|policy| *fired.entry(policy).or_default() += 1);
    }
    eprintln!(
        "{} policies, {} objects, {undecided_count} undecided",
        all.len(),
        objects.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(undecided_count, 0, "{ours:?}");
    let idle: Vec<_> = all
        .iter()
        .filter_map(|(policy, _)| policy["metadata"]["name"].as_str())
        .filter(|name| !fired.contains_key(name))
        .collect();
    assert!(idle.is_empty(), "never fire: {idle:?}");
    assert!(
        fired.values().all(|count| *count < objects.len()),
        "{fired:?}"
    );
}

#[test]
fn what_we_call_invalid_the_server_refuses() {
    let Some(plane) = control_plane("what_we_call_invalid_the_server_refuses") else {
        return;
    };
    for (demand, kind, _) in FAULTY {
        let policy = documents(&expression(demand)).remove(0);
        let path = format!("{ROOT}/validatingadmissionpolicies?dryRun=All");
        let answer = plane.api().post(&path, &policy).expect("an answer");
        let refused = answer.status == 422;
        assert_eq!(
            refused,
            *kind == ProblemKind::Invalid,
            "{demand}: {}",
            answer.message()
        );
    }
}
