//! The mode AlwaysAllow must be in use neither at the API server, whose default it is, nor at the kubelet.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, RBAC_02, SIG_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "authorization-mode",
        twin: &[],
        want: Want::HoldNone(&["AlwaysAllow"]),
        default: "AlwaysAllow",
        unless: &["authorization-config"],
        kubeadm: true,
        says: Says {
            set: "allows every request, as --authorization-mode says {value}",
            unset: "allows every request, as it is given no --authorization-mode",
            because: "one mode that allows is enough, and AlwaysAllow always does",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "authorization-mode",
        twin: &["authorization", "mode"],
        want: Want::NotBe(&["AlwaysAllow"]),
        default: "Webhook",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "allows every request to the kubelet",
            unset: "",
            because: "whoever reaches port 10250 runs commands in every pod of the node",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authorization-always-allowed",
        formerly: &[],
        title: "every request is allowed",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_02, &SIG_08],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "what relied on rights that nobody wrote down is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
