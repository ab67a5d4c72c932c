//! `spec.hostIPC` of the pod must not be true; absence means false.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_03};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::HOST_IPC,
    must: Must::NotBe(&[Lit::Bool(true)]),
    says: Says {
        set: "shares the host's IPC namespace",
        unset: "",
        because: "reads the shared memory of the node's processes",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-ipc",
        formerly: &[],
        title: "pod shares the host's IPC",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_03],
        pss: &[PssCheck::baseline("hostNamespaces")],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that shares memory with the node's processes fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
