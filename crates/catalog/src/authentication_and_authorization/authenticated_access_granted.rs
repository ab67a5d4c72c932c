//! Every caller with credentials is in `system:authenticated`, every pod with a token too. What they may do is judged by the
//! rules of the role, so it has to be known; the built-in roles are.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{AUTH_04, Chapter, RBAC_03};
use plimsoll_snapshot::facts::rbac::{Binding, PolicyRule};
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "authenticated-access-granted",
        formerly: &[],
        title: "binding gives wide rights to everyone with credentials",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_04, &RBAC_03],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Role],
    revisions: &[Revision::always(Rule::Joined { check })],
};

const GROUP: &str = "system:authenticated";
const MADE_FOR_IT: [&str; 4] = [
    "system:basic-user",
    "system:discovery",
    "system:public-info-viewer",
    "system:service-account-issuer-discovery",
];
const WIDE: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

fn check(facts: &Facts, found: &mut JoinedFound) {
    let imitations = facts.rbac.imitations();
    let ways = facts.rbac.ways();
    let given = ways.giving(|_| true);
    let wide = ways.giving(|role| role.rules.iter().any(is_wide));
    for (binding, known) in facts.rbac.bindings.iter().zip(given.iter().zip(wide)) {
        let Some(subject) = binding
            .subjects
            .iter()
            .find(|subject| subject.is_group(GROUP))
        else {
            found.pass();
            continue;
        };
        let (given, wide) = known;
        let known = given.map(|_| wide.is_some());
        let verdict = match known {
            _ if is_made_for_it(binding) && !imitations.gives(binding) => Some(false),
            None if WIDE.into_iter().any(|role| binding.gives(role)) => Some(true),
            known => known,
        };
        match verdict {
            Some(true) => report(binding, &subject.place, found),
            Some(false) => found.pass(),
            None => found.not_assessed(FactKind::Role),
        }
    }
}

fn is_made_for_it(binding: &Binding) -> bool {
    MADE_FOR_IT.into_iter().any(|role| binding.gives(role))
}

fn report(binding: &Binding, place: &plimsoll_snapshot::place::Place, found: &mut JoinedFound) {
    let predicate = format!(
        "gives the role {} to everyone who can log in, and to every pod with a token",
        binding.role_name
    );
    let finding = found.on_object(
        &binding.object,
        place,
        &predicate,
        "everyone with any credential",
    );
    if !binding.is_cluster() {
        finding.weigh(Severity::Medium, "it holds in one namespace only");
    }
}

/// Does the rule do more than look at things that hold no secrets?
fn is_wide(rule: &PolicyRule) -> bool {
    let looks = |verb: &str| matches!(verb, "get" | "list" | "watch");
    let secrets = rule.covers("") && rule.names_resource("secrets").is_some();
    let proxies = rule.covers("") && rule.resources.iter().any(|entry| entry.text.contains('/'));
    !rule.resources.is_empty()
        && (!rule.verbs.iter().all(|verb| looks(verb))
            || rule.every_resource().is_some()
            || secrets
            || proxies)
}
