//! Names that a provider gives to people must not be those of somebody else: a prefix of its own for each, in an
//! AuthenticationConfiguration.

use std::collections::HashSet;

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{AUTH_06, Chapter};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "login-names-not-prefixed",
        formerly: &[],
        title: "provider's names may be those of others",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&AUTH_06],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("who logs in how, and what roles call them, has to change together"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("apiserver.config.k8s.io", "AuthenticationConfiguration")],
        check,
        words: NAMES,
        enforce: Enforce::NO_OBJECT,
    })],
};

/// The mappings whose names may collide.
const NAMES: Words = &["username", "groups"];

const TAKEN: &str = "a provider that hands out such a name hands out somebody else's rights";

fn check(object: &Object<'_>, names: Words, found: &mut Found<'_>) {
    let mut prefixes: HashSet<(&str, &str)> = HashSet::new();
    for issuer in object.items(object.node, "jwt") {
        for name in names {
            let mapping = issuer.get("claimMappings").and_then(|maps| maps.get(name));
            let prefix = mapping.and_then(|mapping| mapping.get("prefix"));
            let Some(prefix) = prefix.filter(|prefix| !prefix.is_null()) else {
                continue;
            };
            match prefix.as_str() {
                Some("") => {
                    let predicate = format!("takes each {name} from a provider as it is");
                    found.on_object(At::node(prefix), &predicate, TAKEN);
                }
                Some(text) if !prefixes.insert((name, text)) => {
                    let predicate = format!("gives the names of two providers the prefix {text}");
                    found.on_object(At::node(prefix), &predicate, TAKEN);
                }
                Some(_) => {}
                None => object.note_malformed(prefix, "a string"),
            }
        }
    }
}
