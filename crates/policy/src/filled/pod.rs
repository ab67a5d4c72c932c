//! Defaults of pods, in templates and by themselves, and what the admission plugins that are on by default add to a pod.

use std::rc::Rc;

use plimsoll_cel::Value;

use super::table::{CONTAINER, HOOK, ONLY_POD, POD, PROBE, VOLUME, put_all};
use super::{items, member, member_mut, members, put, set, unknown};

/// Fills in the defaults of a pod's `spec`; `is_pod` when it is no template.
pub(super) fn fill<'t>(spec: &mut Value<'t>, is_pod: bool) {
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

/// What a container does not say of limits and requests, a LimitRange may give.
pub(super) fn limits(spec: &mut Value<'_>) {
    let given = || unknown("what a LimitRange gives");
    for key in ["containers", "initContainers"] {
        let containers = member_mut(spec, key).into_iter().flat_map(items);
        for container in containers {
            put(container, &["resources"], given);
            for amounts in ["limits", "requests"] {
                put(container, &["resources", amounts], given);
                for resource in ["cpu", "memory", "ephemeral-storage"] {
                    put(container, &["resources", amounts, resource], given);
                }
            }
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

/// An annotation about AppArmor becomes a field, and the other way round.
pub(super) fn app_armor(pod: &mut Value<'_>) {
    const PREFIX: &str = "container.apparmor.security.beta.kubernetes.io/";
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
