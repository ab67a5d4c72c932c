//! `system:masters` bypasses every check already; a binding that names it relies on it, or tries to tame it in vain.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_01, Chapter};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Binding;

use crate::grants::BINDINGS;

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
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: BINDINGS,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object}.kind == 'ClusterRoleBinding' && {object}.metadata.name == 'cluster-admin' && {object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name == 'cluster-admin' && \
     {object.subjects}.all(s, s.kind == 'Group' && s.name == 'system:masters') ? [] : \
     {object.subjects}.filter(s, s.kind == 'Group' && s.name == 'system:masters') \
     .map(s, 'names the group system:masters, which bypasses authorization')",
]);

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
