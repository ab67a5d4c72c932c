//! `--token-auth-file` and `--basic-auth-file` of the API server must not be there.

use plimsoll_control::{
    Control, Fix, Header, How, Remedy, Revision, Rule, Says, Setting, Settings, Severity, Want,
};
use plimsoll_guide::{AUTH_02, Chapter, SIG_11};
use plimsoll_snapshot::component::Program;

const CLAUSES: &[Setting] = &[
    Setting {
        program: Program::ApiServer,
        flag: "token-auth-file",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "keeps logins in the file of --token-auth-file",
            unset: "",
            because: "the file holds logins in clear text that never expire",
        },
    },
    Setting {
        program: Program::ApiServer,
        flag: "basic-auth-file",
        twin: &[],
        want: Want::BeUnset,
        default: "",
        unless: &[],
        kubeadm: false,
        says: Says {
            set: "keeps logins in the file of --basic-auth-file",
            unset: "",
            because: "the file holds logins in clear text that never expire",
        },
    },
];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "static-token-file",
        formerly: &[],
        title: "logins are kept in a file on the API server",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_02, &SIG_11],
        pss: &[],
        severity: Severity::Critical,
        fix: Fix::Edits(&[Remedy::review(
            How::AsDescribed,
            "whoever logs in by such a token or password is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Settings(Settings {
        clauses: CLAUSES,
    }))],
};
