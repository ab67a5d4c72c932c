//! Scheduler and controller manager must not skip or tolerate failed lookups of who asks.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
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
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: include_str!("component_authentication_weakened.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
