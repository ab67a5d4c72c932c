//! The table against a real API server: each expression is the message of a policy that warns, bound by a label.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use plimsoll_control_plane::{Api, ControlPlane, Programs};
use serde_json::{Value, json};

use crate::table::{Answer, Case, OBJECT, asked, cases};

const ROOT: &str = "/apis/admissionregistration.k8s.io/v1";
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn the_table_is_what_the_server_says() {
    let Some(programs) = Programs::find() else {
        eprintln!(
            "the_table_is_what_the_server_says was left out: `cargo xtask control-plane` builds a control plane"
        );
        return;
    };
    let plane = ControlPlane::shared(&programs).expect("a control plane");
    let api = plane.api();
    let cases = cases();
    let taken: Vec<bool> = cases
        .iter()
        .enumerate()
        .map(|(index, case)| install(api, index, case))
        .collect();
    await_policies(api, &taken);
    let mut said = Vec::new();
    for (index, taken) in taken.iter().enumerate() {
        said.push(match taken {
            true => ask(api, index).expect("a warning"),
            false => Answer::Refused,
        });
    }
    if std::env::var_os("PLIMSOLL_RECORD").is_some() {
        record(&cases, &said);
        return;
    }
    for (case, said) in cases.iter().zip(said) {
        assert_eq!(case.said.as_ref(), Some(&said), "{}", case.expression);
    }
}

/// Does the server take it?
fn install(api: &Api, index: usize, case: &Case) -> bool {
    let name = format!("case-{index}");
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]},
            "validations": [{"expression": "false", "message": "no value", "messageExpression": asked(case.expression)}],
        },
    });
    let answer = api
        .post(&format!("{ROOT}/validatingadmissionpolicies"), &policy)
        .expect("an answer");
    if !answer.is_fine() {
        assert_eq!(
            answer.status,
            422,
            "{}: {}",
            case.expression,
            answer.message()
        );
        return false;
    }
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": {"name": name},
        "spec": {
            "policyName": name, "validationActions": ["Warn"],
            "matchResources": {"objectSelector": {"matchLabels": {"case": index.to_string()}}},
        },
    });
    let answer = api
        .post(
            &format!("{ROOT}/validatingadmissionpolicybindings"),
            &binding,
        )
        .expect("an answer");
    assert!(answer.is_fine(), "{}", answer.message());
    true
}

/// Policies take effect some moments after they are created, not in the order of their creation.
fn await_policies(api: &Api, taken: &[bool]) {
    let begin = Instant::now();
    for (index, _) in taken.iter().enumerate().filter(|(_, taken)| **taken) {
        while ask(api, index).is_none() {
            assert!(begin.elapsed() < PATIENCE, "case {index} takes no effect");
            thread::sleep(Duration::from_millis(100));
        }
    }
}

fn ask(api: &Api, index: usize) -> Option<Answer> {
    let mut object = object();
    object["metadata"]["labels"]["case"] = json!(index.to_string());
    let answer = api
        .post("/api/v1/namespaces/default/configmaps?dryRun=All", &object)
        .expect("an answer");
    assert!(answer.is_fine(), "{}", answer.message());
    let warning = answer
        .warnings
        .iter()
        .find(|warning| warning.contains(&format!("'case-{index}'")))?;
    let value = warning
        .rsplit_once(": = ")
        .map(|(_, value)| Answer::Value(value.to_owned()));
    Some(
        value
            .or_else(|| {
                warning
                    .ends_with(": =")
                    .then(|| Answer::Value(String::new()))
            })
            .unwrap_or(Answer::Error),
    )
}

fn object() -> Value {
    let chunk = plimsoll_yaml::split(OBJECT).remove(0);
    let tree = plimsoll_yaml::parse(OBJECT, &chunk).expect("a tree");
    json_of(tree.root())
}

fn json_of(node: plimsoll_yaml::Node<'_>) -> Value {
    use plimsoll_yaml::{Kind, Scalar};
    match (node.kind(), node.scalar()) {
        (Kind::Mapping, _) => node
            .entries()
            .map(|(key, value)| (key.key_text().expect("a key").to_owned(), json_of(value)))
            .collect(),
        (Kind::Sequence, _) => node.items().map(json_of).collect(),
        (_, Some(Scalar::Bool(value))) => json!(value),
        (_, Some(Scalar::Int(value))) => json!(value),
        (_, Some(Scalar::Str(text))) => json!(text),
        _ => Value::Null,
    }
}

fn record(cases: &[Case], said: &[Answer]) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/cases.txt");
    let table = std::fs::read_to_string(file).expect("the table");
    let mut answers = cases.iter().zip(said);
    let mut out = String::new();
    for line in table.lines() {
        if line.starts_with("##") || line.trim().is_empty() {
            out.push_str(line);
        } else if let Some((case, said)) = answers.next() {
            let said = match said {
                Answer::Refused => "refused".to_owned(),
                Answer::Error => "error".to_owned(),
                Answer::Value(value) => format!("= {value}"),
            };
            write!(out, "{} ⇒ {said}", case.expression).expect("text");
        }
        out.push('\n');
    }
    std::fs::write(file, out).expect("the table");
}
