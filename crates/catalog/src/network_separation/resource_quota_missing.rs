//! A Namespace without a ResourceQuota on cpu and memory for every pod. Quotas with scopes count only some pods.

use plimsoll_control::{
    Companion, Control, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, NET_03, RES_02};
use std::collections::HashSet;

use plimsoll_snapshot::facts::resources::Quota;
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "resource-quota-missing",
        formerly: &[],
        title: "namespace may use all that the cluster has",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_03, &RES_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Add(Companion::ResourceQuota),
            "pods that ask for more than is left, or say nothing, are refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::ResourcePolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// Namespaces of the cluster's own components, which bring their own requests.
const SYSTEM: [&str; 1] = ["kube-system"];

const WANTED: [&str; 2] = ["cpu", "memory"];
const NONE: &str = "what runs here may take the whole cluster";

fn check(facts: &Facts, found: &mut JoinedFound) {
    let quotas = facts.resources.quotas_by_unit();
    let mut seen = HashSet::new();
    for namespace in facts.governed_namespaces() {
        let (unit, name) = (&*namespace.object.unit, namespace.object.name.as_str());
        if SYSTEM.contains(&name) || !seen.insert((unit, Some(name))) {
            continue;
        }
        if !judge(&quotas.of(unit, Some(name)), found) {
            let says = "has no ResourceQuota for cpu and memory";
            found.on_object(&namespace.object, &namespace.place, says, NONE);
        }
    }
    let mentions = facts.resources.quotas.iter().map(|quota| &quota.object);
    for object in mentions.chain(facts.network.pods.iter().map(|pod| &pod.object)) {
        let (unit, namespace) = (&*object.unit, object.namespace.as_deref());
        if seen.insert((unit, namespace)) && !judge(&quotas.of(unit, namespace), found) {
            found.not_assessed(FactKind::ResourcePolicy);
        }
    }
}

/// False when none of them counts compute for every pod.
fn judge(quotas: &[&Quota], found: &mut JoinedFound) -> bool {
    let bounds = |quota: &Quota, name: &str| {
        let of = |list| quota.bounds.contains(&format!("{list}.{name}"));
        of("requests") || of("limits")
    };
    let counting: Vec<_> = quotas
        .iter()
        .filter(|quota| !quota.scoped && WANTED.iter().any(|name| bounds(quota, name)))
        .collect();
    let Some(first) = counting.first() else {
        return false;
    };
    let open = |name: &&&str| !counting.iter().any(|quota| bounds(quota, name));
    match WANTED.iter().find(open) {
        Some(name) => {
            let says = format!("bounds neither requests nor limits of {name}");
            let finding = found.on_object(&first.object, &first.place, &says, NONE);
            finding.without_fix("how much the namespace needs is for its owner to say");
        }
        None => found.pass(),
    }
    true
}
