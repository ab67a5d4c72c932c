//! `--port` of scheduler and controller manager must be 0 where it is given, `--address` must not be there.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, PORT_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    no_port(Program::Scheduler),
    no_address(Program::Scheduler),
    no_port(Program::ControllerManager),
    no_address(Program::ControllerManager),
];

const BECAUSE: &str = "the port asks for no credentials";

const fn no_port(program: Program) -> Setting {
    Setting {
        program,
        flag: "port",
        twin: &[],
        want: Want::Be(&["0"]),
        default: "0",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on port {value}",
            unset: "",
            because: BECAUSE,
        },
    }
}

const fn no_address(program: Program) -> Setting {
    Setting {
        program,
        flag: "address",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on {value}",
            unset: "",
            because: BECAUSE,
        },
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "insecure-component-port",
        formerly: &[],
        title: "scheduler or controller manager is told to listen without TLS",
        chapter: Chapter::NetworkSeparation,
        guide: &[&PORT_08],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "what asks the old port has to use the secure one",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
