//! `--kubelet-certificate-authority` of the API server must be given.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_10, CP_01, Chapter, SIG_23};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "kubelet-certificate-authority",
    twin: &[],
    want: Want::BeSet,
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "does not verify kubelets",
        unset: "does not verify kubelets, as it has no --kubelet-certificate-authority",
        because: "somebody else can answer in a kubelet's place",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubelet-not-verified",
        formerly: &[],
        title: "API server does not verify the kubelets it talks to",
        chapter: Chapter::NetworkSeparation,
        guide: &[&AUTH_10, &CP_01, &SIG_23],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "every kubelet needs a certificate of an authority first, or kubectl logs and exec fail",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
