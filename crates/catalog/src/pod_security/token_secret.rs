//! A Secret of the type `kubernetes.io/service-account-token` holds, or makes the control plane write into it, a token that never
//! expires.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_19};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "token-secret",
        formerly: &[],
        title: "Secret holds a service account token that never expires",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_19],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("whoever uses the token needs another one first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Secret")],
        check,
        words: &["kubernetes.io/service-account-token"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "has({object}.type) && {object}.type in {words} ? ['holds a service account token that never expires'] : []",
]);

const BECAUSE: &str =
    "the token in it works until the Secret or the account is deleted, from anywhere";

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    let Some(node) = object.node.get("type").filter(|node| !node.is_null()) else {
        return;
    };
    match node.as_str() {
        Some(kind) if words.contains(&kind) => {
            let predicate = "holds a service account token that never expires";
            found.on_object(At::node(node), predicate, BECAUSE);
        }
        Some(_) => {}
        None => object.note_malformed(node, "a string"),
    }
}
