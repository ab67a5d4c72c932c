//! The resources of objects that carry no pod, and the expressions that lead to their labels and annotations.

use plimsoll_control::GroupKind;

const ADMISSION: &str = "admissionregistration.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";

/// Group, kind, resource. The API server shows policies and their bindings to no policy; webhook configurations it does show.
const RESOURCES: &[(&str, &str, &str)] = &[
    ("", "Namespace", "namespaces"),
    ("", "PersistentVolume", "persistentvolumes"),
    // What only a pod itself shows: what controllers make it from is not all there yet.
    ("", "Pod", "pods"),
    ("", "Secret", "secrets"),
    ("", "Service", "services"),
    (
        ADMISSION,
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
    ),
    (
        ADMISSION,
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
    ),
    ("gateway.networking.k8s.io", "Gateway", "gateways"),
    ("networking.k8s.io", "Ingress", "ingresses"),
    ("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    (RBAC, "ClusterRole", "clusterroles"),
    (RBAC, "ClusterRoleBinding", "clusterrolebindings"),
    (RBAC, "Role", "roles"),
    (RBAC, "RoleBinding", "rolebindings"),
    ("storage.k8s.io", "StorageClass", "storageclasses"),
];

/// Kinds among [`RESOURCES`] that are in no namespace.
const OF_CLUSTER: &[&str] = &[
    "ClusterRole",
    "ClusterRoleBinding",
    "MutatingWebhookConfiguration",
    "Namespace",
    "PersistentVolume",
    "StorageClass",
    "ValidatingWebhookConfiguration",
];

/// Is it a kind of objects outside of namespaces that policies look at?
pub fn is_of_cluster(kind: &str) -> bool {
    OF_CLUSTER.contains(&kind)
}

/// Does the API server itself make objects of one of the kinds when it starts?
pub(crate) fn are_made_by_the_server(kinds: &[GroupKind]) -> bool {
    kinds.iter().any(|(group, _)| *group == RBAC)
}

/// The group and resource of each kind that a cluster which serves policies may serve.
pub(crate) fn resources(kinds: &[GroupKind]) -> Vec<(&'static str, &'static str)> {
    let known = RESOURCES
        .iter()
        .filter(|(group, kind, _)| kinds.contains(&(*group, *kind)));
    known
        .map(|(group, _, resource)| (*group, *resource))
        .collect()
}

/// The labels or annotations of `object`; empty where there are none.
pub(crate) fn metadata(object: &str, field: &str) -> String {
    format!("has({object}.metadata.{field}) ? {object}.metadata.{field} : {{}}")
}
