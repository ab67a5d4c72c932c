//! Namespaces in which something claims volumes and neither a quota nor a LimitRange bounds them. Found at the first claim.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, RES_08};
use std::collections::HashSet;

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

fn check(facts: &Facts, found: &mut JoinedFound) {
    let (quotas, ranges) = (
        facts.resources.quotas_by_unit(),
        facts.resources.limit_ranges_by_unit(),
    );
    let defined = facts.namespaces.defined.iter();
    let defined: HashSet<(&str, &str)> = defined
        .map(|one| (&*one.object.unit, one.object.name.as_str()))
        .collect();
    let mut seen = HashSet::new();
    for user in &facts.resources.storage {
        let (unit, namespace) = (&*user.object.unit, user.object.namespace.as_deref());
        if !seen.insert((unit, namespace)) {
            continue;
        }
        let (quotas, ranges) = (quotas.of(unit, namespace), ranges.of(unit, namespace));
        let counts = |name: &String| WANTED.contains(&name.as_str()) || name.contains(OF_CLASS);
        let bounded = quotas
            .iter()
            .any(|quota| !quota.scoped && quota.bounds.iter().any(counts));
        let mut limits = ranges.iter().flat_map(|range| &range.limits);
        let is_governed = facts.complete
            || !quotas.is_empty()
            || !ranges.is_empty()
            || namespace.is_some_and(|name| defined.contains(&(unit, name)));
        if bounded || limits.any(|limits| limits.kind == CLAIM) {
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
