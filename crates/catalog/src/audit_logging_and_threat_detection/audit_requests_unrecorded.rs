//! A rule of level `None` makes requests disappear. Those of people must leave a line at least.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{AUD_03, AUD_05, Chapter, LOG_05, LOGI_01, SIG_33};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::audit::{Caller, Level, is_empty, is_for, texts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-requests-unrecorded",
        formerly: &[],
        title: "audit policy drops requests of people",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_03, &AUD_05, &LOG_05, &LOGI_01, &SIG_33],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which events are needed is for whoever reads the log to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("audit.k8s.io", "Policy")],
        check,
        words: READS,
        enforce: Enforce::NO_OBJECT,
    })],
};

/// Verbs that change nothing.
const READS: Words = &["get", "list", "watch"];

fn check(object: &Object<'_>, reads: Words, found: &mut Found<'_>) {
    for rule in object.node.get("rules").into_iter().flat_map(Node::items) {
        if drops(rule) {
            let finding = found.on_object(
                At::nearest(rule, &["level"]),
                "does not record requests that people may make",
                "what is done this way leaves no trace",
            );
            let verbs = texts(rule, "verbs");
            if !verbs.is_empty() && verbs.iter().all(|verb| reads.contains(verb)) {
                finding.weigh(Severity::Low, "it drops only requests that change nothing");
            }
        }
    }
}

/// Does the rule make requests of people for resources disappear? Events are a log of their own, written by programs.
pub(super) fn drops(rule: Node<'_>) -> bool {
    let is_events = |entry: Node<'_>| {
        let names = texts(entry, "resources");
        !names.is_empty() && names.iter().all(|name| *name == "events")
    };
    let mut entries = rule.get("resources").into_iter().flat_map(Node::items);
    let urls_only = is_empty(rule, "resources")
        && is_empty(rule, "namespaces")
        && !is_empty(rule, "nonResourceURLs");
    Level::of(rule) == Some(Level::None)
        && is_for(rule, Caller::Person)
        && !urls_only
        && (is_empty(rule, "resources") || !entries.all(is_events))
}
