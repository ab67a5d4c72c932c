//! `runAsNonRoot` must be true for every container, its own or the pod's; a pod-level false is a fault even where every
//! container overrides it, and weighs less beside a `runAsUser` that is not 0. Since policy 1.35 a user namespace settles the matter.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, PssCheck, Remedy, Revision, Rule,
    Says, Severity, Weight, When,
};
use plimsoll_guide::{Chapter, POD_02, PSC_07};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_NON_ROOT,
    must: Must::Be(&[Lit::Bool(true)]),
    says: Says {
        set: "does not require a user other than root (runAsNonRoot is false)",
        unset: "does not require a user other than root (runAsNonRoot is not set)",
        because: "nothing keeps the image from running as root",
    },
    weights: &[Weight {
        when: When::Beside(&field::RUN_AS_USER, Must::BeOther(&[Lit::Int(0)])),
        severity: Severity::Low,
        reason: "runs as a user that is not root; only the restricted level asks for more",
    }],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "may-run-as-root",
        formerly: &[],
        title: "container is not kept from running as root",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_02, &PSC_07],
        pss: &[PssCheck::restricted("runAsNonRoot")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a container whose image runs as root is not started",
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
