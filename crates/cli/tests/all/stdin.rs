//! What other programs print: Lists, JSON, and JSON objects one after the other.

use serde_json::{Value, json};

use crate::folder::{Folder, Scan};

fn pod(name: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": "shop"},
        "spec": {"containers": [{"name": "main", "image": "a", "securityContext": {"privileged": true}}]},
    })
}

fn privileged(input: &str) -> Vec<String> {
    let run = Folder::new().pipe(&["scan", "--format", "json", "-"], input);
    let scan = Scan::of(&run);
    assert_eq!(scan.gaps(), [""; 0]);
    let findings = scan.report["findings"].as_array().unwrap().iter();
    let mut found: Vec<String> = findings
        .filter(|finding| finding["control"] == "privileged-container")
        .map(|finding| format!("{} {}", finding["object"]["name"], finding["path"]))
        .collect();
    found.sort();
    found
}

const EACH: [&str; 2] = [
    r#""a" "spec.containers[0].securityContext.privileged""#,
    r#""b" "spec.containers[0].securityContext.privileged""#,
];

#[test]
fn lists_as_kubectl_get_prints_them() {
    let list = json!({"apiVersion": "v1", "items": [pod("a"), pod("b")], "kind": "List", "metadata": {"resourceVersion": ""}});
    let in_list = [
        r#""a" "items[0].spec.containers[0].securityContext.privileged""#,
        r#""b" "items[1].spec.containers[0].securityContext.privileged""#,
    ];
    assert_eq!(
        privileged(&serde_json::to_string_pretty(&list).unwrap()),
        in_list
    );
    assert_eq!(privileged(&list.to_string()), in_list);
    let item = |name: &str| {
        format!(
            "- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: {name}\n  spec:\n    containers:\n    - name: main\n      securityContext:\n        privileged: true\n"
        )
    };
    let yaml = format!(
        "apiVersion: v1\nitems:\n{}{}kind: List\nmetadata:\n  resourceVersion: \"\"\n",
        item("a"),
        item("b")
    );
    assert_eq!(privileged(&yaml), in_list);
}

#[test]
fn json_objects_one_after_the_other() {
    let (a, b) = (pod("a"), pod("b"));
    assert_eq!(privileged(&format!("{a}\n{b}\n")), EACH, "a line each");
    assert_eq!(
        privileged(&format!("{a}{b}")),
        EACH,
        "without anything between"
    );
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    assert_eq!(
        privileged(&format!("{}\n{}\n", pretty(&a), pretty(&b))),
        EACH,
        "as --watch prints them"
    );
    assert_eq!(privileged(&format!("{a}\r\n\r\n{b}")), EACH);
}
