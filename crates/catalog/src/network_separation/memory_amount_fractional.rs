//! An amount of memory with a part of a byte: `m` is a thousandth, and was meant as something else.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, RES_03};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "memory-amount-fractional",
        formerly: &[],
        title: "container's memory is given in parts of a byte",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("whether megabytes or mebibytes were meant only its author knows"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: IN_BYTES,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.resources) && {words}.exists(w, \
     (has(c.resources.limits) && w in c.resources.limits && !quantity(string(c.resources.limits[w])).isInteger()) || \
     (has(c.resources.requests) && w in c.resources.requests && !quantity(string(c.resources.requests[w])).isInteger()))) \
     .map(c, 'container ' + c.name + ' counts in parts of a byte')",
]);

/// Resources that come in bytes.
const IN_BYTES: Words = &["memory", "ephemeral-storage"];

fn check(container: &Container<'_, '_>, resources: Words, found: &mut Found<'_>) {
    for list in ["limits", "requests"] {
        for resource in resources {
            let node = container.node.get("resources");
            let node = node.and_then(|node| node.get(list)?.get(resource));
            let amount = node.and_then(Quantity::of);
            let Some(node) = node.filter(|_| amount.is_some_and(|amount| !amount.is_whole()))
            else {
                continue;
            };
            let text = node.text().unwrap_or_default();
            let predicate = format!(
                "has {text} among its {list} as {resource}, which is no whole number of bytes"
            );
            let label = "m is a thousandth; megabytes are M, mebibytes Mi";
            found.on_container(container, At::node(node), &predicate, label);
        }
    }
}
