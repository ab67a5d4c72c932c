//! An audit policy must not record the bodies of requests that carry secrets. The first rule that matches decides.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUD_04, Chapter};

use crate::audit::{Resource, is_empty, may_take};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-log-holds-secrets",
        formerly: &[],
        title: "audit policy records bodies that carry secrets",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_04],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("which events are needed is for whoever reads the log to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("audit.k8s.io", "Policy")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

/// Group, resource and subresource whose bodies carry secrets.
const SENSITIVE: [Resource; 4] = [
    ("", "secrets", ""),
    ("", "configmaps", ""),
    ("", "serviceaccounts", "token"),
    ("authentication.k8s.io", "tokenreviews", ""),
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let rules = || object.node.get("rules").into_iter().flat_map(Node::items);
    let mut open = SENSITIVE.to_vec();
    for rule in rules() {
        let met: Vec<_> = open
            .iter()
            .copied()
            .filter(|target| may_take(rule, *target))
            .collect();
        let level = rule
            .get("level")
            .filter(|level| matches!(level.as_str(), Some("Request" | "RequestResponse")));
        if let (Some(level), false) = (level, met.is_empty()) {
            report(level, &met, found);
        }
        if is_for_everybody(rule) {
            open.retain(|target| !met.contains(target));
        }
    }
}

fn report<'t>(level: Node<'t>, met: &[Resource], found: &mut Found<'_>) {
    let names: Vec<&str> = met.iter().map(|(_, resource, _)| *resource).collect();
    let predicate = format!(
        "writes the bodies of requests for {} to the audit log",
        names.join(", ")
    );
    let finding = found.on_object(
        At::node(level),
        &predicate,
        "whoever reads the log reads what the bodies hold",
    );
    if names == ["configmaps"] {
        finding.weigh(
            Severity::Low,
            "ConfigMaps should hold no secrets, and often do",
        );
    }
}

/// Does the rule decide all requests for its resources, so that later rules do not matter for them?
fn is_for_everybody(rule: Node<'_>) -> bool {
    let mut entries = rule.get("resources").into_iter().flat_map(Node::items);
    entries.all(|entry| is_empty(entry, "resourceNames"))
        && ["users", "userGroups", "verbs", "namespaces"]
            .iter()
            .all(|key| is_empty(rule, key))
}
