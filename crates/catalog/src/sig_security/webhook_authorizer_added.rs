//! Modes of authorization add up: what a webhook allows, no role has to.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, SIG_08};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "authorization-mode",
    twin: &[],
    want: Want::HoldNone(&["Webhook"]),
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "takes rights from a webhook beside its roles, as --authorization-mode says {value}",
        unset: "",
        because: "what the webhook allows, no review of roles shows",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "webhook-authorizer-added",
        formerly: &[],
        title: "webhook gives rights beside the roles",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_08],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "the settings of Kubernetes' own programs are changed by hand, one node after the other, because a wrong one stops the program",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
