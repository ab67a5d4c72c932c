//! Port forwarding reaches pods past network policies, because the traffic comes from the node.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, RBAC_03, RBAC_12};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "port-forward-allowed",
        formerly: &[],
        title: "role lets its holders reach any port of pods",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_12, &RBAC_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[strictly(without)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::JoinedInPart {
            check: check_with_get,
            kinds: ROLES,
            enforce: Enforce::Made(cel_with_get),
        }),
        Revision::since(
            35,
            Rule::JoinedInPart {
                check: check_create_only,
                kinds: ROLES,
                enforce: Enforce::Made(cel_create_only),
            },
        ),
    ],
};

static WITH_GET: &[Power] = &[Power {
    resources: &[("", "pods/portforward")],
    verbs: &["create", "get"],
    cluster_only: false,
    tamed_by_names: false,
    in_wildcards: false,
    does: "open connections to any port of pods",
    label: "reaches pods past network policies",
    cluster: Severity::Medium,
    namespace: Severity::Low,
}];

fn check_with_get(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, WITH_GET, found);
}

static CREATE_ONLY: &[Power] = &[Power {
    resources: &[("", "pods/portforward")],
    verbs: &["create"],
    cluster_only: false,
    tamed_by_names: false,
    in_wildcards: false,
    does: "open connections to any port of pods",
    label: "reaches pods past network policies",
    cluster: Severity::Medium,
    namespace: Severity::Low,
}];

fn check_create_only(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, CREATE_ONLY, found);
}

fn cel_with_get() -> String {
    in_cel(WITH_GET)
}

fn cel_create_only() -> String {
    in_cel(CREATE_ONLY)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_powers(object, finding, WITH_GET.iter())
}
