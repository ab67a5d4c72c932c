//! A waiver that does not say why: it hides nothing until it does.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::waiver::{Audited, Standing};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "waiver-without-reason",
        formerly: &[],
        title: "a waiver gives no reason",
        chapter: Chapter::BeyondTheGuide,
        guide: &[],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere("a waiver is a decision, which only its owner can change"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Audit { check })],
};

fn check(waivers: &[Audited], found: &mut JoinedFound) {
    for Audited { waiver, standing } in waivers {
        match standing {
            Standing::WithoutReason => {
                let predicate = format!("has a waiver of {} without a reason", waiver.control);
                let label = "hides nothing until it says why";
                found.on_object(&waiver.object, &waiver.place, &predicate, label);
            }
            _ => found.pass(),
        }
    }
}
