//! A cluster of any number of pods and 2,000 other objects, in a hundred namespaces. Pods are as large as they are in life:
//! with a status and the fields' managers, which a snapshot drops.

use serde_json::{Value, json};

/// How many of each other kind there are, with their API version and resource; 2,000 together.
pub(super) const OTHERS: [(&str, &str, &str, usize); 6] = [
    ("v1", "Namespace", "namespaces", 100),
    ("v1", "ServiceAccount", "serviceaccounts", 300),
    ("v1", "ConfigMap", "configmaps", 400),
    ("v1", "Service", "services", 400),
    ("apps/v1", "Deployment", "deployments", 400),
    ("apps/v1", "ReplicaSet", "replicasets", 400),
];

/// How many namespaces there are.
const NAMESPACES: usize = 100;

/// The namespace of an object.
fn namespace(number: usize) -> String {
    format!("team-{}", number % NAMESPACES)
}

/// One of the other objects.
pub(super) fn other(api_version: &str, kind: &str, number: usize) -> Value {
    let name = match kind {
        "Namespace" => namespace(number),
        _ => format!("app-{number}"),
    };
    let mut metadata = json!({"name": name, "uid": format!("{kind}-{number}")});
    if kind != "Namespace" {
        put(&mut metadata, "", "namespace", namespace(number).into());
    }
    if kind == "ReplicaSet" {
        let owners = json!([owner("apps/v1", "Deployment", number)]);
        put(&mut metadata, "", "ownerReferences", owners);
    }
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": metadata});
    let labels = json!({"app": format!("app-{number}")});
    match kind {
        "ConfigMap" => {
            let data = json!({"settings.conf": "color = blue\n".repeat(40)});
            put(&mut object, "", "data", data);
        }
        "Service" => {
            let ports = json!([{"port": 80, "targetPort": 8080}]);
            let spec = json!({"clusterIP": "None", "selector": labels, "ports": ports});
            put(&mut object, "", "spec", spec);
        }
        "Deployment" | "ReplicaSet" => {
            let template = json!({"metadata": {"labels": labels}, "spec": spec(number)});
            let spec =
                json!({"replicas": 2, "selector": {"matchLabels": labels}, "template": template});
            put(&mut object, "", "spec", spec);
        }
        _ => {}
    }
    object
}

/// Adds a field to the object at `at` in a value.
fn put(value: &mut Value, at: &str, key: &str, new: Value) {
    if let Some(Value::Object(fields)) = value.pointer_mut(at) {
        fields.insert(key.to_owned(), new);
    }
}

fn owner(api_version: &str, kind: &str, number: usize) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "name": format!("app-{number}"),
        "uid": format!("{kind}-{number}"), "controller": true})
}

fn spec(number: usize) -> Value {
    let probe = json!({"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 10});
    let env: Vec<Value> = (0..8)
        .map(|variable| json!({"name": format!("SETTING_{variable}"), "value": "a value of some length"}))
        .collect();
    json!({"serviceAccountName": format!("app-{}", number % 300), "containers": [{
        "name": "app", "image": format!("registry.example.com/app-{number}:1.2.3"), "env": env,
        "ports": [{"containerPort": 8080}], "livenessProbe": probe, "readinessProbe": probe,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]})
}

/// A pod; `alone`: nothing made it.
pub(super) fn pod(number: usize, alone: bool) -> Value {
    let app = number % 400;
    let mut metadata = json!({"name": format!("app-{app}-{number}"), "namespace": namespace(app),
        "uid": format!("pod-{number}"), "labels": {"app": format!("app-{app}")}});
    if !alone {
        let owners = json!([owner("apps/v1", "ReplicaSet", app)]);
        put(&mut metadata, "", "ownerReferences", owners);
    }
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec(app)})
}

/// What a server adds to a pod while it runs: half of its size.
pub(super) fn with_status(mut pod: Value) -> Value {
    let fields = json!({"f:status": {"f:conditions": "x".repeat(900), "f:containerStatuses": "x".repeat(500)}});
    let managers = json!([
        {"manager": "kube-controller-manager", "operation": "Update", "fieldsV1": fields},
        {"manager": "kubelet", "operation": "Update", "fieldsV1": fields}]);
    put(&mut pod, "/metadata", "managedFields", managers);
    let condition =
        json!({"type": "Ready", "status": "True", "lastTransitionTime": "2026-11-21T00:00:00Z"});
    let status = json!({"phase": "Running", "podIP": "10.0.0.1",
        "conditions": vec![condition; 4], "containerStatuses": [{"name": "app", "ready": true,
            "imageID": format!("registry.example.com/app@sha256:{}", "0".repeat(64))}]});
    put(&mut pod, "", "status", status);
    put(&mut pod, "/spec", "nodeName", "node-1".into());
    pod
}
