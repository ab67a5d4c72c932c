//! Profiling must be off; it is on by default.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_12, SIG_13};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    off(Program::ApiServer, &[]),
    off(Program::ControllerManager, &[]),
    off(Program::Scheduler, &["enableProfiling"]),
];

const fn off(program: Program, twin: &'static [&'static str]) -> Setting {
    Setting {
        program,
        flag: "profiling",
        twin,
        want: Want::Be(&["false"]),
        default: "true",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "offers profiles of itself",
            unset: "offers profiles of itself, as profiling is on by default",
            because: "profiles tell much and cost time",
        },
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "profiling-enabled",
        formerly: &[],
        title: "component offers profiles of itself",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_12, &SIG_13],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "whoever takes profiles has to switch it on again",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
