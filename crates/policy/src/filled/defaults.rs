//! Fills in what the API server would: the tables, and defaults that follow from other fields.

use std::rc::Rc;

use plimsoll_cel::Value;

use super::table::Fill::{Int, Open, Text};
use super::table::{KINDS, Row, put_all};
use super::{items, member, member_mut, members, pod, put, set, unknown};
use crate::sent::Sent;

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
    if let Some((spec, above)) = pod_spec(kind).and_then(<[_]>::split_last) {
        let mut holder = Some(&mut *value);
        for key in above {
            holder = holder.and_then(|value| member_mut(value, key));
        }
        if let Some(holder) = holder {
            if let Some(spec) = member_mut(holder, spec) {
                pod::fill(spec, kind == "Pod");
                if kind == "Pod" && sent.is_limited() {
                    pod::limits(spec);
                }
            }
            pod::app_armor(holder);
        }
        templates(kind, value);
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
