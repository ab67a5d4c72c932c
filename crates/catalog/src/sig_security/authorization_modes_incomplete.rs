//! The API server's modes of authorization must hold Node and RBAC and no ABAC. What follows from no mode at all is another control's.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "authorization-mode",
    twin: &[],
    want: Want::HoldAll(&["Node", "RBAC"]),
    default: "Node,RBAC",
    unless: &["authorization-config"],
    kubeadm: true,
    says: Says {
        set: "authorizes with {value}, without both Node and RBAC",
        unset: "",
        because: "without them a node may read what others hold, or roles have no effect",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authorization-modes-incomplete",
        formerly: &[],
        title: "API server authorizes without Node and RBAC, or with ABAC",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_08],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "RBAC and Node allow what they are told to beside the other modes",
        )]),
        page: include_str!("authorization_modes_incomplete.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
