//! Quotas of a namespace that bound no number of pods, Secrets or Services.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_14, Chapter, RES_02};
use std::collections::HashSet;

use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::resources::Quota;
use plimsoll_snapshot::facts::together::Together;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unlimited-object-counts",
        formerly: &[],
        title: "namespace may hold any number of objects",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_02, &BEY_14],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("how many objects the namespace needs is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const WANTED: [&str; 3] = ["pods", "secrets", "services"];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let quotas = facts.resources.quotas.iter();
    let quotas = quotas.filter(|quota| !quota.scoped);
    let mut bounded: Together<'_, &str, [bool; WANTED.len()]> = Together::default();
    for quota in quotas.clone() {
        let (unit, namespace) = quota.object.whereabouts();
        bounded.add(unit, namespace, |bounded| take(bounded, quota));
    }
    let mut seen = HashSet::new();
    for quota in quotas {
        let (unit, namespace) = quota.object.whereabouts();
        if !seen.insert((unit, namespace)) {
            continue;
        }
        let bounded = bounded.of(unit, namespace);
        let open = WANTED.iter().enumerate().filter(|(index, _)| {
            let mut bounded = bounded.clone();
            !bounded.any(|bounded| bounded.get(*index) == Some(&true))
        });
        let open: Vec<&str> = open.map(|(_, name)| *name).collect();
        if open.is_empty() {
            found.pass();
            continue;
        }
        let says = format!("does not bound the number of {}", open.join(", "));
        found.on_object(
            &quota.object,
            &quota.place,
            &says,
            "objects without number fill etcd for everybody",
        );
    }
}

/// Notes which of [`WANTED`] the quota bounds.
fn take(bounded: &mut [bool; WANTED.len()], quota: &Quota) {
    for (name, bounded) in WANTED.into_iter().zip(bounded) {
        *bounded |= quota.bounds.contains(name) || quota.bounds.contains(&format!("count/{name}"));
    }
}
