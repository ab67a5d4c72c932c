//! Fingerprints: what they survive, and what they tell apart.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::folder::Folder;

/// A deployment with faults in every kind of list.
fn deployment() -> Value {
    let container = |name: &str, security: Value| {
        json!({
            "name": name,
            "image": "registry.example.com/app:1",
            "securityContext": security,
            "ports": [
                {"containerPort": 80, "hostPort": 80},
                {"containerPort": 53, "hostPort": 53, "protocol": "UDP"},
                {"containerPort": 53, "hostPort": 54},
                {"name": "web", "containerPort": 81, "hostPort": 81},
            ],
        })
    };
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "api", "namespace": "shop"},
        "spec": {"template": {"spec": {
            "hostPID": true,
            "volumes": [
                {"name": "logs", "hostPath": {"path": "/var/log"}},
                {"name": "all", "hostPath": {"path": "/"}},
            ],
            "securityContext": {"sysctls": [
                {"name": "kernel.msgmax", "value": "1"},
                {"name": "kernel.sem", "value": "1"},
            ]},
            "containers": [
                container("one", json!({"capabilities": {"add": ["SYS_ADMIN", "NET_ADMIN"]}})),
                container("two", json!({"privileged": true})),
            ],
        }}},
    })
}

/// What each fingerprint stands for.
fn fingerprints(file: &str, text: &str) -> BTreeMap<String, String> {
    let report = Folder::new().file(file, text).scan().report;
    let findings = report["findings"].as_array().unwrap();
    let known: BTreeMap<_, _> = findings
        .iter()
        .map(|finding| {
            let text = |key| finding[key].as_str().unwrap().to_owned();
            (text("fingerprint"), text("message"))
        })
        .collect();
    assert_eq!(known.len(), findings.len(), "each has its own");
    assert!(known.len() > 20);
    known
}

fn reverse_lists(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.reverse();
            items.iter_mut().for_each(reverse_lists);
        }
        Value::Object(fields) => fields.values_mut().for_each(reverse_lists),
        _ => {}
    }
}

#[test]
fn moved_lines_renamed_files_and_reordered_lists_change_nothing() {
    let plain = fingerprints("a.yaml", &deployment().to_string());
    let moved = format!("# said first\n\n---\n{:#}", deployment());
    assert_eq!(fingerprints("elsewhere/b.json", &moved), plain);
    let mut reordered = deployment();
    reverse_lists(&mut reordered);
    assert_eq!(fingerprints("a.yaml", &reordered.to_string()), plain);
}

#[test]
fn the_live_object_has_the_fingerprints_of_its_manifest() {
    let mut live = deployment();
    live["metadata"]["uid"] = json!("6e2e7a34");
    live["metadata"]["managedFields"] = json!([{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]);
    live["status"] = json!({"replicas": 1});
    let pod = &mut live["spec"]["template"]["spec"];
    pod["dnsPolicy"] = json!("ClusterFirst");
    pod["volumes"][0]["hostPath"]["type"] = json!("");
    for container in pod["containers"].as_array_mut().unwrap() {
        container["resources"] = json!({});
        container["imagePullPolicy"] = json!("IfNotPresent");
        for port in container["ports"].as_array_mut().unwrap() {
            let protocol = &mut port["protocol"];
            if protocol.is_null() {
                *protocol = json!("TCP");
            }
        }
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [live]});
    assert_eq!(
        fingerprints("live.json", &list.to_string()),
        fingerprints("a.yaml", &deployment().to_string())
    );
}

#[test]
fn true_duplicates_are_told_apart_by_an_ordinal() {
    let twice = format!("{}\n---\n{}\n", deployment(), deployment());
    let once = fingerprints("a.yaml", &deployment().to_string());
    let both = fingerprints("a.yaml", &twice);
    assert_eq!(both.len(), 2 * once.len());
    for (fingerprint, message) in once {
        assert_eq!(both[&fingerprint], message);
        assert_eq!(both[&format!("{fingerprint}:2")], message);
    }
}
