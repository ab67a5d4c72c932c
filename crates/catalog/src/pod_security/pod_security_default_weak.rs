//! What the API server enforces in namespaces that say nothing: without a word, nothing at all.

use plimsoll_control::{
    Control, Enforce, Extent, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use plimsoll_guide::{Chapter, POD_13};

use crate::admission_plugins::{ADMISSION, POD_SECURITY, configuration};

const REFUSED: &str =
    "pods in namespaces without labels that the level forbids are refused when they start again";

fn check(object: &Object<'_>, levels: Words, found: &mut Found<'_>) {
    let Some(configuration) = configuration(object, "PodSecurity") else {
        return;
    };
    let at = At::nearest(configuration, &["defaults", "enforce"]);
    let label = "a namespace without labels takes privileged pods";
    match at.node.as_str().filter(|_| at.missing.is_empty()) {
        Some(level) if levels.contains(&level) => {}
        Some("privileged" | "") => {
            found.on_object(at, "enforces nothing by default", label);
        }
        None if at.node.is_null() || !at.missing.is_empty() => {
            found.on_object(at, "does not say what is enforced by default", label);
        }
        _ => object.note_malformed(at.node, "privileged, baseline or restricted"),
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-default-weak",
        formerly: &[],
        title: "API server's default for namespaces without labels enforces nothing",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[
            Remedy::review(How::Set(Lit::Str("baseline")), REFUSED),
            Remedy::review(How::Set(Lit::Str("restricted")), REFUSED).to(Extent::Strict),
        ]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[ADMISSION, POD_SECURITY],
        check,
        words: &["baseline", "restricted"],
        enforce: Enforce::NO_OBJECT,
    })],
};
