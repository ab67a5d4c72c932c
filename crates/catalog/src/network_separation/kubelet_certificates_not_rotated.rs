//! `rotateCertificates` and `serverTLSBootstrap` of the kubelet must be true.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, TLS_02};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Kubelet,
        flag: "rotate-certificates",
        twin: &["rotateCertificates"],
        want: Want::Be(&["true"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not renew its client certificate",
            unset: "does not renew its client certificate, as rotateCertificates is false by default",
            because: "the certificate must live long, or the node drops out",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "rotate-server-certificates",
        twin: &["serverTLSBootstrap"],
        want: Want::Be(&["true"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "signs its serving certificate itself",
            unset: "signs its serving certificate itself, as serverTLSBootstrap is false by default",
            because: "nobody can verify such a certificate",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubelet-certificates-not-rotated",
        formerly: &[],
        title: "kubelet does not renew its certificates",
        chapter: Chapter::NetworkSeparation,
        guide: &[&TLS_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "serving certificates have to be approved before kubectl logs and exec work",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
