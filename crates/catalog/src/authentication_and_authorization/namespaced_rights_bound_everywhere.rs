//! A ClusterRoleBinding of rights that all end at a namespace: RoleBindings where the program works would do.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Binding, PolicyRule, Role};
use std::collections::HashSet;

use plimsoll_guide::{Chapter, RBAC_05};

/// Resources of Kubernetes' own that live in namespaces, by group. Of what extensions add nothing is known.
const NAMESPACED: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "configmaps",
            "endpoints",
            "events",
            "limitranges",
            "persistentvolumeclaims",
            "pods",
            "podtemplates",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "serviceaccounts",
            "services",
        ],
    ),
    (
        "apps",
        &[
            "controllerrevisions",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
        ],
    ),
    ("autoscaling", &["horizontalpodautoscalers"]),
    ("batch", &["cronjobs", "jobs"]),
    ("coordination.k8s.io", &["leases"]),
    ("discovery.k8s.io", &["endpointslices"]),
    ("events.k8s.io", &["events"]),
    ("networking.k8s.io", &["ingresses", "networkpolicies"]),
    ("policy", &["poddisruptionbudgets"]),
    ("rbac.authorization.k8s.io", &["rolebindings", "roles"]),
];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let ends = |role: &Role| {
        !role.is_bootstrap() && !role.rules.is_empty() && role.rules.iter().all(is_namespaced)
    };
    let mut wide = HashSet::new();
    let named = facts.rbac.ways().naming(ends);
    for (binding, role) in facts.rbac.bindings.iter().zip(named) {
        if let Some(role) = role.filter(|_| is_convertible(binding)) {
            report(role, binding, found);
            wide.insert(std::ptr::from_ref(role));
        }
    }
    for role in &facts.rbac.roles {
        if !wide.contains(&std::ptr::from_ref(role)) {
            found.pass();
        }
    }
}

fn report(role: &Role, binding: &Binding, found: &mut JoinedFound) {
    let predicate = format!(
        "gives {} in every namespace what ends at a namespace anyway",
        binding.describe_subjects()
    );
    let label = "a RoleBinding in each namespace that it works in is enough";
    let finding = found.on_object(&binding.object, &binding.role_place, &predicate, label);
    let related = Related::new(
        "nothing here is outside of namespaces",
        &role.object,
        &role.place,
    );
    finding.relate([related]);
}

/// Does the binding give the role everywhere, to somebody who is no part of Kubernetes?
fn is_convertible(binding: &Binding) -> bool {
    let mut subjects = binding.subjects.iter();
    binding.is_cluster()
        && !binding.subjects.is_empty()
        && subjects.all(|subject| !subject.name.starts_with("system:"))
}

fn is_namespaced(rule: &PolicyRule) -> bool {
    let known = |group: &str, resource: &str| {
        let name = resource.split('/').next().unwrap_or(resource);
        let mut groups = NAMESPACED.iter().filter(|(have, _)| *have == group);
        groups.any(|(_, resources)| resources.contains(&name))
    };
    let mut groups = rule.groups.iter();
    rule.urls.is_empty()
        && !rule.resources.is_empty()
        && groups.all(|group| {
            let mut resources = rule.resources.iter();
            resources.all(|entry| known(group, &entry.text))
        })
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "namespaced-rights-bound-everywhere",
        formerly: &[],
        title: "ClusterRoleBinding gives rights that a RoleBinding could give",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_05],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};
