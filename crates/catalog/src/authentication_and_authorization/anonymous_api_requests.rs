//! `--anonymous-auth` of the API server must be false, unless a configuration file of authentication decides.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_03, Chapter, SIG_07};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[Setting {
    program: Program::ApiServer,
    flag: "anonymous-auth",
    twin: &[],
    want: Want::Be(&["false"]),
    default: "true",
    unless: &["authentication-config"],
    kubeadm: false,
    says: Says {
        set: "takes requests without credentials",
        unset: "takes requests without credentials, as --anonymous-auth is true by default",
        because: "anybody who reaches the port is system:anonymous",
    },
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "anonymous-api-requests",
        formerly: &[],
        title: "API server takes requests from anybody, without a name",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_03, &SIG_07],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "probes without a certificate and kubeadm join by token stop working",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
