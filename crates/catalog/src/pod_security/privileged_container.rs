//! `securityContext.privileged` of every container must not be true; absence means false.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_01};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::PRIVILEGED,
    must: Must::NotBe(&[Lit::Bool(true)]),
    says: Says {
        set: "runs privileged",
        unset: "",
        because: "gives every capability and the host's devices",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "privileged-container",
        formerly: &[],
        title: "container runs privileged",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_01],
        pss: &[PssCheck::baseline("privileged")],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that needs the node's devices or kernel settings fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
