//! `seccompProfile.type` of pod and containers, where set, must be `RuntimeDefault` or `Localhost`. Absence is
//! `seccomp-not-set`'s. The alpha annotations are not read by any version here.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, POD_22, PSC_14};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::SECCOMP_TYPE,
    must: Must::BeOrAbsent(&[Lit::Str("RuntimeDefault"), Lit::Str("Localhost")]),
    says: Says {
        set: "turns seccomp off (the profile type is {value})",
        unset: "",
        because: "opens every system call of the node's kernel",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "seccomp-unconfined",
        formerly: &[],
        title: "pod turns seccomp off",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_22, &PSC_14],
        pss: &[
            PssCheck::baseline("seccompProfile_baseline"),
            PssCheck::restricted("seccompProfile_restricted"),
        ],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("RuntimeDefault")),
            "a program that makes unusual system calls, such as a debugger, is refused them",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
