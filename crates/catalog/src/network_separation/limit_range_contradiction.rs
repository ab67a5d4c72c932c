//! Amounts of a LimitRange that contradict each other. Amounts that do not parse are recorded with the facts.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, RES_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "limit-range-contradiction",
        formerly: &[],
        title: "limit range gives defaults that it forbids",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which of the numbers is meant is for the owner of the namespace to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "LimitRange")],
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Not("the API server itself refuses such an object");

/// What must not be more than what. The API server refuses the object otherwise.
const ORDER: [(&str, &str); 6] = [
    ("min", "defaultRequest"),
    ("min", "default"),
    ("min", "max"),
    ("defaultRequest", "default"),
    ("defaultRequest", "max"),
    ("default", "max"),
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let limits = object.node.get("spec").and_then(|spec| spec.get("limits"));
    for item in limits.into_iter().flat_map(Node::items) {
        for (low, high) in ORDER {
            let upper = item.get(high).into_iter().flat_map(Node::entries);
            for (name, upper) in upper {
                let lower = name.key_text().and_then(|name| item.get(low)?.get(name));
                let Some(lower) = lower else { continue };
                let amounts = Quantity::of(lower).zip(Quantity::of(upper));
                if amounts.is_some_and(|(lower, upper)| lower > upper) {
                    let says = format!("has a {low} above its {high}");
                    found.on_object(
                        At::node(lower),
                        &says,
                        "the API server refuses it, so nothing is limited",
                    );
                }
            }
        }
    }
}
