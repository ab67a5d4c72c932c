//! What the group of bootstrap tokens may do: ask for a certificate as a node, and read what kubeadm gives to nodes. No more.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, SIG_25};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Subject;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "bootstrappers-granted-more",
        formerly: &[],
        title: "bootstrap tokens may do more than join",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_25],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// Roles with which a machine joins, by name: Kubernetes' own, and those that kubeadm makes.
const TO_JOIN: [&str; 6] = [
    "system:node-bootstrapper",
    "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    "kubeadm:get-nodes",
    "kubeadm:kubelet-config",
    "kubeadm:nodes-kubeadm-config",
    "system:public-info-viewer",
];

fn check(facts: &Facts, found: &mut JoinedFound) {
    for binding in &facts.rbac.bindings {
        let group = binding
            .subjects
            .iter()
            .find(|subject| is_bootstrapper(subject));
        let name = &*binding.role_name;
        // Up to 1.23 the role of the kubelet's configuration has the version behind its name.
        let to_join = TO_JOIN.contains(&name) || name.starts_with("kubeadm:kubelet-config-1.");
        match group.filter(|_| !to_join) {
            Some(group) => {
                let predicate = format!("gives the role {name} to every bootstrap token");
                let label = "whoever has such a token is in this group before he is a node";
                found.on_object(&binding.object, &group.place, &predicate, label);
            }
            None => found.pass(),
        }
    }
}

fn is_bootstrapper(subject: &Subject) -> bool {
    let name = &*subject.name;
    &*subject.kind == "Group"
        && (name == "system:bootstrappers" || name.starts_with("system:bootstrappers:"))
}
