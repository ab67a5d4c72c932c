//! Impersonation takes over the rights of whoever is named. Names tame it only where they are not the system's own.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, POD_20, RBAC_03, RBAC_06};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use plimsoll_snapshot::facts::rbac::{Granted, PolicyRule};

use crate::grants::{Power, ROLES, in_cel_where, judge_where};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "impersonation-allowed",
        formerly: &[],
        title: "role lets its holders act as somebody else",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_06, &RBAC_03, &POD_20],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[strictly(without)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::JoinedInPart {
            check: check_before_constrained,
            kinds: ROLES,
            enforce: Enforce::Made(cel_before_constrained),
        }),
        Revision::since(
            36,
            Rule::JoinedInPart {
                check: check_with_constrained,
                kinds: ROLES,
                enforce: Enforce::Made(cel_with_constrained),
            },
        ),
    ],
};

static BEFORE_CONSTRAINED: &[Power] = &[Power {
    resources: &[
        ("", "users"),
        ("", "groups"),
        ("", "serviceaccounts"),
        ("authentication.k8s.io", "uids"),
    ],
    verbs: &["impersonate"],
    cluster_only: false,
    tamed_by_names: false,
    in_wildcards: false,
    does: "act as somebody else",
    label: "impersonate takes over the rights of whoever is named in a header",
    cluster: Severity::High,
    namespace: Severity::Medium,
}];

fn check_before_constrained(facts: &Facts, found: &mut JoinedFound) {
    judge_where(facts, BEFORE_CONSTRAINED, is_open, found);
}

static WITH_CONSTRAINED: &[Power] = &[
    Power {
        resources: &[
            ("", "users"),
            ("", "groups"),
            ("", "serviceaccounts"),
            ("authentication.k8s.io", "uids"),
        ],
        verbs: &["impersonate"],
        cluster_only: false,
        tamed_by_names: false,
        in_wildcards: false,
        does: "act as somebody else",
        label: "impersonate takes over the rights of whoever is named in a header",
        cluster: Severity::High,
        namespace: Severity::Medium,
    },
    Power {
        resources: &[
            ("authentication.k8s.io", "users"),
            ("authentication.k8s.io", "groups"),
            ("authentication.k8s.io", "serviceaccounts"),
            ("authentication.k8s.io", "nodes"),
        ],
        verbs: &[
            "impersonate:user-info",
            "impersonate:serviceaccount",
            "impersonate:arbitrary-node",
            "impersonate:associated-node",
        ],
        cluster_only: false,
        tamed_by_names: false,
        in_wildcards: false,
        does: "act as somebody else for the actions that impersonate-on allows",
        label: "constrained impersonation takes over those rights that impersonate-on rules list",
        cluster: Severity::Medium,
        namespace: Severity::Low,
    },
];

fn check_with_constrained(facts: &Facts, found: &mut JoinedFound) {
    judge_where(facts, WITH_CONSTRAINED, is_open, found);
}

/// Is the rule not limited to names, or to the system's own?
fn is_open(_: &Granted<'_>, rule: &PolicyRule) -> bool {
    rule.names.is_empty() || rule.names.iter().any(|name| name.starts_with("system:"))
}

/// As [`is_open`].
const OPEN: &str = "!has(r.resourceNames) || size(r.resourceNames) == 0 || r.resourceNames.exists(n, n.startsWith('system:'))";

fn cel_before_constrained() -> String {
    in_cel_where(BEFORE_CONSTRAINED, OPEN)
}

fn cel_with_constrained() -> String {
    in_cel_where(WITH_CONSTRAINED, OPEN)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let powers = BEFORE_CONSTRAINED.iter().chain(WITH_CONSTRAINED);
    without_powers(object, finding, powers)
}
