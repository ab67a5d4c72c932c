//! `list` and `watch` on Secrets return their contents, so they count like `get`; with `resourceNames` all three give the
//! Secrets that are named.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, CP_04, Chapter, POD_20, RBAC_03, RBAC_09, SEC_02};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "secrets-readable",
        formerly: &[],
        title: "role lets its holders read Secrets",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&SEC_02, &AUTH_05, &POD_20, &RBAC_03, &RBAC_09, &CP_04],
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

static POWERS: &[Power] = &[
    Power {
        resources: &[("", "secrets")],
        verbs: &["list", "watch"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: true,
        does: "read all Secrets at once",
        label: "list and watch return the contents of all Secrets",
        cluster: Severity::High,
        namespace: Severity::Medium,
    },
    Power {
        resources: &[("", "secrets")],
        verbs: &["get"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: true,
        does: "read any Secret whose name is known",
        label: "get without resourceNames returns any Secret",
        cluster: Severity::Medium,
        namespace: Severity::Low,
    },
];

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, POWERS, found);
}

fn cel() -> String {
    in_cel(POWERS)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_powers(object, finding, POWERS.iter())
}
