//! Formats against their published schemas. `cargo xtask schemas` fetches these; without them the tests say that they were
//! left out.
//!
//! For `wgpolicyk8s.io/v1alpha2` no package carries a schema: its facts are written down here.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::folder::{Folder, PRIVILEGED};
use crate::formats;

/// The schemas' folder: what `PLIMSOLL_SCHEMAS` names, or where xtask puts them. `None` when there is none, which is said
/// past the test harness.
fn schemas(test: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("PLIMSOLL_SCHEMAS") {
        return Some(named.into());
    }
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/schemas");
    if usual.is_dir() {
        return Some(usual);
    }
    let said = "left out, because there are no schemas: `cargo xtask schemas` fetches them";
    let _ = writeln!(std::io::stderr(), "published schemas: {test} {said}");
    None
}

/// Ordinary findings, hostile names in names and files, and a folder with nothing to say.
fn folders() -> [Folder; 3] {
    let evil = "</script>\\e[31m\\u202e\\n::error::x]]>&|%0A\\0[a](https://evil.example)";
    let hostile = PRIVILEGED
        .replace(
            "{name: agent}",
            &format!("{{name: \"{evil}\", namespace: \"{evil}\"}}"),
        )
        .replace("name: main", &format!("name: \"{evil}\""));
    [
        formats::folder(),
        Folder::new()
            .file("a b%0A::error::[x](y) <z>|\".yaml", &hostile)
            .file("-é\n日本.yaml", "kind: [\n"),
        Folder::new().file("a.txt", ""),
    ]
}

fn reports(format: &str) -> Vec<Value> {
    let run = |folder: &Folder| {
        let run = folder.run(&["scan", "--format", format, "."]);
        serde_json::from_str(&run.out).unwrap()
    };
    folders().iter().map(run).collect()
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .unwrap();
    let errors: Vec<_> = validator
        .iter_errors(instance)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_fits_its_schema() {
    let Some(folder) = schemas("sarif_fits_its_schema") else {
        return;
    };
    let schema = fs::read_to_string(folder.join("sarif-2.1.0.json")).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    let logs = reports("sarif");
    for log in &logs {
        assert_valid(&schema, log);
    }
    for log in &logs[..2] {
        assert!(log.to_string().contains("deletedRegion"), "it has fixes");
    }
    let broken = json!({"version": "2.1.0", "runs": [{"tool": {}}]});
    assert!(
        !jsonschema::is_valid(&schema, &broken),
        "the schema can fail"
    );
}

#[test]
fn oscal_fits_its_schema() {
    let Some(folder) = schemas("oscal_fits_its_schema") else {
        return;
    };
    let name = "oscal-assessment-results-1.2.3.json";
    let schema = fs::read_to_string(folder.join(name)).unwrap();
    let schema = serde_json::from_str(&schema).unwrap();
    for mut document in reports("oscal") {
        assert_valid(&schema, &document);
        document["assessment-results"]["uuid"] = json!("no uuid");
        assert!(
            !jsonschema::is_valid(&schema, &document),
            "the schema can fail"
        );
    }
}

/// The schema of a custom resource. The API server drops what it does not know, so here that is a fault.
fn definition(folder: &Path, name: &str) -> Value {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let definition: Value = serde_saphyr::from_str(&text).unwrap();
    let mut schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone();
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = json!(false);
    }
    match schema {
        Value::Object(members) => members.values_mut().for_each(close),
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
fn openreports_fit_their_definitions() {
    let Some(folder) = schemas("openreports_fit_their_definitions") else {
        return;
    };
    let (mut namespaced, mut cluster) = (0, 0);
    for list in reports("openreports") {
        assert_eq!(
            (&list["apiVersion"], &list["kind"]),
            (&json!("v1"), &json!("List"))
        );
        for item in list["items"].as_array().unwrap() {
            assert_eq!(item["apiVersion"], "openreports.io/v1alpha1");
            let name = match item["kind"].as_str().unwrap() {
                "Report" => {
                    namespaced += 1;
                    "openreports.io_reports.yaml"
                }
                "ClusterReport" => {
                    cluster += 1;
                    "openreports.io_clusterreports.yaml"
                }
                other => panic!("{other}"),
            };
            assert_valid(&definition(&folder, name), item);
        }
    }
    assert!(namespaced > 0 && cluster > 0);
}

#[test]
fn policy_reports_keep_to_the_facts_of_their_definition() {
    let reports_know = [
        "apiVersion",
        "kind",
        "metadata",
        "scope",
        "scopeSelector",
        "summary",
        "results",
    ];
    let results_know = [
        "source",
        "policy",
        "rule",
        "category",
        "severity",
        "timestamp",
        "result",
        "scored",
        "resources",
        "resourceSelector",
        "message",
        "properties",
    ];
    let severities = ["critical", "high", "medium", "low", "info"];
    let outcomes = ["pass", "fail", "warn", "error", "skip"];
    let mut results = 0;
    for list in reports("policy-report") {
        for item in list["items"].as_array().unwrap() {
            assert_eq!(item["apiVersion"], "wgpolicyk8s.io/v1alpha2");
            let kind = match item["metadata"].get("namespace") {
                Some(_) => "PolicyReport",
                None => "ClusterPolicyReport",
            };
            assert_eq!(item["kind"], kind);
            assert!(
                item.as_object()
                    .unwrap()
                    .keys()
                    .all(|key| reports_know.contains(&&**key))
            );
            for result in item["results"].as_array().unwrap() {
                results += 1;
                let known = |key: &String| results_know.contains(&&**key);
                assert!(result.as_object().unwrap().keys().all(known), "{result}");
                assert!(outcomes.contains(&result["result"].as_str().unwrap()));
                let severity = result.get("severity").map(|word| word.as_str().unwrap());
                assert!(severity.is_none_or(|word| severities.contains(&word)));
                let properties = result.get("properties").and_then(Value::as_object);
                assert!(properties.is_none_or(|all| all.values().all(Value::is_string)));
            }
        }
    }
    assert!(results > 0);
}
