//! An EncryptionConfiguration must let its first provider for Secrets be one that encrypts.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{Chapter, ETCD_06, SEC_03, SEC_06};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "secrets-not-encrypted",
        formerly: &[],
        title: "encryption at rest leaves Secrets in clear text",
        chapter: Chapter::NetworkSeparation,
        guide: &[&ETCD_06, &SEC_03, &SEC_06],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "the order of providers decides what can still be read, and the Secrets have to be written anew afterwards",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("apiserver.config.k8s.io", "EncryptionConfiguration")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

const CLEAR: &str = "a disk or backup of etcd shows every Secret";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let Some(entries) = object.node.get("resources") else {
        let at = At {
            node: object.node,
            missing: &["resources"],
        };
        found.on_object(at, "encrypts nothing", CLEAR);
        return;
    };
    let Some(entry) = entries.items().find(|entry| names_secrets(*entry)) else {
        found.on_object(
            At::node(entries),
            "does not speak of Secrets, so they are stored in clear text",
            CLEAR,
        );
        return;
    };
    let Some(first) = entry.get("providers").and_then(|providers| providers.at(0)) else {
        return object.note_malformed(entry, "an entry with providers");
    };
    if first.get("identity").is_some() {
        found.on_object(
            At::node(first),
            "stores Secrets in clear text, as identity is its first provider",
            CLEAR,
        );
    }
}

/// The first entry that names a resource decides; wildcards stand for the core group or everything.
fn names_secrets(entry: Node<'_>) -> bool {
    let mut names = entry
        .get("resources")
        .into_iter()
        .flat_map(Node::items)
        .filter_map(Node::as_str);
    names.any(|name| matches!(name, "secrets" | "*." | "*.*"))
}
