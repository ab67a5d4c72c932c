//! A role that nobody has waits for a binding that nobody will think about.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_snapshot::facts::{FactKind, Facts};
use std::collections::HashSet;

use plimsoll_guide::{Chapter, UPG_08};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let bindings = facts.rbac.bindings.iter();
    let named: HashSet<_> = bindings
        .map(|binding| (&*binding.role_kind, &*binding.role_name))
        .collect();
    for granted in facts.rbac.ways().granted() {
        let role = granted.role;
        // A role of the same name may be in a namespace that is not said.
        let elsewhere = role.object.namespace.is_none() || role.is_cluster();
        let is_named = elsewhere && named.contains(&(&*role.object.kind, &*role.object.name));
        let is_used = is_named || !granted.grants.is_empty() || role.joins().is_some();
        let is_built_in = plimsoll_snapshot::facts::rbac::is_built_in(
            role.object
                .namespace
                .as_deref()
                .filter(|_| !role.is_cluster()),
            &role.object.name,
        );
        if is_used || is_built_in {
            found.pass();
        } else if facts.complete {
            let label = "the next binding gives all of it to somebody";
            found.on_object(&role.object, &role.place, "is bound to nobody", label);
        } else {
            found.not_assessed(FactKind::Everything);
        }
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unused-role",
        formerly: &[],
        title: "role is bound to nobody",
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
