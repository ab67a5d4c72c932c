//! kube-proxy's metrics must be on the loopback.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{BEY_27, Chapter, SIG_19};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::Proxy,
    flag: "metrics-bind-address",
    twin: &["metricsBindAddress"],
    want: Want::Begin(&["127.", "localhost", "[::1]"]),
    default: "127.0.0.1:10249",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "shows its metrics on {value}",
        unset: "",
        because: "the port asks for no credentials",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "proxy-metrics-open",
        formerly: &[],
        title: "kube-proxy shows its metrics to the network",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_27, &SIG_19],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "metrics can then be read on the node alone",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
