//! etcd must verify the certificates of clients and peers.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_05, Chapter, ETCD_03};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Etcd,
        flag: "client-cert-auth",
        twin: &[],
        want: Want::Be(&["true"]),
        default: "false",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "does not ask for certificates",
            unset: "does not ask for certificates, as --client-cert-auth is false by default",
            because: "whoever reaches the port reads and writes the cluster",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "peer-client-cert-auth",
        twin: &[],
        want: Want::Be(&["true"]),
        default: "false",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "does not ask for certificates",
            unset: "does not ask for certificates, as --peer-client-cert-auth is false by default",
            because: "whoever reaches the port reads and writes the cluster",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "trusted-ca-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --trusted-ca-file",
            unset: "has no --trusted-ca-file",
            because: "without it a certificate from any authority may do",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "peer-trusted-ca-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --peer-trusted-ca-file",
            unset: "has no --peer-trusted-ca-file",
            because: "without it a certificate from any authority may do",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "etcd-clients-not-authenticated",
        formerly: &[],
        title: "etcd asks its clients or peers for no certificate",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_05, &ETCD_03],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "clients and members without a certificate are refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
