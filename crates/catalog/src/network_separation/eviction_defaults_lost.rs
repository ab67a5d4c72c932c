//! Thresholds that are written replace all that the kubelet has by itself, unless it is told from 1.32 on to merge them.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use plimsoll_guide::{Chapter, RES_06};

static DEFAULTS: Words = &[
    "memory.available",
    "nodefs.available",
    "nodefs.inodesFree",
    "imagefs.available",
];

const KUBELET: &[plimsoll_control::GroupKind] =
    &[("kubelet.config.k8s.io", "KubeletConfiguration")];

fn check(object: &Object<'_>, defaults: Words, found: &mut Found<'_>) {
    let Some(thresholds) = object
        .node
        .get("evictionHard")
        .filter(|node| !node.is_null())
    else {
        return;
    };
    if thresholds.is_empty() {
        return;
    }
    let lost: Vec<&str> = defaults
        .iter()
        .copied()
        .filter(|signal| thresholds.get(signal).is_none())
        .collect();
    if !lost.is_empty() {
        found.on_object(
            At::node(thresholds),
            &format!("evicts nobody for {} any more", lost.join(", ")),
            "what is written replaces every threshold that the kubelet has by itself",
        );
    }
}

fn check_unmerged(object: &Object<'_>, defaults: Words, found: &mut Found<'_>) {
    let merge = object.node.get("mergeDefaultEvictionSettings");
    if merge.and_then(plimsoll_yaml::Node::as_bool) != Some(true) {
        check(object, defaults, found);
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "eviction-defaults-lost",
        formerly: &[],
        title: "written eviction thresholds drop those that the kubelet has by itself",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_06],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Object {
            kinds: KUBELET,
            check,
            words: DEFAULTS,
            enforce: Enforce::NO_OBJECT,
        }),
        Revision::since(
            32,
            Rule::Object {
                kinds: KUBELET,
                check: check_unmerged,
                words: DEFAULTS,
                enforce: Enforce::NO_OBJECT,
            },
        ),
    ],
};
