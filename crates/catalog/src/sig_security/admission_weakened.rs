//! AlwaysAdmit must be off, and no default admission plugin that protects may be disabled.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_07, Chapter, POD_13, SIG_09};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "enable-admission-plugins",
        twin: &[],
        want: Want::HoldNone(&["AlwaysAdmit"]),
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "admits everything with AlwaysAdmit",
            unset: "",
            because: "it stands for letting every request in",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "disable-admission-plugins",
        twin: &[],
        want: Want::HoldNone(&[
            "CertificateApproval",
            "CertificateSigning",
            "CertificateSubjectRestriction",
            "MutatingAdmissionWebhook",
            "NamespaceLifecycle",
            "NodeRestriction",
            "PodSecurity",
            "ServiceAccount",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionWebhook",
        ]),
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "switches protection off: {value}",
            unset: "",
            because: "what the plugin refuses is let through",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-weakened",
        formerly: &[],
        title: "admission plugins that protect are off, or AlwaysAdmit is on",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_09, &AUTH_07, &POD_13],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "requests that were let through are then changed or refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
