//! Reads roles and bindings from objects. What the API server would refuse is noted as malformed; the rest is kept.

use plimsoll_yaml::{Kind, Node};

use super::{Binding, Entry, GROUP, Operator, PolicyRule, Role, Selector, Subject};
use crate::object::Object;
use crate::place::Place;
use crate::value::At;

pub(super) fn role(object: &Object<'_>) -> Role {
    let aggregation = object
        .node
        .get("aggregationRule")
        .filter(|node| !node.is_null());
    let aggregates = aggregation
        .filter(|_| object.kind == "ClusterRole")
        .map(|node| each(object, node, "clusterRoleSelectors", selector));
    let rules = each(object, object.node, "rules", policy_rule);
    let labels = object
        .node
        .get("metadata")
        .and_then(|metadata| metadata.get("labels"));
    Role {
        object: object.id(),
        rules: if aggregates.is_some() {
            Vec::new()
        } else {
            rules
        },
        aggregates,
        labels: labels
            .map(|labels| pairs(object, labels))
            .unwrap_or_default(),
        place: object
            .source()
            .place(At::nearest(object.node, &["metadata", "name"])),
    }
}

fn policy_rule<'t>(object: &Object<'t>, rule: Node<'t>) -> Option<PolicyRule> {
    if rule.kind() != Kind::Mapping {
        object.note_malformed(rule, "a rule with verbs");
        return None;
    }
    let texts = |key| each(object, rule, key, text);
    let verbs: Vec<Box<str>> = texts("verbs");
    if verbs.is_empty() {
        object.note_malformed(rule, "a rule with verbs");
    }
    let at = |key| object.source().place(At::nearest(rule, key));
    let groups = texts("apiGroups");
    let resources = each(object, rule, "resources", entry);
    if groups.is_empty() && !resources.is_empty() {
        object.note_malformed(rule, "a rule that names the apiGroups of its resources");
    }
    Some(PolicyRule {
        groups,
        resources,
        names: texts("resourceNames"),
        urls: texts("nonResourceURLs"),
        verbs,
        verbs_place: at(&["verbs"]),
        groups_place: at(&["apiGroups"]),
    })
}

pub(super) fn binding(object: &Object<'_>) -> Option<Binding> {
    let Some(reference) = object
        .node
        .get("roleRef")
        .filter(|node| node.kind() == Kind::Mapping)
    else {
        let wrong = object.node.get("roleRef").unwrap_or(object.node);
        object.note_malformed(wrong, "a binding with a roleRef");
        return None;
    };
    let word = |key| reference.get(key).and_then(Node::as_str);
    let group = word("apiGroup").is_none_or(|group| group.is_empty() || group == GROUP);
    let (Some(kind @ ("Role" | "ClusterRole")), Some(name), true) =
        (word("kind"), word("name"), group)
    else {
        object.note_malformed(reference, "a reference to a Role or ClusterRole");
        return None;
    };
    if object.kind == "ClusterRoleBinding" && kind == "Role" {
        object.note_malformed(reference, "a reference to a ClusterRole");
        return None;
    }
    Some(Binding {
        object: object.id(),
        role_kind: kind.into(),
        role_name: name.into(),
        role_place: object.source().place(At::nearest(reference, &["name"])),
        subjects: each(object, object.node, "subjects", subject),
    })
}

fn subject<'t>(object: &Object<'t>, node: Node<'t>) -> Option<Subject> {
    let word = |key| {
        node.get(key)
            .and_then(Node::as_str)
            .filter(|word| !word.is_empty())
    };
    let (Some(kind @ ("User" | "Group" | "ServiceAccount")), Some(name)) =
        (word("kind"), word("name"))
    else {
        object.note_malformed(node, "a User, Group or ServiceAccount with a name");
        return None;
    };
    let namespace = word("namespace")
        .or(object.namespace())
        .filter(|_| kind == "ServiceAccount");
    Some(Subject {
        kind: kind.into(),
        name: name.into(),
        namespace: namespace.map(Into::into),
        place: object.source().place(At::nearest(node, &["name"])),
    })
}

fn selector<'t>(object: &Object<'t>, node: Node<'t>) -> Option<Selector> {
    if node.kind() != Kind::Mapping {
        object.note_malformed(node, "a label selector");
        return None;
    }
    let labels = node.get("matchLabels").filter(|labels| !labels.is_null());
    let expressions = each(object, node, "matchExpressions", expression);
    let written = node.get("matchExpressions").map_or(0, Node::len);
    (expressions.len() == written).then(|| Selector {
        labels: labels
            .map(|labels| pairs(object, labels))
            .unwrap_or_default(),
        expressions,
    })
}

fn expression<'t>(
    object: &Object<'t>,
    node: Node<'t>,
) -> Option<(Box<str>, Operator, Vec<Box<str>>)> {
    let word = |key| node.get(key).and_then(Node::as_str);
    let operator = match word("operator") {
        Some("In") => Operator::In,
        Some("NotIn") => Operator::NotIn,
        Some("Exists") => Operator::Exists,
        Some("DoesNotExist") => Operator::DoesNotExist,
        _ => {
            object.note_malformed(node, "an expression of a label selector");
            return None;
        }
    };
    Some((
        word("key")?.into(),
        operator,
        each(object, node, "values", text),
    ))
}

/// What `read` makes of each item of the list at `key`; nothing when there is none.
fn each<'t, T>(
    object: &Object<'t>,
    node: Node<'t>,
    key: &str,
    read: impl Fn(&Object<'t>, Node<'t>) -> Option<T>,
) -> Vec<T> {
    match node.get(key) {
        None => Vec::new(),
        Some(list) if list.is_null() => Vec::new(),
        Some(list) if list.kind() == Kind::Sequence => {
            list.items().filter_map(|item| read(object, item)).collect()
        }
        Some(other) => {
            object.note_malformed(other, "a list");
            Vec::new()
        }
    }
}

fn text<'t>(object: &Object<'t>, node: Node<'t>) -> Option<Box<str>> {
    if node.as_str().is_none() {
        object.note_malformed(node, "a string");
    }
    node.as_str().map(Into::into)
}

fn entry<'t>(object: &Object<'t>, node: Node<'t>) -> Option<Entry> {
    let text = text(object, node)?;
    let place: Place = object.source().place(At::node(node));
    Some(Entry { text, place })
}

fn pairs<'t>(object: &Object<'t>, node: Node<'t>) -> Vec<(Box<str>, Box<str>)> {
    let pair = |(key, value): (Node<'t>, Node<'t>)| {
        let value = text(object, value)?;
        Some((key.key_text()?.into(), value))
    };
    node.entries().filter_map(pair).collect()
}
