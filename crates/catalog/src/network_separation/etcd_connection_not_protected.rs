//! The API server must reach etcd by TLS, verify it, and show a certificate.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_01, CP_05, Chapter, ETCD_03};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "etcd-servers",
        twin: &[],
        want: Want::Begin(&["https://", "unix://"]),
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "reaches etcd without TLS at {value}",
            unset: "",
            because: "every secret of the cluster passes here",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "etcd-cafile",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --etcd-cafile",
            unset: "has no --etcd-cafile",
            because: "it cannot tell etcd from somebody else",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "etcd-certfile",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --etcd-certfile",
            unset: "has no --etcd-certfile",
            because: "etcd cannot tell it from anybody",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "etcd-keyfile",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --etcd-keyfile",
            unset: "has no --etcd-keyfile",
            because: "etcd cannot tell it from anybody",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "etcd-connection-not-protected",
        formerly: &[],
        title: "API server talks to etcd without TLS or a certificate",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_01, &CP_05, &ETCD_03],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Not("etcd needs certificates first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
