//! An audit policy must not omit the stages that tell how a request ended.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{AUD_11, Chapter};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-outcome-omitted",
        formerly: &[],
        title: "audit policy omits how requests ended",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_11],
        pss: &[],
        severity: Severity::Low,
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

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    judge(object, object.node, found);
    for rule in object.node.get("rules").into_iter().flat_map(Node::items) {
        judge(object, rule, found);
    }
}

fn judge<'t>(object: &Object<'t>, node: Node<'t>, found: &mut Found<'_>) {
    for stage in node.get("omitStages").into_iter().flat_map(Node::items) {
        match stage.as_str() {
            Some("RequestReceived" | "ResponseStarted") => {}
            Some(name @ ("ResponseComplete" | "Panic")) => {
                found.on_object(
                    At::node(stage),
                    &format!("omits the stage {name}"),
                    "the log does not tell how requests ended",
                );
            }
            _ => object.note_malformed(stage, "an audit stage"),
        }
    }
}
