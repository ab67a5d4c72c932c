//! Admission webhooks, admission policies and their bindings, read alike: what each looks at, which selectors let requests
//! pass it by, and whether it can refuse. What a webhook or an expression decides is not known here.

use plimsoll_yaml::{Kind, Node};

use crate::object::Object;
use crate::shape::{child, items, texts};

/// The group of all these kinds.
pub const GROUP: &str = "admissionregistration.k8s.io";

/// One webhook of a configuration, or the spec of a policy or of a binding.
pub struct Gate<'t> {
    /// The webhook's mapping, or the `spec`.
    pub node: Node<'t>,
    /// What holds the rules and the selectors; for a binding `None` where it takes them over from its policy.
    pub scope: Option<Node<'t>>,
    /// What it looks at; empty for a binding that takes its policy's.
    pub rules: Vec<GateRule<'t>>,
    /// Can it refuse? Mutating ones only change.
    pub refuses: bool,
    /// Is it one of perhaps several webhooks of its object?
    pub is_webhook: bool,
    /// Is it a binding, which takes over what it does not say from its policy?
    pub binds: bool,
}

/// Requests that a gate looks at.
pub struct GateRule<'t> {
    /// `apiGroups`.
    pub groups: Vec<&'t str>,
    /// `apiVersions`.
    pub versions: Vec<&'t str>,
    /// `operations`.
    pub operations: Vec<&'t str>,
    /// `resources` with their nodes.
    pub resources: Vec<(&'t str, Node<'t>)>,
}

/// Resources as kubectl names them, through which somebody could take over a workload, a node or the cluster.
pub const SENSITIVE: &[&str] = &[
    "pods",
    "pods/exec",
    "pods/attach",
    "pods/ephemeralcontainers",
    "replicationcontrollers",
    "podtemplates",
    "deployments.apps",
    "daemonsets.apps",
    "statefulsets.apps",
    "replicasets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "namespaces",
    "nodes",
    "secrets",
    "serviceaccounts",
    "serviceaccounts/token",
    "roles.rbac.authorization.k8s.io",
    "rolebindings.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io",
    "clusterrolebindings.rbac.authorization.k8s.io",
    "networkpolicies.networking.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
];

/// The gates that an object holds; none for other kinds.
pub fn gates<'t>(object: &Object<'t>) -> Vec<Gate<'t>> {
    if object.group() != GROUP {
        return Vec::new();
    }
    let (scope, refuses) = match object.kind {
        "ValidatingWebhookConfiguration" => return webhooks(object, true),
        "MutatingWebhookConfiguration" => return webhooks(object, false),
        "ValidatingAdmissionPolicy" => ("matchConstraints", true),
        "MutatingAdmissionPolicy" => ("matchConstraints", false),
        "ValidatingAdmissionPolicyBinding" => ("matchResources", true),
        "MutatingAdmissionPolicyBinding" => ("matchResources", false),
        _ => return Vec::new(),
    };
    let Some(node) = child(object, object.node, "spec", Kind::Mapping) else {
        return Vec::new();
    };
    let scope = child(object, node, scope, Kind::Mapping);
    let rules = scope.map_or_else(Vec::new, |scope| rules(object, scope, "resourceRules"));
    vec![Gate {
        node,
        scope,
        rules,
        refuses,
        is_webhook: false,
        binds: object.kind.ends_with("Binding"),
    }]
}

impl<'t> Gate<'t> {
    /// What goes between the object's name and what is said of the gate: empty where the object is the gate.
    pub fn that(&self) -> String {
        match self.node.get("name").and_then(Node::as_str) {
            _ if !self.is_webhook => String::new(),
            Some(name) => format!("has a webhook, {name}, that "),
            None => "has a webhook that ".to_owned(),
        }
    }

    /// Does it look at creations or changes of a resource, named as in [`SENSITIVE`]? A binding without rules of its own
    /// looks at whatever its policy looks at, and so perhaps at this.
    pub fn may_watch(&self, resource: &str) -> bool {
        (self.binds && self.rules.is_empty())
            || self.watches(resource, &["CREATE", "UPDATE", "CONNECT"])
    }

    /// Is there a rule for one of these operations on a resource, named as in [`SENSITIVE`]?
    pub fn watches(&self, resource: &str, operations: &[&str]) -> bool {
        let (name, group) = resource.split_once('.').unwrap_or((resource, ""));
        self.rules.iter().any(|rule| {
            let operation = |wanted: &&str| operations.contains(wanted) || *wanted == "*";
            let named = |written: &(&str, Node<'_>)| covers(written.0, name);
            rule.operations.iter().any(operation)
                && rule
                    .groups
                    .iter()
                    .any(|other| *other == group || *other == "*")
                && rule.resources.iter().any(named)
        })
    }

    /// A selector that leaves something out: `namespaceSelector` or `objectSelector` with a condition.
    pub fn selector(&self, object: &Object<'t>, key: &str) -> Option<Node<'t>> {
        let selector = child(object, self.scope?, key, Kind::Mapping)?;
        let labels = child(object, selector, "matchLabels", Kind::Mapping);
        let expressions = child(object, selector, "matchExpressions", Kind::Sequence);
        let mut conditions = labels.into_iter().chain(expressions);
        conditions.any(|node| !node.is_empty()).then_some(selector)
    }
}

/// Does a rule's resource mean this one? `*` means every resource without a slash, `*/*` everything.
fn covers(written: &str, name: &str) -> bool {
    let part = |written: &str, name: &str| written == "*" || written == name;
    match (written.split_once('/'), name.split_once('/')) {
        (Some(("*", "*")), _) => true,
        (None, None) => part(written, name),
        (Some((written, below)), Some((name, named))) => part(written, name) && part(below, named),
        _ => false,
    }
}

fn webhooks<'t>(object: &Object<'t>, refuses: bool) -> Vec<Gate<'t>> {
    let webhooks = items(object, object.node, "webhooks").into_iter();
    webhooks
        .map(|node| Gate {
            node,
            scope: Some(node),
            rules: rules(object, node, "rules"),
            refuses,
            is_webhook: true,
            binds: false,
        })
        .collect()
}

fn rules<'t>(object: &Object<'t>, scope: Node<'t>, key: &str) -> Vec<GateRule<'t>> {
    let rules = items(object, scope, key).into_iter();
    let bare = |rule, key| {
        let texts = texts(object, rule, key).into_iter();
        texts.map(|(text, _)| text).collect()
    };
    rules
        .map(|rule| GateRule {
            groups: bare(rule, "apiGroups"),
            versions: bare(rule, "apiVersions"),
            operations: bare(rule, "operations"),
            resources: texts(object, rule, "resources"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_star_stands_for_one_level_and_two_for_all() {
        for (written, name) in [
            ("*", "pods"),
            ("*/*", "pods"),
            ("*/*", "pods/exec"),
            ("pods/*", "pods/exec"),
            ("*/exec", "pods/exec"),
            ("pods", "pods"),
        ] {
            assert!(covers(written, name), "{written} {name}");
        }
        for (written, name) in [
            ("*", "pods/exec"),
            ("pods/*", "pods"),
            ("pods", "pods/exec"),
        ] {
            assert!(!covers(written, name), "{written} {name}");
        }
    }
}
