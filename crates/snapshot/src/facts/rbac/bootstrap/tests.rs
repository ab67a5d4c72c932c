//! What the table of the API server's own roles covers, and what it does not.

use super::*;
use crate::facts::rbac::Entry;
use crate::object::ObjectId;
use crate::place::Place;

fn place() -> Place {
    Place {
        path: plimsoll_yaml::Path::from(Vec::new()),
        stable: "".into(),
        location: None,
        excerpt: None,
    }
}

fn texts(words: &[&str]) -> Vec<Box<str>> {
    words.iter().map(|word| (*word).into()).collect()
}

fn rule(group: &str, resource: &str, names: &[&str], verbs: &[&str]) -> PolicyRule {
    let entry = Entry {
        text: resource.into(),
        place: place(),
    };
    PolicyRule {
        groups: texts(&[group]),
        resources: vec![entry],
        urls: Vec::new(),
        verbs: texts(verbs),
        names: texts(names),
        verbs_place: place(),
        groups_place: place(),
    }
}

fn urls(urls: &[&str], verb: &str) -> PolicyRule {
    PolicyRule {
        groups: Vec::new(),
        resources: Vec::new(),
        urls: texts(urls),
        ..rule("", "", &[], &[verb])
    }
}

fn role(kind: &str, namespace: Option<&str>, name: &str, rules: Vec<PolicyRule>) -> Role {
    let object = ObjectId {
        api_version: "rbac.authorization.k8s.io/v1".to_owned(),
        kind: kind.to_owned(),
        namespace: namespace.map(str::to_owned),
        name: name.to_owned(),
        unit: "".into(),
    };
    Role {
        object: object.into(),
        rules,
        aggregates: None,
        labels: Vec::new(),
        place: place(),
    }
}

fn own(name: &str, rule: PolicyRule) -> bool {
    covers(&role("ClusterRole", None, name, vec![rule]))
}

#[test]
fn the_table_is_sorted_and_each_role_stands_once() {
    let keys: Vec<_> = ROLES
        .iter()
        .map(|known| (known.namespace, known.name))
        .collect();
    assert!(keys.is_sorted_by(|one, other| one < other));
    assert!(keys.contains(&("", "system:node")) && keys.len() > 70);
}

#[test]
fn rights_that_the_role_has_are_covered_and_no_others() {
    let node = |verb| own("system:node", rule("", "secrets", &[], &[verb]));
    assert!(node("get") && node("list"));
    assert!(!node("delete") && !node("*"));
    assert!(!own("system:node", rule("apps", "secrets", &[], &["get"])));
    assert!(!own("system:nodes", rule("", "secrets", &[], &["get"])));
}

#[test]
fn verbs_may_come_from_several_rows() {
    let both = rule("", "persistentvolumes", &[], &["get", "update"]);
    assert!(own("system:volume-scheduler", both));
}

#[test]
fn a_right_on_certain_names_covers_neither_all_names_nor_others() {
    const ROLE: &str = "system:certificates.k8s.io:kube-apiserver-client-approver";
    let approve = |names: &[&str]| {
        own(
            ROLE,
            rule("certificates.k8s.io", "signers", names, &["approve"]),
        )
    };
    assert!(approve(&["kubernetes.io/kube-apiserver-client"]));
    assert!(!approve(&[]));
    assert!(!approve(&[
        "kubernetes.io/kube-apiserver-client",
        "example.com/own"
    ]));
}

#[test]
fn a_wildcard_covers_everything_and_is_covered_by_itself_only() {
    assert!(own("cluster-admin", rule("*", "*", &[], &["*"])));
    assert!(own(
        "cluster-admin",
        rule("apps", "deployments", &["a"], &["get"])
    ));
    assert!(!own("system:kube-scheduler", rule("*", "*", &[], &["get"])));
}

#[test]
fn paths_are_no_resources() {
    assert!(own(
        "system:public-info-viewer",
        urls(&["/healthz", "/version"], "get")
    ));
    assert!(!own(
        "system:public-info-viewer",
        urls(&["/healthz", "/metrics"], "get")
    ));
    assert!(!own(
        "system:public-info-viewer",
        urls(&["/healthz"], "post")
    ));
    assert!(!own(
        "system:public-info-viewer",
        rule("", "/healthz", &[], &["get"])
    ));
}

#[test]
fn a_role_of_a_namespace_is_known_in_its_namespace_only() {
    let cleaner = |kind, namespace| {
        let rules = vec![rule("", "secrets", &[], &["list"])];
        covers(&role(
            kind,
            namespace,
            "system:controller:token-cleaner",
            rules,
        ))
    };
    assert!(cleaner("Role", Some("kube-system")));
    assert!(!cleaner("Role", Some("shop")));
    assert!(!cleaner("Role", None));
    assert!(!cleaner("ClusterRole", None));
}

#[test]
fn rules_written_into_an_aggregated_role_are_its_own() {
    assert!(covers(&role("ClusterRole", None, "edit", Vec::new())));
    assert!(!own("edit", rule("", "pods", &[], &["get"])));
}
