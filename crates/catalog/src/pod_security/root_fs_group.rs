//! `securityContext.fsGroup` of the pod must not be 0. Absence changes no owner.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_10};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::FS_GROUP,
    must: Must::NotBe(&[Lit::Int(0)]),
    says: Says {
        set: "gives its volumes to the root group",
        unset: "",
        because: "every process in group 0 can write to them",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "root-fs-group",
        formerly: &[],
        title: "pod gives its volumes to group 0",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_10],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "volumes keep the group that they have, which the program may not be in",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[Guard::Windows],
    }))],
};
