//! `--service-account-extend-token-expiration` of the API server must be false; the default is true.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{BEY_24, Chapter};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "service-account-extend-token-expiration",
    twin: &[],
    want: Want::Be(&["false"]),
    default: "true",
    unless: &[],
    kubeadm: false,
    says: Says {
        set: "makes tokens of pods valid for a year",
        unset: "makes tokens of pods valid for a year, as --service-account-extend-token-expiration is true by default",
        because: "a stolen token is worth a year instead of an hour",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "token-lifetime-extended",
        formerly: &[],
        title: "tokens of service accounts live for a year",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_24],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "programs that never read their token again fail after an hour",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
