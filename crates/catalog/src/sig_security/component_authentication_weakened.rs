//! Scheduler and controller manager must not skip or tolerate failed lookups of who asks.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_02, Chapter, SIG_12};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Scheduler,
        flag: "authentication-tolerate-lookup-failure",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "true",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "tolerates that it cannot look up who asks",
            unset: "tolerates that it cannot look up who asks, as that is the default",
            because: "who asks may not be known",
        },
    },
    Setting {
        program: Program::Scheduler,
        flag: "authentication-skip-lookup",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not look up who asks",
            unset: "",
            because: "who asks may not be known",
        },
    },
    Setting {
        program: Program::Scheduler,
        flag: "requestheader-client-ca-file",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "trusts a front proxy of its own, signed by {value}",
            unset: "",
            because: "whoever that authority signs for may say that he is somebody else",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "authentication-tolerate-lookup-failure",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "tolerates that it cannot look up who asks",
            unset: "",
            because: "who asks may not be known",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "authentication-skip-lookup",
        twin: &[],
        want: Want::Be(&["false"]),
        default: "false",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not look up who asks",
            unset: "",
            because: "who asks may not be known",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "component-authentication-weakened",
        formerly: &[],
        title: "component tolerates that authentication fails",
        chapter: Chapter::SigSecurity,
        guide: &[&CP_02, &SIG_12],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "the program does not start while the API server cannot be asked",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
