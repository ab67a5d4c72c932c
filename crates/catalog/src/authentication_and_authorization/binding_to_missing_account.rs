//! Rights of an account that is not there go to whoever creates it: accounts are told by name.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_snapshot::facts::rbac::Subject;
use plimsoll_snapshot::facts::{FactKind, Facts};
use std::collections::HashSet;

use plimsoll_guide::{Chapter, UPG_08};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let accounts = facts.accounts.accounts.iter();
    let there: HashSet<_> = accounts
        .map(|account| (account.object.namespace.as_deref(), &*account.object.name))
        .collect();
    for binding in &facts.rbac.bindings {
        // The API server binds its roles to accounts of controllers that may not run.
        let own = binding.gives_built_in() && binding.role_name.starts_with("system:");
        let is_there = |subject: &Subject| {
            let namespace = subject.namespace.as_deref();
            let controller = own && namespace == Some("kube-system");
            let unknown =
                controller || namespace.is_none() || there.contains(&(None, &*subject.name));
            &*subject.kind != "ServiceAccount"
                // Every namespace has one, made by the control plane.
                || &*subject.name == "default"
                || unknown
                || there.contains(&(namespace, &*subject.name))
        };
        let missing = binding.subjects.iter().find(|subject| !is_there(subject));
        match missing {
            None => found.pass(),
            Some(_) if !facts.complete => found.not_assessed(FactKind::Everything),
            Some(subject) => {
                let predicate = format!(
                    "gives the role {} to {}, which does not exist",
                    binding.role_name,
                    subject.describe()
                );
                let label = "whoever creates an account of this name has the rights";
                found.on_object(&binding.object, &subject.place, &predicate, label);
            }
        }
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "binding-to-missing-account",
        formerly: &[],
        title: "binding gives rights to an account that does not exist",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&UPG_08],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("whether it is still needed is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Everything],
    revisions: &[Revision::always(Rule::Joined { check })],
};
