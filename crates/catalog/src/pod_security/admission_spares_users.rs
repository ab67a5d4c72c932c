//! Conditions by which admission control is not asked, or looks away, when certain people or programs make a request.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_17};
use plimsoll_snapshot::admission::{GROUP, SENSITIVE, gates};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::items;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::admission_plugins::sensitive_in_cel;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-spares-users",
        formerly: &[],
        title: "admission control looks away for some users",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_17],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("who relies on the exception has to be asked first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: SUBJECTS,
        enforce: Enforce::Made(cel),
    })],
};

const KYVERNO: &str = "kyverno.io";

const KINDS: &[GroupKind] = &[
    (GROUP, "ValidatingWebhookConfiguration"),
    (GROUP, "ValidatingAdmissionPolicy"),
    (KYVERNO, "ClusterPolicy"),
    (KYVERNO, "Policy"),
];

/// The keys by which a Kyverno policy leaves out people and programs.
const SUBJECTS: Words = &["subjects", "roles", "clusterRoles"];

const BECAUSE: &str = "whoever is one of them, or becomes one, gets by";

fn check(object: &Object<'_>, subjects: Words, found: &mut Found<'_>) {
    if object.group() == KYVERNO {
        let spec = object.node.get("spec").into_iter();
        for rule in spec.flat_map(|spec| items(object, spec, "rules")) {
            judge_rule(object, rule, subjects, found);
        }
        return;
    }
    for gate in gates(object) {
        if !SENSITIVE.iter().any(|resource| gate.may_watch(resource)) {
            continue;
        }
        for condition in items(object, gate.node, "matchConditions") {
            let expression = condition.get("expression");
            let text = expression.and_then(Node::as_str).unwrap_or_default();
            if let Some(expression) = expression.filter(|_| text.contains("request.userInfo")) {
                let predicate = format!(
                    "{}is not asked about the requests of some users",
                    gate.that()
                );
                found.on_object(At::node(expression), &predicate, BECAUSE);
            }
        }
    }
}

fn judge_rule<'t>(object: &Object<'t>, rule: Node<'t>, subjects: Words, found: &mut Found<'_>) {
    let Some(exclude) = rule.get("exclude").filter(|node| !node.is_null()) else {
        return;
    };
    let groups = ["any", "all"].into_iter();
    let filters = groups.flat_map(|group| items(object, exclude, group));
    for filter in filters.chain([exclude]) {
        let named = subjects.iter().filter_map(|key| filter.get(key));
        for list in named.filter(|list| !list.is_empty()) {
            found.on_object(
                At::node(list),
                "has a rule that is not applied to some users",
                BECAUSE,
            );
        }
    }
}

/// Of webhooks: the API server shows policies to no policy, and Kyverno's kinds are not always there.
fn cel() -> String {
    let sensitive = sensitive_in_cel();
    format!(
        "({{object}}.kind == 'ValidatingWebhookConfiguration' ? {{object.webhooks}} : []).filter(w, has(w.matchConditions) && \
         w.matchConditions.exists(c, c.expression.contains('request.userInfo')) && {sensitive})\
         .map(w, 'has a webhook, ' + w.name + ', that is not asked about the requests of some users')"
    )
}
