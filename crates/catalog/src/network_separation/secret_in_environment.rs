//! Secrets should reach a container as files, not as environment variables: neither one by one (`secretKeyRef`) nor whole
//! (`secretRef`).

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_16, Chapter, SEC_01};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "secret-in-environment",
        formerly: &[],
        title: "container gets a Secret as environment variables",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SEC_01, &BEY_16],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the program has to read the Secret from a file instead, which it may not be able to",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, {c.env}.exists(e, has(e.valueFrom) && has(e.valueFrom.secretKeyRef)) || {c.envFrom}.exists(e, has(e.secretRef))) \
     .map(c, 'container ' + c.name + ' reads into variables: ' + \
     ({c.env}.filter(e, has(e.valueFrom) && has(e.valueFrom.secretKeyRef)).map(e, e.name) + \
     {c.envFrom}.filter(e, has(e.secretRef)).map(e, has(e.secretRef.name) ? 'all of Secret ' + e.secretRef.name : 'a Secret')).join(', '))",
]);

const BECAUSE: &str = "variables are inherited by every child process and end up in crash reports";

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let object = container.pod.object;
    for entry in object.items(container.node, "env") {
        let source = entry.get("valueFrom");
        let secret = source.and_then(|source| source.get("secretKeyRef"));
        if let Some(secret) = secret.filter(|secret| !secret.is_null()) {
            let predicate = format!("reads {} into a variable", name_of(secret));
            found.on_container(container, At::node(secret), &predicate, BECAUSE);
        }
    }
    for entry in object.items(container.node, "envFrom") {
        if let Some(secret) = entry.get("secretRef").filter(|secret| !secret.is_null()) {
            let predicate = format!("reads all of {} into variables", name_of(secret));
            found.on_container(container, At::node(secret), &predicate, BECAUSE);
        }
    }
}

fn name_of(secret: Node<'_>) -> String {
    match secret.get("name").and_then(Node::text) {
        Some(name) => format!("Secret {name}"),
        None => "an unnamed Secret".to_owned(),
    }
}
