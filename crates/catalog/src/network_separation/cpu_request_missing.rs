//! A container without a cpu request of its own, of its pod, from its limit, or from a LimitRange beside it.

use plimsoll_control::{
    Control, Extent, Finding, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, RES_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::resources::Lack;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::amounts::cpu_request;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "cpu-request-missing",
        formerly: &[],
        title: "container asks for no cpu",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_03],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[
            Remedy::review(How::Rule(little), MEASURE).to(Extent::Minimal),
            Remedy::review(How::Rule(usual), MEASURE),
        ]),
        page: include_str!("cpu_request_missing.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const MEASURE: &str = "a starting point to measure from: fewer pods fit on a node";

fn check(facts: &Facts, found: &mut JoinedFound) {
    found.tally.passed += facts.resources.stating(Lack::CpuRequest);
    for (one, is_given) in facts.resources.lacking(Lack::CpuRequest) {
        if is_given {
            found.pass();
            continue;
        }
        let container = (one.noun, one.container.as_deref());
        let label = "is placed as if it needed none, and gets the least when the node is busy";
        found.on_container(&one.object, container, &one.place, "asks for no cpu", label);
    }
}

fn little<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    cpu_request(object, finding, "10m")
}

fn usual<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    cpu_request(object, finding, "100m")
}
