//! A memory limit of more than four times the request. Amounts that do not parse are recorded with the facts.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, RES_03, SIG_32};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "memory-limit-far-above-request",
        formerly: &[],
        title: "container may use far more memory than it asks for",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_03, &SIG_32],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "how much the program needs has to be measured, and with a limit that is too low it is killed",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.resources) && has(c.resources.limits) && has(c.resources.requests) && \
     'memory' in c.resources.limits && 'memory' in c.resources.requests && \
     quantity(string(c.resources.requests.memory)).isGreaterThan(quantity('0')) && \
     quantity(string(c.resources.limits.memory)).isGreaterThan(quantity(string(c.resources.requests.memory)) \
     .add(quantity(string(c.resources.requests.memory))).add(quantity(string(c.resources.requests.memory))) \
     .add(quantity(string(c.resources.requests.memory))))) \
     .map(c, 'container ' + c.name + ' may use more than four times the memory that it asks for')",
]);

/// How often the request goes into the limit before it is too often.
const TIMES: i128 = 4;

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let read = |list| container.node.get("resources")?.get(list)?.get("memory");
    let (Some(limit), Some(request)) = (read("limits"), read("requests")) else {
        return;
    };
    let Some((most, asked)) = Quantity::of(limit).zip(Quantity::of(request)) else {
        return;
    };
    if asked > Quantity::ZERO && most.exceeds(asked, TIMES) {
        found.on_container(
            container,
            At::node(limit),
            "may use more than four times the memory that it asks for",
            "the node runs out of memory before the limit is reached",
        );
    }
}
