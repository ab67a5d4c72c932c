//! What is bound to callers without credentials is open to everyone who reaches the API server. Two such bindings are
//! Kubernetes' own: the one for health and version, and the one by which new nodes find the cluster.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{AUTH_04, Chapter, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Binding;

use crate::grants::BINDINGS;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "anonymous-access-granted",
        formerly: &[],
        title: "binding gives rights to callers without credentials",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_04, &RBAC_03],
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
    "({object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name == 'system:public-info-viewer') || \
     {object}.roleRef.kind == 'Role' && {object}.roleRef.name == 'kubeadm:bootstrap-signer-clusterinfo' && \
     has({object}.metadata.namespace) && {object}.metadata.namespace == 'kube-public' ? [] : \
     {object.subjects}.filter(s, s.kind == 'User' && s.name == 'system:anonymous' || s.kind == 'Group' && s.name == 'system:unauthenticated') \
     .map(s, 'gives the role ' + {object}.roleRef.name + ' to callers without credentials')",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    let imitations = facts.rbac.imitations();
    for binding in &facts.rbac.bindings {
        let mut nobody = binding.subjects.iter().filter(|subject| {
            subject.is_user("system:anonymous") || subject.is_group("system:unauthenticated")
        });
        match nobody
            .next()
            .filter(|_| imitations.gives(binding) || !is_discovery(binding))
        {
            Some(subject) => {
                let predicate = format!(
                    "gives the role {} to callers without credentials",
                    binding.role_name
                );
                let label = "everyone who reaches the API server";
                found.on_object(&binding.object, &subject.place, &predicate, label);
            }
            None => found.pass(),
        }
    }
}

/// Does it only let new nodes and health checks find the cluster?
fn is_discovery(binding: &Binding) -> bool {
    let cluster_info = binding.object.namespace.as_deref() == Some("kube-public")
        && &*binding.role_kind == "Role"
        && &*binding.role_name == "kubeadm:bootstrap-signer-clusterinfo";
    binding.gives("system:public-info-viewer") || cluster_info
}
