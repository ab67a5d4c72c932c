//! Every output has no finding of any severity and no gap in our own scan, save what was reviewed.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

use crate::asked::everything;

/// What is inherent: the generator, the control, and why.
const REVIEWED: [(&str, &str, &str); 13] = [
    (
        "encryption-config",
        "weak-encryption-provider",
        "with a key that was asked for, the key lies beside the data; low, and the comments say so",
    ),
    (
        "networkpolicy",
        "broad-network-policy",
        "DNS of the cluster answers every namespace, and nothing else could",
    ),
    (
        "apiserver-audit",
        "anonymous-api-requests",
        "a part about audit of a ClusterConfiguration; the rest belongs to whoever has it",
    ),
    (
        "apiserver-audit",
        "encryption-at-rest-missing",
        "needs a file of its own, see encryption-config",
    ),
    (
        "apiserver-audit",
        "kubelet-not-verified",
        "kubelets need signed certificates first, see kubelet-config",
    ),
    (
        "apiserver-audit",
        "component-authentication-weakened",
        "about the scheduler and the controller manager, which the part says nothing about",
    ),
    (
        "apiserver-audit",
        "profiling-enabled",
        "about the scheduler and the controller manager, which the part says nothing about",
    ),
    (
        "apiserver-audit",
        "login-not-revocable",
        "a part about audit of a ClusterConfiguration; how people log in belongs to whoever has it",
    ),
    (
        "apiserver-audit",
        "cached-image-reused",
        "the plugin up to 1.34 belongs to the rest of the ClusterConfiguration",
    ),
    (
        "audit-policy",
        "audit-level-too-low",
        "the minimal option records who did what and no bodies; the comments say so",
    ),
    (
        "psa-exemptions",
        "pod-security-exemption",
        "exemptions are what was asked for; the comments say what each costs",
    ),
    (
        "psa-exemptions",
        "pod-security-default-weak",
        "the minimal option warns and audits first, and enforces nothing until the namespaces are ready",
    ),
    (
        "psp-to-psa",
        "pod-security-not-enforced",
        "a policy that lets everything through has no level that fits; the comments say what to do first",
    ),
];

#[test]
fn nothing_is_found_but_what_was_reviewed() {
    let mut unused: BTreeSet<_> = REVIEWED
        .iter()
        .map(|(kind, control, _)| (*kind, *control))
        .collect();
    let mut complaints = Vec::new();
    let mut judged = 0;
    for asked in everything() {
        let text = asked.text();
        let report = judge(&text, asked.request.version);
        judged += 1;
        for gap in &report.gaps {
            complaints.push(format!("{}: gap: {}", asked.what, gap.message));
        }
        for reported in &report.findings {
            let control = reported.finding.control.id;
            let known = REVIEWED
                .iter()
                .any(|(kind, known, _)| *kind == asked.generator.id && *known == control);
            unused.remove(&(asked.generator.id, control));
            if !known {
                complaints.push(format!(
                    "{}: {control}: {}",
                    asked.what, reported.finding.message
                ));
            }
        }
    }
    assert!(judged > 1000, "only {judged} outputs were judged");
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(
        unused.is_empty(),
        "reviewed and not found any more: {unused:?}"
    );
}

/// What is reviewed of a key must stay small.
#[test]
fn a_key_in_the_file_is_no_more_than_low() {
    for asked in everything() {
        if asked.request.key.is_none() {
            continue;
        }
        let report = judge(&asked.text(), asked.request.version);
        let severities: Vec<_> = report
            .findings
            .iter()
            .map(|reported| reported.finding.severity.as_str())
            .collect();
        assert_eq!(severities, ["low"], "{}", asked.what);
    }
}

/// What the bundle promises is seen by the controls, and not merely overlooked.
#[test]
fn a_namespace_passes_what_is_asked_of_namespaces() {
    let generator = plimsoll_generate::find("ns").unwrap();
    let text = generator
        .generate(&plimsoll_generate::Request::new(Minor::NEWEST))
        .unwrap();
    let report = judge(&text, Minor::NEWEST);
    for control in [
        "pod-security-not-enforced",
        "pod-security-version-unpinned",
        "ingress-not-denied-by-default",
        "egress-not-denied-by-default",
        "dns-denied",
        "limit-range-missing",
        "resource-quota-missing",
    ] {
        let tally = report
            .summary
            .controls
            .iter()
            .find(|(judged, _)| **judged == control)
            .map(|(_, tally)| *tally);
        assert!(
            tally.is_some_and(|tally| tally.passed > 0),
            "{control}: {tally:?}"
        );
    }
}

fn judge(text: &str, version: Minor) -> Report {
    let source = SourceText {
        name: Arc::from("generated.yaml"),
        unit: Arc::from("."),
        text,
        provenance: plimsoll_snapshot::provenance::Provenance::Written,
    };
    let mut scan = Scan::new(plimsoll_catalog::all(), Target::new(version));
    let mut part = scan.judge(&source);
    if let Some(again) = scan.repinned(std::slice::from_ref(&part)) {
        part = again.judge(&source);
        scan = again;
    }
    scan.report(vec![part], Vec::new(), Vec::new())
}
