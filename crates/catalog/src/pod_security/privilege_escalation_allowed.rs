//! `securityContext.allowPrivilegeEscalation` must be false; absence means true. Windows pods have no such thing (since
//! policy 1.25).

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, PSC_11};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::ALLOW_PRIVILEGE_ESCALATION,
    must: Must::Be(&[Lit::Bool(false)]),
    says: Says {
        set: "allows privilege escalation",
        unset: "does not forbid privilege escalation",
        because: "a setuid program or file capability can make a process root",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "privilege-escalation-allowed",
        formerly: &[],
        title: "container may gain more privileges than it started with",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_11],
        pss: &[PssCheck::restricted("allowPrivilegeEscalation")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::safe(How::AsDescribed)]),
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
