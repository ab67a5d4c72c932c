//! etcd must have a certificate and listen for clients and peers with TLS, loopback apart.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_05, Chapter, ETCD_03};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Etcd,
        flag: "cert-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --cert-file",
            unset: "has no --cert-file",
            because: "without a certificate there is no TLS",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "key-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --key-file",
            unset: "has no --key-file",
            because: "without a certificate there is no TLS",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "peer-cert-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --peer-cert-file",
            unset: "has no --peer-cert-file",
            because: "without a certificate there is no TLS",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "peer-key-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "has an empty --peer-key-file",
            unset: "has no --peer-key-file",
            because: "without a certificate there is no TLS",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "auto-tls",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "makes up its own certificates",
            unset: "",
            because: "nobody can verify a certificate that etcd signs for itself",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "peer-auto-tls",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "makes up its own certificates",
            unset: "",
            because: "nobody can verify a certificate that etcd signs for itself",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "listen-client-urls",
        twin: &[],
        want: Want::Begin(&[
            "https://",
            "http://127.0.0.1",
            "http://localhost",
            "http://[::1]",
            "unix://",
        ]),
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "listens without TLS on {value}",
            unset: "",
            because: "what passes can be read and changed",
        },
    },
    Setting {
        program: Program::Etcd,
        flag: "listen-peer-urls",
        twin: &[],
        want: Want::Begin(&[
            "https://",
            "http://127.0.0.1",
            "http://localhost",
            "http://[::1]",
            "unix://",
        ]),
        default: "",
        unless: &["config-file"],
        kubeadm: true,
        says: Says {
            set: "listens without TLS on {value}",
            unset: "",
            because: "what passes can be read and changed",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "etcd-without-tls",
        formerly: &[],
        title: "etcd speaks without TLS",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_05, &ETCD_03],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "members and clients have to trust the certificates that are named instead",
        )]),
        page: include_str!("etcd_without_tls.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
