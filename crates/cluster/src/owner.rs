//! Whether an object is as its owner made it, and so is judged there.
//!
//! Invariant: what cannot be compared, because the owner was not collected, is judged itself.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

type Mark = [u8; 16];

/// The pod templates that were collected, by the UID of their object.
#[derive(Default)]
pub(crate) struct Owners {
    templates: HashMap<String, Mark>,
    /// How many pods are not as the owner made them that was collected.
    pub(crate) differing: u64,
}

impl Owners {
    /// Takes note of an object with a pod at these keys, and tells whether it is to be judged with its owner.
    pub(crate) fn covers(&mut self, uid: &str, object: &Map<String, Value>, pod: &[&str]) -> bool {
        let Some(mark) = mark(object, pod) else {
            return false;
        };
        if !pod.is_empty() {
            self.templates.insert(uid.to_owned(), mark);
        }
        let owner = owner(object).and_then(|owner| self.templates.get(owner));
        let is_covered = |template: &Mark| *template == mark || is_former_revision(object);
        let is_covered = owner.map(is_covered);
        self.differing += u64::from(pod.is_empty() && is_covered == Some(false));
        is_covered == Some(true)
    }
}

/// The UID of the controller.
fn owner(object: &Map<String, Value>) -> Option<&str> {
    let owners = object.get("metadata")?.get("ownerReferences")?.as_array()?;
    let mut owners = owners.iter();
    let controller = owners.find(|owner| owner.get("controller") == Some(&Value::Bool(true)))?;
    controller.get("uid")?.as_str()
}

/// A ReplicaSet that a Deployment keeps to be able to go back to it: it has no pods.
fn is_former_revision(object: &Map<String, Value>) -> bool {
    let replicas = object.get("spec").and_then(|spec| spec.get("replicas"));
    object.get("kind").and_then(Value::as_str) == Some("ReplicaSet") && replicas == Some(&json!(0))
}

/// What of a pod's specification makes a difference here and is not set for every pod by the server itself.
fn mark(object: &Map<String, Value>, pod: &[&str]) -> Option<Mark> {
    let spec = match pod.split_first() {
        None => object.get("spec")?,
        Some((first, rest)) => rest
            .iter()
            .try_fold(object.get(*first)?, |node, key| node.get(*key))?
            .get("spec")?,
    };
    let list = |key: &str| spec.get(key).and_then(Value::as_array);
    let containers = |key| -> Vec<Value> {
        let containers = list(key).into_iter().flatten();
        containers.map(of_container).collect()
    };
    // The server adds the volume of the token, and a StatefulSet those of its claims.
    let volumes: Vec<&Value> = list("volumes")
        .into_iter()
        .flatten()
        .filter(|volume| {
            let name = volume.get("name").and_then(Value::as_str);
            !name.is_some_and(|name| name.starts_with("kube-api-access-"))
                && volume.get("persistentVolumeClaim").is_none()
        })
        .collect();
    let account = spec.get("serviceAccountName").and_then(Value::as_str);
    let settings = [
        "automountServiceAccountToken",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostUsers",
        "os",
        "runtimeClassName",
        "securityContext",
        "shareProcessNamespace",
    ]
    .map(|key| spec.get(key));
    let whole = json!([
        settings,
        volumes,
        account.filter(|name| !matches!(*name, "" | "default")),
        containers("containers"),
        containers("initContainers"),
        list("ephemeralContainers"),
    ]);
    let digest = Sha256::digest(whole.to_string());
    digest.first_chunk().copied()
}

/// Resources are left out: limits come from a LimitRange, or from whoever scales pods.
fn of_container(container: &Value) -> Value {
    let field = |key| container.get(key).cloned().unwrap_or_default();
    let mounts = container.get("volumeMounts").and_then(Value::as_array);
    let mounts = mounts.into_iter().flatten().filter(|mount| {
        let name = mount.get("name").and_then(Value::as_str);
        !name.is_some_and(|name| name.starts_with("kube-api-access-"))
    });
    json!([
        field("name"),
        field("image"),
        field("command"),
        field("args"),
        field("securityContext"),
        field("lifecycle"),
        field("volumeDevices"),
        mounts.collect::<Vec<_>>(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &[&str] = &["spec", "template"];

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    fn spec() -> Value {
        json!({"containers": [{"name": "a", "image": "b", "volumeMounts": []}], "securityContext": {}})
    }

    fn deployment() -> Map<String, Value> {
        object(json!({"kind": "Deployment", "spec": {"template": {"spec": spec()}}}))
    }

    fn owned(kind: &str, by: &str, rest: Value) -> Map<String, Value> {
        let owner = json!({"uid": by, "controller": true});
        object(json!({"kind": kind, "metadata": {"ownerReferences": [owner]}, "spec": rest}))
    }

    fn pod() -> Value {
        json!({"nodeName": "n", "serviceAccountName": "default", "securityContext": {}, "tolerations": [],
            "volumes": [{"name": "kube-api-access-x1", "projected": {}}],
            "containers": [{"name": "a", "image": "b", "resources": {"limits": {"cpu": "1"}},
                "volumeMounts": [{"name": "kube-api-access-x1", "mountPath": "/var/run"}]}]})
    }

    #[test]
    fn what_an_owner_made_is_judged_with_it() {
        let mut owners = Owners::default();
        assert!(!owners.covers("d", &deployment(), TEMPLATE));
        let set = owned(
            "ReplicaSet",
            "d",
            json!({"replicas": 2, "template": {"spec": spec()}}),
        );
        assert!(owners.covers("r", &set, TEMPLATE));
        assert!(owners.covers("p", &owned("Pod", "r", pod()), &[]));
    }

    #[test]
    fn a_pod_that_was_changed_is_judged_itself() {
        let mut owners = Owners::default();
        owners.covers("d", &deployment(), TEMPLATE);
        let mut injected = pod();
        let sidecar = json!({"name": "sidecar", "image": "s"});
        injected["containers"].as_array_mut().unwrap().push(sidecar);
        let mut privileged = pod();
        privileged["containers"][0]["securityContext"] = json!({"privileged": true});
        let mut debugged = pod();
        debugged["ephemeralContainers"] = json!([{"name": "debug", "image": "busybox"}]);
        for other in [injected, privileged, debugged] {
            assert!(!owners.covers("p", &owned("Pod", "d", other), &[]));
        }
        assert!(owners.covers("p", &owned("Pod", "d", pod()), &[]));
        assert_eq!(owners.differing, 3);
    }

    #[test]
    fn a_pod_without_a_collected_controller_is_judged_itself() {
        let mut owners = Owners::default();
        assert!(!owners.covers("p", &owned("Pod", "node", pod()), &[]));
        owners.covers("d", &deployment(), TEMPLATE);
        let mut helped = owned("Pod", "d", pod());
        helped["metadata"]["ownerReferences"][0]["controller"] = json!(false);
        assert!(!owners.covers("p", &helped, &[]));
        assert_eq!(owners.differing, 0);
    }

    #[test]
    fn a_former_revision_is_not_judged_and_a_running_one_is() {
        let mut owners = Owners::default();
        owners.covers("d", &deployment(), TEMPLATE);
        let mut other = spec();
        other["hostPID"] = json!(true);
        let set = |replicas| json!({"replicas": replicas, "template": {"spec": other}});
        assert!(owners.covers("r", &owned("ReplicaSet", "d", set(0)), TEMPLATE));
        assert!(!owners.covers("r", &owned("ReplicaSet", "d", set(1)), TEMPLATE));
    }
}
