//! Which versions of Kubernetes' own API groups an API server serves: since when, by default or only when switched on,
//! from when on deprecated, and until when. One table; what a manifest's author should do about it is not known here.

use crate::kinds::{is_known, is_settings};
use crate::version::Minor;

/// Whether an API server has a version of a kind, and for how long.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Served {
    /// It came later than this server.
    NotYet {
        /// The first version that has it.
        since: Minor,
    },
    /// It is there only where somebody switched it on.
    OnRequest {
        /// The first version without it; `None` where that is not decided.
        until: Option<Minor>,
        /// The apiVersion that replaces it, where there is one by now.
        instead: Option<&'static str>,
    },
    /// It is there, and will go.
    Deprecated {
        /// The first version without it.
        until: Minor,
        /// The apiVersion that replaces it.
        instead: Option<&'static str>,
    },
    /// It is gone.
    Removed {
        /// The first version without it.
        at: Minor,
        /// The apiVersion that replaces it.
        instead: Option<&'static str>,
    },
}

/// One apiVersion with kinds that share their history.
struct Row {
    api_version: &'static str,
    kinds: &'static [&'static str],
    since: u8,
    deprecated: u8,
    removed: u8,
    /// The apiVersion that replaces it, and since when that is served by default.
    instead: Option<(&'static str, u8)>,
}

/// Stands for "never so far".
const NEVER: u8 = u8::MAX;

/// Since 1.24 new beta versions are served only on request, unless older betas of the group already were.
const BETAS_ON_REQUEST: u8 = 24;
const STILL_BY_DEFAULT: &str = "flowcontrol.apiserver.k8s.io/v1beta3";

const fn gone(
    api_version: &'static str,
    kinds: &'static [&'static str],
    versions: [u8; 3],
    instead: Option<(&'static str, u8)>,
) -> Row {
    let [since, deprecated, removed] = versions;
    Row {
        api_version,
        kinds,
        since,
        deprecated,
        removed,
        instead,
    }
}

const fn stable(api_version: &'static str, kinds: &'static [&'static str], since: u8) -> Row {
    gone(api_version, kinds, [since, NEVER, NEVER], None)
}

const FLOW: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const ROLES: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const REVIEWS: &[&str] = &[
    "LocalSubjectAccessReview",
    "SelfSubjectAccessReview",
    "SelfSubjectRulesReview",
    "SubjectAccessReview",
];
const WEBHOOKS: &[&str] = &[
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];
const VALIDATING: &[&str] = &[
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
];
const MUTATING: &[&str] = &["MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding"];
const DEVICES: &[&str] = &[
    "DeviceClass",
    "ResourceClaim",
    "ResourceClaimTemplate",
    "ResourceSlice",
];
const ADDRESSES: &[&str] = &["IPAddress", "ServiceCIDR"];
const PSP: &[&str] = &["PodSecurityPolicy"];
const HPA: &[&str] = &["HorizontalPodAutoscaler"];
const CAPACITY: &[&str] = &["CSIStorageCapacity"];
const ATTRIBUTES: &[&str] = &["VolumeAttributesClass"];
const MIGRATION: &[&str] = &["StorageVersionMigration"];
const BUNDLE: &[&str] = &["ClusterTrustBundle"];
const REQUEST: &[&str] = &["PodCertificateRequest"];
const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];

/// By apiVersion and kind. The numbers are minors of 1.x: since, deprecated, removed.
#[rustfmt::skip]
static ROWS: &[Row] = &[
    gone("admissionregistration.k8s.io/v1alpha1", MUTATING, [32, 35, 38], Some(("admissionregistration.k8s.io/v1", 36))),
    gone("admissionregistration.k8s.io/v1alpha1", VALIDATING, [26, 29, 32], Some(("admissionregistration.k8s.io/v1", 30))),
    gone("admissionregistration.k8s.io/v1beta1", MUTATING, [34, 37, 40], Some(("admissionregistration.k8s.io/v1", 36))),
    gone("admissionregistration.k8s.io/v1beta1", VALIDATING, [28, 31, 34], Some(("admissionregistration.k8s.io/v1", 30))),
    gone("admissionregistration.k8s.io/v1beta1", WEBHOOKS, [9, 16, 22], Some(("admissionregistration.k8s.io/v1", 16))),
    stable("admissionregistration.k8s.io/v1", MUTATING, 36),
    stable("admissionregistration.k8s.io/v1", VALIDATING, 30),
    gone("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], [7, 16, 22], Some(("apiextensions.k8s.io/v1", 16))),
    gone("apiregistration.k8s.io/v1beta1", &["APIService"], [7, 19, 22], Some(("apiregistration.k8s.io/v1", 10))),
    gone("apps/v1beta1", &["ControllerRevision", "Deployment", "StatefulSet"], [5, 8, 16], Some(("apps/v1", 9))),
    gone("apps/v1beta2", &["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], [8, 9, 16], Some(("apps/v1", 9))),
    gone("authentication.k8s.io/v1alpha1", &["SelfSubjectReview"], [26, 29, 32], Some(("authentication.k8s.io/v1", 28))),
    gone("authentication.k8s.io/v1beta1", &["SelfSubjectReview"], [27, 30, 33], Some(("authentication.k8s.io/v1", 28))),
    gone("authentication.k8s.io/v1beta1", &["TokenReview"], [4, 19, 22], Some(("authentication.k8s.io/v1", 6))),
    stable("authentication.k8s.io/v1", &["SelfSubjectReview"], 28),
    gone("authorization.k8s.io/v1beta1", REVIEWS, [2, 19, 22], Some(("authorization.k8s.io/v1", 6))),
    gone("autoscaling/v2beta1", HPA, [8, 22, 25], Some(("autoscaling/v2", 23))),
    gone("autoscaling/v2beta2", HPA, [12, 23, 26], Some(("autoscaling/v2", 23))),
    gone("batch/v1beta1", &["CronJob"], [8, 21, 25], Some(("batch/v1", 21))),
    gone("batch/v2alpha1", &["CronJob"], [5, 8, 21], Some(("batch/v1", 21))),
    gone("certificates.k8s.io/v1alpha1", BUNDLE, [26, 34, 37], Some(("certificates.k8s.io/v1", 37))),
    gone("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], [12, 19, 22], Some(("certificates.k8s.io/v1", 19))),
    gone("certificates.k8s.io/v1beta1", BUNDLE, [33, 37, 40], Some(("certificates.k8s.io/v1", 37))),
    gone("certificates.k8s.io/v1beta1", REQUEST, [35, 37, 40], Some(("certificates.k8s.io/v1", 37))),
    stable("certificates.k8s.io/v1", BUNDLE, 37),
    stable("certificates.k8s.io/v1", REQUEST, 37),
    gone("coordination.k8s.io/v1beta1", &["Lease"], [12, 19, 22], Some(("coordination.k8s.io/v1", 14))),
    gone("coordination.k8s.io/v1beta1", &["LeaseCandidate"], [33, 36, 39], None),
    gone("discovery.k8s.io/v1beta1", &["EndpointSlice"], [16, 21, 25], Some(("discovery.k8s.io/v1", 21))),
    gone("events.k8s.io/v1beta1", &["Event"], [8, 22, 25], Some(("events.k8s.io/v1", 19))),
    gone("extensions/v1beta1", &["DaemonSet", "Deployment", "ReplicaSet"], [1, 8, 16], Some(("apps/v1", 9))),
    gone("extensions/v1beta1", &["Ingress"], [1, 14, 22], Some(("networking.k8s.io/v1", 19))),
    gone("extensions/v1beta1", &["NetworkPolicy"], [3, 9, 16], Some(("networking.k8s.io/v1", 7))),
    gone("extensions/v1beta1", PSP, [2, 10, 16], None),
    gone("flowcontrol.apiserver.k8s.io/v1beta1", FLOW, [20, 23, 26], Some(("flowcontrol.apiserver.k8s.io/v1", 29))),
    gone("flowcontrol.apiserver.k8s.io/v1beta2", FLOW, [23, 26, 29], Some(("flowcontrol.apiserver.k8s.io/v1", 29))),
    gone("flowcontrol.apiserver.k8s.io/v1beta3", FLOW, [26, 29, 32], Some(("flowcontrol.apiserver.k8s.io/v1", 29))),
    stable("flowcontrol.apiserver.k8s.io/v1", FLOW, 29),
    gone("networking.k8s.io/v1beta1", &["Ingress", "IngressClass"], [14, 19, 22], Some(("networking.k8s.io/v1", 19))),
    gone("networking.k8s.io/v1beta1", ADDRESSES, [31, 34, 37], Some(("networking.k8s.io/v1", 33))),
    stable("networking.k8s.io/v1", ADDRESSES, 33),
    gone("node.k8s.io/v1beta1", &["RuntimeClass"], [13, 22, 25], Some(("node.k8s.io/v1", 20))),
    gone("policy/v1beta1", &["Eviction", "PodDisruptionBudget"], [5, 21, 25], Some(("policy/v1", 21))),
    gone("policy/v1beta1", PSP, [10, 21, 25], None),
    gone("rbac.authorization.k8s.io/v1alpha1", ROLES, [5, 17, 22], Some(("rbac.authorization.k8s.io/v1", 8))),
    gone("rbac.authorization.k8s.io/v1beta1", ROLES, [6, 17, 22], Some(("rbac.authorization.k8s.io/v1", 8))),
    gone("resource.k8s.io/v1alpha3", &["DeviceTaintRule"], [33, 36, 39], Some(("resource.k8s.io/v1", 37))),
    gone("resource.k8s.io/v1beta1", DEVICES, [32, 35, 38], Some(("resource.k8s.io/v1", 34))),
    gone("resource.k8s.io/v1beta2", DEVICES, [33, 36, 39], Some(("resource.k8s.io/v1", 34))),
    gone("resource.k8s.io/v1beta2", &["DeviceTaintRule"], [36, 39, 42], Some(("resource.k8s.io/v1", 37))),
    stable("resource.k8s.io/v1", DEVICES, 34),
    stable("resource.k8s.io/v1", &["DeviceTaintRule"], 37),
    gone("scheduling.k8s.io/v1alpha1", &["PriorityClass"], [8, 14, 22], Some(("scheduling.k8s.io/v1", 14))),
    gone("scheduling.k8s.io/v1beta1", &["PriorityClass"], [11, 14, 22], Some(("scheduling.k8s.io/v1", 14))),
    gone("scheduling.k8s.io/v1beta1", &["PodGroup", "Workload"], [37, 40, 43], None),
    gone("storage.k8s.io/v1alpha1", CAPACITY, [19, 21, 24], Some(("storage.k8s.io/v1", 24))),
    gone("storage.k8s.io/v1alpha1", &["VolumeAttachment"], [9, 21, 24], Some(("storage.k8s.io/v1", 13))),
    gone("storage.k8s.io/v1alpha1", ATTRIBUTES, [29, 32, 35], Some(("storage.k8s.io/v1", 34))),
    gone("storage.k8s.io/v1beta1", STORAGE, [4, 19, 22], Some(("storage.k8s.io/v1", 18))),
    gone("storage.k8s.io/v1beta1", CAPACITY, [21, 24, 27], Some(("storage.k8s.io/v1", 24))),
    gone("storage.k8s.io/v1beta1", ATTRIBUTES, [31, 34, 37], Some(("storage.k8s.io/v1", 34))),
    stable("storage.k8s.io/v1", ATTRIBUTES, 34),
    gone("storagemigration.k8s.io/v1beta1", MIGRATION, [35, 37, 40], Some(("storagemigration.k8s.io/v1", 37))),
    stable("storagemigration.k8s.io/v1", MIGRATION, 37),
];

/// What there is to say about a version of one of Kubernetes' own kinds on a server; `None` where it is simply served,
/// for kinds that are not Kubernetes' own, and for files that a program reads and no server serves.
pub fn served(api_version: &str, kind: &str, server: Minor) -> Option<Served> {
    let row = ROWS
        .iter()
        .find(|row| row.api_version == api_version && row.kinds.contains(&kind));
    match row {
        Some(row) => row.on(server),
        None => {
            let (group, _) = api_version.split_once('/').unwrap_or_default();
            let is_sent = is_known(api_version, kind) && !is_settings(group, kind);
            (is_alpha(api_version) && is_sent).then_some(Served::OnRequest {
                until: None,
                instead: None,
            })
        }
    }
}

impl Row {
    fn on(&self, server: Minor) -> Option<Served> {
        let instead = self.instead.filter(|(_, since)| *since <= server.0);
        let instead = instead.map(|(api_version, _)| api_version);
        let minor = |version| Some(version).filter(|version| *version != NEVER).map(Minor);
        if server.0 >= self.removed {
            let at = Minor(self.removed);
            return Some(Served::Removed { at, instead });
        }
        if server.0 < self.since {
            let since = Minor(self.since);
            return Some(Served::NotYet { since });
        }
        if self.is_on_request() {
            let until = minor(self.removed);
            return Some(Served::OnRequest { until, instead });
        }
        let until = minor(self.removed).filter(|_| server.0 >= self.deprecated)?;
        Some(Served::Deprecated { until, instead })
    }

    fn is_on_request(&self) -> bool {
        let young = self.since >= BETAS_ON_REQUEST && self.api_version != STILL_BY_DEFAULT;
        is_alpha(self.api_version) || (young && self.api_version.contains("beta"))
    }
}

fn is_alpha(api_version: &str) -> bool {
    api_version.contains("alpha")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_kind_that_is_known_and_runs_forward() {
        for row in ROWS {
            for kind in row.kinds {
                assert!(
                    is_known(row.api_version, kind),
                    "{} {kind}",
                    row.api_version
                );
                let same = |other: &&Row| {
                    other.api_version == row.api_version && other.kinds.contains(kind)
                };
                assert_eq!(ROWS.iter().filter(same).count(), 1, "{kind}");
            }
            assert!(row.since <= row.deprecated && row.deprecated <= row.removed);
        }
    }

    #[test]
    fn a_version_comes_goes_and_is_replaced() {
        let budget = |minor| served("policy/v1beta1", "PodDisruptionBudget", Minor(minor));
        let instead = Some("policy/v1");
        let (until, at) = (Minor(25), Minor(25));
        assert_eq!(budget(24), Some(Served::Deprecated { until, instead }));
        assert_eq!(budget(25), Some(Served::Removed { at, instead }));
        assert_eq!(served("policy/v1", "PodDisruptionBudget", Minor(37)), None);
        let flow = |minor| {
            served(
                "flowcontrol.apiserver.k8s.io/v1beta3",
                "FlowSchema",
                Minor(minor),
            )
        };
        let since = Minor(26);
        assert_eq!(flow(25), Some(Served::NotYet { since }));
        assert_eq!(flow(26), None, "served by default although it is young");
    }

    #[test]
    fn what_is_not_a_kind_of_kubernetes_has_no_history() {
        assert_eq!(served("example.com/v1alpha1", "Ingress", Minor(37)), None);
        assert_eq!(served("apps/v1", "Deployment", Minor(24)), None);
        let alpha = served(
            "internal.apiserver.k8s.io/v1alpha1",
            "StorageVersion",
            Minor(37),
        );
        assert!(matches!(alpha, Some(Served::OnRequest { until: None, .. })));
    }

    #[test]
    fn a_file_for_a_program_is_served_by_nobody() {
        for (api_version, kind) in [
            ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"),
            ("kubelet.config.k8s.io/v1alpha1", "CredentialProviderConfig"),
            (
                "apiserver.config.k8s.io/v1alpha1",
                "EgressSelectorConfiguration",
            ),
        ] {
            assert_eq!(served(api_version, kind, Minor(37)), None, "{kind}");
        }
    }
}
