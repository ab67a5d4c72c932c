//! An approved request becomes a certificate for any name. Signers of one's own, outside of kubernetes.io, are one's own business.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{BEY_13, CP_04, Chapter, POD_20, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use plimsoll_snapshot::facts::rbac::{Granted, PolicyRule};

use crate::grants::{Power, ROLES, in_cel_where, judge_where};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "certificate-approval-allowed",
        formerly: &[],
        title: "role lets its holders approve or sign client certificates",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_13, &POD_20, &RBAC_03, &CP_04],
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
        resources: &[("certificates.k8s.io", "signers")],
        verbs: &["approve", "sign"],
        cluster_only: true,
        tamed_by_names: false,
        in_wildcards: false,
        does: "approve or sign certificates of the cluster's own signers",
        label: "a certificate for any name, which cannot be called back",
        cluster: Severity::High,
        namespace: Severity::High,
    },
    Power {
        resources: &[("certificates.k8s.io", "certificatesigningrequests/approval")],
        verbs: &["update", "patch"],
        cluster_only: true,
        tamed_by_names: false,
        in_wildcards: false,
        does: "approve requests for certificates",
        label: "a certificate for any name, which cannot be called back",
        cluster: Severity::High,
        namespace: Severity::High,
    },
];

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge_where(facts, POWERS, is_for_logins, found);
}

/// Can the rule be about signers of the cluster itself?
fn is_for_logins(granted: &Granted<'_>, rule: &PolicyRule) -> bool {
    let about_signers = rule.names_resource("signers").is_some();
    let elsewhere = |rule: &PolicyRule| {
        !rule.names.is_empty()
            && !rule
                .names
                .iter()
                .any(|name| name.starts_with("kubernetes.io/"))
    };
    if about_signers {
        return !elsewhere(rule);
    }
    let mut signers = granted
        .role
        .rules
        .iter()
        .filter(|rule| rule.allows("approve") && rule.names_resource("signers").is_some());
    signers.clone().next().is_none() || !signers.all(elsewhere)
}

/// As [`is_for_logins`].
fn cel() -> String {
    const ELSEWHERE: &str = "(has(s.resourceNames) && size(s.resourceNames) > 0 && !s.resourceNames.exists(n, n.startsWith('kubernetes.io/')))";
    let approves =
        "has(s.resources) && 'signers' in s.resources && s.verbs.exists(v, v in ['*', 'approve'])";
    let really = format!(
        "('signers' in r.resources ? ![r].exists(s, {ELSEWHERE}) : \
         !{{object.rules}}.exists(s, {approves}) || {{object.rules}}.exists(s, {approves} && !{ELSEWHERE}))"
    );
    in_cel_where(POWERS, &really)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_powers(object, finding, POWERS.iter())
}
