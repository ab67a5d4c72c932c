//! A Namespace without an enforced level of the Pod Security Standards, or with the level that allows everything. What the
//! API server does without a label is its own configuration, which objects do not show.

use plimsoll_control::{Control, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{ENFORCE, Level, labels, named};
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-not-enforced",
        formerly: &[],
        title: "namespace lets in every pod",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Medium,
        page: include_str!("pod_security_not_enforced.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: EXEMPT,
    })],
};

/// The cluster's own namespaces, where workloads of users have no place.
const EXEMPT: Words = &["kube-node-lease", "kube-public", "kube-system"];

fn check(object: &Object<'_>, exempt: Words, found: &mut Found<'_>) {
    if object.name().is_some_and(|name| exempt.contains(&name)) {
        return;
    }
    let labels = labels(object);
    let place = At::nearest(object.node, ENFORCE);
    match named(&labels, "enforce") {
        Some(label) if Level::read(label.text) == Some(Level::Privileged) => {
            found.on_object(
                place,
                "enforces the level privileged, which allows every pod",
                "lets pods take over their node",
            );
        }
        None if !place.missing.is_empty() => {
            found.on_object(
                place,
                "does not say which level of pod security it enforces",
                "unless the API server is configured otherwise, every pod is let in",
            );
        }
        _ => {}
    }
}
