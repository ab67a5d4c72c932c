//! What is read of a cluster: the kinds that some control looks at, besides those that carry pods. Adding a kind that a
//! control needs is adding a row; a test of the command compares the table with the catalogue.
//!
//! Secrets are not here: their values must never reach us.

/// A kind that is collected.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Collected {
    /// The API group; empty for the core group.
    pub group: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// The resource, as in a path and in a role.
    pub resource: &'static str,
    /// Is it always there in a served version of Kubernetes? Otherwise its absence is no gap.
    pub always: bool,
}

const fn always(group: &'static str, kind: &'static str, resource: &'static str) -> Collected {
    Collected {
        group,
        kind,
        resource,
        always: true,
    }
}

const fn perhaps(group: &'static str, kind: &'static str, resource: &'static str) -> Collected {
    Collected {
        always: false,
        ..always(group, kind, resource)
    }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const KYVERNO: &str = "kyverno.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const POLICY: &str = "policy.networking.k8s.io";

/// In the order in which they are collected: who owns pods comes before what it owns, pods last.
pub static COLLECTED: &[Collected] = &[
    always("", "Namespace", "namespaces"),
    always("", "ServiceAccount", "serviceaccounts"),
    always("", "ConfigMap", "configmaps"),
    always("", "Service", "services"),
    always("", "LimitRange", "limitranges"),
    always("", "ResourceQuota", "resourcequotas"),
    always("", "PersistentVolume", "persistentvolumes"),
    always("", "PersistentVolumeClaim", "persistentvolumeclaims"),
    always("networking.k8s.io", "NetworkPolicy", "networkpolicies"),
    always("networking.k8s.io", "Ingress", "ingresses"),
    perhaps(POLICY, "AdminNetworkPolicy", "adminnetworkpolicies"),
    perhaps(
        POLICY,
        "BaselineAdminNetworkPolicy",
        "baselineadminnetworkpolicies",
    ),
    perhaps(POLICY, "ClusterNetworkPolicy", "clusternetworkpolicies"),
    perhaps("gateway.networking.k8s.io", "Gateway", "gateways"),
    always("storage.k8s.io", "StorageClass", "storageclasses"),
    always("node.k8s.io", "RuntimeClass", "runtimeclasses"),
    always(
        "certificates.k8s.io",
        "CertificateSigningRequest",
        "certificatesigningrequests",
    ),
    always(RBAC, "ClusterRole", "clusterroles"),
    always(RBAC, "ClusterRoleBinding", "clusterrolebindings"),
    always(RBAC, "Role", "roles"),
    always(RBAC, "RoleBinding", "rolebindings"),
    always(
        ADMISSION,
        "ValidatingWebhookConfiguration",
        "validatingwebhookconfigurations",
    ),
    always(
        ADMISSION,
        "MutatingWebhookConfiguration",
        "mutatingwebhookconfigurations",
    ),
    // Served by default since 1.30.
    perhaps(
        ADMISSION,
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
    ),
    perhaps(
        ADMISSION,
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
    ),
    // Served by default since 1.36.
    perhaps(
        ADMISSION,
        "MutatingAdmissionPolicy",
        "mutatingadmissionpolicies",
    ),
    perhaps(
        ADMISSION,
        "MutatingAdmissionPolicyBinding",
        "mutatingadmissionpolicybindings",
    ),
    perhaps(KYVERNO, "ClusterPolicy", "clusterpolicies"),
    perhaps(KYVERNO, "Policy", "policies"),
    // Until 1.24.
    perhaps("policy", "PodSecurityPolicy", "podsecuritypolicies"),
    always("", "PodTemplate", "podtemplates"),
    always("apps", "Deployment", "deployments"),
    always("batch", "CronJob", "cronjobs"),
    always("apps", "StatefulSet", "statefulsets"),
    always("apps", "DaemonSet", "daemonsets"),
    always("", "ReplicationController", "replicationcontrollers"),
    always("apps", "ReplicaSet", "replicasets"),
    always("batch", "Job", "jobs"),
    always("", "Pod", "pods"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::carrier::CARRIERS;
    use crate::kinds::is_known;

    #[test]
    fn every_carrier_is_collected_and_no_secret() {
        for carrier in &CARRIERS {
            assert!(
                COLLECTED
                    .iter()
                    .any(|row| row.kind == carrier.kind
                        && carrier.api_version.starts_with(row.group)),
                "{}",
                carrier.kind
            );
        }
        assert!(COLLECTED.iter().all(|row| row.kind != "Secret"));
        assert_eq!(COLLECTED.last().map(|row| row.kind), Some("Pod"));
    }

    #[test]
    fn each_kind_stands_once_and_those_that_are_always_there_are_kubernetes_own() {
        let kinds: BTreeSet<_> = COLLECTED.iter().map(|row| (row.group, row.kind)).collect();
        assert_eq!(kinds.len(), COLLECTED.len());
        for row in COLLECTED.iter().filter(|row| row.always) {
            let api_version = match row.group {
                "" => "v1".to_owned(),
                group => format!("{group}/v1"),
            };
            assert!(is_known(&api_version, row.kind), "{}", row.kind);
        }
    }
}
