//! etcd must have a certificate and listen for clients and peers with TLS, loopback apart.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_05, Chapter, ETCD_03};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    given(
        "cert-file",
        "has an empty --cert-file",
        "has no --cert-file",
    ),
    given("key-file", "has an empty --key-file", "has no --key-file"),
    given(
        "peer-cert-file",
        "has an empty --peer-cert-file",
        "has no --peer-cert-file",
    ),
    given(
        "peer-key-file",
        "has an empty --peer-key-file",
        "has no --peer-key-file",
    ),
    not_made_up("auto-tls"),
    not_made_up("peer-auto-tls"),
    with_tls("listen-client-urls"),
    with_tls("listen-peer-urls"),
];

/// A flag of etcd, which kubeadm sets to something fine and a configuration file takes over.
const fn etcd(flag: &'static str, want: Want, default: &'static str, says: Says) -> Setting {
    Setting {
        program: Program::Etcd,
        flag,
        twin: &[],
        want,
        default,
        unless: &["config-file"],
        kubeadm: true,
        says,
    }
}

const fn given(flag: &'static str, set: &'static str, unset: &'static str) -> Setting {
    let because = "without a certificate there is no TLS";
    etcd(
        flag,
        Want::BeSet,
        "",
        Says {
            set,
            unset,
            because,
        },
    )
}

const fn not_made_up(flag: &'static str) -> Setting {
    let says = Says {
        set: "makes up its own certificates",
        unset: "",
        because: "nobody can verify a certificate that etcd signs for itself",
    };
    etcd(flag, Want::Be(&["false"]), "false", says)
}

const fn with_tls(flag: &'static str) -> Setting {
    let starts = Want::Begin(&[
        "https://",
        "http://127.0.0.1",
        "http://localhost",
        "http://[::1]",
        "unix://",
    ]);
    let says = Says {
        set: "listens without TLS on {value}",
        unset: "",
        because: "what passes can be read and changed",
    };
    etcd(flag, starts, "", says)
}

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
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
