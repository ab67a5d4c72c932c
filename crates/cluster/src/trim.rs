//! What is kept of an object. `managedFields` and the last applied configuration are dropped without being read, as are
//! `status` and what changes by itself; credentials are replaced by what stands in for them.
//!
//! Invariant: no value of an environment variable or of a ConfigMap is kept, only whether it looks like a credential; but for
//! the settings of Kubernetes' own programs, which are judged.

use std::collections::BTreeMap;

use plimsoll_snapshot::component::{ETCD_VARIABLE, Program};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use crate::settings;

/// Decides what is kept of values that may be credentials. `None` from any of them: this is none.
#[derive(Copy, Clone)]
pub struct StandIns {
    /// Of a value below a name.
    pub value: fn(&str, &str) -> Option<String>,
    /// Of a text that is a file or a script.
    pub text: fn(&str) -> Option<String>,
    /// Of any text, in which only known formats count.
    pub token: fn(&str) -> Option<String>,
    /// Of an argument behind another one.
    pub argument: fn(Option<&str>, &str) -> Option<String>,
}

/// Holds the whole object as it was applied, values of Secrets included.
pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// What the server changes by itself, so that snapshots can be compared.
pub(crate) const FLEETING: [&str; 6] = [
    "managedFields",
    "resourceVersion",
    "uid",
    "generation",
    "creationTimestamp",
    "selfLink",
];

/// An object as it came, with what is needed before it is trimmed.
pub(crate) struct Item {
    /// Trimmed of what is never read.
    pub(crate) object: Map<String, Value>,
    /// `metadata.uid`.
    pub(crate) uid: String,
}

type Raw<'r> = BTreeMap<String, &'r RawValue>;

/// Reads an item of a list.
pub(crate) fn read(raw: &str, api_version: &str, kind: &str) -> serde_json::Result<Item> {
    let fields: Raw<'_> = serde_json::from_str(raw)?;
    let mut object = Map::new();
    let mut uid = String::new();
    for (key, value) in fields {
        match key.as_str() {
            "status" => {}
            "metadata" => {
                let (metadata, own) = metadata(value)?;
                uid = own;
                object.insert(key, metadata);
            }
            _ => {
                object.insert(key, serde_json::from_str(value.get())?);
            }
        }
    }
    object.insert("apiVersion".to_owned(), json!(api_version));
    object.insert("kind".to_owned(), json!(kind));
    Ok(Item { object, uid })
}

fn metadata(raw: &RawValue) -> serde_json::Result<(Value, String)> {
    let fields: Raw<'_> = serde_json::from_str(raw.get())?;
    let mut metadata = Map::new();
    let mut uid = String::new();
    for (key, value) in fields {
        match key.as_str() {
            "uid" => uid = serde_json::from_str(value.get())?,
            key if FLEETING.contains(&key) => {}
            "annotations" if value.get() != "null" => {
                let mut annotations: Raw<'_> = serde_json::from_str(value.get())?;
                annotations.remove(LAST_APPLIED);
                let kept = annotations.into_iter().map(|(key, value)| {
                    serde_json::from_str(value.get()).map(|value: Value| (key, value))
                });
                let kept: Map<String, Value> = kept.collect::<Result<_, _>>()?;
                if !kept.is_empty() {
                    metadata.insert(key, Value::Object(kept));
                }
            }
            _ => {
                metadata.insert(key, serde_json::from_str(value.get())?);
            }
        }
    }
    Ok((Value::Object(metadata), uid))
}

/// Only what is judged of a kind that is not Kubernetes' own: its pod template. The rest may be anything.
pub(crate) fn keep_template(object: &mut Map<String, Value>) {
    let template = object.get("spec").and_then(|spec| spec.get("template"));
    let template = template.cloned().unwrap_or(Value::Null);
    object.retain(|key, _| matches!(key.as_str(), "apiVersion" | "kind" | "metadata"));
    object.insert("spec".to_owned(), json!({ "template": template }));
}

/// Replaces what may be a credential.
pub fn conceal(object: &mut Map<String, Value>, stand_ins: &StandIns) {
    let is_config_map = object.get("kind").and_then(Value::as_str) == Some("ConfigMap");
    if is_config_map {
        object.remove("binaryData");
        if let Some(Value::Object(data)) = object.get_mut("data") {
            for (key, value) in data {
                conceal_data(key, value, stand_ins);
            }
        }
    }
    for value in object.values_mut() {
        conceal_all(None, value, stand_ins);
    }
}

/// Of a ConfigMap's text only a credential's stand-in is left, or nothing; settings stay.
fn conceal_data(key: &str, value: &mut Value, stand_ins: &StandIns) {
    let Value::String(text) = value else {
        return;
    };
    if let Some(kept) = settings::kept(text, stand_ins) {
        *text = kept;
        return;
    }
    let kept = (stand_ins.value)(key, text).or_else(|| {
        (stand_ins.text)(text)?;
        (stand_ins.text)("password=hunter2-staple")
    });
    *text = kept.unwrap_or_default();
}

/// Replaces what may be a credential in a file of settings, where names tell more than in an object.
pub(crate) fn conceal_settings(document: &mut Map<String, Value>, stand_ins: &StandIns) {
    for (name, value) in document {
        conceal_setting(name, value, stand_ins);
        conceal_all(Some(name), value, stand_ins);
    }
}

fn conceal_setting(name: &str, value: &mut Value, stand_ins: &StandIns) {
    match value {
        Value::String(text) => match (stand_ins.value)(name, text) {
            Some(kept) => *text = kept,
            None if is_secret_setting(name) => text.clear(),
            None => {}
        },
        Value::Array(items) => {
            let items = items.iter_mut();
            items.for_each(|item| conceal_setting(name, item, stand_ins));
        }
        Value::Object(fields) => {
            let is_header = name == "staticPodURLHeader";
            for (name, value) in fields {
                let name = if is_header { SECRET } else { name };
                conceal_setting(name, value, stand_ins);
            }
        }
        _ => {}
    }
}

/// The name of a value that is nobody's business.
const SECRET: &str = "secret";

fn is_secret_setting(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["secret", "token", "password", "certificatekey"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn conceal_all(key: Option<&str>, value: &mut Value, stand_ins: &StandIns) {
    match value {
        Value::String(text) => {
            if let Some(kept) = (stand_ins.token)(text) {
                *text = kept;
            }
        }
        Value::Array(items) if matches!(key, Some("args" | "command")) => {
            conceal_arguments(items, stand_ins);
        }
        Value::Array(items) => {
            for item in items {
                if key == Some("env") {
                    conceal_variable(item, stand_ins);
                }
                conceal_all(None, item, stand_ins);
            }
        }
        Value::Object(fields) => {
            conceal_pair(fields, stand_ins);
            let is_etcd = settings::program(fields) == Some(Program::Etcd);
            for (name, value) in fields {
                match value {
                    Value::Object(entries) if name == "annotations" => {
                        conceal_named(entries, stand_ins);
                    }
                    Value::Array(variables) if name == "env" && is_etcd => {
                        let variables = variables.iter_mut();
                        variables.for_each(|variable| conceal_own_variable(variable, stand_ins));
                        continue;
                    }
                    _ => {}
                }
                conceal_all(Some(name), value, stand_ins);
            }
        }
        _ => {}
    }
}

/// A header of a probe, or anything else with a name and a value.
fn conceal_pair(fields: &mut Map<String, Value>, stand_ins: &StandIns) {
    let text = |key| fields.get(key).and_then(Value::as_str);
    let kept = text("name")
        .zip(text("value"))
        .and_then(|(name, value)| (stand_ins.value)(name, value));
    if let Some(kept) = kept {
        fields.insert("value".to_owned(), Value::String(kept));
    }
}

/// A variable of etcd, which may stand for a flag.
fn conceal_own_variable(variable: &mut Value, stand_ins: &StandIns) {
    let name = variable.get("name").and_then(Value::as_str);
    match name.and_then(|name| name.strip_prefix(ETCD_VARIABLE)) {
        Some(flag) => {
            let flag = flag.to_owned();
            if let Some(value) = variable.get_mut("value") {
                conceal_setting(&flag, value, stand_ins);
            }
        }
        None => conceal_variable(variable, stand_ins),
    }
    conceal_all(None, variable, stand_ins);
}

/// The value of a variable that is no credential is of no interest, and is not kept.
fn conceal_variable(variable: &mut Value, stand_ins: &StandIns) {
    let text = |key| variable.get(key).and_then(Value::as_str);
    let Some((name, value)) = text("name").zip(text("value")) else {
        return;
    };
    let kept = (stand_ins.value)(name, value).unwrap_or_default();
    if let Some(value) = variable.get_mut("value") {
        *value = Value::String(kept);
    }
}

fn conceal_named(entries: &mut Map<String, Value>, stand_ins: &StandIns) {
    for (name, value) in entries {
        if let Value::String(text) = value
            && let Some(kept) = (stand_ins.value)(name, text)
        {
            *text = kept;
        }
    }
}

fn conceal_arguments(items: &mut [Value], stand_ins: &StandIns) {
    let mut before: Option<String> = None;
    for item in items {
        if let Value::String(text) = item {
            let came = text.clone();
            if let Some(kept) = (stand_ins.argument)(before.as_deref(), text) {
                *text = kept;
            }
            before = Some(came);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_ins() -> StandIns {
        StandIns {
            value: |name, value| {
                (name.contains("PASS") || value.contains("s3cret")).then(|| "HIDDEN".to_owned())
            },
            text: |text| {
                (text.contains("s3cret") || text.contains("hunter2"))
                    .then(|| "password=HIDDEN".to_owned())
            },
            token: |text| text.contains("s3cret").then(|| "TOKEN".to_owned()),
            argument: |before, text| {
                (before == Some("--pass") || text.contains("s3cret")).then(|| "ARG".to_owned())
            },
        }
    }

    fn trimmed(object: &Value) -> Value {
        let mut item = read(&object.to_string(), "v1", "Pod").unwrap();
        if let Some(kind) = object.get("kind") {
            item.object.insert("kind".to_owned(), kind.clone());
        }
        conceal(&mut item.object, &stand_ins());
        Value::Object(item.object)
    }

    #[test]
    fn what_the_server_adds_is_dropped_and_the_rest_is_kept() {
        let item = read(
            r#"{"metadata": {"name": "a", "uid": "u", "resourceVersion": "7", "managedFields": [1e999999],
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "s3cret", "x": "y"}},
                "spec": {"hostPID": true}, "status": {"phase": "s3cret"}}"#,
            "v1",
            "Pod",
        )
        .unwrap();
        assert_eq!(item.uid, "u");
        let expected = json!({"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": true},
            "metadata": {"name": "a", "annotations": {"x": "y"}}});
        assert_eq!(Value::Object(item.object), expected);
    }

    #[test]
    fn values_of_variables_are_not_kept_but_for_the_verdict() {
        let env = json!([{"name": "PASSWORD", "value": "x"}, {"name": "COLOR", "value": "blue"},
            {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]);
        let spec = json!({"containers": [{"name": "a", "env": env}]});
        let kept = trimmed(&json!({"metadata": {"name": "a"}, "spec": spec}));
        assert_eq!(
            kept["spec"]["containers"][0]["env"],
            json!([{"name": "PASSWORD", "value": "HIDDEN"}, {"name": "COLOR", "value": ""},
                {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}])
        );
    }

    #[test]
    fn what_etcd_takes_for_flags_is_kept_but_for_credentials() {
        let env = json!([{"name": "ETCD_CLIENT_CERT_AUTH", "value": "false"}, {"name": "COLOR", "value": "blue"},
            {"name": "ETCD_INITIAL_CLUSTER_TOKEN", "value": "x"}, {"name": "ETCD_PASSWORD", "value": "x"}]);
        let values = |command: &str| {
            let spec = json!({"containers": [{"name": "a", "command": [command], "env": env}]});
            let kept = trimmed(&json!({"metadata": {"name": "a"}, "spec": spec}));
            let env = kept["spec"]["containers"][0]["env"].clone();
            let env: Vec<Value> = serde_json::from_value(env).unwrap();
            env.into_iter()
                .map(|variable| variable["value"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(values("/usr/bin/etcd"), ["false", "", "", "HIDDEN"]);
        assert_eq!(values("web"), ["", "", "", "HIDDEN"]);
    }

    #[test]
    fn nothing_of_a_config_map_is_kept_but_for_the_verdict() {
        let kept = trimmed(&json!({"kind": "ConfigMap", "metadata": {"name": "a"},
            "data": {"plain": "anything", "conf": "a: s3cret"}, "binaryData": {"b": "czNjcmV0"}}));
        assert_eq!(kept["data"], json!({"plain": "", "conf": "HIDDEN"}));
        assert!(kept.get("binaryData").is_none());
    }

    #[test]
    fn secrets_go_wherever_they_stand() {
        let header = json!({"name": "X-PASS", "value": "abc"});
        let container = json!({"name": "a", "args": ["--pass", "abc", "-v"], "image": "s3cret",
            "livenessProbe": {"exec": {"command": ["curl", "s3cret"]}, "httpGet": {"httpHeaders": [header]}}});
        let kept = trimmed(
            &json!({"metadata": {"name": "a", "annotations": {"PASS": "abc"}},
            "spec": {"sysctls": [{"name": "kernel.x", "value": "1"}], "containers": [container]}}),
        );
        let text = kept.to_string();
        assert!(!text.contains("s3cret") && !text.contains("abc"), "{text}");
        assert_eq!(kept["spec"]["sysctls"][0]["value"], "1");
        assert_eq!(
            kept["spec"]["containers"][0]["args"],
            json!(["--pass", "ARG", "-v"])
        );
    }

    #[test]
    fn of_a_custom_kind_only_the_template_is_kept() {
        let mut item = read(
            r#"{"metadata": {"name": "a"}, "spec": {"template": {"spec": {}}, "license": "s3cret"}, "extra": 1}"#,
            "example.com/v1",
            "Rollout",
        )
        .unwrap();
        keep_template(&mut item.object);
        let expected = json!({"apiVersion": "example.com/v1", "kind": "Rollout", "metadata": {"name": "a"},
            "spec": {"template": {"spec": {}}}});
        assert_eq!(Value::Object(item.object), expected);
    }
}
