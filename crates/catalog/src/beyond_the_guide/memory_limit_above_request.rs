//! A memory limit above the request, up to four times; what is more is another control's.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_04, Chapter};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "memory-limit-above-request",
        formerly: &[],
        title: "container may use more memory than it asks for",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_04],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "how much the program needs has to be measured, and with a limit that is too low it is killed",
        ),
        page: include_str!("memory_limit_above_request.md"),
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
     quantity(string(c.resources.limits.memory)).isGreaterThan(quantity(string(c.resources.requests.memory))) && \
     !(quantity(string(c.resources.requests.memory)).isGreaterThan(quantity('0')) && \
     quantity(string(c.resources.limits.memory)).isGreaterThan(quantity(string(c.resources.requests.memory)) \
     .add(quantity(string(c.resources.requests.memory))).add(quantity(string(c.resources.requests.memory))) \
     .add(quantity(string(c.resources.requests.memory)))))) \
     .map(c, 'container ' + c.name + ' may use more memory than it asks for')",
]);

/// From how often the request on another control speaks.
const TIMES: i128 = 4;

fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
    let read = |list| container.node.get("resources")?.get(list)?.get("memory");
    let (Some(limit), Some(request)) = (read("limits"), read("requests")) else {
        return;
    };
    let Some((most, asked)) = Quantity::of(limit).zip(Quantity::of(request)) else {
        return;
    };
    let far = asked > Quantity::ZERO && most.exceeds(asked, TIMES);
    if most > asked && !far {
        found.on_container(
            container,
            At::node(limit),
            "may use more memory than it asks for",
            "when its node runs short of memory, it may be killed for what others use",
        );
    }
}
