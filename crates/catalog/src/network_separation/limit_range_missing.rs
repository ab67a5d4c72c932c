//! A Namespace without a LimitRange for containers, and LimitRanges that leave resources without a maximum.

use plimsoll_control::{
    Companion, Control, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, RES_01};
use std::collections::HashSet;

use plimsoll_snapshot::facts::resources::LimitRange;
use plimsoll_snapshot::facts::together::Together;
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "limit-range-missing",
        formerly: &[],
        title: "namespace does not limit what one container may use",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Add(Companion::LimitRange),
            "containers that say nothing get its limits, and what asks for more is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::ResourcePolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// Namespaces of the cluster's own components, which bring their own requests.
const SYSTEM: [&str; 1] = ["kube-system"];

const WANTED: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];
const KIND: &str = "Container";

fn check(facts: &Facts, found: &mut JoinedFound) {
    let mut bounds: Together<'_, &str, Bounds<'_>> = Together::default();
    for range in &facts.resources.limit_ranges {
        let (unit, namespace) = range.object.whereabouts();
        bounds.add(unit, namespace, |bounds| bounds.take(range));
    }
    let mut seen = HashSet::new();
    for namespace in facts.governed_namespaces() {
        let (unit, name) = (&*namespace.object.unit, namespace.object.name.as_str());
        if SYSTEM.contains(&name) || !seen.insert((unit, Some(name))) {
            continue;
        }
        if !judge(bounds.of(unit, Some(name)), found) {
            let says = "has no LimitRange for containers";
            found.on_object(&namespace.object, &namespace.place, says, NONE);
        }
    }
    for range in &facts.resources.limit_ranges {
        let (unit, namespace) = range.object.whereabouts();
        if seen.insert((unit, namespace)) {
            judge(bounds.of(unit, namespace), found);
        }
    }
    for pod in &facts.network.pods {
        if seen.insert(pod.object.whereabouts()) {
            found.not_assessed(FactKind::ResourcePolicy);
        }
    }
}

const NONE: &str = "a container without limits of its own may use up a node";
const LEAVES: &str = "some resources are bounded, others are not";

/// False when none of them is for containers.
/// What LimitRanges say of containers together.
#[derive(Default)]
struct Bounds<'f> {
    first: Option<&'f LimitRange>,
    /// Which of [`WANTED`] have a maximum.
    max: [bool; WANTED.len()],
}

impl<'f> Bounds<'f> {
    fn take(&mut self, range: &'f LimitRange) {
        for limits in range.limits.iter().filter(|limits| limits.kind == KIND) {
            self.first.get_or_insert(range);
            for (name, max) in WANTED.into_iter().zip(&mut self.max) {
                *max |= limits.max.contains(name);
            }
        }
    }
}

fn judge<'b>(all: impl Iterator<Item = &'b Bounds<'b>> + Clone, found: &mut JoinedFound) -> bool {
    let Some(first) = all.clone().find_map(|bounds| bounds.first) else {
        return false;
    };
    let mut bounded = [false; WANTED.len()];
    for bounds in all {
        bounded
            .iter_mut()
            .zip(bounds.max)
            .for_each(|(one, max)| *one |= max);
    }
    let open: Vec<&str> = WANTED
        .into_iter()
        .zip(bounded)
        .filter(|(_, max)| !max)
        .map(|(name, _)| name)
        .collect();
    if open.is_empty() {
        found.pass();
        return true;
    }
    let says = format!("sets no max of {} for containers", open.join(", "));
    let finding = found.on_object(&first.object, &first.place, &says, LEAVES);
    finding.weigh(Severity::Low, LEAVES);
    finding.without_fix(
        "how much is the most that one container may use is for the owner of the namespace to say",
    );
    true
}
