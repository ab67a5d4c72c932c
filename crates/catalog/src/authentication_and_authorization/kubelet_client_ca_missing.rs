//! `authentication.x509.clientCAFile` of the kubelet must be given.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_10, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::Kubelet,
    flag: "client-ca-file",
    twin: &["authentication", "x509", "clientCAFile"],
    want: Want::BeSet,
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "has an empty client CA file",
        unset: "names no client CA file",
        because: "it cannot tell the API server from others",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubelet-client-ca-missing",
        formerly: &[],
        title: "kubelet knows no authority for client certificates",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_10],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("where the file of the certificate authority is only its owner knows"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
