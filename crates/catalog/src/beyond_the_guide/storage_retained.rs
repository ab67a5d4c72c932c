//! A class whose volumes stay when their claim is gone: the next who binds one reads what the last left.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_19, Chapter};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "storage-retained",
        formerly: &[],
        title: "storage class keeps volumes of tenants that are gone",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_19],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("the field cannot be changed, and data that somebody counts on would go"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("storage.k8s.io", "StorageClass")],
        check,
        words: &["Retain"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "has({object}.reclaimPolicy) && {object}.reclaimPolicy in {words} ? ['keeps volumes whose claims are gone'] : []",
]);

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    let Some(node) = object
        .node
        .get("reclaimPolicy")
        .filter(|node| !node.is_null())
    else {
        return;
    };
    match node.as_str() {
        Some(policy) if words.contains(&policy) => {
            let label =
                "every namespace may use the class, and what one leaves is there for the next";
            found.on_object(At::node(node), "keeps volumes whose claims are gone", label);
        }
        Some(_) => {}
        None => object.note_malformed(node, "Delete or Retain"),
    }
}
