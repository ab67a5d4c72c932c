//! `runAsUser` of pod and containers must not be 0; absence leaves it to the image. Since policy 1.35 a user namespace
//! settles the matter.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, POD_02, PSC_07};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_USER,
    must: Must::NotBe(&[Lit::Int(0)]),
    says: Says {
        set: "runs as root (runAsUser is 0)",
        unset: "",
        because: "whoever breaks out of it starts as root",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "runs-as-root",
        formerly: &[],
        title: "container runs as user 0",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_02, &PSC_07],
        pss: &[PssCheck::restricted("runAsUser")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the image's own user takes root's place and may not reach root's files",
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
