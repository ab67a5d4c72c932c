//! `securityContext.readOnlyRootFilesystem` must be true; absence means false. Not for Windows pods, whose containers
//! cannot have it.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Guard, Header, How, Must, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, POD_06};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::READ_ONLY_ROOT_FILESYSTEM,
    must: Must::Be(&[Lit::Bool(true)]),
    says: Says {
        set: "can write to its root filesystem",
        unset: "can write to its root filesystem",
        because: "an intruder can drop tools and change the program",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "writable-root-filesystem",
        formerly: &[],
        title: "container can write to its root filesystem",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_06],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that writes to its root filesystem fails: give it an emptyDir volume where it writes",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[Guard::Windows],
    }))],
};
