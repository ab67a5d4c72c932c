//! The account `default` of a namespace should hand no token to pods that did not ask for one.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use plimsoll_guide::{Chapter, RBAC_08};

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    let named = object.name().is_some_and(|name| words.contains(&name));
    let says = object.node.get("automountServiceAccountToken");
    if !named || says.and_then(plimsoll_yaml::Node::as_bool) == Some(false) {
        return;
    }
    if let Some(wrong) = says.filter(|node| !node.is_null() && node.as_bool().is_none()) {
        return object.note_malformed(wrong, "a boolean");
    }
    found.on_object(
        At::nearest(object.node, &["automountServiceAccountToken"]),
        "lets every pod that names no account have its token",
        "pods that never call the API server hold a credential for it",
    );
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "default-account-mounts-token",
        formerly: &[],
        title: "account default gives its token to every pod that names no account",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Bool(false)),
            "pods that use the token of this account without saying so lose it",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "ServiceAccount")],
        check,
        words: &["default"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce =
    Enforce::Not("Kubernetes itself makes these accounts, and must not be refused");
