//! The defaults of Kubernetes' own kinds, as tables. What depends on more than the object (addresses, classes, priorities of a
//! cluster) is open. Adding a default is adding a row; the tests hold all of them against a real server.

use plimsoll_cel::Value;

use super::{put, unknown};

/// What is filled in.
#[derive(Copy, Clone)]
pub(super) enum Fill {
    Bool(bool),
    Int(i64),
    Text(&'static str),
    /// An empty structure.
    Map,
    /// Something that is not known here.
    Open,
}

use Fill::{Bool, Int, Map, Open, Text};

/// Where, from some point of an object on, and what. `[]` is each item of a list, a tilde a point within a key.
pub(super) type Row = (&'static str, Fill);

/// Below the `spec` of a pod.
pub(super) const POD: &[Row] = &[
    ("dnsPolicy", Text("ClusterFirst")),
    ("restartPolicy", Text("Always")),
    ("schedulerName", Text("default-scheduler")),
    ("securityContext", Map),
    ("terminationGracePeriodSeconds", Int(30)),
];

/// Below the `spec` of a pod that is no template.
pub(super) const ONLY_POD: &[Row] = &[
    ("enableServiceLinks", Bool(true)),
    ("preemptionPolicy", Open),
    ("priority", Open),
    ("serviceAccountName", Text("default")),
    ("serviceAccount", Open),
];

/// Below each container.
pub(super) const CONTAINER: &[Row] = &[
    ("terminationMessagePath", Text("/dev/termination-log")),
    ("terminationMessagePolicy", Text("File")),
    ("resources", Map),
    ("ports.[].protocol", Text("TCP")),
    ("env.[].valueFrom.fieldRef.apiVersion", Text("v1")),
    ("env.[].valueFrom.resourceFieldRef.divisor", Text("0")),
];

pub(super) const PROBE: &[Row] = &[
    ("timeoutSeconds", Int(1)),
    ("periodSeconds", Int(10)),
    ("successThreshold", Int(1)),
    ("failureThreshold", Int(3)),
    ("httpGet.path", Text("/")),
    ("httpGet.scheme", Text("HTTP")),
    ("grpc.service", Text("")),
];

pub(super) const HOOK: &[Row] = &[
    ("httpGet.path", Text("/")),
    ("httpGet.scheme", Text("HTTP")),
];

/// Below each volume.
pub(super) const VOLUME: &[Row] = &[
    ("secret.defaultMode", Int(420)),
    ("configMap.defaultMode", Int(420)),
    ("downwardAPI.defaultMode", Int(420)),
    ("downwardAPI.items.[].fieldRef.apiVersion", Text("v1")),
    ("projected.defaultMode", Int(420)),
    (
        "projected.sources.[].serviceAccountToken.expirationSeconds",
        Int(3600),
    ),
    (
        "projected.sources.[].downwardAPI.items.[].fieldRef.apiVersion",
        Text("v1"),
    ),
    ("hostPath.type", Text("")),
    ("iscsi.iscsiInterface", Text("default")),
    ("rbd.pool", Text("rbd")),
    ("rbd.user", Text("admin")),
    ("rbd.keyring", Text("/etc/ceph/keyring")),
    ("azureDisk.cachingMode", Text("ReadWrite")),
    ("azureDisk.kind", Text("Shared")),
    ("azureDisk.fsType", Text("ext4")),
    ("azureDisk.readOnly", Bool(false)),
    ("scaleIO.storageMode", Text("ThinProvisioned")),
    ("scaleIO.fsType", Text("xfs")),
    (
        "ephemeral.volumeClaimTemplate.metadata.creationTimestamp",
        Open,
    ),
    ("ephemeral.volumeClaimTemplate.metadata", Map),
    (
        "ephemeral.volumeClaimTemplate.spec.volumeMode",
        Text("Filesystem"),
    ),
    ("image.pullPolicy", Open),
];

/// By kind, below the object.
pub(super) const KINDS: &[(&str, &[Row])] = &[
    ("Pod", &[("status", Open)]),
    (
        "Deployment",
        &[
            ("spec.replicas", Int(1)),
            ("spec.revisionHistoryLimit", Int(10)),
            ("spec.progressDeadlineSeconds", Int(600)),
            ("spec.strategy", Map),
            ("spec.strategy.type", Text("RollingUpdate")),
            ("status", Open),
        ],
    ),
    ("ReplicaSet", &[("spec.replicas", Int(1)), ("status", Open)]),
    (
        "StatefulSet",
        &[
            ("spec.replicas", Int(1)),
            ("spec.revisionHistoryLimit", Int(10)),
            ("spec.podManagementPolicy", Text("OrderedReady")),
            ("spec.updateStrategy", Map),
            ("spec.updateStrategy.type", Text("RollingUpdate")),
            ("spec.persistentVolumeClaimRetentionPolicy", Map),
            (
                "spec.persistentVolumeClaimRetentionPolicy.whenDeleted",
                Text("Retain"),
            ),
            (
                "spec.persistentVolumeClaimRetentionPolicy.whenScaled",
                Text("Retain"),
            ),
            ("spec.serviceName", Text("")),
            ("spec.volumeClaimTemplates.[].apiVersion", Text("v1")),
            (
                "spec.volumeClaimTemplates.[].kind",
                Text("PersistentVolumeClaim"),
            ),
            (
                "spec.volumeClaimTemplates.[].spec.volumeMode",
                Text("Filesystem"),
            ),
            ("spec.volumeClaimTemplates.[].spec.resources", Map),
            ("spec.volumeClaimTemplates.[].status", Open),
            ("status", Open),
        ],
    ),
    (
        "DaemonSet",
        &[
            ("metadata.annotations", Map),
            (
                "metadata.annotations.deprecated~daemonset~template~generation",
                Text("1"),
            ),
            ("spec.revisionHistoryLimit", Int(10)),
            ("spec.updateStrategy", Map),
            ("spec.updateStrategy.type", Text("RollingUpdate")),
            ("status", Open),
        ],
    ),
    (
        "Job",
        &[
            ("metadata.labels", Open),
            ("spec.backoffLimit", Int(6)),
            ("spec.completionMode", Text("NonIndexed")),
            ("spec.completions", Open),
            ("spec.manualSelector", Open),
            ("spec.parallelism", Int(1)),
            ("spec.podReplacementPolicy", Open),
            ("spec.selector", Open),
            ("spec.suspend", Bool(false)),
            ("status", Open),
        ],
    ),
    (
        "CronJob",
        &[
            ("spec.concurrencyPolicy", Text("Allow")),
            ("spec.failedJobsHistoryLimit", Int(1)),
            ("spec.successfulJobsHistoryLimit", Int(3)),
            ("spec.suspend", Bool(false)),
            ("spec.jobTemplate.metadata", Map),
            ("status", Open),
        ],
    ),
    (
        "ReplicationController",
        &[
            ("metadata.labels", Open),
            ("spec.replicas", Int(1)),
            ("spec.selector", Open),
            ("status", Open),
        ],
    ),
    (
        "Service",
        &[
            ("spec", Map),
            ("spec.allocateLoadBalancerNodePorts", Open),
            ("spec.clusterIP", Open),
            ("spec.clusterIPs", Open),
            ("spec.externalTrafficPolicy", Open),
            ("spec.healthCheckNodePort", Open),
            ("spec.internalTrafficPolicy", Open),
            ("spec.ipFamilies", Open),
            ("spec.ipFamilyPolicy", Open),
            ("spec.ports.[].protocol", Text("TCP")),
            ("spec.sessionAffinity", Text("None")),
            ("spec.sessionAffinityConfig", Open),
            ("spec.type", Text("ClusterIP")),
            ("status", Open),
        ],
    ),
    ("Secret", &[("type", Text("Opaque"))]),
    ("Namespace", &[("spec", Open), ("status", Open)]),
    (
        "PersistentVolume",
        &[
            ("metadata.finalizers", Open),
            ("spec.persistentVolumeReclaimPolicy", Text("Retain")),
            ("spec.volumeMode", Text("Filesystem")),
            ("spec.hostPath.type", Text("")),
            ("status", Open),
        ],
    ),
    (
        "PersistentVolumeClaim",
        &[
            ("metadata.finalizers", Open),
            ("spec.resources", Map),
            ("spec.storageClassName", Open),
            ("spec.volumeMode", Text("Filesystem")),
            ("status", Open),
        ],
    ),
    (
        "Ingress",
        &[("spec.ingressClassName", Open), ("status", Open)],
    ),
    (
        "NetworkPolicy",
        &[
            ("spec.ingress.[].ports.[].protocol", Text("TCP")),
            ("spec.egress.[].ports.[].protocol", Text("TCP")),
        ],
    ),
    (
        "HorizontalPodAutoscaler",
        &[
            ("spec.minReplicas", Int(1)),
            ("spec.metrics", Open),
            ("spec.behavior", Open),
            ("status", Open),
        ],
    ),
    ("PodDisruptionBudget", &[("status", Open)]),
    ("ResourceQuota", &[("spec", Map), ("status", Open)]),
    ("Node", &[("spec", Map), ("status", Open)]),
    (
        "StorageClass",
        &[
            ("reclaimPolicy", Text("Delete")),
            ("volumeBindingMode", Text("Immediate")),
        ],
    ),
    (
        "CustomResourceDefinition",
        &[
            ("spec.conversion", Open),
            ("spec.names.listKind", Open),
            ("spec.names.singular", Open),
            ("status", Open),
        ],
    ),
    ("CertificateSigningRequest", &[("status", Open)]),
];

/// Fills in all rows.
pub(super) fn put_all<'t>(value: &mut Value<'t>, rows: &[Row]) {
    for (path, fill) in rows {
        let keys: Vec<String> = path.split('.').map(|key| key.replace('~', ".")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        put(value, &keys, || fill.value());
    }
}

impl Fill {
    fn value<'t>(self) -> Value<'t> {
        match self {
            Bool(value) => Value::Bool(value),
            Int(number) => Value::Int(number),
            Text(text) => Value::text(text),
            Map => Value::map([]),
            Open => unknown("what the API server fills in"),
        }
    }
}
