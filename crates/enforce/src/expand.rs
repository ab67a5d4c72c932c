//! From the expression of a rule that is a function to plain CEL: what stands in braces (`plimsoll_control::Enforce`) becomes
//! the object, or the old object, that a policy looks at. Knows no rule.

use plimsoll_control::Words;
use plimsoll_snapshot::version::Minor;

use crate::cel;

/// The expressions that lead to what a rule looks at, in the object or in the old one.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Side {
    pub(crate) object: &'static str,
    pub(crate) spec: &'static str,
    pub(crate) containers: &'static str,
    pub(crate) annotations: &'static str,
    pub(crate) labels: &'static str,
}

/// What is asked for.
pub(crate) const NEW: Side = Side {
    object: "object",
    spec: "variables.spec",
    containers: "variables.containers",
    annotations: "variables.annotations",
    labels: "variables.labels",
};

/// What was there before.
pub(crate) const OLD: Side = Side {
    object: "oldObject",
    spec: "variables.oldSpec",
    containers: "variables.oldContainers",
    annotations: "variables.oldAnnotations",
    labels: "variables.oldLabels",
};

/// Does the expression look at what the name stands for?
pub(crate) fn mentions(parts: &[&str], name: &str) -> bool {
    parts
        .iter()
        .any(|part| part.contains(&format!("{{{name}}}")))
}

/// The expression as CEL.
pub(crate) fn expand(parts: &[&str], words: Words, version: Minor, side: Side) -> String {
    let text = parts.concat();
    let mut pieces = text.split('{');
    let mut expanded = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let named = piece.split_once('}').and_then(|(name, rest)| {
            let meaning = meaning(name, words, version, side)?;
            Some((meaning, rest))
        });
        match named {
            Some((meaning, rest)) => expanded.extend([meaning.as_str(), rest]),
            None => expanded.extend(["{", piece]),
        }
    }
    expanded
}

/// `None` for what is no name: braces of CEL itself.
fn meaning(name: &str, words: Words, version: Minor, side: Side) -> Option<String> {
    if let Some(variable) = name.strip_prefix("has ") {
        let fields = words.iter().map(|word| format!("has({variable}.{word})"));
        return Some(format!("({})", fields.collect::<Vec<_>>().join(" || ")));
    }
    Some(match name {
        "object" => side.object.to_owned(),
        "spec" => side.spec.to_owned(),
        "containers" => side.containers.to_owned(),
        "annotations" => side.annotations.to_owned(),
        "labels" => side.labels.to_owned(),
        "words" => cel::list(words.iter().map(|word| cel::string(word))),
        "minor" => version.0.to_string(),
        "trusted" => "variables.trusted".to_owned(),
        "template" => "variables.template".to_owned(),
        path => return list(path, side),
    })
}

/// A list, empty where it is missing.
fn list(path: &str, side: Side) -> Option<String> {
    let (root, keys) = path.split_once('.')?;
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let keys: Vec<&str> = keys.split('.').collect();
    if !plain(root) || !keys.iter().copied().all(plain) {
        return None;
    }
    let root = match root {
        "object" => side.object,
        "spec" => side.spec,
        variable => variable,
    };
    let (there, value) = (cel::present(root, &keys), cel::select(root, &keys));
    Some(format!("({there} ? {value} : [])"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_braces_become_what_they_stand_for() {
        let expand = |text| expand(&[text], &["a", "b"], Minor(33), OLD);
        assert_eq!(
            expand("{spec}.x in {words}"),
            "variables.oldSpec.x in [\"a\", \"b\"]"
        );
        assert_eq!(
            expand("{has v} ? {} : {'k': {minor}}"),
            "(has(v.a) || has(v.b)) ? {} : {'k': 33}"
        );
        assert_eq!(
            expand("size({object.spec.ports})"),
            "size((has(oldObject.spec) && has(oldObject.spec.ports) ? oldObject.spec.ports : []))"
        );
    }

    #[test]
    fn what_is_looked_at_is_known() {
        assert!(mentions(&["x", "{labels}[k]"], "labels"));
        assert!(!mentions(&["labels"], "labels"));
    }
}
