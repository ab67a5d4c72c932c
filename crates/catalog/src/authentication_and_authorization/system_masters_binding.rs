//! `system:masters` bypasses every check already; a binding that names it relies on it, or tries to tame it in vain.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_01, Chapter};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Binding;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "system-masters-binding",
        formerly: &[],
        title: "binding relies on the group that bypasses authorization",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: include_str!("system_masters_binding.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    for binding in &facts.rbac.bindings {
        let mut masters = binding
            .subjects
            .iter()
            .filter(|subject| subject.is_group("system:masters"));
        match masters.next().filter(|_| !is_bootstrap(binding)) {
            Some(subject) => {
                let predicate = "names the group system:masters, which bypasses authorization";
                let label = "its members cannot be limited or called back; use another group";
                found.on_object(&binding.object, &subject.place, predicate, label);
            }
            None => found.pass(),
        }
    }
}

/// The binding that the API server makes for the group.
fn is_bootstrap(binding: &Binding) -> bool {
    let mut subjects = binding.subjects.iter();
    binding.is_cluster()
        && binding.object.name == "cluster-admin"
        && binding.gives("cluster-admin")
        && subjects.all(|subject| subject.is_group("system:masters"))
}
