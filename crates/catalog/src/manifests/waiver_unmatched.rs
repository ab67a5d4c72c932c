//! A waiver that covers no finding: the fault is mended or moved, and the waiver waits for the next one.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::waiver::{Audited, Standing};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "waiver-unmatched",
        formerly: &[],
        title: "a waiver covers nothing",
        chapter: Chapter::BeyondTheGuide,
        guide: &[],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Elsewhere("a waiver is a decision, which only its owner can change"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::AllBelowConfiguration],
    revisions: &[Revision::always(Rule::Audit { check })],
};

fn check(waivers: &[Audited], found: &mut JoinedFound) {
    for Audited { waiver, standing } in waivers {
        match standing {
            Standing::Unmatched => {
                let predicate = format!("has a waiver of {} that covers nothing", waiver.control);
                let label = "remove it, or put it where the fault is";
                found.on_object(&waiver.object, &waiver.place, &predicate, label);
            }
            Standing::Unsettled => found.not_assessed(FactKind::AllBelowConfiguration),
            _ => found.pass(),
        }
    }
}
