//! A policy beside pods of its namespace that selects none of them. Custom resources beside it leave it open: their operators make pods.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, NET_06};
use std::collections::HashSet;

use plimsoll_snapshot::facts::network::{Alike, Policy, PolicyIndex};
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "network-policy-selects-nothing",
        formerly: &[],
        title: "network policy selects no pod",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_06],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("which pods were meant is for its owner to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let network = &facts.network;
    let index = PolicyIndex::new(network);
    let mut selected: HashSet<*const Policy> = HashSet::new();
    let mut told: HashSet<*const Alike<'_>> = HashSet::new();
    let mut peopled = HashSet::new();
    for pod in &network.pods {
        for alike in index.selecting(pod) {
            if told.insert(std::ptr::from_ref(alike)) {
                let policies = alike.policies.iter();
                selected.extend(policies.map(|policy| std::ptr::from_ref(*policy)));
            }
        }
        let unit = &*pod.object.unit;
        peopled.insert((unit, Some(pod.object.namespace.as_deref())));
        peopled.insert((unit, None));
    }
    for policy in &network.policies {
        let (unit, namespace) = (&*policy.object.unit, policy.object.namespace.as_deref());
        let is_peopled = match namespace {
            None => peopled.contains(&(unit, None)),
            some => peopled.contains(&(unit, Some(some))) || peopled.contains(&(unit, Some(None))),
        };
        if selected.contains(&std::ptr::from_ref(policy)) || policy.selects.is_empty() {
            found.pass();
        } else if !is_peopled || network.operated.contains(unit) {
            found.not_assessed(FactKind::NetworkPolicy);
        } else {
            found.on_object(
                &policy.object,
                &policy.place,
                "selects none of the pods beside it",
                BECAUSE,
            );
        }
    }
}

const BECAUSE: &str = "no pod here has these labels, so the pods it was meant for may be open";
