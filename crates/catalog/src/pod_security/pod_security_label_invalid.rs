//! Labels of the Pod Security admission plugin with a name or a value that it does not know.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{Level, PREFIX, PolicyVersion, labels};
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-label-invalid",
        formerly: &[],
        title: "namespace has a Pod Security label that does not work",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("what was meant is for the owner of the namespace to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: KNOWN,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{labels}.filter(k, k.startsWith('pod-security.kubernetes.io/') && (!(k.substring(27) in {words}) || \
     (k.endsWith('-version') ? !{labels}[k].matches('^(latest|v1[.](0|[1-9][0-9]*))$') : !({labels}[k] in ['privileged', 'baseline', 'restricted'])))) \
     .map(k, 'has the label ' + k + ' with the value ' + {labels}[k] + ', which does not work')",
]);

/// The labels that the admission plugin reads.
const KNOWN: Words = &[
    "enforce",
    "audit",
    "warn",
    "enforce-version",
    "audit-version",
    "warn-version",
];

fn check(object: &Object<'_>, known: Words, found: &mut Found<'_>) {
    for label in labels(object) {
        let valid = match label.name.strip_suffix("-version") {
            Some(_) => PolicyVersion::read(label.text).is_some(),
            None => Level::read(label.text).is_some(),
        };
        let (name, text) = (label.name, label.text);
        if !known.contains(&name) {
            let predicate = format!("has the label {PREFIX}{name}, which Kubernetes does not know");
            found.on_object(At::node(label.node), &predicate, "ignored without a word");
        } else if !valid {
            let predicate =
                format!("has \"{text}\" as its label {PREFIX}{name}, which is no value for it");
            found.on_object(
                At::node(label.node),
                &predicate,
                "the API server refuses a new namespace with it",
            );
        }
    }
}
