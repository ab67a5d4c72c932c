//! A container without a memory limit of its own, of its pod, or from a LimitRange beside it. Without a limit a request is not enough; with one the request is the limit.

use plimsoll_control::{Control, Enforce, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, RES_03, SIG_32};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::resources::Lack;

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
        fix: Fix::Not(
            "how much the program needs has to be measured, and with a limit that is too low it is killed",
        ),
        page: include_str!("memory_limit_missing.md"),
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
