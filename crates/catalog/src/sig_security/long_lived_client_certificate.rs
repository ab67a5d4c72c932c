//! A client certificate cannot be revoked: the only protection is that it ends. Who asks for one can say when.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_02, Chapter, SIG_26};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, Scalar};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "long-lived-client-certificate",
        formerly: &[],
        title: "client certificate is asked for more than a day",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_26, &BEY_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("a request cannot be changed: a new one has to be made"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("certificates.k8s.io", "CertificateSigningRequest")],
        check,
        words: &["kubernetes.io/kube-apiserver-client"],
        enforce: Enforce::Not(
            "how long a certificate lives is decided by its signer, whatever was asked for",
        ),
    })],
};

/// Seconds.
const DAY: i64 = 24 * 60 * 60;

fn check(object: &Object<'_>, signers: Words, found: &mut Found<'_>) {
    let spec = object.node.get("spec");
    let signer = spec
        .and_then(|spec| spec.get("signerName"))
        .and_then(Node::as_str);
    if !signer.is_some_and(|signer| signers.contains(&signer)) {
        return;
    }
    let at = At::nearest(object.node, &["spec", "expirationSeconds"]);
    let label = "it cannot be revoked, and whoever copies it has the access";
    if !at.missing.is_empty() || at.node.is_null() {
        let predicate =
            "asks for a client certificate for as long as its signer gives, often a year";
        found.on_object(at, predicate, label);
        return;
    }
    match at.node.scalar() {
        Some(Scalar::Int(seconds)) if seconds <= DAY => {}
        Some(Scalar::Int(seconds)) => {
            let predicate = format!("asks for a client certificate for {} hours", seconds / 3600);
            found.on_object(at, &predicate, label);
        }
        _ => object.note_malformed(at.node, "a number of seconds"),
    }
}
