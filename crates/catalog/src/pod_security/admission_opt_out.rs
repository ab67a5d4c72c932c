//! Selectors of validating webhooks and policies by which an object, or a namespace, escapes: labels that somebody can set,
//! and workload namespaces left out by name.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{BEY_09, Chapter, POD_12};
use plimsoll_snapshot::admission::{GROUP, Gate, SENSITIVE, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::{items, texts};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::admission_plugins::sensitive_in_cel;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-opt-out",
        formerly: &[],
        title: "admission control that workloads can opt out of",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12, &BEY_09],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("who relies on opting out has to be asked first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: CLUSTER,
        enforce: Enforce::Made(cel),
    })],
};

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "ValidatingAdmissionPolicy"),
    (GROUP, "ValidatingAdmissionPolicyBinding"),
];

/// The label that the API server itself puts on every namespace: its name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Namespaces that may be left alone.
const CLUSTER: Words = &["kube-node-lease", "kube-public", "kube-system"];

fn check(object: &Object<'_>, cluster: Words, found: &mut Found<'_>) {
    for gate in gates(object) {
        if !SENSITIVE.iter().any(|resource| gate.may_watch(resource)) {
            continue;
        }
        if let Some(selector) = gate.selector(object, "objectSelector") {
            found.on_object(
                At::node(selector),
                &format!(
                    "{}decides by labels of the object whether to look at it",
                    gate.that()
                ),
                "whoever writes the object chooses its labels",
            );
        }
        if let Some(selector) = gate.selector(object, "namespaceSelector") {
            let own = own_namespace(&gate);
            for (at, predicate) in exemptions(object, selector, &|name| {
                cluster.contains(&name) || own == Some(name)
            }) {
                let finding = found.on_object(
                    At::node(at),
                    &format!("{}{predicate}", gate.that()),
                    "a way around it",
                );
                finding.weigh(Severity::Low, "it takes rights on namespaces");
            }
        }
    }
}

/// Where the webhook's own server runs: it may have to start without being asked.
fn own_namespace<'t>(gate: &Gate<'t>) -> Option<&'t str> {
    let service = gate.node.get("clientConfig")?.get("service")?;
    service.get("namespace")?.as_str()
}

/// What a namespace selector leaves out by a label that somebody has to set, or by the name of a namespace.
fn exemptions<'t>(
    object: &Object<'t>,
    selector: Node<'t>,
    may_skip: &dyn Fn(&str) -> bool,
) -> Vec<(Node<'t>, String)> {
    const BY_LABEL: &str = "decides by a label of the namespace whether to look at it";
    let mut exempt = Vec::new();
    for (key, value) in selector
        .get("matchLabels")
        .into_iter()
        .flat_map(Node::entries)
    {
        if key.key_text() != Some(NAME_LABEL) {
            exempt.push((value, BY_LABEL.to_owned()));
        }
    }
    for wanted in items(object, selector, "matchExpressions") {
        let text = |key| wanted.get(key).and_then(Node::as_str);
        match (text("key"), text("operator")) {
            (Some(NAME_LABEL), Some("NotIn")) => {
                let names = texts(object, wanted, "values").into_iter();
                let skipped = names.filter(|(name, _)| !may_skip(name));
                exempt.extend(
                    skipped.map(|(name, at)| (at, format!("leaves out the namespace {name}"))),
                );
            }
            (Some(NAME_LABEL), _) => {}
            (Some(_), Some("In" | "NotIn" | "Exists" | "DoesNotExist")) => {
                exempt.push((wanted, BY_LABEL.to_owned()));
            }
            _ => object.note_malformed(wanted, "a condition with a key and an operator"),
        }
    }
    exempt
}

/// Of webhooks: the API server shows policies to no policy.
fn cel() -> String {
    let (sensitive, cluster) = (sensitive_in_cel(), CLUSTER.join("', '"));
    let watching = format!(
        "({{object}}.kind == 'ValidatingWebhookConfiguration' ? {{object.webhooks}} : []).filter(w, {sensitive})"
    );
    let says = |test: &str, says: &str| {
        format!("{watching}.filter(w, {test}).map(w, 'has a webhook, ' + w.name + ', that {says}')")
    };
    let own = "(has(w.clientConfig.service) ? w.clientConfig.service.namespace : '')";
    let skipped = format!(
        "e.key == '{NAME_LABEL}' && e.operator == 'NotIn' && has(e.values) && !e.values.all(v, v in ['{cluster}'] || v == {own})"
    );
    let by_label = format!(
        "has(w.namespaceSelector) && (has(w.namespaceSelector.matchLabels) && w.namespaceSelector.matchLabels.exists(k, k != '{NAME_LABEL}') || \
         has(w.namespaceSelector.matchExpressions) && w.namespaceSelector.matchExpressions.exists(e, e.key != '{NAME_LABEL}' || {skipped}))"
    );
    let by_object = "has(w.objectSelector) && (has(w.objectSelector.matchLabels) && size(w.objectSelector.matchLabels) > 0 || \
         has(w.objectSelector.matchExpressions) && size(w.objectSelector.matchExpressions) > 0)";
    [
        says(
            by_object,
            "decides by labels of the object whether to look at it",
        ),
        says(
            &by_label,
            "leaves out namespaces by a label or by their name",
        ),
    ]
    .join(" +\n")
}
