//! A Namespace named `kube-…` that is not one of Kubernetes' own.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, NET_04};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "reserved-namespace-name",
        formerly: &[],
        title: "namespace has a name that is reserved for Kubernetes",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_04],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Elsewhere(
            "a name cannot be changed: the namespace has to be made anew under another one",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: OWN,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object}.metadata.name.startsWith('kube-') && !({object}.metadata.name in {words}) ? \
     ['has a name that begins with kube-'] : []",
]);

/// The namespaces that Kubernetes makes itself.
const OWN: Words = &["kube-node-lease", "kube-public", "kube-system"];
const RESERVED: &str = "kube-";

fn check(object: &Object<'_>, own: Words, found: &mut Found<'_>) {
    let name = object.name().unwrap_or_default();
    if name.starts_with(RESERVED) && !own.contains(&name) {
        found.on_object(
            At::nearest(object.node, &["metadata", "name"]),
            "has a name that begins with kube-",
            "reserved for Kubernetes; looks like a part of the system",
        );
    }
}
