//! A container without a cpu request of its own, of its pod, from its limit, or from a LimitRange beside it.

use plimsoll_control::{
    Control, Enforce, Extent, Finding, Fix, Header, How, JoinedFound, Remedy, Revision, Rule,
    Severity,
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
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: &[("", "Pod")],
        enforce: IN_CEL,
    })],
};

/// Of pods: before a policy sees one, the API server has put in what a LimitRange gives. Pod-level resources count since 1.34.
const IN_CEL: Enforce = Enforce::Cel(&[
    "({object.spec.containers} + {object.spec.initContainers}).filter(c, !(has(c.resources) && has(c.resources.requests) && 'cpu' in c.resources.requests && \
     quantity(string(c.resources.requests.cpu)).isGreaterThan(quantity('0')) || has(c.resources) && has(c.resources.limits) && 'cpu' in c.resources.limits && \
     quantity(string(c.resources.limits.cpu)).isGreaterThan(quantity('0')) || \
     {minor} >= 34 && (has({object}.spec.resources) && has({object}.spec.resources.requests) && 'cpu' in {object}.spec.resources.requests && \
     quantity(string({object}.spec.resources.requests.cpu)).isGreaterThan(quantity('0')) || has({object}.spec.resources) && has({object}.spec.resources.limits) && 'cpu' in {object}.spec.resources.limits && \
     quantity(string({object}.spec.resources.limits.cpu)).isGreaterThan(quantity('0'))))) \
     .map(c, 'container ' + c.name + ' asks for no cpu')",
]);

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
