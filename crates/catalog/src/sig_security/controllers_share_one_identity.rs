//! The controller manager must use a service account for each controller, sign tokens and publish the root certificate.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_13};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ControllerManager,
        flag: "use-service-account-credentials",
        twin: &[],
        want: Want::Be(&["true"]),
        default: "false",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "lets all controllers act as one user",
            unset: "lets all controllers act as one user, as --use-service-account-credentials is false by default",
            because: "every controller has the rights of all",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "service-account-private-key-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --service-account-private-key-file",
            unset: "has no --service-account-private-key-file",
            because: "it cannot sign tokens of service accounts",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "root-ca-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "has an empty --root-ca-file",
            unset: "has no --root-ca-file",
            because: "pods cannot verify the API server",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "controllers-share-one-identity",
        formerly: &[],
        title: "all controllers act with one identity, or without keys of their own",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_13],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "each controller then has its own rights alone, which RBAC has to grant",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
