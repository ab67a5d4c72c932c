//! A control that panics costs its own verdict, and nothing else.

use plimsoll_control::{Control, Enforce, Found, JoinedFound, Revision, Rule, Words};
use plimsoll_scan::{GapReason, Report, Scan, SourceText};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::value::At;
use plimsoll_snapshot::version::Minor;

use crate::tiny::{PAGE, control, tiny};

const TEXT: &str = "\
kind: Pod
apiVersion: v1
metadata: {name: boom}
spec: {containers: [{name: a, image: b, securityContext: {runAsUser: 0}}]}
---
kind: Pod
apiVersion: v1
metadata: {name: quiet}
spec: {containers: [{name: a, image: b, securityContext: {runAsUser: 0}}]}
";

/// The report on the text by a control that panics and one that does not.
fn report(rule: Rule) -> Report {
    let panicking: &Control = control(PAGE.to_owned(), vec![Revision::always(rule)]);
    let scan = Scan::new([panicking, tiny(PAGE)], Target::new(Minor::NEWEST));
    let part = scan.judge(&SourceText {
        name: "pods.yaml".into(),
        unit: "shop".into(),
        text: TEXT,
        provenance: Provenance::Written,
    });
    scan.report(vec![part], Vec::new(), vec!["deploy".to_owned()])
}

fn objects_found(report: &Report) -> Vec<&str> {
    let findings = report.findings.iter();
    let names = findings.map(|it| it.finding.subject.object.name.as_str());
    names.collect()
}

#[test]
fn on_an_object_it_is_a_gap_there_and_the_rest_is_judged() {
    fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
        assert_ne!(object.name(), Some("boom"));
        found.on_object(At::node(object.node), "is there", "because");
    }
    let report = report(Rule::Object {
        kinds: &[],
        check,
        words: &[],
        enforce: Enforce::Not("a test"),
    });
    let [gap] = report.gaps.as_slice() else {
        panic!("{:?}", report.gaps);
    };
    assert_eq!(gap.reason, GapReason::ControlPanicked);
    assert!(gap.message.contains("tiny failed on Pod boom"), "{gap:?}");
    let line = gap.location.as_ref().map(|at| at.start.line);
    assert_eq!((&*gap.file, line), ("pods.yaml", Some(1)));
    assert_eq!(gap.controls, ["tiny"]);
    assert_eq!(objects_found(&report), ["boom", "quiet", "quiet"]);
}

#[test]
fn on_all_objects_together_it_is_a_gap_and_the_others_are_heard() {
    fn check(facts: &Facts, found: &mut JoinedFound) {
        for pod in &facts.network.pods {
            found.on_object(&pod.object, &pod.place, "is there", "because");
        }
        assert_eq!(found.tally.failed, 0);
    }
    let report = report(Rule::Joined { check });
    let [gap] = report.gaps.as_slice() else {
        panic!("{:?}", report.gaps);
    };
    assert_eq!(gap.reason, GapReason::ControlPanicked);
    assert!(gap.message.contains("tiny failed on the objects together"));
    assert_eq!(
        (&*gap.file, gap.controls.as_slice()),
        ("deploy", ["tiny"].as_slice())
    );
    assert_eq!(objects_found(&report), ["boom", "quiet"]);
}
