//! The built-in `admin` and `edit` are made for one namespace; a ClusterRoleBinding gives them in `kube-system` as well.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, RBAC_03, RBAC_05};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Binding;

use crate::grants::BINDINGS;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "cluster-wide-edit",
        formerly: &[],
        title: "binding gives admin or edit in every namespace",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_05, &RBAC_03],
        pss: &[],
        severity: Severity::High,
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
    "{object}.kind == 'ClusterRoleBinding' && {object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name in ['admin', 'edit'] ? \
     {object.subjects}.map(s, 'gives ' + s.kind + ' ' + s.name + ' the role ' + {object}.roleRef.name + ' in every namespace') : []",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    for binding in &facts.rbac.bindings {
        let wide = binding.is_cluster() && !binding.subjects.is_empty();
        let role = ["admin", "edit"]
            .into_iter()
            .find(|role| wide && binding.gives(role));
        match role {
            Some(role) => report(binding, role, found),
            None => found.pass(),
        }
    }
}

fn report(binding: &Binding, role: &str, found: &mut JoinedFound) {
    let predicate = format!(
        "gives {} the role {role} in every namespace, kube-system included",
        binding.describe_subjects()
    );
    let label = "made for one namespace; a RoleBinding keeps it there";
    found.on_object(&binding.object, &binding.role_place, &predicate, label);
}
