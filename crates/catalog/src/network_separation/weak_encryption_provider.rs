//! The provider that writes must be a KMS of version 2; others are graded.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use plimsoll_guide::{Chapter, SEC_04, SEC_08};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "weak-encryption-provider",
        formerly: &[],
        title: "encryption at rest uses a weak method or keeps its key beside the data",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SEC_04, &SEC_08],
        pss: &[],
        severity: Severity::Medium,
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

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for entry in object
        .node
        .get("resources")
        .into_iter()
        .flat_map(Node::items)
    {
        let first = entry.get("providers").and_then(|providers| providers.at(0));
        if let Some((key, provider)) = first.and_then(|first| first.entries().next()) {
            judge(object, key, provider, found);
        }
    }
}

fn judge<'t>(object: &Object<'t>, key: Node<'t>, provider: Node<'t>, found: &mut Found<'_>) {
    let at = At::node(provider);
    match key.key_text() {
        Some("identity") => {}
        Some("kms") if provider.get("apiVersion").and_then(Node::as_str) == Some("v2") => {}
        Some("kms") => {
            found.on_object(
                at,
                "encrypts with version 1 of KMS",
                "version 1 is off by default since 1.29",
            );
        }
        Some("aescbc") => {
            found.on_object(
                at,
                "encrypts with aescbc",
                "this mode is open to padding oracles, and its key lies beside the data",
            );
        }
        Some("aesgcm") => {
            found.on_object(
                at,
                "encrypts with aesgcm",
                "its key must be changed often by machine, and lies beside the data",
            );
        }
        Some("secretbox") => {
            let because = "the method is strong, but its key lies beside the data";
            found
                .on_object(at, "encrypts with secretbox", because)
                .weigh(Severity::Low, because);
        }
        _ => object.note_malformed(key, "an encryption provider"),
    }
}
