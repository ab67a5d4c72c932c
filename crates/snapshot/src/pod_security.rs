//! The labels by which a Namespace tells Kubernetes' Pod Security admission what to do, read as the admission plugin reads
//! them. What the plugin does where a label is absent is the API server's configuration, which is not known here.

use plimsoll_yaml::{Kind, Node};

use crate::object::Object;
use crate::shape::child;

/// What stands before the `/` of every such label.
pub const PREFIX: &str = "pod-security.kubernetes.io/";

/// The keys that lead to the label that chooses the enforced level.
pub const ENFORCE: &[&str] = &["metadata", "labels", "pod-security.kubernetes.io/enforce"];

/// The keys that lead to the label that pins the version of the enforced level.
pub const ENFORCE_VERSION: &[&str] = &[
    "metadata",
    "labels",
    "pod-security.kubernetes.io/enforce-version",
];

/// A level of the Pod Security Standards, least strict first.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Allows everything.
    Privileged,
    /// Prevents known privilege escalations.
    Baseline,
    /// Current best practice.
    Restricted,
}

impl Level {
    /// The word in labels.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }

    /// `None` for anything but one of the three words, in lower case.
    pub fn read(text: &str) -> Option<Level> {
        match text {
            "privileged" => Some(Level::Privileged),
            "baseline" => Some(Level::Baseline),
            "restricted" => Some(Level::Restricted),
            _ => None,
        }
    }
}

/// The version whose rules a level has.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum PolicyVersion {
    /// Whatever the API server's own version has.
    Latest,
    /// Those of 1.x.
    Pinned(u32),
}

impl PolicyVersion {
    /// `None` for anything but `latest` and `v1.x`; the plugin refuses `1.30` and `v1.30.1`.
    pub fn read(text: &str) -> Option<PolicyVersion> {
        if text == "latest" {
            return Some(PolicyVersion::Latest);
        }
        let digits = text.strip_prefix("v1.")?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let padded = digits.len() > 1 && digits.starts_with('0');
        digits
            .parse()
            .ok()
            .filter(|_| plain && !padded)
            .map(PolicyVersion::Pinned)
    }
}

/// A label with the prefix.
#[derive(Copy, Clone)]
pub struct Label<'t> {
    /// What follows the prefix, such as `enforce-version`.
    pub name: &'t str,
    /// Its value; null is the empty text.
    pub text: &'t str,
    /// The value's node.
    pub node: Node<'t>,
}

/// The labels with the prefix, in the order of the text. A value that is no text is recorded as malformed and left out.
pub fn labels<'t>(object: &Object<'t>) -> Vec<Label<'t>> {
    let metadata = child(object, object.node, "metadata", Kind::Mapping);
    let labels = metadata.and_then(|metadata| child(object, metadata, "labels", Kind::Mapping));
    let entries = labels.into_iter().flat_map(Node::entries);
    let mut found = Vec::new();
    for (key, node) in entries {
        let Some(name) = key.key_text().and_then(|key| key.strip_prefix(PREFIX)) else {
            continue;
        };
        match node.as_str() {
            Some(text) => found.push(Label { name, text, node }),
            None if node.is_null() => found.push(Label {
                name,
                text: "",
                node,
            }),
            None => object.note_malformed(node, "a string"),
        }
    }
    found
}

/// The enforced level, where a label names one that exists.
pub fn enforced(labels: &[Label<'_>]) -> Option<Level> {
    named(labels, "enforce").and_then(|label| Level::read(label.text))
}

/// The label of a name.
pub fn named<'l, 't>(labels: &'l [Label<'t>], name: &str) -> Option<&'l Label<'t>> {
    labels.iter().find(|label| label.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_plugin_reads_them() {
        assert_eq!(PolicyVersion::read("latest"), Some(PolicyVersion::Latest));
        assert_eq!(PolicyVersion::read("v1.0"), Some(PolicyVersion::Pinned(0)));
        assert_eq!(
            PolicyVersion::read("v1.37"),
            Some(PolicyVersion::Pinned(37))
        );
        for text in [
            "", "1.30", "v1", "v1.", "v1.030", "v1.+3", "v1.30.1", "v2.0", "Latest",
        ] {
            assert_eq!(PolicyVersion::read(text), None, "{text}");
        }
    }

    #[test]
    fn levels_are_words_in_lower_case_and_ordered() {
        assert_eq!(Level::read("Restricted"), None);
        assert!(Level::Privileged < Level::Baseline && Level::Baseline < Level::Restricted);
    }
}
