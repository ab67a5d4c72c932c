//! The minimum version of TLS must be 1.2 or 1.3, and no cipher suite may be among those that Go calls insecure.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, TLS_01};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    version(Program::ApiServer, &[]),
    suites(Program::ApiServer, &[]),
    version(Program::ControllerManager, &[]),
    suites(Program::ControllerManager, &[]),
    version(Program::Scheduler, &[]),
    suites(Program::Scheduler, &[]),
    version(Program::Kubelet, &["tlsMinVersion"]),
    suites(Program::Kubelet, &["tlsCipherSuites"]),
    ETCD,
];

/// etcd has words of its own for the versions.
const ETCD: Setting = Setting {
    flag: "tls-min-version",
    want: Want::Be(&["TLS1.2", "TLS1.3"]),
    default: "TLS1.2",
    ..version(Program::Etcd, &[])
};

const fn version(program: Program, twin: &'static [&'static str]) -> Setting {
    Setting {
        program,
        flag: "tls-min-version",
        twin,
        want: Want::NotBe(&["VersionTLS10", "VersionTLS11"]),
        default: "VersionTLS12",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "still accepts {value}",
            unset: "",
            because: "versions of TLS before 1.2 are broken",
        },
    }
}

const fn suites(program: Program, twin: &'static [&'static str]) -> Setting {
    Setting {
        program,
        flag: "tls-cipher-suites",
        twin,
        want: Want::HoldNone(&[
            "TLS_RSA_WITH_RC4_128_SHA",
            "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
            "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        ]),
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "offers weak cipher suites: {value}",
            unset: "",
            because: "what is sent with them can be read or changed",
        },
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "weak-tls",
        formerly: &[],
        title: "component accepts old versions of TLS or weak cipher suites",
        chapter: Chapter::NetworkSeparation,
        guide: &[&TLS_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "clients that know nothing newer cannot connect",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
