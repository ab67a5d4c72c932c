//! The kinds of Kubernetes itself, so that "not a kind we know" can be told as a fact. Groups with every version that was
//! ever served since 1.16, because old manifests still lie around.

/// A group, its versions and its kinds.
struct Group {
    name: &'static str,
    versions: &'static [&'static str],
    kinds: &'static [&'static str],
}

const fn group(
    name: &'static str,
    versions: &'static [&'static str],
    kinds: &'static [&'static str],
) -> Group {
    Group {
        name,
        versions,
        kinds,
    }
}

static GROUPS: [Group; 24] = [
    group(
        "",
        &["v1"],
        &[
            "Binding",
            "ComponentStatus",
            "ConfigMap",
            "Endpoints",
            "Event",
            "LimitRange",
            "Namespace",
            "Node",
            "PersistentVolume",
            "PersistentVolumeClaim",
            "Pod",
            "PodTemplate",
            "ReplicationController",
            "ResourceQuota",
            "Secret",
            "Service",
            "ServiceAccount",
        ],
    ),
    group(
        "apps",
        &["v1", "v1beta1", "v1beta2"],
        &[
            "ControllerRevision",
            "DaemonSet",
            "Deployment",
            "ReplicaSet",
            "StatefulSet",
        ],
    ),
    group("batch", &["v1", "v1beta1", "v2alpha1"], &["CronJob", "Job"]),
    group(
        "extensions",
        &["v1beta1"],
        &[
            "DaemonSet",
            "Deployment",
            "Ingress",
            "NetworkPolicy",
            "PodSecurityPolicy",
            "ReplicaSet",
        ],
    ),
    group(
        "autoscaling",
        &["v1", "v2", "v2beta1", "v2beta2"],
        &["HorizontalPodAutoscaler", "Scale"],
    ),
    group(
        "policy",
        &["v1", "v1beta1"],
        &["Eviction", "PodDisruptionBudget", "PodSecurityPolicy"],
    ),
    group(
        "networking.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "ClusterCIDR",
            "IPAddress",
            "Ingress",
            "IngressClass",
            "NetworkPolicy",
            "ServiceCIDR",
        ],
    ),
    group(
        "rbac.authorization.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
    ),
    group(
        "storage.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "CSIDriver",
            "CSINode",
            "CSIStorageCapacity",
            "StorageClass",
            "VolumeAttachment",
            "VolumeAttributesClass",
        ],
    ),
    group(
        "admissionregistration.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    group(
        "apiextensions.k8s.io",
        &["v1", "v1beta1"],
        &["CustomResourceDefinition"],
    ),
    group(
        "apiregistration.k8s.io",
        &["v1", "v1beta1"],
        &["APIService"],
    ),
    group(
        "authentication.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["SelfSubjectReview", "TokenRequest", "TokenReview"],
    ),
    group(
        "authorization.k8s.io",
        &["v1", "v1beta1"],
        &[
            "LocalSubjectAccessReview",
            "SelfSubjectAccessReview",
            "SelfSubjectRulesReview",
            "SubjectAccessReview",
        ],
    ),
    group(
        "certificates.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "CertificateSigningRequest",
            "ClusterTrustBundle",
            "PodCertificateRequest",
        ],
    ),
    group(
        "coordination.k8s.io",
        &["v1", "v1beta1", "v1alpha1", "v1alpha2"],
        &["Lease", "LeaseCandidate"],
    ),
    group("discovery.k8s.io", &["v1", "v1beta1"], &["EndpointSlice"]),
    group("events.k8s.io", &["v1", "v1beta1"], &["Event"]),
    group(
        "flowcontrol.apiserver.k8s.io",
        &["v1", "v1beta1", "v1beta2", "v1beta3"],
        &["FlowSchema", "PriorityLevelConfiguration"],
    ),
    group(
        "node.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["RuntimeClass"],
    ),
    group(
        "scheduling.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["PriorityClass", "Workload", "PodGroup"],
    ),
    group(
        "resource.k8s.io",
        &["v1", "v1beta1", "v1beta2", "v1alpha3"],
        &[
            "DeviceClass",
            "DeviceTaintRule",
            "ResourceClaim",
            "ResourceClaimTemplate",
            "ResourceSlice",
        ],
    ),
    group(
        "internal.apiserver.k8s.io",
        &["v1alpha1"],
        &["StorageVersion"],
    ),
    group(
        "storagemigration.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["StorageVersionMigration"],
    ),
];

/// Kinds that are files for a program and never reach an API server.
static SETTINGS: [Group; 8] = [
    // kubeconfigs, by which programs and people find the API server.
    group("", &["v1"], &["Config"]),
    group(
        "kubeadm.k8s.io",
        &["v1beta4", "v1beta3", "v1beta2", "v1beta1"],
        &[
            "ClusterConfiguration",
            "ClusterStatus",
            "InitConfiguration",
            "JoinConfiguration",
            "ResetConfiguration",
            "UpgradeConfiguration",
        ],
    ),
    group(
        "kubelet.config.k8s.io",
        &["v1beta1", "v1", "v1alpha1"],
        &[
            "CredentialProviderConfig",
            "KubeletConfiguration",
            "SerializedNodeConfigSource",
        ],
    ),
    group(
        "kubeproxy.config.k8s.io",
        &["v1alpha1"],
        &["KubeProxyConfiguration"],
    ),
    group(
        "kubescheduler.config.k8s.io",
        &["v1", "v1beta3", "v1beta2", "v1beta1"],
        &["KubeSchedulerConfiguration"],
    ),
    group(
        "apiserver.config.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &[
            "AdmissionConfiguration",
            "AuthenticationConfiguration",
            "AuthorizationConfiguration",
            "EgressSelectorConfiguration",
            "EncryptionConfiguration",
            "TracingConfiguration",
        ],
    ),
    group(
        "pod-security.admission.config.k8s.io",
        &["v1", "v1beta1", "v1alpha1"],
        &["PodSecurityConfiguration"],
    ),
    group("audit.k8s.io", &["v1", "v1beta1", "v1alpha1"], &["Policy"]),
];

/// Is it a file for a program of Kubernetes? Whatever its version.
pub fn is_settings(group: &str, kind: &str) -> bool {
    SETTINGS
        .iter()
        .any(|known| known.name == group && known.kinds.contains(&kind))
}

/// The program that reads such a file, in a sentence; `None` for what is sent to the API server.
pub fn reader(group: &str, kind: &str) -> Option<&'static str> {
    is_settings(group, kind).then_some(match group {
        "kubeadm.k8s.io" => "kubeadm",
        "kubelet.config.k8s.io" => "the kubelet",
        "kubeproxy.config.k8s.io" => "kube-proxy",
        "kubescheduler.config.k8s.io" => "kube-scheduler",
        "" => "whoever reads this kubeconfig",
        _ => "kube-apiserver",
    })
}

/// Does a text name a group of such files and a kind? Cheap; what does not is none.
pub fn mentions_settings(text: &str) -> bool {
    let mut groups = SETTINGS.iter().filter(|group| !group.name.is_empty());
    text.contains("kind") && groups.any(|group| text.contains(group.name))
        || text.contains("kind: Config\n")
}

/// Is this one of Kubernetes' own kinds, in a version that it has been served in?
pub fn is_known(api_version: &str, kind: &str) -> bool {
    let (name, version) = api_version.split_once('/').unwrap_or(("", api_version));
    GROUPS.iter().chain(&SETTINGS).any(|group| {
        group.name == name && group.versions.contains(&version) && group.kinds.contains(&kind)
    })
}

#[cfg(test)]
mod tests {
    use super::{is_settings, mentions_settings, reader};

    #[test]
    fn a_kubeconfig_is_a_file_and_noticed_in_a_text() {
        assert!(is_settings("", "Config"));
        assert!(mentions_settings(
            "apiVersion: v1\nkind: Config\nclusters: []\n"
        ));
        assert!(!mentions_settings(
            "apiVersion: v1\nkind: ConfigMap\ndata: {}\n"
        ));
        assert_eq!(reader("", "Config"), Some("whoever reads this kubeconfig"));
        assert_eq!(reader("", "ConfigMap"), None);
    }
}
