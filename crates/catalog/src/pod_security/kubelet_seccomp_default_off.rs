//! The kubelet can give its own filter to every container that names none. The field exists from 1.25 on without a feature gate.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, POD_22};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::Kubelet,
    flag: "seccomp-default",
    twin: &["seccompDefault"],
    want: Want::Be(&["true"]),
    default: "false",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "switches the default seccomp profile off",
        unset: "leaves containers without a seccomp profile of their own unfiltered",
        because: "a container that names no profile may make every system call",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubelet-seccomp-default-off",
        formerly: &[],
        title: "kubelet runs containers that name no seccomp profile without any",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_22],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "a program that needs a system call which the runtime's profile forbids fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::since(
        25,
        Rule::Settings(Settings { clauses: CLAUSES }),
    )],
};
