//! `--authorization-mode` of the API server must not hold ABAC.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "authorization-mode",
    twin: &[],
    want: Want::HoldNone(&["ABAC"]),
    default: "",
    unless: &["authorization-config"],
    kubeadm: true,
    says: Says {
        set: "takes rights from ABAC rules, as --authorization-mode says {value}",
        unset: "",
        because: "rules in a file add rights that no role shows",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "abac-authorization",
        formerly: &[],
        title: "API server takes rights from a file of ABAC rules",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_08],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "what only the rules of the file allow is refused: write roles first",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
