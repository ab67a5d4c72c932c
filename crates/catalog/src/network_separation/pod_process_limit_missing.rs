//! `podPidsLimit` of the kubelet must be positive.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, RES_04};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::Kubelet,
    flag: "pod-max-pids",
    twin: &["podPidsLimit"],
    want: Want::AtLeast(1),
    default: "-1",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "limits no pod's processes, as the limit is {value}",
        unset: "limits no pod's processes",
        because: "one pod can take every process id of the node",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-process-limit-missing",
        formerly: &[],
        title: "pods may start any number of processes",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_04],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("how many processes a pod needs has to be measured"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
