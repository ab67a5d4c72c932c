//! Scheduler and controller managers must listen on the loopback only.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, PORT_04, PORT_05, PORT_06, SIG_12, SIG_13};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    on_loopback(Program::Scheduler),
    on_loopback(Program::ControllerManager),
    on_loopback(Program::CloudControllerManager),
];

const fn on_loopback(program: Program) -> Setting {
    Setting {
        program,
        flag: "bind-address",
        twin: &[],
        want: Want::Be(&["127.0.0.1", "::1", "localhost"]),
        default: "0.0.0.0",
        unless: &[],
        kubeadm: true,
        says: Says {
            set: "listens on {value}",
            unset: "listens on every address, as it has no --bind-address",
            because: "nobody but the node needs the port",
        },
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "component-listens-everywhere",
        formerly: &[],
        title: "scheduler or controller manager listens on every address",
        chapter: Chapter::SigSecurity,
        guide: &[&PORT_04, &PORT_05, &PORT_06, &SIG_12, &SIG_13],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "metrics and probes then reach it on the node alone",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
