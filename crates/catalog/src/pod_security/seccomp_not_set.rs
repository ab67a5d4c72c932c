//! Every container needs a `seccompProfile`, its own or the pod's; without one the kubelet runs it unconfined unless its
//! `seccompDefault` is on. A profile that is set is `seccomp-unconfined`'s. Windows has no seccomp (since policy 1.25).

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, POD_22, PSC_14};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::SECCOMP_TYPE,
    must: Must::BeSet,
    says: Says {
        set: "",
        unset: "has no seccomp profile",
        because: "every system call of the node's kernel is open, unless the kubelet sets a default",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "seccomp-not-set",
        formerly: &[],
        title: "container has no seccomp profile",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_22, &PSC_14],
        pss: &[PssCheck::restricted("seccompProfile_restricted")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("RuntimeDefault")),
            "a program that makes unusual system calls, such as a debugger, is refused them",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[
        Revision::always(Rule::Derived(Describe {
            clauses: CLAUSES,
            unless: &[],
        })),
        Revision::since(
            25,
            Rule::Derived(Describe {
                clauses: CLAUSES,
                unless: &[Guard::Windows],
            }),
        ),
    ],
};
