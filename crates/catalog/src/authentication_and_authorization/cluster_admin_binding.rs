//! A binding to `cluster-admin`, which may do everything. What the installers of clusters bind themselves is recognised by
//! its one subject.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_01, Chapter, POD_20, RBAC_03, RBAC_05, RBAC_12};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Binding;

use crate::grants::BINDINGS;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "cluster-admin-binding",
        formerly: &[],
        title: "binding gives its subjects every right there is",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_05, &RBAC_12, &RBAC_03, &POD_20, &BEY_01],
        pss: &[],
        severity: Severity::Critical,
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
    "{object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name == 'cluster-admin' && \
     !({object}.kind == 'ClusterRoleBinding' && {object}.metadata.name == 'cluster-admin' && \
     {object.subjects}.all(s, s.kind == 'Group' && s.name == 'system:masters')) && \
     !({object}.metadata.name == 'kubeadm:cluster-admins' && \
     {object.subjects}.all(s, s.kind == 'Group' && s.name == 'kubeadm:cluster-admins')) ? \
     {object.subjects}.map(s, 'lets ' + s.kind + ' ' + s.name + ' do everything') : []",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    for binding in &facts.rbac.bindings {
        let concerns = binding.gives("cluster-admin") && !binding.subjects.is_empty();
        if !concerns || is_installers(binding) {
            found.pass();
            continue;
        }
        let range = if binding.is_cluster() {
            "in the whole cluster"
        } else {
            "in its namespace"
        };
        let predicate = format!("lets {} do everything {range}", binding.describe_subjects());
        let finding = found.on_object(
            &binding.object,
            &binding.role_place,
            &predicate,
            "every right there is",
        );
        if !binding.is_cluster() {
            finding.weigh(Severity::High, "it holds in one namespace only");
        }
    }
}

/// Is it the binding that the API server or kubeadm makes, for the group that they make it for?
fn is_installers(binding: &Binding) -> bool {
    let only = |group| {
        binding
            .subjects
            .iter()
            .all(|subject| subject.is_group(group))
    };
    match binding.object.name.as_str() {
        "cluster-admin" => binding.is_cluster() && only("system:masters"),
        "kubeadm:cluster-admins" => only("kubeadm:cluster-admins"),
        _ => false,
    }
}
