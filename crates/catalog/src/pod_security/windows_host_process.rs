//! `windowsOptions.hostProcess` of pod and containers must not be true.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_01, SIG_20};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::HOST_PROCESS,
    must: Must::NotBe(&[Lit::Bool(true)]),
    says: Says {
        set: "runs as a process of the Windows host",
        unset: "",
        because: "has the host's files, network and accounts",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "windows-host-process",
        formerly: &[],
        title: "container is a process of the Windows host",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_01, &SIG_20],
        pss: &[PssCheck::baseline("windowsHostProcess")],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that manages the node fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
