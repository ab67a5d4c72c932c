//! Namespaces in which something claims volumes and neither a quota nor a LimitRange bounds them. Found at the first claim.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, RES_08};
use std::collections::HashSet;

use plimsoll_snapshot::facts::resources::ResourceFacts;
use plimsoll_snapshot::facts::together::Together;
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unbounded-storage",
        formerly: &[],
        title: "namespace may claim any amount of storage",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("how much the namespace needs is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::ResourcePolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const WANTED: [&str; 3] = [
    "requests.storage",
    "persistentvolumeclaims",
    "count/persistentvolumeclaims",
];
const OF_CLASS: &str = ".storageclass.storage.k8s.io/";
const CLAIM: &str = "PersistentVolumeClaim";

/// Of the quotas and LimitRanges of each namespace: does one of them bound storage?
fn policies(facts: &ResourceFacts) -> Together<'_, &str, bool> {
    let mut policies = Together::default();
    let counts = |name: &String| WANTED.contains(&name.as_str()) || name.contains(OF_CLASS);
    let quotas = facts.quotas.iter().map(|quota| {
        let bounds = !quota.scoped && quota.bounds.iter().any(counts);
        (quota.object.whereabouts(), bounds)
    });
    let ranges = facts.limit_ranges.iter().map(|range| {
        let bounds = range.limits.iter().any(|limits| limits.kind == CLAIM);
        (range.object.whereabouts(), bounds)
    });
    for ((unit, namespace), bounds) in quotas.chain(ranges) {
        policies.add(unit, namespace, |sum| *sum |= bounds);
    }
    policies
}

fn check(facts: &Facts, found: &mut JoinedFound) {
    let policies = policies(&facts.resources);
    let defined = facts.namespaces.defined.iter();
    let defined: HashSet<(&str, &str)> = defined
        .map(|one| (&*one.object.unit, one.object.name.as_str()))
        .collect();
    let mut seen = HashSet::new();
    for user in &facts.resources.storage {
        let (unit, namespace) = user.object.whereabouts();
        if !seen.insert((unit, namespace)) {
            continue;
        }
        let policies = policies.of(unit, namespace);
        let bounded = policies.clone().any(|bounds| *bounds);
        let is_governed = facts.complete
            || policies.count() > 0
            || namespace.is_some_and(|name| defined.contains(&(unit, name)));
        if bounded {
            found.pass();
        } else if is_governed {
            found.on_object(
                &user.object,
                &user.place,
                "claims storage in a namespace that does not bound it",
                "no ResourceQuota or LimitRange says how much storage may be claimed",
            );
        } else {
            found.not_assessed(FactKind::ResourcePolicy);
        }
    }
}
