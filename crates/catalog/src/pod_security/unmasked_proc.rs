//! `securityContext.procMount` must be `Default` or absent. Since policy 1.35 pods in a user namespace of their own are
//! judged by `unmasked-proc-in-user-namespace` instead.

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
        because: "shows and opens kernel settings that the runtime hides",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unmasked-proc",
        formerly: &[],
        title: "container sees an unmasked /proc",
        chapter: Chapter::PodSecurity,
        guide: &[],
        pss: &[
            PssCheck::baseline("procMount"),
            PssCheck::restricted("procMount_restricted"),
        ],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that builds or runs containers in this one fails",
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
            35,
            Rule::Derived(Describe {
                clauses: CLAUSES,
                unless: &[Guard::UserNamespace],
            }),
        ),
    ],
};
