//! What callers who did not log in ask for must be recorded, health checks apart, even where anonymous requests are off.

use std::collections::BTreeMap;

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, LOG_05};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, NodeId};

use super::audit_requests_unrecorded::drops;
use crate::audit::{Asked, Caller, Level, deciders};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "anonymous-requests-unrecorded",
        formerly: &[],
        title: "audit policy drops requests of callers who did not log in",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&LOG_05],
        pss: &[],
        severity: Severity::Medium,
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

/// What an intruder without an account asks for first.
const ASKED: &[(&str, Asked)] = &[
    ("get", Asked::Resource(("", "pods", ""))),
    ("list", Asked::Resource(("", "secrets", ""))),
    ("create", Asked::Resource(("", "pods", ""))),
    ("get", Asked::Url("/api")),
    ("get", Asked::Url("/apis")),
    ("get", Asked::Url("/metrics")),
    ("get", Asked::Url("/openapi/v2")),
    ("get", Asked::Url("/logs/")),
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let mut silent: BTreeMap<NodeId, Node<'_>> = BTreeMap::new();
    for (verb, asked) in ASKED {
        let rules = deciders(object.node, Caller::Anonymous, verb, *asked).into_iter();
        // What is dropped for everybody is told once.
        let lost = rules.filter(|rule| Level::of(*rule) == Some(Level::None) && !drops(*rule));
        silent.extend(lost.map(|rule| (rule.id(), rule)));
    }
    for rule in silent.into_values() {
        found.on_object(
            At::nearest(rule, &["level"]),
            "does not record what callers ask for who did not log in",
            "probing the API server leaves no trace",
        );
    }
}
