//! A token of another account is that account.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, BEY_13, Chapter, POD_20, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "token-creation-allowed",
        formerly: &[],
        title: "role lets its holders issue tokens of service accounts",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_05, &BEY_13, &POD_20, &RBAC_03],
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
    resources: &[("", "serviceaccounts/token")],
    verbs: &["create"],
    cluster_only: false,
    tamed_by_names: true,
    in_wildcards: false,
    does: "issue tokens of any service account",
    label: "create without resourceNames covers every account",
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
