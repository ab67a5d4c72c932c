//! The kinds that carry a pod specification, as one table. Adding a kind is adding a row.

/// A kind with a pod in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Carrier {
    /// The API groups that have served the kind; the empty string is the core group.
    pub groups: &'static [&'static str],
    /// The newest apiVersion, for examples made from the table.
    pub api_version: &'static str,
    /// The kind.
    pub kind: &'static str,
    /// Keys from the object's top to the mapping that holds the pod's `metadata` and `spec`.
    pub pod: &'static [&'static str],
}

const fn carrier(
    groups: &'static [&'static str],
    api_version: &'static str,
    kind: &'static str,
    pod: &'static [&'static str],
) -> Carrier {
    Carrier {
        groups,
        api_version,
        kind,
        pod,
    }
}

/// Where a custom kind keeps its pod template when it follows the workload convention.
pub const TEMPLATE: &[&str] = &["spec", "template"];

/// All built-in carriers. `extensions` and the beta groups are removed API versions, but their
/// manifests still lie around and say the same.
pub static CARRIERS: [Carrier; 9] = [
    carrier(&[""], "v1", "Pod", &[]),
    carrier(&["apps", "extensions"], "apps/v1", "Deployment", TEMPLATE),
    carrier(&["apps", "extensions"], "apps/v1", "ReplicaSet", TEMPLATE),
    carrier(&["apps"], "apps/v1", "StatefulSet", TEMPLATE),
    carrier(&["apps", "extensions"], "apps/v1", "DaemonSet", TEMPLATE),
    carrier(&["batch"], "batch/v1", "Job", TEMPLATE),
    carrier(
        &["batch"],
        "batch/v1",
        "CronJob",
        &["spec", "jobTemplate", "spec", "template"],
    ),
    carrier(&[""], "v1", "ReplicationController", TEMPLATE),
    carrier(&[""], "v1", "PodTemplate", &["template"]),
];

/// The carrier of a group and kind, or `None` when it carries no pod that we know of.
pub fn carrier_of(group: &str, kind: &str) -> Option<&'static Carrier> {
    CARRIERS
        .iter()
        .find(|carrier| carrier.kind == kind && carrier.groups.contains(&group))
}
