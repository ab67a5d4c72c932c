//! Webhooks see and change what is written; deleting them switches protection off.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{BEY_09, BEY_13, Chapter, POD_20, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-change-allowed",
        formerly: &[],
        title: "role lets its holders change what the API server admits",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_13, &POD_20, &RBAC_03, &BEY_09],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[strictly(without)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: ROLES,
        enforce: Enforce::Made(cel),
    })],
};

static POWERS: &[Power] = &[Power {
    resources: &[
        (
            "admissionregistration.k8s.io",
            "mutatingwebhookconfigurations",
        ),
        (
            "admissionregistration.k8s.io",
            "validatingwebhookconfigurations",
        ),
        (
            "admissionregistration.k8s.io",
            "validatingadmissionpolicies",
        ),
        (
            "admissionregistration.k8s.io",
            "validatingadmissionpolicybindings",
        ),
        ("admissionregistration.k8s.io", "mutatingadmissionpolicies"),
        (
            "admissionregistration.k8s.io",
            "mutatingadmissionpolicybindings",
        ),
    ],
    verbs: &["create", "update", "patch", "delete", "deletecollection"],
    cluster_only: true,
    tamed_by_names: true,
    in_wildcards: false,
    does: "change what the API server admits and what it changes on the way",
    label: "a webhook or policy of their own sees or changes every object",
    cluster: Severity::High,
    namespace: Severity::High,
}];

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, POWERS, found);
}

fn cel() -> String {
    in_cel(POWERS)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_powers(object, finding, POWERS.iter())
}
