//! Documents as the JSON that an API server takes, and where it takes them.

use plimsoll_yaml::edit::Value as Written;
use plimsoll_yaml::{Kind, Node, Scalar, parse, split};
use serde_json::{Map, Value, json};

/// The collections of the kinds that policies look at, below the API's root.
const COLLECTIONS: &[(&str, &str, &str)] = &[
    ("Pod", "/api/v1", "pods"),
    ("PodTemplate", "/api/v1", "podtemplates"),
    ("ReplicationController", "/api/v1", "replicationcontrollers"),
    ("Deployment", "/apis/apps/v1", "deployments"),
    ("ReplicaSet", "/apis/apps/v1", "replicasets"),
    ("StatefulSet", "/apis/apps/v1", "statefulsets"),
    ("DaemonSet", "/apis/apps/v1", "daemonsets"),
    ("Job", "/apis/batch/v1", "jobs"),
    ("CronJob", "/apis/batch/v1", "cronjobs"),
    ("Service", "/api/v1", "services"),
    ("Secret", "/api/v1", "secrets"),
    ("Ingress", "/apis/networking.k8s.io/v1", "ingresses"),
    (
        "NetworkPolicy",
        "/apis/networking.k8s.io/v1",
        "networkpolicies",
    ),
    ("Role", "/apis/rbac.authorization.k8s.io/v1", "roles"),
    (
        "RoleBinding",
        "/apis/rbac.authorization.k8s.io/v1",
        "rolebindings",
    ),
];

/// The collections of kinds outside of namespaces.
const OF_CLUSTER: &[(&str, &str)] = &[
    ("Namespace", "/api/v1/namespaces"),
    ("PersistentVolume", "/api/v1/persistentvolumes"),
    (
        "ClusterRole",
        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    ),
    (
        "ClusterRoleBinding",
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    ),
    (
        "ValidatingWebhookConfiguration",
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    ),
    (
        "MutatingWebhookConfiguration",
        "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
    ),
    ("StorageClass", "/apis/storage.k8s.io/v1/storageclasses"),
];

/// Where objects of a kind are created, in a namespace if they live in one; `None` for kinds that no policy looks at.
pub(crate) fn collection(kind: &str, namespace: &str) -> Option<String> {
    if let Some((_, path)) = OF_CLUSTER.iter().find(|(name, _)| *name == kind) {
        return Some((*path).to_owned());
    }
    let (_, root, resource) = COLLECTIONS.iter().find(|(name, ..)| *name == kind)?;
    Some(format!("{root}/namespaces/{namespace}/{resource}"))
}

/// Do objects of the kind live outside of namespaces?
pub(crate) fn is_of_cluster(kind: &str) -> bool {
    OF_CLUSTER.iter().any(|(name, _)| *name == kind)
}

/// A document of one object.
pub(crate) fn read(text: &str) -> Option<Value> {
    let chunk = split(text).into_iter().next()?;
    let tree = parse(text, &chunk).ok()?;
    Some(of_node(tree.root()))
}

fn of_node(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Mapping => {
            let entries = node.entries();
            let entry = |(key, value): (Node<'_>, Node<'_>)| {
                (
                    key.key_text().unwrap_or_default().to_owned(),
                    of_node(value),
                )
            };
            Value::Object(entries.map(entry).collect::<Map<_, _>>())
        }
        Kind::Sequence => node.items().map(of_node).collect(),
        _ => match node.scalar() {
            Some(Scalar::Bool(value)) => json!(value),
            Some(Scalar::Int(value)) => json!(value),
            Some(Scalar::Float(value)) => json!(value),
            Some(Scalar::Str(value)) => json!(value),
            _ => Value::Null,
        },
    }
}

/// A manifest of ours.
pub(crate) fn of_manifest(value: &Written) -> Value {
    match value {
        Written::Bool(value) => json!(value),
        Written::Int(value) => json!(value),
        Written::Str(value) => json!(value),
        Written::List(items) => items.iter().map(of_manifest).collect(),
        Written::Map(members) => {
            let members = members.iter();
            Value::Object(
                members
                    .map(|(key, value)| (key.clone(), of_manifest(value)))
                    .collect(),
            )
        }
    }
}

/// Adds what the API asks of a workload beside its pod, and of others, and what examples leave out.
pub(crate) fn complete(object: &mut Value) {
    let kind = object["kind"].as_str().unwrap_or_default().to_owned();
    let labels = json!({"app": "sample"});
    let spec = &mut object["spec"];
    match kind.as_str() {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => {
            spec["selector"] = json!({"matchLabels": labels});
            spec["template"]["metadata"]["labels"] = labels;
        }
        "ReplicationController" => {
            spec["selector"] = labels.clone();
            spec["template"]["metadata"]["labels"] = labels;
        }
        "PersistentVolume" => {
            spec["accessModes"] = json!(["ReadWriteOnce"]);
            spec["capacity"] = json!({"storage": "1Gi"});
            if spec["local"].is_object() {
                let term = json!({"key": "kubernetes.io/hostname", "operator": "Exists"});
                let terms = json!([{"matchExpressions": [term]}]);
                spec["nodeAffinity"] = json!({"required": {"nodeSelectorTerms": terms}});
            }
        }
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            let webhooks = object["webhooks"].as_array_mut();
            webhooks.into_iter().flatten().for_each(complete_webhook);
        }
        "Job" => run_once(&mut spec["template"]["spec"]),
        "CronJob" => {
            spec["schedule"] = json!("0 3 * * *");
            run_once(&mut spec["jobTemplate"]["spec"]["template"]["spec"]);
        }
        _ => {}
    }
}

fn complete_webhook(webhook: &mut Value) {
    webhook["sideEffects"] = json!("None");
    webhook["admissionReviewVersions"] = json!(["v1"]);
    if webhook["clientConfig"].is_null() {
        webhook["clientConfig"] = json!({"url": "https://webhook.example.com/"});
    }
}

/// Jobs take no pod that restarts for ever, which is what pods do by default.
fn run_once(spec: &mut Value) {
    if spec["restartPolicy"].is_null() || spec["restartPolicy"] == "Always" {
        spec["restartPolicy"] = json!("Never");
    }
}
