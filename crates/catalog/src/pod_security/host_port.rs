//! `ports[].hostPort` of every container must be absent or 0.

use plimsoll_control::{
    Clause, Control, Describe, Fix, Header, How, Must, PssCheck, Remedy, Revision, Rule, Says,
    Severity,
};
use plimsoll_guide::{Chapter, PSC_04};
use plimsoll_snapshot::field::{self, Lit};

const CLAUSES: &[Clause] = &[Clause {
    field: &field::HOST_PORT,
    must: Must::Be(&[Lit::Int(0)]),
    says: Says {
        set: "opens port {value} of its node",
        unset: "",
        because: "bypasses Services and NetworkPolicy, and binds the pod to free nodes",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-port",
        formerly: &[],
        title: "container opens a port of the host",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_04],
        pss: &[PssCheck::baseline("hostPorts")],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "who connects to the node's port needs a Service instead",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[],
    }))],
};
