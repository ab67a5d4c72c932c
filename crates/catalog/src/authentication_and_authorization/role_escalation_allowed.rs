//! `escalate` and `bind` switch off the rule that nobody can hand out what they do not have.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, POD_20, RBAC_03, RBAC_06};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "role-escalation-allowed",
        formerly: &[],
        title: "role lets its holders give themselves more rights",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_06, &RBAC_03, &POD_20],
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

static POWERS: &[Power] = &[
    Power {
        resources: &[
            ("rbac.authorization.k8s.io", "roles"),
            ("rbac.authorization.k8s.io", "clusterroles"),
        ],
        verbs: &["escalate"],
        cluster_only: false,
        tamed_by_names: false,
        in_wildcards: false,
        does: "write rights into roles that they do not hold themselves",
        label: "escalate switches off the guard against handing out more than one has",
        cluster: Severity::Critical,
        namespace: Severity::High,
    },
    Power {
        resources: &[
            ("rbac.authorization.k8s.io", "roles"),
            ("rbac.authorization.k8s.io", "clusterroles"),
        ],
        verbs: &["bind"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: false,
        does: "bind any role, whatever it allows",
        label: "bind without resourceNames covers every role, cluster-admin included",
        cluster: Severity::Critical,
        namespace: Severity::High,
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
