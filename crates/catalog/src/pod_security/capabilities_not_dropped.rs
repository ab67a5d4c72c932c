//! `securityContext.capabilities.drop` must hold `ALL`, in these letters. Windows pods have no capabilities (since
//! policy 1.25).

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, POD_24};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::CAPABILITIES_DROP,
    must: Must::Hold(Lit::Str("ALL")),
    says: Says {
        set: "drops some capabilities but not ALL",
        unset: "does not drop all capabilities",
        because: "keeps what the runtime grants by default, such as NET_RAW",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "capabilities-not-dropped",
        formerly: &[],
        title: "container keeps the default capabilities",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_24],
        pss: &[PssCheck::restricted("capabilities_restricted")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that uses a default capability, such as NET_BIND_SERVICE or CHOWN, fails",
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
