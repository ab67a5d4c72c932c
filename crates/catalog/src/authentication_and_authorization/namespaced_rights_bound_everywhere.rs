//! A ClusterRoleBinding of rights that all end at a namespace: RoleBindings where the program works would do.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Grant, PolicyRule, Role};

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
    for granted in facts.rbac.granted() {
        let role = granted.role;
        let ends =
            !role.is_bootstrap() && !role.rules.is_empty() && role.rules.iter().all(is_namespaced);
        let mut wide = granted
            .grants
            .iter()
            .filter(|grant| ends && is_convertible(grant))
            .peekable();
        if wide.peek().is_none() {
            found.pass();
        }
        for grant in wide {
            report(role, grant, found);
        }
    }
}

fn report(role: &Role, grant: &Grant<'_>, found: &mut JoinedFound) {
    let binding = grant.binding;
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
    finding.related.push(related);
}

/// Does the binding itself give the role everywhere, to somebody who is no part of Kubernetes?
fn is_convertible(grant: &Grant<'_>) -> bool {
    let mut subjects = grant.binding.subjects.iter().peekable();
    grant.through.is_none()
        && grant.binding.is_cluster()
        && subjects.peek().is_some()
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
