//! The labels of a namespace decide about Pod Security and network policies. A right on one namespace can be given in it.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{BEY_12, Chapter, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "namespace-change-allowed",
        formerly: &[],
        title: "role lets its holders change labels of namespaces",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_12, &RBAC_03],
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
    resources: &[("", "namespaces")],
    verbs: &["patch", "update"],
    cluster_only: false,
    tamed_by_names: true,
    in_wildcards: false,
    does: "change the labels of namespaces, and so Pod Security and network policies",
    label: "labels of a namespace decide what may run and talk there",
    cluster: Severity::High,
    namespace: Severity::Medium,
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
