//! The defaults of Kubernetes' own kinds, as one table, and what the default admission plugins do to pods. What depends on more
//! than the object (addresses, classes, priorities of a cluster) is unknown.

use std::rc::Rc;

use plimsoll_cel::Value;

use super::{items, member, member_mut, members, put, set, unknown};
use crate::sent::Sent;

/// What is filled in.
#[derive(Copy, Clone)]
enum Fill {
    Bool(bool),
    Int(i64),
    Text(&'static str),
    /// An empty structure.
    Map,
    /// Something that is not known here.
    Open,
}

use Fill::{Bool, Int, Map, Open, Text};

type Row = (&'static str, Fill);

/// Below the `spec` of a pod.
const POD: &[Row] = &[
    ("dnsPolicy", Text("ClusterFirst")),
    ("restartPolicy", Text("Always")),
    ("schedulerName", Text("default-scheduler")),
    ("securityContext", Map),
    ("terminationGracePeriodSeconds", Int(30)),
];

/// Below the `spec` of a pod that is no template.
const ONLY_POD: &[Row] = &[
    ("enableServiceLinks", Bool(true)),
    ("preemptionPolicy", Open),
    ("priority", Open),
    ("serviceAccountName", Text("default")),
    ("serviceAccount", Open),
];

/// Below each container.
const CONTAINER: &[Row] = &[
    ("terminationMessagePath", Text("/dev/termination-log")),
    ("terminationMessagePolicy", Text("File")),
    ("resources", Map),
    ("ports.[].protocol", Text("TCP")),
    ("env.[].valueFrom.fieldRef.apiVersion", Text("v1")),
    ("env.[].valueFrom.resourceFieldRef.divisor", Text("0")),
];

const PROBE: &[Row] = &[
    ("timeoutSeconds", Int(1)),
    ("periodSeconds", Int(10)),
    ("successThreshold", Int(1)),
    ("failureThreshold", Int(3)),
    ("httpGet.path", Text("/")),
    ("httpGet.scheme", Text("HTTP")),
    ("grpc.service", Text("")),
];

const HOOK: &[Row] = &[
    ("httpGet.path", Text("/")),
    ("httpGet.scheme", Text("HTTP")),
];

/// Below each volume.
const VOLUME: &[Row] = &[
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
const KINDS: &[(&str, &[Row])] = &[
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

/// Where a kind keeps the `spec` of its pods.
fn pod_spec(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "Pod" => &["spec"],
        "PodTemplate" => &["template", "spec"],
        "CronJob" => &["spec", "jobTemplate", "spec", "template", "spec"],
        "Deployment"
        | "ReplicaSet"
        | "StatefulSet"
        | "DaemonSet"
        | "Job"
        | "ReplicationController" => &["spec", "template", "spec"],
        _ => return None,
    })
}

/// Fills in the defaults of the object.
pub(super) fn fill<'t>(sent: &Sent<'t>, value: &mut Value<'t>) {
    let kind = sent.kind;
    if let Some((_, rows)) = KINDS.iter().find(|(known, _)| *known == kind) {
        put_all(value, rows);
    }
    match kind {
        "Deployment" => rolling(
            value,
            "strategy",
            &[("maxSurge", Text("25%")), ("maxUnavailable", Text("25%"))],
        ),
        "DaemonSet" => rolling(
            value,
            "updateStrategy",
            &[("maxSurge", Int(0)), ("maxUnavailable", Int(1))],
        ),
        "StatefulSet" => rolling(
            value,
            "updateStrategy",
            &[("partition", Int(0)), ("maxUnavailable", Open)],
        ),
        "Service" => service(value),
        "Secret" => secret(value),
        "NetworkPolicy" => policy_types(value),
        "RoleBinding" | "ClusterRoleBinding" => subjects(value),
        "LimitRange" => limit_range(value),
        _ => {}
    }
    if let Some(keys) = pod_spec(kind) {
        let mut below = Some(&mut *value);
        for key in keys {
            below = below.and_then(|value| member_mut(value, key));
        }
        if let Some(spec) = below {
            pod(spec, kind == "Pod");
        }
        app_armor(kind, value);
        templates(kind, value);
    }
}

/// An annotation about AppArmor becomes a field, and the other way round.
fn app_armor(kind: &str, value: &mut Value<'_>) {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
    let mut below = Some(&mut *value);
    let keys = pod_spec(kind).unwrap_or_default();
    for key in keys.split_last().map_or(keys, |(_, above)| above) {
        below = below.and_then(|value| member_mut(value, key));
    }
    let Some(pod) = below else {
        return;
    };
    let annotations = member(pod, "metadata").and_then(|metadata| member(metadata, "annotations"));
    let is_meant =
        |(key, _): &(Value<'_>, Value<'_>)| key.as_str().is_some_and(|key| key.starts_with(PREFIX));
    let members = annotations.and_then(Value::members);
    if !members.is_some_and(|members| members.iter().any(is_meant)) {
        return;
    }
    for key in ["containers", "initContainers"] {
        let containers = member_mut(pod, "spec").and_then(|spec| member_mut(spec, key));
        for container in containers.into_iter().flat_map(items) {
            put(container, &["securityContext", "appArmorProfile"], || {
                unknown("AppArmor's profile")
            });
            put(container, &["securityContext"], || {
                unknown("AppArmor's profile")
            });
        }
    }
}

/// What the types write in templates.
fn templates(kind: &str, value: &mut Value<'_>) {
    let keys = pod_spec(kind).unwrap_or_default();
    let Some((_, keys)) = keys.split_last() else {
        return;
    };
    if keys.is_empty() {
        return;
    }
    let mut path = keys.to_vec();
    path.push("metadata");
    put(value, &path, || Value::map([]));
    // A Job's own labels are given to the template before admission.
    if kind == "Job" {
        path.push("labels");
        put(value, &path, || Value::map([]));
        for label in super::metadata::OF_JOBS {
            let path: Vec<&str> = path.iter().copied().chain([*label]).collect();
            put(value, &path, || unknown("a label of a Job's pods"));
        }
    }
}

fn put_all<'t>(value: &mut Value<'t>, rows: &[Row]) {
    for (path, fill) in rows {
        // A point within a key is written as a tilde.
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

fn rolling(value: &mut Value<'_>, strategy: &str, rows: &[Row]) {
    let Some(strategy) = member_mut(value, "spec").and_then(|spec| member_mut(spec, strategy))
    else {
        return;
    };
    if member(strategy, "type").and_then(Value::as_str) == Some("RollingUpdate") {
        put(strategy, &["rollingUpdate"], || Value::map([]));
        if let Some(update) = member_mut(strategy, "rollingUpdate") {
            put_all(update, rows);
        }
    }
}

fn pod<'t>(spec: &mut Value<'t>, is_pod: bool) {
    put_all(spec, POD);
    put(spec, &["resources", "requests"], || {
        unknown("what a pod's containers request")
    });
    for key in ["containers", "initContainers"] {
        if let Some(containers) = member_mut(spec, key) {
            items(containers).for_each(|container| self::container(container, is_pod));
        }
    }
    if let Some(volumes) = member_mut(spec, "volumes") {
        items(volumes).for_each(volume);
    }
    if let Some(account) = member(spec, "serviceAccountName").cloned() {
        set(spec, "serviceAccount", account);
    } else if let Some(account) = member(spec, "serviceAccount").cloned() {
        set(spec, "serviceAccountName", account);
    }
    host_ports(spec);
    if is_pod {
        only_pod(spec);
    }
}

/// What is done to pods and not to templates, by defaulting and by the plugins that are on by default.
fn only_pod<'t>(spec: &mut Value<'t>) {
    if member(spec, "serviceAccountName").is_none() {
        set(spec, "serviceAccount", Value::text("default"));
    }
    put_all(spec, ONLY_POD);
    tolerations(spec);
    let mounts = member(spec, "automountServiceAccountToken").and_then(Value::as_bool);
    if mounts != Some(false) {
        token(spec);
    }
}

/// A pod tolerates for five minutes that its node does not answer.
fn tolerations(spec: &mut Value<'_>) {
    put(spec, &["tolerations"], || Value::List(Rc::default()));
    let Some(Value::List(all)) = member_mut(spec, "tolerations") else {
        return;
    };
    for key in [
        "node.kubernetes.io/not-ready",
        "node.kubernetes.io/unreachable",
    ] {
        let covers = |toleration: &Value<'_>| {
            let text = |name| member(toleration, name).and_then(Value::as_str);
            let any_key = text("key").is_none() || text("key") == Some(key);
            any_key && matches!(text("effect"), None | Some("NoExecute"))
        };
        if !all.iter().any(covers) {
            Rc::make_mut(all).push(Value::map([
                ("key", Value::text(key)),
                ("operator", Value::text("Exists")),
                ("effect", Value::text("NoExecute")),
                ("tolerationSeconds", Value::Int(300)),
            ]));
        }
    }
}

/// The token of the service account, unless the pod mounts something in its place. The account may not want that, which
/// is not asked here.
fn token(spec: &mut Value<'_>) {
    const PATH: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
    let name = || unknown("the name of the token's volume");
    let mut is_mounted = false;
    for key in ["containers", "initContainers"] {
        let Some(containers) = member_mut(spec, key) else {
            continue;
        };
        for container in items(containers) {
            put(container, &["volumeMounts"], || Value::List(Rc::default()));
            let Some(Value::List(mounts)) = member_mut(container, "volumeMounts") else {
                continue;
            };
            let at_path = |mount: &Value<'_>| {
                member(mount, "mountPath").and_then(Value::as_str) == Some(PATH)
            };
            if !mounts.iter().any(at_path) {
                is_mounted = true;
                Rc::make_mut(mounts).push(Value::map([
                    ("name", name()),
                    ("readOnly", Value::Bool(true)),
                    ("mountPath", Value::text(PATH)),
                ]));
            }
        }
    }
    if is_mounted {
        put(spec, &["volumes"], || Value::List(Rc::default()));
        if let Some(Value::List(volumes)) = member_mut(spec, "volumes") {
            Rc::make_mut(volumes).push(Value::map([("name", name()), ("projected", sources())]));
        }
    }
    // Where nothing is mounted, an empty list is none.
    if let Some(containers) = member_mut(spec, "containers") {
        items(containers).for_each(|container| drop_empty(container, "volumeMounts"));
    }
}

fn sources<'t>() -> Value<'t> {
    let list = |items: Vec<Value<'t>>| Value::List(Rc::new(items));
    let token = Value::map([
        ("expirationSeconds", Value::Int(3607)),
        ("path", Value::text("token")),
    ]);
    let root = Value::map([
        ("key", Value::text("ca.crt")),
        ("path", Value::text("ca.crt")),
    ]);
    let root = Value::map([
        ("name", Value::text("kube-root-ca.crt")),
        ("items", list(vec![root])),
    ]);
    let field = Value::map([
        ("apiVersion", Value::text("v1")),
        ("fieldPath", Value::text("metadata.namespace")),
    ]);
    let namespace = Value::map([("path", Value::text("namespace")), ("fieldRef", field)]);
    let namespace = Value::map([("items", list(vec![namespace]))]);
    let all = [
        ("serviceAccountToken", token),
        ("configMap", root),
        ("downwardAPI", namespace),
    ];
    let all = all.map(|(kind, source)| Value::map([(kind, source)]));
    Value::map([
        ("sources", list(all.to_vec())),
        ("defaultMode", Value::Int(420)),
    ])
}

fn drop_empty(value: &mut Value<'_>, key: &str) {
    let is_empty = matches!(member(value, key), Some(Value::List(items)) if items.is_empty());
    if is_empty && let Some(members) = members(value) {
        members.retain(|(name, _)| name.as_str() != Some(key));
    }
}

fn container(value: &mut Value<'_>, is_pod: bool) {
    put_all(value, CONTAINER);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        if let Some(probe) = member_mut(value, probe) {
            put_all(probe, PROBE);
        }
    }
    for hook in ["postStart", "preStop"] {
        if let Some(hook) = member_mut(value, "lifecycle").and_then(|hooks| member_mut(hooks, hook))
        {
            put_all(hook, HOOK);
        }
    }
    let policy = match member(value, "image").and_then(Value::as_str) {
        Some(image) if is_latest(image) => "Always",
        _ => "IfNotPresent",
    };
    put(value, &["imagePullPolicy"], || Value::text(policy));
    if is_pod && let Some(resources) = member_mut(value, "resources") {
        requests(resources);
    }
}

/// Is the image's tag `latest`, or is there neither tag nor digest?
fn is_latest(image: &str) -> bool {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let last = name.rsplit('/').next().unwrap_or(name);
    match last.rsplit_once(':') {
        Some((_, tag)) => tag == "latest",
        None => digest.is_none(),
    }
}

/// What is limited and not requested is requested as limited.
fn requests(resources: &mut Value<'_>) {
    let Some(limits) = member(resources, "limits").cloned() else {
        return;
    };
    put(resources, &["requests"], || Value::map([]));
    if let Some(requests) = member_mut(resources, "requests") {
        for (key, limit) in limits.members().iter().flat_map(|members| members.iter()) {
            put(requests, &[key.as_str().unwrap_or_default()], || {
                limit.clone()
            });
        }
    }
}

fn volume(value: &mut Value<'_>) {
    let only_named = value.members().is_some_and(|members| members.len() == 1);
    if only_named {
        put(value, &["emptyDir"], || Value::map([]));
    }
    put_all(value, VOLUME);
}

/// On the host's network a container's port is the host's.
fn host_ports(spec: &mut Value<'_>) {
    if member(spec, "hostNetwork").and_then(Value::as_bool) != Some(true) {
        return;
    }
    for key in ["containers", "initContainers"] {
        let Some(containers) = member_mut(spec, key) else {
            continue;
        };
        for container in items(containers) {
            for port in member_mut(container, "ports").into_iter().flat_map(items) {
                if let Some(number) = member(port, "containerPort").cloned() {
                    put(port, &["hostPort"], || number.clone());
                }
            }
        }
    }
}

fn service(value: &mut Value<'_>) {
    let Some(spec) = member_mut(value, "spec") else {
        return;
    };
    let kind = member(spec, "type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let takes_node_ports = matches!(kind.as_str(), "NodePort" | "LoadBalancer");
    for port in member_mut(spec, "ports").into_iter().flat_map(items) {
        if let Some(number) = member(port, "port").cloned() {
            put(port, &["targetPort"], || number.clone());
        }
        if takes_node_ports {
            put(port, &["nodePort"], || {
                unknown("the port that the API server chooses")
            });
        }
    }
}

/// Texts are encoded into `data`.
fn secret(value: &mut Value<'_>) {
    if let Some(members) = members(value) {
        let before = members.len();
        members.retain(|(name, _)| name.as_str() != Some("stringData"));
        if members.len() < before {
            set(
                value,
                "data",
                unknown("the data of a Secret with stringData"),
            );
        }
    }
}

fn policy_types(value: &mut Value<'_>) {
    let Some(spec) = member_mut(value, "spec") else {
        return;
    };
    let mut types = vec![Value::text("Ingress")];
    if matches!(member(spec, "egress"), Some(Value::List(rules)) if !rules.is_empty()) {
        types.push(Value::text("Egress"));
    }
    let types = Rc::new(types);
    put(spec, &["policyTypes"], || Value::List(types.clone()));
    put(spec, &["podSelector"], || Value::map([]));
}

fn subjects(value: &mut Value<'_>) {
    const GROUP: &str = "rbac.authorization.k8s.io";
    if let Some(role) = member_mut(value, "roleRef") {
        put(role, &["apiGroup"], || Value::text(GROUP));
    }
    for subject in member_mut(value, "subjects").into_iter().flat_map(items) {
        if matches!(
            member(subject, "kind").and_then(Value::as_str),
            Some("User" | "Group")
        ) {
            put(subject, &["apiGroup"], || Value::text(GROUP));
        }
    }
}

/// Defaults follow from one another.
fn limit_range(value: &mut Value<'_>) {
    let limits = member_mut(value, "spec").and_then(|spec| member_mut(spec, "limits"));
    for limit in limits.into_iter().flat_map(items) {
        for key in ["default", "defaultRequest"] {
            set(limit, key, unknown("a default that follows from another"));
        }
    }
}
