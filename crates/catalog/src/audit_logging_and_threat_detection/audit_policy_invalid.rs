//! An audit policy must be of version 1, with valid levels, no rule that can never match, and a rule for the rest.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUD_02, Chapter};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-policy-invalid",
        formerly: &[],
        title: "audit policy is refused, or rules of it never match",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("what the rule was meant to say only its author knows"),
        page: include_str!("audit_policy_invalid.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("audit.k8s.io", "Policy")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

const NARROWS: [&str; 6] = [
    "users",
    "userGroups",
    "verbs",
    "namespaces",
    "resources",
    "nonResourceURLs",
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    if object.api_version != "audit.k8s.io/v1" {
        found.on_object(
            At::nearest(object.node, &["apiVersion"]),
            &format!("is written for {}", object.api_version),
            "only version 1 is read since 1.24",
        );
    }
    let rules: Vec<Node<'_>> = object
        .node
        .get("rules")
        .into_iter()
        .flat_map(Node::items)
        .collect();
    if rules.is_empty() {
        let at = At::nearest(object.node, &["rules"]);
        found.on_object(at, "has no rules", "the API server does not start with it");
        return;
    }
    for rule in &rules {
        judge_level(*rule, found);
    }
    let rest = rules.iter().position(|rule| is_for_all(*rule));
    match rest.and_then(|rest| rules.get(rest + 1)) {
        Some(after) => {
            found.on_object(
                At::node(*after),
                "has a rule that never matches",
                "a rule above takes every request",
            );
        }
        None if rest.is_none() => {
            let at = At::nearest(object.node, &["rules"]);
            found.on_object(
                at,
                "has no rule for the rest",
                "requests that no rule takes are not recorded",
            );
        }
        None => {}
    }
}

fn judge_level<'t>(rule: Node<'t>, found: &mut Found<'_>) {
    let at = At::nearest(rule, &["level"]);
    let level = rule.get("level").and_then(Node::as_str);
    if !matches!(
        level,
        Some("None" | "Metadata" | "Request" | "RequestResponse")
    ) {
        found.on_object(
            at,
            "has a rule without a valid level",
            "the API server does not start with it",
        );
    }
}

fn is_for_all(rule: Node<'_>) -> bool {
    !NARROWS
        .iter()
        .any(|key| rule.get(key).is_some_and(|list| !list.is_empty()))
}
