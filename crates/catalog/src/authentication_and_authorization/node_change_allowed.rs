//! Who changes nodes, or the settings that kubeadm keeps for them in the cluster, decides what runs where and how.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{CP_04, Chapter, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Granted, PolicyRule, Reach, Role};
use std::collections::HashSet;

use crate::grants::{Power, judge_where, reach};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "node-change-allowed",
        formerly: &[],
        title: "role lets its holders change nodes or their settings",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&CP_04, &RBAC_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

static POWERS: &[Power] = &[
    Power {
        resources: &[("", "nodes")],
        verbs: &["create", "update", "patch", "delete"],
        cluster_only: true,
        tamed_by_names: true,
        in_wildcards: false,
        does: "change nodes",
        label: "labels and taints decide where pods run, and a node that is made anew may be somebody's own",
        cluster: Severity::Medium,
        namespace: Severity::Low,
    },
    Power {
        resources: &[("", "configmaps")],
        verbs: &["update", "patch", "delete"],
        cluster_only: false,
        tamed_by_names: false,
        in_wildcards: false,
        does: "change the settings that kubeadm keeps for the nodes",
        label: "kubeadm makes the control plane and the kubelets from what stands there",
        cluster: Severity::Low,
        namespace: Severity::Medium,
    },
];

/// Where kubeadm keeps its settings.
const NAMESPACE: &str = "kube-system";
/// The ConfigMaps; up to 1.23 the second has the version behind it.
const SETTINGS: [&str; 2] = ["kubeadm-config", "kubelet-config"];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let there = facts.rbac.ways().first(|binding| {
        let namespace = binding.object.namespace.as_deref();
        (namespace == Some(NAMESPACE)).then_some(())
    });
    let bound = facts.rbac.roles.iter().zip(there);
    let bound = bound.filter(|(_, there)| there.is_some());
    let there: HashSet<*const Role> = bound.map(|(role, _)| std::ptr::from_ref(role)).collect();
    let really = |granted: &Granted<'_>, rule: &PolicyRule| {
        reaches(
            granted,
            rule,
            there.contains(&std::ptr::from_ref(granted.role)),
        )
    };
    judge_where(facts, POWERS, really, found);
}

/// Does the rule reach nodes, or kubeadm's ConfigMaps, in whose namespace the role is bound or not?
fn reaches(granted: &Granted<'_>, rule: &PolicyRule, bound_there: bool) -> bool {
    if rule.names_resource("nodes").is_some() {
        return true;
    }
    let named = |name: &str| {
        let mut settings = SETTINGS.iter();
        settings.any(|known| name == *known || name.starts_with("kubelet-config-1."))
    };
    let narrowed = !rule.names.is_empty() && !rule.names.iter().any(|name| named(name));
    let role = granted.role.object.namespace.as_deref();
    let there = bound_there || role == Some(NAMESPACE);
    !narrowed && (there || reach(granted) >= Reach::Cluster)
}
