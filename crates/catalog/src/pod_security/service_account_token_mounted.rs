//! The token of the ServiceAccount is mounted where `automountServiceAccountToken` of the pod, else of its account, else
//! by default, is true. Fine where some binding gives the account rights, for then the program talks to the API. An account
//! that was not among what was scanned leaves the verdict open; only `default`, which the control plane makes itself, is
//! taken with the API's default.

use plimsoll_control::{
    Control, Fix, Header, How, JoinedFound, Related, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{AUTH_05, Chapter, POD_19};
use plimsoll_snapshot::facts::accounts::{Accounts, TokenUse};
use plimsoll_snapshot::facts::together::Together;
use plimsoll_snapshot::facts::{FactKind, Facts};
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
    let mut bound: Together<'_, (&str, &str), bool> = Together::default();
    for name in &facts.accounts.bound {
        let key = (&*name.unit, name.name.as_str());
        bound.add(key, name.namespace.as_deref(), |bound| *bound = true);
    }
    for token in &facts.accounts.token_uses {
        let name = token.account.as_deref().unwrap_or(DEFAULT);
        let (unit, namespace) = token.object.whereabouts();
        if bound.of((unit, name), namespace).next().is_some() {
            found.pass();
        } else {
            judge(token, name, accounts.of((unit, name), namespace), found);
        }
    }
}

fn judge<'a>(
    token: &TokenUse,
    name: &str,
    accounts: impl Iterator<Item = &'a Accounts<'a>> + Clone,
    found: &mut JoinedFound,
) {
    let first = accounts.clone().find_map(|accounts| accounts.first);
    let Some(first) = first else {
        match name {
            DEFAULT => {
                let message = "mounts the token of the default ServiceAccount";
                report(token, message, found);
            }
            _ => found.not_assessed(FactKind::ServiceAccount),
        }
        return;
    };
    let allows = accounts.clone().any(|accounts| accounts.allows);
    let off = accounts.clone().any(|accounts| accounts.off);
    match (token.says, allows, off) {
        (Some(_), ..) => {
            let message =
                "mounts the token of its ServiceAccount, which no binding here gives rights";
            report(token, message, found);
        }
        (None, true, true) => found.not_assessed(FactKind::ServiceAccount),
        (None, _, true) => found.pass(),
        (None, ..) => {
            let message = format!(
                "mounts the token of ServiceAccount {name}, which no binding here gives rights"
            );
            let finding = report(token, &message, found);
            finding.relate([Related::new(
                "the ServiceAccount, which allows it",
                &first.object,
                &first.place,
            )]);
        }
    }
}

fn report<'f>(
    token: &TokenUse,
    predicate: &str,
    found: &'f mut JoinedFound,
) -> &'f mut plimsoll_control::Finding {
    found.on_object(&token.object, &token.place, predicate, BECAUSE)
}
