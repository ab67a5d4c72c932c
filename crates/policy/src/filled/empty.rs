//! What Kubernetes' types drop when they are written: zeros, empty texts, lists and maps of fields that are no pointers. `has()`
//! does not find them on an API server. Where it is not certain that a field is dropped or kept, it is unknown.

use std::rc::Rc;

use plimsoll_cel::Value;

use super::unknown;

/// Scalars that are kept although they are zero or empty: pointers, and fields that are always written.
const KEPT: &[&str] = &[
    "activeDeadlineSeconds",
    "allowPrivilegeEscalation",
    "allowVolumeExpansion",
    "allocateLoadBalancerNodePorts",
    "automountServiceAccountToken",
    "backoffLimit",
    "backoffLimitPerIndex",
    "blockOwnerDeletion",
    "completions",
    "controller",
    "defaultMode",
    "enableServiceLinks",
    "exitCode",
    "expirationSeconds",
    "failedJobsHistoryLimit",
    "fsGroup",
    "hostProcess",
    "hostUsers",
    "immutable",
    "ingressClassName",
    "manualSelector",
    "maxSurge",
    "maxUnavailable",
    "minAvailable",
    "minReplicas",
    "mode",
    "operator",
    "optional",
    "parallelism",
    "partition",
    "privileged",
    "progressDeadlineSeconds",
    "readOnlyRootFilesystem",
    "recursiveReadOnly",
    "replicas",
    "resourceNames",
    "revisionHistoryLimit",
    "runAsGroup",
    "runAsNonRoot",
    "runAsUser",
    "runtimeClassName",
    "setHostnameAsFQDN",
    "shareProcessNamespace",
    "sizeLimit",
    "startingDeadlineSeconds",
    "storageClassName",
    "successfulJobsHistoryLimit",
    "suspend",
    "targetPort",
    "terminationGracePeriodSeconds",
    "timeoutSeconds",
    "tolerationSeconds",
    "ttlSecondsAfterFinished",
    "volumeAttributesClassName",
];

/// Scalars that are dropped when they are zero or empty.
const DROPPED: &[&str] = &[
    "apiGroup",
    "clusterIP",
    "effect",
    "externalName",
    "generateName",
    "host",
    "hostIP",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostPort",
    "hostname",
    "image",
    "imagePullPolicy",
    "initialDelaySeconds",
    "loadBalancerIP",
    "medium",
    "minReadySeconds",
    "namespace",
    "nodeName",
    "nodePort",
    "paused",
    "priorityClassName",
    "publishNotReadyAddresses",
    "readOnly",
    "schedulerName",
    "serviceAccount",
    "serviceAccountName",
    "stdin",
    "stdinOnce",
    "subPath",
    "subdomain",
    "tty",
    "value",
    "workingDir",
];

/// Maps whose members are data: those are kept as they are, and a map without any is dropped. Other maps are structures, and kept.
const MAPS: &[&str] = &[
    "annotations",
    "binaryData",
    "data",
    "labels",
    "limits",
    "matchLabels",
    "nodeSelector",
    "requests",
    "stringData",
];

/// Lists that are written although they are empty, some as null.
const LISTS: &[&str] = &["containers", "rules", "accessModes"];

/// Drops what the types drop, everywhere in the object.
pub(super) fn drop(value: &mut Value<'_>) {
    match value {
        Value::List(items) => Rc::make_mut(items).iter_mut().for_each(drop),
        Value::Map(members) => {
            let members = Rc::make_mut(members);
            members.retain(|(key, value)| !is_dropped(key.as_str().unwrap_or_default(), value));
            for (key, value) in members {
                let key = key.as_str().unwrap_or_default();
                let is_list = matches!(value, Value::List(items) if items.is_empty());
                if is_list || is_empty(value) && !KEPT.contains(&key) {
                    *value = unknown("whether the API server keeps what is empty here");
                } else if MAPS.contains(&key) {
                    nulls(key, value);
                } else if key == "seLinuxOptions" {
                    texts(value);
                } else {
                    drop(value);
                }
            }
        }
        _ => {}
    }
}

/// Drops every member that is empty.
fn texts(value: &mut Value<'_>) {
    if let Some(members) = super::members(value) {
        members.retain(|(_, value)| !is_empty(value) && !matches!(value, Value::Null));
    }
}

/// In a map that is data, null becomes what is empty.
fn nulls(key: &str, value: &mut Value<'_>) {
    let empty = match key {
        "limits" | "requests" => "0",
        _ => "",
    };
    for (_, value) in super::members(value).into_iter().flatten() {
        if matches!(value, Value::Null) {
            *value = Value::text(empty);
        }
    }
}

fn is_dropped(key: &str, value: &Value<'_>) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty() && !LISTS.contains(&key),
        Value::Map(members) => members.is_empty() && MAPS.contains(&key),
        value => is_empty(value) && DROPPED.contains(&key),
    }
}

/// Is it a scalar that a type would drop?
fn is_empty(value: &Value<'_>) -> bool {
    match value {
        Value::Bool(value) => !value,
        Value::Int(number) => *number == 0,
        Value::Str(text) => text.is_empty(),
        _ => false,
    }
}
