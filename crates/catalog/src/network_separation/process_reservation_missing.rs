//! Process ids that nobody reserves are there for pods to take, all of them.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{Chapter, RES_05};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::Kubelet,
        flag: "",
        twin: &["systemReserved", "pid"],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "reserves no process ids for the system",
            unset: "reserves no process ids for the system",
            because: "pods may take the ids that ssh and the runtime need",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "",
        twin: &["kubeReserved", "pid"],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "reserves no process ids for Kubernetes",
            unset: "reserves no process ids for Kubernetes",
            because: "pods may take the ids that the kubelet needs",
        },
    },
    Setting {
        program: Program::Kubelet,
        flag: "enforce-node-allocatable",
        twin: &["enforceNodeAllocatable"],
        want: Want::HoldAll(&["pods"]),
        default: "pods",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "does not keep pods from what is reserved",
            unset: "",
            because: "what is reserved is a number on paper only",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "process-reservation-missing",
        formerly: &[],
        title: "no process ids are reserved for the node itself",
        chapter: Chapter::NetworkSeparation,
        guide: &[&RES_05],
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
