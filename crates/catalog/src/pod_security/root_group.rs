//! `runAsGroup` must be set and not 0, for the container or its pod; without it the image decides, and most images say
//! group 0. Not for Windows pods, which have no such groups.

use plimsoll_control::{
    Clause, Control, Describe, Guard, Header, Must, Revision, Rule, Says, Severity,
};
use plimsoll_guide::{Chapter, POD_03, PSC_08};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_GROUP,
    must: Must::BeOther(&[Lit::Int(0)]),
    says: Says {
        set: "runs in the root group (runAsGroup is 0)",
        unset: "may run in the root group (runAsGroup is not set)",
        because: "files of the image and of volumes are often open to group 0",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "root-group",
        formerly: &[],
        title: "container may run in group 0",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_03, &PSC_08],
        pss: &[],
        severity: Severity::Medium,
        page: include_str!("root_group.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[Guard::Windows],
    }))],
};
