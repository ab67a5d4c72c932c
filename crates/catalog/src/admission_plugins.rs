//! What the API server's admission plugins are configured with: inline in an AdmissionConfiguration, or in a file of the plugin's own.
//! A plugin that names another file by `path` says nothing here.

use plimsoll_control::GroupKind;
use plimsoll_snapshot::admission::SENSITIVE;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::{Kind, Node};

/// The file that names plugins and may hold their configuration.
pub(crate) const ADMISSION: GroupKind = ("apiserver.config.k8s.io", "AdmissionConfiguration");
/// The configuration of the plugin PodSecurity.
pub(crate) const POD_SECURITY: GroupKind = (
    "pod-security.admission.config.k8s.io",
    "PodSecurityConfiguration",
);

/// The configuration of a plugin. `None`: the object does not hold it.
pub(crate) fn configuration<'t>(object: &Object<'t>, plugin: &str) -> Option<Node<'t>> {
    if object.kind != ADMISSION.1 {
        return Some(object.node);
    }
    let mut plugins = object.items(object.node, "plugins");
    let named = plugins.find(|entry| entry.get("name").and_then(Node::as_str) == Some(plugin))?;
    let inline = named.get("configuration").filter(|node| !node.is_null())?;
    if inline.kind() != Kind::Mapping {
        object.note_malformed(inline, "a configuration");
        return None;
    }
    Some(inline)
}

/// In CEL: does the webhook `w` look at creations or changes of a sensitive resource?
pub(crate) fn sensitive_in_cel() -> String {
    let watched = SENSITIVE.iter().map(|resource| {
        let (name, group) = resource.split_once('.').unwrap_or((resource, ""));
        let names = match name.split_once('/') {
            Some((whole, below)) => format!("'{name}', '{whole}/*', '*/{below}', '*/*'"),
            None => format!("'{name}', '*', '*/*'"),
        };
        format!(
            "r.apiGroups.exists(g, g in ['{group}', '*']) && r.resources.exists(x, x in [{names}])"
        )
    });
    let watched = watched.collect::<Vec<_>>().join(" || ");
    format!(
        "has(w.rules) && w.rules.exists(r, r.operations.exists(o, o in ['CREATE', 'UPDATE', 'CONNECT', '*']) && ({watched}))"
    )
}
