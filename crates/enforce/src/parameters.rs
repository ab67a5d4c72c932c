//! What a policy has to be told from outside: the trusted registries, as a ConfigMap that the binding names. They change without
//! the policy, and who may change them is a matter of rights on one object.

use plimsoll_yaml::edit::Value;

use crate::policy::{digest, map, text};

/// The ConfigMap's name.
pub const NAME: &str = "plimsoll-trusted-registries";
/// Where it lies: few may write there, and no workload does.
pub const NAMESPACE: &str = "kube-system";
/// The key whose value holds one registry on each line, with or without the beginning of a path.
pub const KEY: &str = "registries";

/// The registries in CEL, without blanks and final slashes; none where the key is missing, so that nothing is trusted then.
pub(crate) const TRUSTED: &str = "(has(params.data) && \"registries\" in params.data ? params.data.registries : \"\")\n  \
     .split(\"\\n\")\n  .map(line, line.trim())\n  \
     .map(line, line.endsWith(\"/\") ? line.substring(0, size(line) - 1) : line)\n  \
     .filter(line, line != \"\")";

/// What a policy says about its parameters.
pub(crate) fn kind() -> Value {
    map([("apiVersion", text("v1")), ("kind", text("ConfigMap"))])
}

/// What a binding says: without the ConfigMap nothing is let in, so that nobody switches the policy off by deleting it.
pub(crate) fn reference() -> Value {
    map([
        ("name", text(NAME)),
        ("namespace", text(NAMESPACE)),
        ("parameterNotFoundAction", text("Deny")),
    ])
}

/// The ConfigMap as a manifest.
pub fn manifest(registries: &[String]) -> Value {
    let lines: String = registries
        .iter()
        .map(|registry| format!("{}\n", registry.trim_end_matches('/')))
        .collect();
    let data = map([(KEY, text(&lines))]);
    let labels = map([("app.kubernetes.io/managed-by", text("plimsoll"))]);
    let annotations = map([("plimsoll.dev/digest", text(&digest(&data)))]);
    let metadata = map([
        ("name", text(NAME)),
        ("namespace", text(NAMESPACE)),
        ("labels", labels),
        ("annotations", annotations),
    ]);
    map([
        ("apiVersion", text("v1")),
        ("kind", text("ConfigMap")),
        ("metadata", metadata),
        ("data", data),
    ])
}
