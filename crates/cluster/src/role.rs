//! The least that has to be allowed to whoever takes a snapshot.

use plimsoll_snapshot::collected::resources;

/// A ClusterRole that allows reading what is collected, and nothing else. With a RoleBinding instead of a
/// ClusterRoleBinding it allows as much in one namespace. Listing Secrets, which only their names need, grants their
/// values, as RBAC cannot tell them apart.
pub fn role(secret_names: bool) -> String {
    let mut groups = resources();
    if secret_names {
        let core = groups.entry("").or_default();
        core.push("secrets");
        core.sort_unstable();
    }
    let mut text = String::from(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: plimsoll-snapshot\nrules:\n",
    );
    for (group, resources) in groups {
        text.push_str(&format!("  - apiGroups: [\"{group}\"]\n    resources:\n"));
        for resource in resources {
            text.push_str(&format!("      - {resource}\n"));
        }
        text.push_str("    verbs: [list]\n");
    }
    text.push_str(
        "  # A namespace that is asked for by --namespace is read by its name.\n  \
         - apiGroups: [\"\"]\n    resources: [namespaces]\n    verbs: [get]\n  \
         # Add a rule with the verb list for each custom kind that carries pods, and one with the verb get for the\n  \
         # nonResourceURL /metrics to have the features noted that are on.\n",
    );
    text
}

/// The rule that allows listing one resource.
pub(crate) fn rule(group: &str, resource: &str) -> String {
    format!("{{apiGroups: [\"{group}\"], resources: [{resource}], verbs: [list]}}")
}
