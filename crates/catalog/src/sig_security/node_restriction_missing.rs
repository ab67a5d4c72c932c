//! The admission plugin NodeRestriction must be enabled.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_09};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "enable-admission-plugins",
    twin: &[],
    want: Want::HoldAll(&["NodeRestriction"]),
    default: "",
    unless: &[],
    kubeadm: true,
    says: Says {
        set: "does without the admission plugin NodeRestriction",
        unset: "does without the admission plugin NodeRestriction, which is off by default",
        because: "one node can change the others",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "node-restriction-missing",
        formerly: &[],
        title: "nodes may change other nodes and their labels",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_09],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a kubelet that changes other nodes' objects is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
