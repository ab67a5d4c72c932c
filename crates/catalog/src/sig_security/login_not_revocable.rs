//! Without a provider people hold certificates, which nobody can take back, or tokens that never end.

use plimsoll_control::{Control, Fix, Found, Header, Revision, Rule, Run, Severity, Words};
use plimsoll_guide::{AUTH_01, Chapter, SIG_24};
use plimsoll_snapshot::component::Program;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "login-not-revocable",
        formerly: &[],
        title: "people can only log in with what cannot be taken back",
        chapter: Chapter::SigSecurity,
        guide: &[&AUTH_01, &SIG_24],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("an identity provider has to be there first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Program {
        program: Program::ApiServer,
        check,
        words: PROVIDERS,
    })],
};

/// Flags by which somebody outside of the cluster says who a person is.
const PROVIDERS: Words = &[
    "oidc-issuer-url",
    "authentication-config",
    "authentication-token-webhook-config-file",
];

fn check(run: &Run<'_, '_, '_>, providers: Words, found: &mut Found<'_>) {
    if providers.iter().any(|flag| run.flag(flag).is_some()) {
        return;
    }
    let predicate = match run.flag("token-auth-file") {
        Some(_) => {
            "lets people log in by client certificates, which cannot be revoked before they expire, and by static tokens, \
             which never expire"
        }
        None => {
            "lets people log in by client certificates only, which cannot be revoked before they expire"
        }
    };
    let label = "who leaves, or loses a laptop, keeps the access";
    run.report("authentication-config", None, predicate, label, found);
}
