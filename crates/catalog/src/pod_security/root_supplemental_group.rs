//! `securityContext.supplementalGroups` of the pod must not hold 0. Absence adds none.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_09};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::SUPPLEMENTAL_GROUPS,
    must: Must::NotBe(&[Lit::Int(0)]),
    says: Says {
        set: "adds its processes to the root group",
        unset: "",
        because: "files that are open to group 0 are open to the pod",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "root-supplemental-group",
        formerly: &[],
        title: "pod adds group 0 to its processes",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "files that only group 0 may read are out of reach",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[Guard::Windows],
    }))],
};
