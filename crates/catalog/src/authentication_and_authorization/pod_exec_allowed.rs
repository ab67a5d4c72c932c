//! A shell in a container has all that the container has. Until 1.34 `get` was enough, because a websocket begins with a GET.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, CP_04, Chapter, POD_20, RBAC_03, RBAC_12};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-exec-allowed",
        formerly: &[],
        title: "role lets its holders run commands in containers",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_12, &AUTH_05, &RBAC_03, &POD_20, &CP_04],
        pss: &[],
        severity: Severity::High,
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

static WITH_GET: &[Power] = &[run(&["create", "get"]), ADD];
static CREATE_ONLY: &[Power] = &[run(&["create"]), ADD];

const fn run(verbs: &'static [&'static str]) -> Power {
    Power {
        resources: &[("", "pods/exec"), ("", "pods/attach")],
        verbs,
        cluster_only: false,
        tamed_by_names: false,
        in_wildcards: false,
        does: "run commands in containers",
        label: "a shell in any container, with what it mounts and may do",
        cluster: Severity::High,
        namespace: Severity::Medium,
    }
}

const ADD: Power = Power {
    resources: &[("", "pods/ephemeralcontainers")],
    verbs: &["update", "patch"],
    cluster_only: false,
    tamed_by_names: false,
    in_wildcards: false,
    does: "add a container of their own to running pods",
    label: "a container of their own in any pod, with the pod's identity",
    cluster: Severity::High,
    namespace: Severity::Medium,
};

fn check_with_get(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, WITH_GET, found);
}

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
