//! Taking names out of a snapshot changes no verdict: every example of every control's page, and the example of the repository,
//! judged with and without names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use plimsoll_catalog::{
    alike, alike_argument, stand_in, stand_in_argument, stand_in_text, stand_in_token, words,
};
use plimsoll_cluster::{Alike, Redaction, StandIns, conceal};
use plimsoll_control::Tally;
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::collected::COLLECTED;
use plimsoll_snapshot::kinds::is_settings;
use plimsoll_snapshot::object::group_of;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::{Kind, Node, Scalar, parse, split};
use serde_json::{Map, Value, json};

/// Examples whose verdict changes, by page and number: each with its reason.
const KNOWN: &[(&str, usize)] = &[
    // A waiver that names containers by a pattern: no pattern fits pseudonyms.
    ("waiver-unmatched", 3),
];

type Object = Map<String, Value>;

const STAND_INS: StandIns = StandIns {
    value: stand_in,
    text: stand_in_text,
    token: stand_in_token,
    argument: stand_in_argument,
};

fn redaction() -> Redaction {
    let alike = Alike {
        value: alike,
        argument: alike_argument,
    };
    Redaction::new([7; 32], alike, words())
}

fn value(node: Node<'_>) -> Value {
    match (node.scalar(), node.kind()) {
        (Some(Scalar::Null), _) => Value::Null,
        (Some(Scalar::Bool(is)), _) => is.into(),
        (Some(Scalar::Int(number)), _) => number.into(),
        (Some(Scalar::Float(number)), _) => number.into(),
        (Some(Scalar::Str(text)), _) => text.into(),
        (None, Kind::Sequence) => node.items().map(value).collect(),
        (None, _) => {
            let entries = node.entries();
            let entries =
                entries.map(|(key, node)| (key.text().unwrap_or_default().to_owned(), value(node)));
            Value::Object(entries.collect())
        }
    }
}

/// What examples leave out, and a cluster always says.
fn complete(object: &mut Object, number: usize) {
    let kind = object.get("kind").and_then(Value::as_str);
    let row = COLLECTED.iter().find(|row| Some(row.kind) == kind);
    if let Some(row) = row {
        let api_version = match row.group {
            "" => "v1".to_owned(),
            group => format!("{group}/v1"),
        };
        object.entry("apiVersion").or_insert(api_version.into());
    }
    let metadata = object.entry("metadata").or_insert(json!({}));
    if let Value::Object(metadata) = metadata {
        let name = format!("example-{number}");
        metadata.entry("name").or_insert(name.into());
    }
}

/// The objects of a text as a snapshot keeps them; files of programs as a ConfigMap keeps them.
fn objects(text: &str) -> Vec<Object> {
    let mut objects = Vec::new();
    for chunk in split(text) {
        let Ok(tree) = parse(text, &chunk) else {
            continue;
        };
        let Value::Object(mut object) = value(tree.root()) else {
            continue;
        };
        complete(&mut object, objects.len());
        let name = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let (api_version, kind) = (name("apiVersion"), name("kind"));
        if kind.is_empty() || kind == "Secret" || kind == "SecretList" {
            continue;
        }
        let mut object = if is_settings(group_of(api_version), kind) {
            let number = objects.len();
            let metadata =
                json!({"name": format!("settings-{number}"), "namespace": "kube-system"});
            let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
                "data": {"file": chunk.span.slice(text)}});
            map.as_object().unwrap().clone()
        } else {
            object
        };
        conceal(&mut object, &STAND_INS);
        objects.push(object);
    }
    objects
}

fn judge(objects: &[Object], complete: bool) -> Report {
    let texts: Vec<String> = objects
        .iter()
        .map(|object| Value::Object(object.clone()).to_string())
        .collect();
    let target = Target {
        complete,
        ..Target::new(Minor::NEWEST)
    };
    let scan = Scan::new(plimsoll_catalog::all(), target);
    let judge = |scan: &Scan| {
        scan.judge(&SourceText {
            name: "cluster".into(),
            unit: "cluster".into(),
            text: &texts.join("\n---\n"),
            provenance: Provenance::Live,
        })
    };
    let part = judge(&scan);
    match scan.repinned(std::slice::from_ref(&part)) {
        Some(pinned) => {
            let part = judge(&pinned);
            pinned.report(vec![part], Vec::new(), Vec::new())
        }
        None => scan.report(vec![part], Vec::new(), Vec::new()),
    }
}

/// Which control found how much, how bad, at which object.
type Verdicts = BTreeMap<(usize, &'static str, String), usize>;

fn verdicts(objects: &[Object], report: &Report) -> Verdicts {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let key = |object: &Object| {
        let metadata = object.get("metadata");
        let member = |key| text(metadata.and_then(|metadata| metadata.get(key)));
        (
            text(object.get("kind")),
            member("namespace"),
            member("name"),
        )
    };
    let keys: Vec<_> = objects.iter().map(key).collect();
    let mut verdicts = Verdicts::new();
    let waived = report
        .waived
        .iter()
        .map(|waived| (&waived.reported, "waived "));
    let open = report.findings.iter().map(|reported| (reported, ""));
    for (reported, waived) in open.chain(waived) {
        let finding = &reported.finding;
        let id = &finding.subject.object;
        let own = (
            id.kind.clone(),
            id.namespace.clone().unwrap_or_default(),
            id.name.clone(),
        );
        let number = keys
            .iter()
            .position(|key| *key == own)
            .unwrap_or(usize::MAX);
        let severity = format!("{waived}{}", finding.severity.as_str());
        *verdicts
            .entry((number, finding.control.id, severity))
            .or_default() += 1;
    }
    verdicts
}

/// What differs when the names are taken out, if anything does.
fn differences(text: &str) -> Vec<String> {
    let before = objects(text);
    let redaction = redaction();
    let mut after = before.clone();
    after.iter_mut().for_each(|object| redaction.object(object));
    let mut told = Vec::new();
    for complete in [false, true] {
        let (one, other) = (judge(&before, complete), judge(&after, complete));
        let (former, later) = (verdicts(&before, &one), verdicts(&after, &other));
        let lost = former
            .iter()
            .filter(|(key, count)| later.get(*key) != Some(*count));
        told.extend(lost.map(|(key, count)| format!("before: {key:?} {count}")));
        let new = later
            .iter()
            .filter(|(key, count)| former.get(*key) != Some(*count));
        told.extend(new.map(|(key, count)| format!("after: {key:?} {count}")));
        let differs = |id: &&&'static str| {
            let tally = |report: &Report| -> Tally { report.summary.controls[**id] };
            tally(&one) != tally(&other)
        };
        let ids = one.summary.controls.keys().filter(differs);
        told.extend(ids.map(|id| format!("counts of {id}")));
        let reasons =
            |report: &Report| report.gaps.iter().map(|gap| gap.reason).collect::<Vec<_>>();
        if reasons(&one) != reasons(&other) {
            told.push(format!("gaps {:?}", reasons(&other)));
        }
    }
    told
}

/// The examples of a page.
fn examples(page: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            Some(text) if line == "```" => {
                examples.push(std::mem::take(text));
                open = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line.starts_with("```yaml ") => open = Some(String::new()),
            None => {}
        }
    }
    examples
}

#[test]
fn no_verdict_on_an_example_changes() {
    let (mut count, mut findings, mut told) = (0, 0, Vec::new());
    for control in plimsoll_catalog::all() {
        for (number, text) in examples(control.head.page.text()).iter().enumerate() {
            count += 1;
            findings += judge(&objects(text), false).findings.len();
            let different = differences(text);
            let is_known = KNOWN.contains(&(control.head.id, number + 1));
            if different.is_empty() == is_known {
                told.push(format!(
                    "{} {}: {different:#?}",
                    control.head.id,
                    number + 1
                ));
            }
        }
    }
    assert!(
        count > 300 && findings > 9_999,
        "{count} examples, {findings} findings"
    );
    assert!(
        told.is_empty(),
        "{} of {count} examples:\n{}",
        told.len(),
        told.join("\n")
    );
}

#[test]
fn no_verdict_on_the_shop_changes_and_its_names_are_gone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts = files.map(|path| fs::read_to_string(path).unwrap());
    let text = texts.collect::<Vec<_>>().join("\n---\n");
    assert_eq!(differences(&text), Vec::<String>::new());
    let redaction = redaction();
    for mut object in objects(&text) {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        redaction.object(&mut object);
        assert_ne!(object["metadata"]["name"], name.as_str());
        assert!(
            object["metadata"]
                .get("namespace")
                .is_none_or(|namespace| namespace != "shop")
        );
    }
}
