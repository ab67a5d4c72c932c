//! A Secret that is written down with its values is no secret any more: `data` is only base64. Values that are filled in
//! later, and certificates without their key, pass.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SEC_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Kind, Node};

use crate::credential::is_filled_in_later;

use crate::base64::decode;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "secret-in-manifest",
        formerly: &[],
        title: "Secret is written down with its values",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SEC_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not(
            "where the credential is to be kept instead is for its owner to say, and it has to be replaced because it was seen",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Secret")],
        check,
        words: &["data", "stringData"],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Not(
    "a Secret on the API server is where it belongs; what is wrong is that a file holds it",
);

const BECAUSE: &str = "whoever can read this file has the values; base64 is no encryption";

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    for field in words {
        let Some(node) = object.node.get(field).filter(|node| !node.is_null()) else {
            continue;
        };
        if node.kind() != Kind::Mapping {
            object.note_malformed(node, "an object");
            continue;
        }
        let values = node.entries().map(|(_, value)| value);
        let is_plain = *field == "stringData";
        let secret = values.filter(|value| holds_secret(object, *value, is_plain));
        let count = secret.count();
        if count > 0 {
            let plural = if count == 1 { "value" } else { "values" };
            let predicate = format!("is written down with {count} {plural} in {field}");
            let finding = found.on_object(At::node(node), &predicate, BECAUSE);
            finding.mask(&format!("{field}: …"));
        }
    }
}

fn holds_secret<'t>(object: &Object<'t>, node: Node<'t>, is_plain: bool) -> bool {
    let Some(text) = node.as_str() else {
        if !node.is_null() {
            object.note_malformed(node, "a string");
        }
        return false;
    };
    if is_plain {
        return is_secret(text);
    }
    if is_filled_in_later(text) {
        return false;
    }
    match decode(text) {
        Some(bytes) => is_secret(&String::from_utf8_lossy(&bytes)),
        None => {
            object.note_malformed(node, "text in base64");
            false
        }
    }
}

fn is_secret(text: &str) -> bool {
    let is_certificate =
        text.contains("-----BEGIN CERTIFICATE-----") && !text.contains("PRIVATE KEY");
    !is_certificate && !is_filled_in_later(text.trim())
}
