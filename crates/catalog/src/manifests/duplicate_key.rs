//! A key that stands twice in one mapping: kubectl lets the last one win without a word, other tools take the first, and
//! the API server's strict validation refuses the object.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "duplicate-key",
        formerly: &[],
        title: "a key stands twice in the same mapping",
        chapter: Chapter::BeyondTheGuide,
        guide: &[],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which of the values was meant only the author knows"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[],
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Not(
    "the API server reads an object after its keys were read; `kubectl --validate=strict` refuses it",
);

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let tree = object.document.tree;
    for duplicate in object.duplicates() {
        let nodes = (tree.node(duplicate.key), tree.node(duplicate.winner));
        let (Some(key), Some(winner)) = nodes else {
            continue;
        };
        let name = key.text().unwrap_or_default();
        let line = object.source().location(winner.span()).start.line;
        found.on_object(
            At::node(key),
            &format!("has the key {name} more than once; the value on line {line} counts"),
            "this value does not count, whatever it says",
        );
    }
}
