//! Under which names the API server knows a kind: its resource, and whether it lives in namespaces. Kubernetes' own kinds
//! are known; of others, the usual plurals are tried.

use plimsoll_snapshot::kinds::{is_known, is_settings};
use plimsoll_snapshot::object::group_of;

/// Where objects of a kind live.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(crate) enum Scope {
    Namespaced,
    Cluster,
    /// A kind that is not Kubernetes' own.
    Unknown,
}

/// Kubernetes' own kinds outside of namespaces.
const OF_CLUSTER: &[&str] = &[
    "APIService",
    "CSIDriver",
    "CSINode",
    "CertificateSigningRequest",
    "ClusterCIDR",
    "ClusterRole",
    "ClusterRoleBinding",
    "ClusterTrustBundle",
    "ComponentStatus",
    "CustomResourceDefinition",
    "DeviceClass",
    "DeviceTaintRule",
    "FlowSchema",
    "IPAddress",
    "IngressClass",
    "MutatingWebhookConfiguration",
    "Namespace",
    "Node",
    "PersistentVolume",
    "PodSecurityPolicy",
    "PriorityClass",
    "PriorityLevelConfiguration",
    "ResourceSlice",
    "RuntimeClass",
    "ServiceCIDR",
    "StorageClass",
    "StorageVersion",
    "StorageVersionMigration",
    "ValidatingWebhookConfiguration",
    "VolumeAttachment",
    "VolumeAttributesClass",
];

/// Kinds that the API server shows to no admission policy.
const NEVER_JUDGED: &[&str] = &[
    "LocalSubjectAccessReview",
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "SelfSubjectAccessReview",
    "SelfSubjectReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
    "TokenReview",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
];

/// Does an API server show such objects to admission policies?
pub(crate) fn is_judged(api_version: &str, kind: &str) -> bool {
    let is_never = NEVER_JUDGED.contains(&kind) && is_known(api_version, kind);
    !is_never && !is_settings(group_of(api_version), kind)
}

/// Where objects of the kind live; one that says its namespace lives in it.
pub(crate) fn scope(api_version: &str, kind: &str, says_namespace: bool) -> Scope {
    match is_known(api_version, kind) {
        true if OF_CLUSTER.contains(&kind) => Scope::Cluster,
        true => Scope::Namespaced,
        false if says_namespace => Scope::Namespaced,
        false => Scope::Unknown,
    }
}

/// The names that the resource may have, the likeliest first; of a kind of Kubernetes' own there is one.
pub(crate) fn resources(api_version: &str, kind: &str) -> Vec<String> {
    let singular = kind.to_ascii_lowercase();
    let likely = match singular.as_bytes().last() {
        _ if singular == "endpoints" => singular.clone(),
        Some(b's') => format!("{singular}es"),
        Some(b'y') => format!("{}ies", singular.trim_end_matches('y')),
        _ => format!("{singular}s"),
    };
    let mut names = vec![likely];
    if !is_known(api_version, kind) {
        for other in [format!("{singular}s"), format!("{singular}es"), singular] {
            if !names.contains(&other) {
                names.push(other);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_names_of_the_api() {
        for (version, kind, resource) in [
            ("v1", "Pod", "pods"),
            ("v1", "Endpoints", "endpoints"),
            ("networking.k8s.io/v1", "Ingress", "ingresses"),
            ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"),
            ("storage.k8s.io/v1", "StorageClass", "storageclasses"),
        ] {
            assert_eq!(resources(version, kind), [resource]);
        }
        let unknown = resources("gateway.networking.k8s.io/v1", "Gateway");
        assert!(unknown.contains(&"gateways".to_owned()), "{unknown:?}");
    }

    #[test]
    fn scopes_are_those_of_the_api() {
        assert_eq!(scope("v1", "Namespace", false), Scope::Cluster);
        assert_eq!(scope("v1", "ConfigMap", false), Scope::Namespaced);
        assert_eq!(scope("example.com/v1", "Widget", false), Scope::Unknown);
        assert_eq!(scope("example.com/v1", "Widget", true), Scope::Namespaced);
    }

    #[test]
    fn what_configures_admission_is_not_judged() {
        let group = "admissionregistration.k8s.io/v1";
        assert!(!is_judged(group, "ValidatingAdmissionPolicy"));
        assert!(is_judged(group, "ValidatingWebhookConfiguration"));
        assert!(!is_judged(
            "kubelet.config.k8s.io/v1beta1",
            "KubeletConfiguration"
        ));
    }
}
