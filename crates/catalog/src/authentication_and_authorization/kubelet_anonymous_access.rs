//! The kubelet must refuse anonymous requests, ask the API server about tokens, and open no read-only port.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_09, Chapter, PORT_09};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Kubelet,
        flag: "anonymous-auth",
        twin: &["authentication", "anonymous", "enabled"],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "takes requests without credentials",
            unset: "",
            because: "whoever reaches port 10250 may try commands in every pod",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "authentication-token-webhook",
        twin: &["authentication", "webhook", "enabled"],
        want: Want::Be(&["true"]),
        default: "true",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not ask the API server about tokens",
            unset: "",
            because: "service accounts cannot be told apart",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "read-only-port",
        twin: &["readOnlyPort"],
        want: Want::Be(&["0"]),
        default: "0",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "opens the read-only port {value}",
            unset: "",
            because: "the port shows all pods of the node to everybody",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubelet-anonymous-access",
        formerly: &[],
        title: "kubelet answers requests without credentials",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_09, &PORT_09],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "whoever asks the kubelet without a certificate or token is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
