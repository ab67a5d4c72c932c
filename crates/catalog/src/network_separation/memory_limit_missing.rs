//! A container without a memory limit of its own, of its pod, or from a LimitRange beside it. Without a limit a request is not enough; with one the request is the limit.

use plimsoll_control::{
    Control, Enforce, Extent, Finding, Fix, Header, How, JoinedFound, Remedy, Revision, Rule,
    Severity,
};
use plimsoll_guide::{Chapter, RES_03, SIG_32};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::resources::Lack;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::amounts::memory_limit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "memory-limit-missing",
        formerly: &[],
        title: "container has no memory limit",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_03, &SIG_32],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[
            Remedy::review(How::Rule(generous), TOO_LOW).to(Extent::Minimal),
            Remedy::review(How::Rule(usual), TOO_LOW),
            Remedy::review(How::Rule(as_requested), TOO_LOW).to(Extent::Strict),
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
    "({object.spec.containers} + {object.spec.initContainers}).filter(c, !(has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits && \
     quantity(string(c.resources.limits.memory)).isGreaterThan(quantity('0')) || \
     {minor} >= 34 && (has({object}.spec.resources) && has({object}.spec.resources.limits) && 'memory' in {object}.spec.resources.limits && \
     quantity(string({object}.spec.resources.limits.memory)).isGreaterThan(quantity('0'))))) \
     .map(c, 'container ' + c.name + ' has no memory limit')",
]);

const TOO_LOW: &str =
    "a starting point to measure from: a program that needs more at its peak is killed";

fn check(facts: &Facts, found: &mut JoinedFound) {
    found.tally.passed += facts.resources.stating(Lack::MemoryLimit);
    for (one, is_given) in facts.resources.lacking(Lack::MemoryLimit) {
        if is_given {
            found.pass();
            continue;
        }
        let container = (one.noun, one.container.as_deref());
        let label = "may use all memory of its node and take its neighbours down";
        found.on_container(
            &one.object,
            container,
            &one.place,
            "has no memory limit",
            label,
        );
    }
}

fn generous<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    memory_limit(object, finding, 4)
}

fn usual<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    memory_limit(object, finding, 2)
}

fn as_requested<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    memory_limit(object, finding, 1)
}
