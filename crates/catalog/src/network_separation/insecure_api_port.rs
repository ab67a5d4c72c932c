//! `--insecure-port` must be 0 where it is given, `--insecure-bind-address` must not be there.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_08, Chapter, PORT_07};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "insecure-port",
        twin: &[],
        want: Want::Be(&["0"]),
        default: "0",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen on the insecure port {value}",
            unset: "",
            because: "whoever reaches the port is administrator",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "insecure-bind-address",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "is told to listen without TLS on {value}",
            unset: "",
            because: "whoever reaches the port is administrator",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "insecure-api-port",
        formerly: &[],
        title: "API server is told to listen without TLS and authentication",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_08, &PORT_07],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "what asks the old port has to log in at the secure one",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
