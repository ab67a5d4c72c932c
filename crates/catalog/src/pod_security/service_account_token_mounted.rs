//! The token of the ServiceAccount is mounted where `automountServiceAccountToken` of the pod, else of its account, else
//! by default, is true. Fine where some binding gives the account rights, for then the program talks to the API. An account
//! that was not among what was scanned leaves the verdict open; only `default`, which the control plane makes itself, is
//! taken with the API's default.

use std::collections::HashSet;

use plimsoll_control::{
    Control, Fix, Header, How, JoinedFound, Related, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, Chapter, POD_19};
use plimsoll_snapshot::facts::accounts::{Account, AccountName, TokenUse};
use plimsoll_snapshot::facts::{FactKind, Facts, same_namespace};
use plimsoll_snapshot::field::Lit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "service-account-token-mounted",
        formerly: &[],
        title: "pod mounts a token for the API that it has no use for",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_19, &AUTH_05],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Bool(false)),
            "a program that talks to the API server is refused",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::ServiceAccount],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const DEFAULT: &str = "default";
const BECAUSE: &str = "an intruder finds a credential for the API server here";

fn check(facts: &Facts, found: &mut JoinedFound) {
    let accounts = facts.accounts.by_name();
    let mut bound = std::collections::HashMap::<_, Vec<&AccountName>>::new();
    for name in &facts.accounts.bound {
        bound
            .entry((&*name.unit, name.name.as_str()))
            .or_default()
            .push(name);
    }
    for token in &facts.accounts.token_uses {
        let name = token.account.as_deref().unwrap_or(DEFAULT);
        let key = (&*token.object.unit, name);
        let namespace = token.object.namespace.as_deref();
        let same = |other: Option<&str>| same_namespace(other, namespace);
        if bound
            .get(&key)
            .is_some_and(|names| names.iter().any(|name| same(name.namespace.as_deref())))
        {
            found.pass();
            continue;
        }
        let candidates = accounts.get(&key).into_iter().flatten().copied();
        let candidates = candidates
            .filter(|account| same(account.object.namespace.as_deref()))
            .collect();
        judge(token, name, candidates, found);
    }
}

fn judge(token: &TokenUse, name: &str, accounts: Vec<&Account>, found: &mut JoinedFound) {
    let says: HashSet<_> = accounts
        .iter()
        .map(|account| account.automounts != Some(false))
        .collect();
    match (token.says, accounts.as_slice()) {
        (Some(_), [_, ..]) => {
            report(
                token,
                "mounts the token of its ServiceAccount, which no binding here gives rights",
                found,
            );
        }
        (_, []) if name == DEFAULT => {
            report(
                token,
                "mounts the token of the default ServiceAccount",
                found,
            );
        }
        (_, []) => found.not_assessed(FactKind::ServiceAccount),
        (None, [first, ..]) if says.len() == 1 => match first.automounts {
            Some(false) => found.pass(),
            _ => {
                let message = format!(
                    "mounts the token of ServiceAccount {name}, which no binding here gives rights"
                );
                let finding = report(token, &message, found);
                finding.related.push(Related::new(
                    "the ServiceAccount, which allows it",
                    &first.object,
                    &first.place,
                ));
            }
        },
        (None, _) => found.not_assessed(FactKind::ServiceAccount),
    }
}

fn report<'f>(
    token: &TokenUse,
    predicate: &str,
    found: &'f mut JoinedFound,
) -> &'f mut plimsoll_control::Finding {
    found.on_object(&token.object, &token.place, predicate, BECAUSE)
}
