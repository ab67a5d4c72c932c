//! The audit webhook's buffer must be no smaller than its default, and it must not block strictly.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUD_10, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "audit-webhook-batch-buffer-size",
        twin: &[],
        want: Want::AtLeast(10000),
        default: "10000",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "holds only {value} audit events",
            unset: "",
            because: "a burst of requests pushes events out",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "audit-webhook-mode",
        twin: &[],
        want: Want::NotBe(&["blocking-strict"]),
        default: "batch",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "refuses requests when the audit webhook is down",
            unset: "",
            because: "one failing receiver stops the cluster",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "audit-log-mode",
        twin: &[],
        want: Want::NotBe(&["blocking-strict"]),
        default: "blocking",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "refuses requests when the audit log cannot be written",
            unset: "",
            because: "one full disk stops the cluster",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "audit-webhook-initial-backoff",
        twin: &[],
        want: Want::Duration,
        default: "10s",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "waits {value} before it tries the audit webhook again, which has no unit",
            unset: "",
            because: "the API server does not start with it; write 5s, not 5",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-events-dropped",
        formerly: &[],
        title: "audit webhook drops events or stops the API server",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_10],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "requests go on while events cannot be sent, and buffered events take memory",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
