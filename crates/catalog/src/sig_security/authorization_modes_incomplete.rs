//! The API server's modes of authorization must hold Node and RBAC and no ABAC. What follows from no mode at all is another control's.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, RBAC_01, SIG_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[MODES, ROLES];

const MODES: Setting = Setting {
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
};

const ROLES: Setting = Setting {
    program: Program::ApiServer,
    flag: "runtime-config",
    twin: &[],
    want: Want::HoldNone(&[
        "rbac.authorization.k8s.io/v1=false",
        "api/ga=false",
        "api/all=false",
    ]),
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "does not serve roles, as --runtime-config says {value}",
        unset: "",
        because: "nobody can read or change who may do what",
    },
};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authorization-modes-incomplete",
        formerly: &[],
        title: "API server authorizes without Node and RBAC, or with ABAC",
        chapter: Chapter::SigSecurity,
        guide: &[&RBAC_01, &SIG_08],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "RBAC and Node allow what they are told to beside the other modes",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
