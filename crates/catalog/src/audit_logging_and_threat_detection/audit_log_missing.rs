//! The API server must be given an audit policy and a place for the events.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUD_01, AUD_06, Chapter, LOGI_01};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "audit-policy-file",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "has an empty --audit-policy-file",
            unset: "keeps no audit log, as it has no --audit-policy-file",
            because: "without a policy no event is recorded",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "audit-log-path",
        twin: &[],
        want: Want::BeSet,
        default: "",
        unless: &["audit-webhook-config-file"],
        kubeadm: false,
        says: Says {
            set: "has an empty --audit-log-path",
            unset: "writes its audit log nowhere",
            because: "without a file or webhook events go nowhere",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-log-missing",
        formerly: &[],
        title: "API server keeps no audit log",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[&AUD_01, &AUD_06, &LOGI_01],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "a policy and a volume for the log have to be made first: plimsoll generate has both",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
