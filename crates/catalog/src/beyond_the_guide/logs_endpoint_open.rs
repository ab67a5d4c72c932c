//! `--enable-logs-handler` of the API server must be false; the default is true.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{BEY_03, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "enable-logs-handler",
    twin: &[],
    want: Want::Be(&["false"]),
    default: "true",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "hands out its node's log files",
        unset: "hands out its node's log files, as --enable-logs-handler is true by default",
        because: "logs hold names, addresses and sometimes tokens",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "logs-endpoint-open",
        formerly: &[],
        title: "API server hands out the node's log files",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "whoever reads logs through the API server needs another way",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
