//! A binding to a role that is not there gives nothing today, and whatever somebody writes under that name tomorrow.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_snapshot::facts::{FactKind, Facts};
use std::collections::HashSet;

use plimsoll_guide::{Chapter, UPG_08};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let roles = facts.rbac.roles.iter();
    let there: HashSet<_> = roles
        .map(|role| {
            let object = &role.object;
            let namespace = object.namespace.as_deref().filter(|_| !role.is_cluster());
            (&*object.kind, namespace, &*object.name)
        })
        .collect();
    for binding in &facts.rbac.bindings {
        let (kind, name) = (&*binding.role_kind, &*binding.role_name);
        let namespace = binding
            .object
            .namespace
            .as_deref()
            .filter(|_| kind == "Role");
        let is_there =
            there.contains(&(kind, namespace, name)) || there.contains(&(kind, None, name));
        // A binding that does not say where it goes may go where the role is.
        let is_open = kind == "Role" && namespace.is_none();
        if is_there || is_open || binding.gives_built_in() {
            found.pass();
        } else if facts.complete {
            let predicate = format!("gives the {kind} {name}, which does not exist");
            let label = "whoever writes a role of this name decides what it gives";
            found.on_object(&binding.object, &binding.role_place, &predicate, label);
        } else {
            found.not_assessed(FactKind::Everything);
        }
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "binding-without-role",
        formerly: &[],
        title: "binding names a role that does not exist",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&UPG_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("whether it is still needed is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Everything],
    revisions: &[Revision::always(Rule::Joined { check })],
};
