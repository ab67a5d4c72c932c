//! Validating webhooks and policies that look at pods when they are made and not at the subresource by which containers are
//! added to a running pod.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_12};
use plimsoll_snapshot::admission::{GROUP, Gate, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-misses-ephemeral-containers",
        formerly: &[],
        title: "admission control that debugging containers pass by",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "a rule of its own is needed, and the webhook or the expressions have to understand it",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

/// Of webhooks: the API server shows policies to no policy.
const IN_CEL: Enforce = Enforce::Cel(&["{object.webhooks}.filter(w, has(w.rules) && \
     w.rules.exists(r, r.operations.exists(o, o in ['CREATE', '*']) && r.apiGroups.exists(g, g in ['', '*']) && \
     r.resources.exists(x, x in ['pods', '*', '*/*'])) && \
     !w.rules.exists(r, r.operations.exists(o, o in ['UPDATE', '*']) && r.apiGroups.exists(g, g in ['', '*']) && \
     r.resources.exists(x, x in ['pods/ephemeralcontainers', 'pods/*', '*/ephemeralcontainers', '*/*']))) \
     .map(w, 'has a webhook, ' + w.name + ', that looks at pods, but not at pods/ephemeralcontainers')"]);

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "ValidatingAdmissionPolicy"),
];

const EPHEMERAL: &str = "pods/ephemeralcontainers";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        let judges = judges_containers(object.kind, &gate);
        if !judges || !gate.watches("pods", &["CREATE"]) || gate.watches(EPHEMERAL, &["UPDATE"]) {
            continue;
        }
        let mut resources = gate.rules.iter().flat_map(|rule| &rule.resources);
        let at = resources.find(|(resource, _)| matches!(*resource, "pods" | "*"));
        if let Some((_, at)) = at {
            found.on_object(
                At::node(*at),
                &format!(
                    "{}looks at pods, but not at pods/ephemeralcontainers",
                    gate.that()
                ),
                "containers that are added to a running pod pass it by",
            );
        }
    }
}

/// A policy shows whether it is about containers; what a webhook is about nobody can see.
fn judges_containers(kind: &str, gate: &Gate<'_>) -> bool {
    kind.ends_with("WebhookConfiguration")
        || EXPRESSIONS.iter().any(|list| {
            let items = gate.node.get(list).into_iter().flat_map(Node::items);
            let mut texts = items.filter_map(|item| item.get("expression")?.as_str());
            texts.any(|text| text.contains("ontainers"))
        })
}

const EXPRESSIONS: [&str; 2] = ["validations", "variables"];
