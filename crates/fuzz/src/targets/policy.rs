//! Users' admission policies: reading them never fails but by telling why and where, judging by them ends in findings and gaps that
//! steer no terminal, and the same policies judge the same. The text is a file of policies, bindings, parameters and objects.

use std::sync::Arc;

use plimsoll_policy::{Policies, PolicyText};
use plimsoll_scan::Scan;
use plimsoll_snapshot::object::File;
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

use super::render::treacherous;
use super::scan::{json, judge, without_panics};

/// Objects that most policies speak about.
const OBJECTS: &str = r#"
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  hostNetwork: true
  containers:
  - {name: one, image: "registry.example.com/a:1", resources: {limits: {memory: 64Mi}}}
  - {name: two, image: "b", securityContext: {runAsUser: 0}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 3, template: {spec: {containers: [{name: one, image: a}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: limits, namespace: shop}
data: {most: "3"}
"#;

/// Panics where it does not hold.
pub fn holds(text: &str) {
    // What is read lives as long as the program: reading it twice is for what may say something.
    let policies = read(text);
    for problem in &policies.problems {
        assert!(!problem.message.is_empty());
        if let Some(place) = &problem.location {
            assert!(
                place.start.line as usize <= text.split('\n').count(),
                "{place:?}"
            );
        }
    }
    for control in &policies.controls {
        assert!(
            control.head.id.starts_with("policy/"),
            "{}",
            control.head.id
        );
        treacherous("title", control.head.title);
        treacherous("page", control.head.page.text());
    }
    if !policies.controls.is_empty() {
        assert_eq!(judged(&policies, text), judged(&read(text), text));
    }
}

fn read(text: &str) -> Policies {
    Policies::read(&[PolicyText {
        name: "policies.yaml".into(),
        text: text.to_owned(),
    }])
}

/// The report on the objects and on the text itself.
fn judged(policies: &Policies, text: &str) -> String {
    let target = Target::new(Minor::NEWEST);
    let files: [(Arc<str>, String); 2] = [
        ("objects.yaml".into(), OBJECTS.to_owned()),
        ("policies.yaml".into(), text.to_owned()),
    ];
    let mut known = Surroundings::wanting(policies.wanted.iter().cloned());
    for (name, text) in &files {
        known.note(&File::new(name.clone(), "".into(), text), &target);
    }
    let scan = Scan::new(policies.controls.iter().copied(), target).with_surroundings(known);
    let parts = judge(&scan, &files);
    let report = scan.report(parts, Vec::new(), vec!["folder".to_owned()]);
    json(without_panics(&report))
}
