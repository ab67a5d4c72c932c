//! The first authenticator that knows a caller decides who it is: few of them, and names that cannot be taken for another's.

use plimsoll_control::{Control, Fix, Found, Header, Revision, Rule, Run, Severity, Words};
use plimsoll_guide::{AUTH_06, Chapter};
use plimsoll_snapshot::component::Program;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authenticators-overlap",
        formerly: &[],
        title: "one caller may pass for another, or logs in by more ways than needed",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_06],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("who logs in how, and what roles call them, has to change together"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Program {
        program: Program::ApiServer,
        check,
        words: PEOPLE,
    })],
};

/// Flags that let people log in, beside the client certificates that every API server takes.
const PEOPLE: Words = &[
    "token-auth-file",
    "oidc-issuer-url",
    "authentication-config",
    "authentication-token-webhook-config-file",
];

const TAKEN: &str = "a provider that hands out such a name hands out somebody else's rights";

fn check(run: &Run<'_, '_, '_>, ways: Words, found: &mut Found<'_>) {
    count(run, ways, found);
    judge_prefixes(run, found);
}

fn count(run: &Run<'_, '_, '_>, ways: Words, found: &mut Found<'_>) {
    let given = ways
        .iter()
        .filter_map(|flag| Some((*flag, run.flag(flag)?)));
    let given: Vec<_> = given.collect();
    if let [_, (flag, second), ..] = given.as_slice() {
        let names: Vec<String> = given.iter().map(|(flag, _)| format!("--{flag}")).collect();
        let predicate = format!("lets people log in by {}", names.join(" and "));
        let label = "the first that knows a name decides who it is";
        run.report(flag, Some(*second), &predicate, label, found);
    }
}

/// Without a prefix the names of a provider may be those of Kubernetes' own users and groups.
fn judge_prefixes(run: &Run<'_, '_, '_>, found: &mut Found<'_>) {
    if run.flag("oidc-issuer-url").is_none() {
        return;
    }
    let username = run.flag("oidc-username-prefix");
    if username.is_some_and(|prefix| prefix.value == "-") {
        let predicate = "takes user names from its provider as they are";
        let finding = run.report("oidc-username-prefix", username, predicate, TAKEN, found);
        finding.weigh(Severity::Medium, "names of users may be anybody's");
    }
    let groups = run.flag("oidc-groups-claim");
    if groups.is_some() && run.flag("oidc-groups-prefix").is_none() {
        let predicate = "takes groups from its provider as they are";
        let finding = run.report("oidc-groups-claim", groups, predicate, TAKEN, found);
        finding.weigh(Severity::Medium, "names of groups may be anybody's");
    }
}
