//! Whoever starts pods picks their account, mounts any Secret of the namespace, and may get the node.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, Chapter, POD_20, RBAC_03, SEC_02};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "workload-creation-allowed",
        formerly: &[],
        title: "role lets its holders start pods of their own",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_05, &SEC_02, &POD_20, &RBAC_03],
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
        resources: &[("", "pods")],
        verbs: &["create"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: false,
        does: "start pods, with any account and Secret of their namespace",
        label: "a pod may use any account and mount any Secret of its namespace",
        cluster: Severity::High,
        namespace: Severity::Low,
    },
    Power {
        resources: &[("", "pods")],
        verbs: &["update", "patch"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: false,
        does: "put another image into running pods, which keep their account and Secrets",
        label: "another image runs with the account and the Secrets of the pod",
        cluster: Severity::Medium,
        namespace: Severity::Low,
    },
    Power {
        resources: &[
            ("apps", "deployments"),
            ("apps", "daemonsets"),
            ("apps", "statefulsets"),
            ("apps", "replicasets"),
            ("batch", "jobs"),
            ("batch", "cronjobs"),
            ("", "replicationcontrollers"),
        ],
        verbs: &["create", "update", "patch"],
        cluster_only: false,
        tamed_by_names: true,
        in_wildcards: false,
        does: "start pods, with any account and Secret of their namespace",
        label: "its pods may use any account and mount any Secret of the namespace",
        cluster: Severity::High,
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
