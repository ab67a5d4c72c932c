//! `securityContext.procMount` must be `Default` or absent at the restricted level, also for pods in a user namespace of
//! their own, for which baseline allows it since policy 1.35. Other pods are `unmasked-proc`'s.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::PROC_MOUNT,
    must: Must::Be(&[Lit::Str("Default")]),
    says: Says {
        set: "asks for an unmasked /proc (procMount is {value})",
        unset: "",
        because: "shows kernel settings that the runtime hides; only restricted forbids it here",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unmasked-proc-in-user-namespace",
        formerly: &[],
        title: "container sees an unmasked /proc inside a user namespace",
        chapter: Chapter::PodSecurity,
        guide: &[],
        pss: &[PssCheck::restricted("procMount_restricted")],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that builds or runs containers in this one fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::since(
        35,
        Rule::Derived(Describe {
            clauses: CLAUSES,
            unless: &[Guard::NoUserNamespace],
        }),
    )],
};
