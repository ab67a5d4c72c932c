//! `metadata` as admission sees it: what the API server, and for a pod its maker, gives every object is there and unknown.

use plimsoll_cel::Value;

use super::{member, member_mut, put, set, unknown};
use crate::resource::Scope;
use crate::sent::Sent;

/// Labels that controllers give their pods, by the kind that stands in the file.
const OF_MAKERS: &[(&str, &[&str])] = &[
    ("Deployment", &["pod-template-hash"]),
    (
        "DaemonSet",
        &["controller-revision-hash", "pod-template-generation"],
    ),
    (
        "StatefulSet",
        &[
            "apps.kubernetes.io/pod-index",
            "controller-revision-hash",
            "statefulset.kubernetes.io/pod-name",
        ],
    ),
    ("Job", OF_JOBS),
    ("CronJob", OF_JOBS),
];
pub(super) const OF_JOBS: &[&str] = &[
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
];

/// Completes the metadata.
pub(super) fn complete<'t>(sent: &Sent<'t>, value: &mut Value<'t>) {
    put(value, &["metadata"], || Value::map([]));
    if let Some(metadata) = member_mut(value, "metadata") {
        of_all(sent, metadata);
        if let Some(maker) = sent.maker() {
            of_made(maker, metadata);
        }
        if sent.is_namespace()
            && let Some(name) = sent.name
        {
            put(metadata, &["labels"], || Value::map([]));
            if let Some(labels) = member_mut(metadata, "labels") {
                set(labels, "kubernetes.io/metadata.name", Value::text(name));
            }
        }
    }
}

fn of_all<'t>(sent: &Sent<'t>, metadata: &mut Value<'t>) {
    for key in [
        "uid",
        "creationTimestamp",
        "managedFields",
        "generation",
        "resourceVersion",
    ] {
        set(
            metadata,
            key,
            unknown("what the API server gives every object"),
        );
    }
    if sent.name.is_none() {
        set(
            metadata,
            "name",
            unknown("the name of an object that does not say it"),
        );
    }
    match (sent.scope, sent.namespace) {
        (_, Some(namespace)) => set(metadata, "namespace", Value::text(namespace)),
        (Scope::Cluster, None) => {}
        (Scope::Namespaced | Scope::Unknown, None) => {
            set(
                metadata,
                "namespace",
                unknown("the object does not say its namespace"),
            );
        }
    }
}

fn of_made<'t>(maker: &str, metadata: &mut Value<'t>) {
    for key in ["ownerReferences", "generateName", "finalizers"] {
        set(metadata, key, unknown("what a controller gives its pods"));
    }
    let labels = OF_MAKERS.iter().find(|(kind, _)| *kind == maker);
    let Some((_, labels)) = labels else {
        return;
    };
    if member(metadata, "labels").is_none() {
        set(metadata, "labels", Value::map([]));
    }
    for label in *labels {
        if let Some(all) = member_mut(metadata, "labels") {
            set(
                all,
                label,
                unknown("a label that a controller gives its pods"),
            );
        }
    }
}
