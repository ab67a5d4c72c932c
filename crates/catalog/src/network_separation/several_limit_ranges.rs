//! Two LimitRanges of one namespace that give defaults for the same type.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, RES_07};
use std::collections::{BTreeSet, HashMap};

use plimsoll_snapshot::facts::resources::LimitRange;
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "several-limit-ranges",
        formerly: &[],
        title: "namespace has several limit ranges that give defaults",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_07],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("which of them is meant is for the owner of the namespace to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Namespace],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let mut first: HashMap<_, &LimitRange> = HashMap::new();
    for range in &facts.resources.limit_ranges {
        let Some(namespace) = range.object.namespace.as_deref() else {
            found.not_assessed(FactKind::Namespace);
            continue;
        };
        let giving = range.limits.iter().filter(|limits| limits.writes_defaults);
        let kinds: BTreeSet<&str> = giving.map(|limits| limits.kind.as_str()).collect();
        let mut earlier = None;
        for kind in kinds {
            let before = first
                .entry((&*range.object.unit, namespace, kind))
                .or_insert(range);
            earlier = earlier.or(Some(*before).filter(|before| !std::ptr::eq(*before, range)));
        }
        let Some(earlier) = earlier else {
            found.pass();
            continue;
        };
        let says = "gives defaults in a namespace where another LimitRange does, too";
        let finding = found.on_object(&range.object, &range.place, says, BECAUSE);
        let related = Related::new("the other one", &earlier.object, &earlier.place);
        finding.relate([related]);
    }
}

const BECAUSE: &str = "which of the two a container gets is not defined";
