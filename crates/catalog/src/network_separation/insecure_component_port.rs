//! `--port` of scheduler and controller manager must be 0 where it is given, `--address` must not be there.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, PORT_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Scheduler,
        flag: "port",
        twin: &[],
        want: Want::Be(&["0"]),
        default: "0",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on port {value}",
            unset: "",
            because: "the port asks for no credentials",
        },
    },
    Setting {
        program: Program::Scheduler,
        flag: "address",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on {value}",
            unset: "",
            because: "the port asks for no credentials",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "port",
        twin: &[],
        want: Want::Be(&["0"]),
        default: "0",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on port {value}",
            unset: "",
            because: "the port asks for no credentials",
        },
    },
    Setting {
        program: Program::ControllerManager,
        flag: "address",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on {value}",
            unset: "",
            because: "the port asks for no credentials",
        },
    },
];

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
        page: include_str!("insecure_component_port.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
