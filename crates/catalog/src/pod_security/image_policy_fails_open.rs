//! When the backend that judges images is down, `defaultAllow` decides.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use plimsoll_guide::{Chapter, POD_12};

use crate::admission_plugins::{ADMISSION, configuration};

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    for plugin in words {
        let at = configuration(object, plugin)
            .map(|found| At::nearest(found, &["imagePolicy", "defaultAllow"]));
        let Some(at) = at.filter(|at| at.missing.is_empty() && !at.node.is_null()) else {
            continue;
        };
        match at.node.as_bool() {
            Some(true) => {
                let predicate = "lets every image through when its judge does not answer";
                let label = "who keeps the judge from answering starts what he likes";
                found.on_object(at, predicate, label);
            }
            Some(false) => {}
            None => object.note_malformed(at.node, "a boolean"),
        }
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "image-policy-fails-open",
        formerly: &[],
        title: "images are let through when nobody can judge them",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Bool(false)),
            "no new pod starts while the judge does not answer",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[ADMISSION],
        check,
        words: &["ImagePolicyWebhook"],
        enforce: Enforce::NO_OBJECT,
    })],
};
