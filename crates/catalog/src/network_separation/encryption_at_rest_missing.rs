//! `--encryption-provider-config` of the API server must be given.

use plimsoll_control::{
    Control, Fix, Header, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{CP_05, Chapter, ETCD_06, SEC_03};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "encryption-provider-config",
    twin: &[],
    want: Want::BeSet,
    default: "",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "stores Secrets in clear text",
        unset: "stores Secrets in clear text, as it has no --encryption-provider-config",
        because: "a disk or backup of etcd shows every Secret",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "encryption-at-rest-missing",
        formerly: &[],
        title: "Secrets are stored in clear text",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_05, &ETCD_06, &SEC_03],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "the configuration that it names has to be made first, with a key that only its owner has",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
