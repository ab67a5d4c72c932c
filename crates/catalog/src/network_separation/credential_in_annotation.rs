//! Annotations of an object and of its pod template must hold no credential; nor the copy of a Secret that kubectl
//! leaves behind when it applies one.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SEC_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::credential::{masked, named};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "credential-in-annotation",
        formerly: &[],
        title: "annotation holds a credential",
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
        kinds: &[],
        check,
        words: &["data", "stringData"],
        enforce: Enforce::CREDENTIAL,
    })],
};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
const BECAUSE: &str = "annotations are printed, logged and copied like any label";
const COPY: &str = "holds the Secret's values a second time, where nobody masks them";

fn check(object: &Object<'_>, words: Words, found: &mut Found<'_>) {
    let pod = object
        .pod()
        .filter(|pod| pod.template.id() != object.node.id());
    let templates = pod.map(|pod| pod.template);
    for node in [Some(object.node), templates].into_iter().flatten() {
        let annotations = node
            .get("metadata")
            .and_then(|node| node.get("annotations"));
        for (key, value) in annotations.into_iter().flat_map(Node::entries) {
            if let (Some(key), Some(text)) = (key.key_text(), value.as_str()) {
                judge(object, words, (key, value, text), found);
            }
        }
    }
}

fn judge<'t>(
    object: &Object<'t>,
    words: Words,
    (key, node, text): (&str, Node<'t>, &str),
    found: &mut Found<'_>,
) {
    let is_secret = object.group().is_empty() && object.kind == "Secret";
    let holds = |word: &&&str| text.contains(&format!("\"{word}\":{{\""));
    if is_secret && key == LAST_APPLIED {
        if words.iter().any(|word| holds(&word)) {
            let predicate = "keeps a copy of its values in an annotation";
            let finding = found.on_object(At::node(node), predicate, COPY);
            finding.weigh(Severity::Medium, COPY);
            finding.mask(&format!("{key}: …"));
        }
    } else if let Some(suspect) = named(key, text).filter(|suspect| !suspect.is_placeholder) {
        let predicate = format!("holds {} in the annotation {key}", suspect.what);
        let finding = found.on_object(At::node(node), &predicate, BECAUSE);
        finding.mask(&format!("{key}: … {} …", masked(suspect.secret)));
    }
}
