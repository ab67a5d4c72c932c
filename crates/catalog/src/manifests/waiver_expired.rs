//! A waiver whose last day is over: it hides nothing any more.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::waiver::{Audited, Standing};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "waiver-expired",
        formerly: &[],
        title: "a waiver has expired",
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
            Standing::Expired => {
                let last = waiver.expires.map(|date| date.to_string());
                let predicate = format!(
                    "has a waiver of {} whose last day was {}",
                    waiver.control,
                    last.unwrap_or_default()
                );
                let label = "hides nothing any more: mend the fault or decide anew";
                found.on_object(&waiver.object, &waiver.place, &predicate, label);
            }
            _ => found.pass(),
        }
    }
}
