//! `evictionHard` of the kubelet must hold `pid.available`.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, RES_06};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::Kubelet,
    flag: "",
    twin: &["evictionHard", "pid.available"],
    want: Want::BeSet,
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "has an empty threshold for process ids",
        unset: "has no threshold for process ids",
        because: "nobody is evicted when process ids run out",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "process-eviction-missing",
        formerly: &[],
        title: "kubelet evicts nobody when process ids run out",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_06],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "thresholds that are written replace all defaults, and which suit the node is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
