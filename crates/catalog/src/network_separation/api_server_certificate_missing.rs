//! The API server must be given certificates for its port and for its requests to kubelets.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_10, CP_01, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "tls-cert-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --tls-cert-file",
            unset: "has no --tls-cert-file",
            because: "clients cannot verify a certificate that it makes up",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "tls-private-key-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --tls-private-key-file",
            unset: "has no --tls-private-key-file",
            because: "clients cannot verify a certificate that it makes up",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "kubelet-client-certificate",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --kubelet-client-certificate",
            unset: "has no --kubelet-client-certificate",
            because: "kubelets cannot tell it from anybody",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "kubelet-client-key",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --kubelet-client-key",
            unset: "has no --kubelet-client-key",
            because: "kubelets cannot tell it from anybody",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "api-server-certificate-missing",
        formerly: &[],
        title: "API server has no certificate of its own for clients or kubelets",
        chapter: Chapter::NetworkSeparation,
        guide: &[&AUTH_10, &CP_01],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("the certificates that it names have to be made first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
