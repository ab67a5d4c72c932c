//! Whoever is exempt creates any pod, whatever the labels say.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{Chapter, POD_13, POD_18};

use crate::admission_plugins::{ADMISSION, POD_SECURITY, configuration};

fn check(object: &Object<'_>, expected: Words, found: &mut Found<'_>) {
    let exemptions = configuration(object, "PodSecurity").and_then(|found| found.get("exemptions"));
    let Some(exemptions) = exemptions.filter(|node| !node.is_null()) else {
        return;
    };
    for (key, whom) in [
        ("namespaces", "pods of the namespace"),
        ("runtimeClasses", "pods of the RuntimeClass"),
        ("usernames", "whatever is created by"),
    ] {
        for item in object.items(exemptions, key) {
            match item.as_str() {
                Some(name) if key == "namespaces" && expected.contains(&name) => {}
                Some(name) => report(item, key, &format!("looks away from {whom} {name}"), found),
                None => object.note_malformed(item, "a string"),
            }
        }
    }
}

fn report(item: Node<'_>, key: &str, predicate: &str, found: &mut Found<'_>) {
    let finding = found.on_object(
        At::node(item),
        predicate,
        "the labels of the namespace count for nothing here",
    );
    if key == "usernames" {
        finding.weigh(
            Severity::Medium,
            "an account creates pods in every namespace",
        );
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-exemption",
        formerly: &[],
        title: "Pod Security admission looks away for some",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13, &POD_18],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::RemoveItem,
            "pods that were let through have to pass what their namespace enforces",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[ADMISSION, POD_SECURITY],
        check,
        words: &["kube-system"],
        enforce: Enforce::NO_OBJECT,
    })],
};
