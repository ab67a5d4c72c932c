//! nodes/proxy reaches the kubelet's whole API; even `get` runs commands, because a websocket begins with a GET.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{BEY_11, CP_04, Chapter, POD_20, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "node-proxy-allowed",
        formerly: &[],
        title: "role lets its holders talk to kubelets through the API server",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_11, &POD_20, &RBAC_03, &CP_04],
        pss: &[],
        severity: Severity::Critical,
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
    resources: &[("", "nodes/proxy")],
    verbs: &["get", "create", "update", "patch", "delete"],
    cluster_only: true,
    tamed_by_names: false,
    in_wildcards: false,
    does: "run commands in every pod of every node, past the audit log",
    label: "any verb here, get included, reaches all of the kubelet",
    cluster: Severity::Critical,
    namespace: Severity::Critical,
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
