//! An `apiVersion` of Kubernetes' own that the target version no longer has. The table is the snapshot's. Worse for kinds
//! that protect something, because a protection that was never stored looks as if it were there.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, UPG_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::served::{Served, served};
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "removed-api-version",
        formerly: &[],
        title: "object in an API version that the cluster no longer has",
        chapter: Chapter::Upgrading,
        guide: &[&UPG_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "fields may have other names in the next version: convert the object with kubectl convert and compare",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[],
        check,
        words: PROTECTING,
        enforce: Enforce::API_VERSION,
    })],
};

/// Kinds whose absence leaves a door open.
const PROTECTING: Words = &[
    "NetworkPolicy",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
];

fn check(object: &Object<'_>, protecting: Words, found: &mut Found<'_>) {
    let told_elsewhere = object.kind == "PodSecurityPolicy";
    let gone = served(object.api_version, object.kind, object.target.version);
    let Some(Served::Removed { at, instead }) = gone.filter(|_| !told_elsewhere) else {
        return;
    };
    let advice = instead.map_or_else(
        || "nothing has taken its place".to_owned(),
        |instead| format!("write {instead}"),
    );
    let predicate = format!(
        "is written in {}, which Kubernetes {at} removed; {advice}",
        object.api_version
    );
    let place = At::nearest(object.node, &["apiVersion"]);
    let finding = found.on_object(place, &predicate, "the API server refuses this object");
    if protecting.contains(&object.kind) {
        finding.weigh(
            Severity::High,
            "a protection that is never stored protects nothing",
        );
    }
}
