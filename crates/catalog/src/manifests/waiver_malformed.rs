//! A text that begins like a waiver and is none: it hides nothing, though somebody means it to.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::waiver::{Audited, Standing};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "waiver-malformed",
        formerly: &[],
        title: "a waiver cannot be understood",
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
            Standing::Malformed => {
                let fault = waiver.fault.as_deref().unwrap_or_default();
                let predicate = format!("has a waiver that cannot be understood: {fault}");
                let label = "write it as `allow CONTROL until 2027-01-31 (OWNER): REASON`";
                found.on_object(&waiver.object, &waiver.place, &predicate, label);
            }
            _ => found.pass(),
        }
    }
}
