//! A Namespace without a ResourceQuota on cpu and memory for every pod. Quotas with scopes count only some pods.

use plimsoll_control::{
    Companion, Control, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, NET_03, RES_02};
use std::collections::HashSet;

use plimsoll_snapshot::facts::resources::Quota;
use plimsoll_snapshot::facts::together::Together;
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
    let mut counted: Together<'_, &str, Counted<'_>> = Together::default();
    for quota in &facts.resources.quotas {
        let (unit, namespace) = quota.object.whereabouts();
        counted.add(unit, namespace, |counted| counted.take(quota));
    }
    let mut seen = HashSet::new();
    for namespace in facts.governed_namespaces() {
        let (unit, name) = (&*namespace.object.unit, namespace.object.name.as_str());
        if SYSTEM.contains(&name) || !seen.insert((unit, Some(name))) {
            continue;
        }
        if !judge(counted.of(unit, Some(name)), found) {
            let says = "has no ResourceQuota for cpu and memory";
            found.on_object(&namespace.object, &namespace.place, says, NONE);
        }
    }
    let mentions = facts.resources.quotas.iter().map(|quota| &quota.object);
    for object in mentions.chain(facts.network.pods.iter().map(|pod| &pod.object)) {
        let (unit, namespace) = object.whereabouts();
        if seen.insert((unit, namespace)) && !judge(counted.of(unit, namespace), found) {
            found.not_assessed(FactKind::ResourcePolicy);
        }
    }
}

/// What quotas for every pod count together.
#[derive(Default)]
struct Counted<'f> {
    first: Option<&'f Quota>,
    /// Which of [`WANTED`] they bound.
    bound: [bool; WANTED.len()],
}

impl<'f> Counted<'f> {
    fn take(&mut self, quota: &'f Quota) {
        let of = |list, name| quota.bounds.contains(&format!("{list}.{name}"));
        for (name, bound) in WANTED.into_iter().zip(&mut self.bound) {
            if !quota.scoped && (of("requests", name) || of("limits", name)) {
                *bound = true;
                self.first.get_or_insert(quota);
            }
        }
    }
}

/// False when none of them counts compute for every pod.
fn judge<'c>(all: impl Iterator<Item = &'c Counted<'c>> + Clone, found: &mut JoinedFound) -> bool {
    let Some(first) = all.clone().find_map(|counted| counted.first) else {
        return false;
    };
    let mut bound = [false; WANTED.len()];
    for counted in all {
        bound
            .iter_mut()
            .zip(counted.bound)
            .for_each(|(one, other)| *one |= other);
    }
    match WANTED.iter().zip(bound).find(|(_, bound)| !bound) {
        Some((name, _)) => {
            let says = format!("bounds neither requests nor limits of {name}");
            let finding = found.on_object(&first.object, &first.place, &says, NONE);
            finding.without_fix("how much the namespace needs is for its owner to say");
        }
        None => found.pass(),
    }
    true
}
