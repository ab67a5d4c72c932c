//! An AuthorizationConfiguration must hold Node and RBAC, nothing that allows everything, and webhooks that fail closed.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{Chapter, RBAC_01, RBAC_02, SIG_08, SIG_27};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authorizers-too-open",
        formerly: &[],
        title: "configured authorizers allow everything, miss Node or RBAC, or fail open",
        chapter: Chapter::SigSecurity,
        guide: &[&RBAC_01, &RBAC_02, &SIG_08, &SIG_27],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("apiserver.config.k8s.io", "AuthorizationConfiguration")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let Some(authorizers) = object.node.get("authorizers") else {
        return object.note_malformed(object.node, "a configuration with authorizers");
    };
    let mut types = Vec::new();
    for authorizer in authorizers.items() {
        match authorizer.get("type").and_then(Node::as_str) {
            Some(kind) => types.push(kind),
            None => object.note_malformed(authorizer, "an authorizer with a type"),
        }
        judge(authorizer, found);
        judge_webhook(authorizer, &types, found);
    }
    for wanted in ["Node", "RBAC"] {
        if !types.contains(&wanted) {
            let predicate = format!("has no authorizer of type {wanted}");
            found.on_object(
                At::node(authorizers),
                &predicate,
                "a node may read what others hold, or roles have no effect",
            );
        }
    }
}

/// A webhook that is to refuse must be asked before the roles, and must be asked at all. `types` ends with its own.
fn judge_webhook(authorizer: Node<'_>, types: &[&str], found: &mut Found<'_>) {
    let (Some(webhook), Some(kind)) = (authorizer.get("webhook"), authorizer.get("type")) else {
        return;
    };
    let policy = webhook.get("failurePolicy").and_then(Node::as_str);
    if policy == Some("Deny") && types.contains(&"RBAC") {
        let because = "what roles allow, it is not asked about";
        found
            .on_object(
                At::node(kind),
                "asks a webhook that refuses after the roles",
                because,
            )
            .weigh(Severity::Low, because);
    }
    let conditions = webhook
        .get("matchConditions")
        .into_iter()
        .flat_map(Node::items);
    for expression in conditions.filter_map(|condition| condition.get("expression")) {
        if expression
            .as_str()
            .is_some_and(|text| text.trim() == "false")
        {
            let because = "a condition that is never true";
            found.on_object(At::node(expression), "never asks its webhook", because);
        }
    }
}

fn judge<'t>(authorizer: Node<'t>, found: &mut Found<'_>) {
    let Some(kind) = authorizer.get("type") else {
        return;
    };
    if kind.as_str() == Some("AlwaysAllow") {
        let because = "one authorizer that allows is enough";
        found
            .on_object(At::node(kind), "allows every request", because)
            .weigh(Severity::Critical, because);
    }
    let policy = authorizer
        .get("webhook")
        .and_then(|webhook| webhook.get("failurePolicy"));
    if let Some(policy) = policy.filter(|policy| policy.as_str() == Some("NoOpinion")) {
        found.on_object(
            At::node(policy),
            "goes on without an authorizer that fails",
            "what the webhook would deny, another may allow",
        );
    }
}
