//! Settings of Kubernetes' own programs that a ConfigMap keeps as text, such as `kubeadm-config`. They are judged, and so they
//! are kept: as JSON, without comments, and without what is or may be a credential.
//!
//! Invariant: of a text that is no such file nothing is kept here, and of one that cannot be read only that it could not.

use plimsoll_snapshot::component::Program;
use plimsoll_snapshot::kinds::{is_settings, mentions_settings};
use plimsoll_snapshot::object::group_of;
use plimsoll_yaml::{Node, Scalar, looks_like, parse, split};
use serde_json::{Map, Value};

use crate::trim::{StandIns, conceal_settings};

/// Stands for a document that cannot be read: it cannot be read either, and names a group of such files.
const UNREADABLE: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: [";
/// What separates documents.
const BETWEEN: &str = "\n---\n";

/// What is kept of a text in a ConfigMap. `None`: it holds no settings.
pub(crate) fn kept(text: &str, stand_ins: &StandIns) -> Option<String> {
    // A script may write such a file; it is none.
    if !mentions_settings(text) || text.starts_with("#!") {
        return None;
    }
    let chunks = split(text);
    let documents = chunks.iter().filter_map(|chunk| {
        let Ok(tree) = parse(text, chunk) else {
            let content = chunk.span.slice(text);
            let is_meant = looks_like(content, &["apiVersion", "kind"]);
            return is_meant.then(|| UNREADABLE.to_owned());
        };
        let Value::Object(mut document) = value(tree.root(), 0) else {
            return None;
        };
        if !holds_settings(&document) {
            return None;
        }
        conceal_settings(&mut document, stand_ins);
        serde_json::to_string_pretty(&document).ok()
    });
    let documents: Vec<String> = documents.collect();
    (!documents.is_empty()).then(|| documents.join(BETWEEN))
}

/// The documents of a text that [`kept`] has given; `None` when it is another one.
pub(crate) fn documents(text: &str) -> Option<Vec<Map<String, Value>>> {
    if !mentions_settings(text) {
        return None;
    }
    let parse = |document: &str| {
        let document = serde_json::from_str(document).ok();
        document.filter(holds_settings)
    };
    text.split(BETWEEN)
        .filter(|document| *document != UNREADABLE)
        .map(parse)
        .collect()
}

/// The text of documents that were taken from another one, in which some could not be read.
pub(crate) fn text_of(documents: &[Map<String, Value>], former: &str) -> Option<String> {
    let mut documents = documents.iter();
    let texts = former
        .split(BETWEEN)
        .map(|document| match document == UNREADABLE {
            true => Some(UNREADABLE.to_owned()),
            false => serde_json::to_string_pretty(documents.next()?).ok(),
        });
    Some(texts.collect::<Option<Vec<_>>>()?.join(BETWEEN))
}

/// The program of Kubernetes that a container runs, if it is one.
pub(crate) fn program(container: &Map<String, Value>) -> Option<Program> {
    let line = container.get("command").filter(|line| !line.is_null());
    let line = line.or_else(|| container.get("args"))?;
    Program::of_word(line.get(0)?.as_str()?)
}

fn holds_settings(document: &Map<String, Value>) -> bool {
    let text = |key| document.get(key).and_then(Value::as_str);
    match (text("apiVersion"), text("kind")) {
        (Some(api_version), Some(kind)) => is_settings(group_of(api_version), kind),
        _ => false,
    }
}

/// No file of settings is deeper, but one that somebody wrote to make us fail.
const DEPTH: usize = 100;

fn value(node: Node<'_>, depth: usize) -> Value {
    match node.scalar() {
        _ if depth == DEPTH => Value::Null,
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(is)) => Value::Bool(is),
        Some(Scalar::Str(text)) => Value::String(text.to_owned()),
        Some(_) => number(node),
        None if node.kind() == plimsoll_yaml::Kind::Sequence => {
            let items = node.items();
            Value::Array(items.map(|item| value(item, depth + 1)).collect())
        }
        None => {
            let entries = node.entries();
            let entries = entries.filter_map(|(key, node)| {
                Some((key.key_text()?.to_owned(), value(node, depth + 1)))
            });
            Value::Object(entries.collect())
        }
    }
}

/// A number as JSON writes it; what JSON cannot write is a text.
fn number(node: Node<'_>) -> Value {
    let text = node.text().unwrap_or_default();
    let whole = node.as_int().map(Value::from);
    let number = whole.or_else(|| text.parse().ok().map(Value::Number));
    number.unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand_ins() -> StandIns {
        StandIns {
            value: |name, value| {
                (name == "Authorization" && !value.is_empty()).then(|| "HIDDEN".to_owned())
            },
            text: |_| None,
            token: |text| text.contains("ghp_").then(|| "TOKEN".to_owned()),
            argument: |_, _| None,
        }
    }

    const KUBELET: &str = "\
# kept by somebody with a secret: s3cret
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {anonymous: {enabled: true}}
podPidsLimit: 4096
staticPodURLHeader: {X-Key: [s3cret], Authorization: [Bearer s3cret]}
";

    #[test]
    fn settings_are_kept_as_json_without_comments_and_credentials() {
        let text = kept(KUBELET, &stand_ins()).unwrap();
        assert!(!text.contains("s3cret"), "{text}");
        let documents = documents(&text).unwrap();
        let document = Value::Object(documents[0].clone());
        assert_eq!(document["authentication"]["anonymous"]["enabled"], true);
        assert_eq!(document["podPidsLimit"], 4096);
        assert_eq!(document["staticPodURLHeader"]["X-Key"][0], "");
        assert_eq!(text_of(&documents, &text).unwrap(), text);
    }

    #[test]
    fn keys_and_tokens_of_settings_are_not_kept() {
        let encryption = "apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n\
            resources: [{providers: [{aescbc: {keys: [{name: a, secret: czNjcmV0}]}}]}]\n---\n\
            apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\ncertificateKey: s3cret\n\
            bootstrapTokens: [{token: abcdef.s3cret}]\nlocalAPIEndpoint: {advertiseAddress: 10.0.0.1}\n";
        let text = kept(encryption, &stand_ins()).unwrap();
        assert!(!text.contains("s3cret") && !text.contains("czNj"), "{text}");
        assert!(
            text.contains("aescbc") && text.contains("10.0.0.1"),
            "{text}"
        );
    }

    #[test]
    fn what_nests_without_end_is_cut_off() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        let text = format!("{KUBELET}deep: {deep}\n");
        let kept = kept(&text, &stand_ins()).unwrap();
        assert!(kept.contains("anonymous") && documents(&kept).is_some());
    }

    #[test]
    fn of_other_texts_nothing_is_kept() {
        let script = format!("#!/bin/sh\ncat <<E\n{KUBELET}E\n");
        let manifest = "apiVersion: v1\nkind: Pod\n# audit.k8s.io\n";
        for text in ["kind: x", script.as_str(), manifest] {
            assert_eq!(kept(text, &stand_ins()), None, "{text}");
        }
        let both = format!("{manifest}---\n{KUBELET}");
        assert!(!kept(&both, &stand_ins()).unwrap().contains("Pod\""));
    }

    #[test]
    fn what_cannot_be_read_stays_unreadable() {
        let text = format!("{KUBELET}---\napiVersion: v1\nkind: [s3cret\n");
        let text = kept(&text, &stand_ins()).unwrap();
        assert!(
            text.ends_with(UNREADABLE) && !text.contains("s3cret"),
            "{text}"
        );
        let documents = documents(&text).unwrap();
        assert_eq!(text_of(&documents, &text).unwrap(), text);
    }
}
