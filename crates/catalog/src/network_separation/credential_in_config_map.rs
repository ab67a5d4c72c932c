//! `data` of a ConfigMap must hold no credential, neither as a value nor within a file. What looks like a placeholder
//! weighs little. The credential itself is never shown.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SEC_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Kind;

use crate::credential::{masked, named_text};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "credential-in-config-map",
        formerly: &[],
        title: "ConfigMap holds a credential",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SEC_01],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "where the credential is to be kept instead is for its owner to say, and it has to be replaced because it was seen",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "ConfigMap")],
        check,
        words: &[],
        enforce: Enforce::CREDENTIAL,
    })],
};

const BECAUSE: &str = "ConfigMaps are read by many, stored as they are and never masked";
const PLACEHOLDER: &str = "looks like a placeholder; where nobody replaces it, everybody knows it";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let Some(data) = object.node.get("data").filter(|data| !data.is_null()) else {
        return;
    };
    if data.kind() != Kind::Mapping {
        return object.note_malformed(data, "an object");
    }
    for (key, node) in data.entries() {
        let name = key.key_text().unwrap_or_default();
        let Some(value) = node.as_str() else {
            if !node.is_null() {
                object.note_malformed(node, "a string");
            }
            continue;
        };
        let Some(suspect) = named_text(name, value) else {
            continue;
        };
        let predicate = format!("holds {} in {name}", suspect.what);
        let finding = found.on_object(At::node(node), &predicate, BECAUSE);
        finding.mask(&format!("{name}: … {} …", masked(suspect.secret)));
        if suspect.is_placeholder {
            finding.weigh(Severity::Low, PLACEHOLDER);
            finding.label = PLACEHOLDER.into();
        }
    }
}
