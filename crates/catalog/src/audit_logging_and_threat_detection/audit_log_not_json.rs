//! `--audit-log-format` of the API server must be json, its default.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUD_12, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "audit-log-format",
    twin: &[],
    want: Want::Be(&["json"]),
    default: "json",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "writes its audit log in the format {value}",
        unset: "",
        because: "bodies are missing, and readers expect JSON",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-log-not-json",
        formerly: &[],
        title: "audit log is written in the legacy format",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_12],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "what reads the log has to understand JSON",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
