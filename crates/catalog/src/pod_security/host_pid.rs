//! `spec.hostPID` of the pod must not be true; absence means false.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_02};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::HOST_PID,
    must: Must::NotBe(&[Lit::Bool(true)]),
    says: Says {
        set: "shares the host's process ids",
        unset: "",
        because: "sees and signals every process of the node",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-pid",
        formerly: &[],
        title: "pod shares the host's process ids",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_02],
        pss: &[PssCheck::baseline("hostNamespaces")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that looks at the node's processes fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
