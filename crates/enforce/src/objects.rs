//! The resources of objects that carry no pod, and the expressions that lead to their labels and annotations.

use plimsoll_control::GroupKind;

/// Group, kind, resource.
const RESOURCES: &[(&str, &str, &str)] = &[
    ("", "Namespace", "namespaces"),
    ("", "PersistentVolume", "persistentvolumes"),
    ("", "Secret", "secrets"),
    ("", "Service", "services"),
    ("gateway.networking.k8s.io", "Gateway", "gateways"),
    ("networking.k8s.io", "Ingress", "ingresses"),
    ("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    ("storage.k8s.io", "StorageClass", "storageclasses"),
];

/// Kinds among [`RESOURCES`] that are in no namespace.
const OF_CLUSTER: &[&str] = &["Namespace", "PersistentVolume", "StorageClass"];

/// Is it a kind of objects outside of namespaces that policies look at?
pub fn is_of_cluster(kind: &str) -> bool {
    OF_CLUSTER.contains(&kind)
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
