//! Webhooks served from the cluster that refuse when they fail and leave out neither kube-system nor their own namespace:
//! when their server is down, it cannot be started again.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{BEY_09, Chapter, POD_12};
use plimsoll_snapshot::admission::{GROUP, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-blocks-cluster",
        formerly: &[],
        title: "webhook on which the cluster itself depends",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12, &BEY_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("what it may leave out is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: VITAL,
        enforce: IN_CEL,
    })],
};

/// Of webhooks: the API server shows policies to no policy.
const IN_CEL: Enforce = Enforce::Cel(&[
    "{object.webhooks}.filter(w, has(w.clientConfig.service) && (!has(w.failurePolicy) || w.failurePolicy != 'Ignore') && \
     !(has(w.matchConditions) && size(w.matchConditions) > 0) && \
     !(has(w.namespaceSelector) && (has(w.namespaceSelector.matchLabels) && size(w.namespaceSelector.matchLabels) > 0 || \
     has(w.namespaceSelector.matchExpressions) && size(w.namespaceSelector.matchExpressions) > 0)) && \
     !(has(w.objectSelector) && (has(w.objectSelector.matchLabels) && size(w.objectSelector.matchLabels) > 0 || \
     has(w.objectSelector.matchExpressions) && size(w.objectSelector.matchExpressions) > 0)) && \
     has(w.rules) && w.rules.exists(r, r.operations.exists(o, o in ['CREATE', 'UPDATE', '*']) && \
     (r.apiGroups.exists(g, g in ['', '*']) && r.resources.exists(x, x in ['pods', 'nodes', '*', '*/*']) || \
     r.apiGroups.exists(g, g in ['coordination.k8s.io', '*']) && r.resources.exists(x, x in ['leases', '*', '*/*'])))) \
     .map(w, 'has a webhook, ' + w.name + ', that must agree to all pods, nodes or leases, even of the cluster itself and of its own server')",
]);

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "MutatingWebhookConfiguration"),
];

/// What a cluster needs to write to get on its feet again.
const VITAL: Words = &["pods", "nodes", "leases.coordination.k8s.io"];

fn check(object: &Object<'_>, vital: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        let in_cluster = gate.node.get("clientConfig").is_some_and(|client| {
            client
                .get("service")
                .is_some_and(|service| !service.is_null())
        });
        let narrowed = gate.selector(object, "namespaceSelector").is_some()
            || gate.selector(object, "objectSelector").is_some()
            || gate
                .node
                .get("matchConditions")
                .is_some_and(|conditions| !conditions.is_empty());
        let ignores = gate.node.get("failurePolicy").and_then(Node::as_str) == Some("Ignore");
        if !in_cluster || narrowed || ignores {
            continue;
        }
        let watched = vital
            .iter()
            .find(|resource| gate.watches(resource, &["CREATE", "UPDATE"]));
        if let Some(resource) = watched {
            let name = resource.split('.').next().unwrap_or_default();
            found.on_object(
                At::nearest(gate.node, &["namespaceSelector"]),
                &format!(
                    "{}must agree to all {name}, even of the cluster itself and of its own server",
                    gate.that()
                ),
                "when its server is down, nothing can bring it back",
            );
        }
    }
}
