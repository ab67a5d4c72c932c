//! Rights of the account `default`, or of all accounts, go to every pod that names no account of its own.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{AUTH_07, Chapter, RBAC_08};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Subject;

use crate::grants::BINDINGS;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "default-service-account-bound",
        formerly: &[],
        title: "binding gives rights to pods that asked for none",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_08, &AUTH_07],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: include_str!("default_service_account_bound.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: BINDINGS,
        enforce: IN_CEL,
    })],
};

/// Roles of public keys, which the API server gives to all accounts.
const MADE_FOR_IT: [&str; 2] = [
    "system:cluster-trust-bundle-discovery",
    "system:service-account-issuer-discovery",
];

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name in \
     ['system:cluster-trust-bundle-discovery', 'system:service-account-issuer-discovery'] ? [] : \
     {object.subjects}.filter(s, s.kind == 'ServiceAccount' && s.name == 'default' || \
     s.kind == 'Group' && (s.name == 'system:serviceaccounts' || s.name.startsWith('system:serviceaccounts:'))) \
     .map(s, 'gives the role ' + {object}.roleRef.name + ' to ' + s.kind + ' ' + s.name + ', and so to pods that name no account')",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    let imitations = facts.rbac.imitations();
    for binding in &facts.rbac.bindings {
        let own =
            MADE_FOR_IT.into_iter().any(|role| binding.gives(role)) && !imitations.gives(binding);
        match binding
            .subjects
            .iter()
            .find(|subject| is_shared(subject) && !own)
        {
            Some(subject) => {
                let predicate = format!(
                    "gives the role {} to {}, and so to pods that name no account",
                    binding.role_name,
                    subject.describe()
                );
                let label = "shared by pods that asked for nothing";
                let finding = found.on_object(&binding.object, &subject.place, &predicate, label);
                if binding.is_cluster() {
                    finding.weigh(Severity::High, "it holds in the whole cluster");
                }
            }
            None => found.pass(),
        }
    }
}

fn is_shared(subject: &Subject) -> bool {
    let account = &*subject.kind == "ServiceAccount" && &*subject.name == "default";
    let group = &*subject.kind == "Group"
        && (&*subject.name == "system:serviceaccounts"
            || subject.name.starts_with("system:serviceaccounts:"));
    account || group
}
