//! What is left of PodSecurityPolicy: the objects, and rules that let somebody use them. Dead since 1.25.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_14, POD_18};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::{items, texts};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-policy-left",
        formerly: &[],
        title: "PodSecurityPolicy protects nothing any more",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_14, &POD_18],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere(
            "what it protected has to be said in another way first: by Pod Security labels or an admission policy",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Object {
            kinds: KINDS,
            check: check_deprecated,
            words: GROUPS,
            enforce: IN_CEL,
        }),
        Revision::since(
            25,
            Rule::Object {
                kinds: KINDS,
                check: check_dead,
                words: GROUPS,
                enforce: IN_CEL,
            },
        ),
    ],
};

const IN_CEL: Enforce = Enforce::Not("the rights that it looks for allow nothing any more");

const RBAC: &str = "rbac.authorization.k8s.io";
const KINDS: &[GroupKind] = &[
    ("policy", "PodSecurityPolicy"),
    ("extensions", "PodSecurityPolicy"),
    (RBAC, "ClusterRole"),
    (RBAC, "Role"),
];

/// The groups that had the resource.
const GROUPS: Words = &["policy", "extensions", "*"];
const RESOURCE: &str = "podsecuritypolicies";
const VERBS: Words = &["use", "*"];

fn check_deprecated(object: &Object<'_>, groups: Words, found: &mut Found<'_>) {
    report(
        object,
        groups,
        Some("it still works on this version"),
        found,
    );
}

fn check_dead(object: &Object<'_>, groups: Words, found: &mut Found<'_>) {
    report(object, groups, None, found);
}

fn report(object: &Object<'_>, groups: Words, works: Option<&'static str>, found: &mut Found<'_>) {
    if object.group() != RBAC {
        let place = At::nearest(object.node, &["kind"]);
        let finding = found.on_object(
            place,
            "is of a kind that Kubernetes 1.25 removed",
            "protects nothing from 1.25 on",
        );
        if let Some(reason) = works {
            finding.weigh(Severity::Low, reason);
        }
        return;
    }
    let rules = items(object, object.node, "rules").into_iter();
    for node in rules.filter_map(|rule| allows_use(object, rule, groups)) {
        let finding = found.on_object(
            At::node(node),
            "allows the use of PodSecurityPolicies, which Kubernetes 1.25 removed",
            "a right that decides nothing from 1.25 on",
        );
        finding.weigh(
            Severity::Low,
            "a right to something that is not there harms nobody",
        );
    }
}

/// The node that names the resource, where the rule allows its use.
fn allows_use<'t>(object: &Object<'t>, rule: Node<'t>, groups: Words) -> Option<Node<'t>> {
    let texts = |key| texts(object, rule, key);
    let has_group = texts("apiGroups")
        .iter()
        .any(|(group, _)| groups.contains(group));
    let may_use = texts("verbs").iter().any(|(verb, _)| VERBS.contains(verb));
    let mut resources = texts("resources").into_iter();
    let (_, node) = resources.find(|(resource, _)| *resource == RESOURCE)?;
    (has_group && may_use).then_some(node)
}
