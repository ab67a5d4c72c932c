//! The origin annotations that Kustomize writes when it is asked to: read from each object and taken out of the text.

use plimsoll_yaml::{Node, Tree, parse, split};

/// The annotation.
const ANNOTATION: &str = "config.kubernetes.io/origin";

/// Where an object came from, by paths as Kustomize writes them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Origin {
    /// The file in which it is written.
    pub(crate) path: Option<String>,
    /// The kustomization that makes it.
    pub(crate) configured_in: Option<String>,
}

/// The text without origin annotations, and the origin of each of its documents.
pub(crate) fn take(text: &str) -> (String, Vec<Origin>) {
    let (mut clean, mut origins) = (String::with_capacity(text.len()), Vec::new());
    for chunk in split(text) {
        let document = chunk.span.slice(text);
        let tree = parse(text, &chunk).ok();
        origins.push(tree.as_ref().map(origin).unwrap_or_default());
        if !clean.is_empty() {
            clean.push_str("---\n");
        }
        clean.push_str(&without(document));
    }
    (clean, origins)
}

fn origin(tree: &Tree<'_>) -> Origin {
    let annotation = || {
        let annotations = tree.root().get("metadata")?.get("annotations")?;
        annotations.get(ANNOTATION)?.as_str()
    };
    let text = annotation().unwrap_or_default();
    let chunks = split(text);
    let Some(Ok(tree)) = chunks.first().map(|chunk| parse(text, chunk)) else {
        return Origin::default();
    };
    let root = tree.root();
    let said = |key| root.get(key).and_then(Node::as_str).map(str::to_owned);
    // Of what comes from a repository, the path lies within that.
    let local = root.get("repo").is_none();
    Origin {
        path: said("path").filter(|_| local),
        configured_in: said("configuredIn").filter(|_| local),
    }
}

/// A document without the annotation, and without annotations where it was the only one.
fn without(document: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut kept: Vec<&str> = Vec::new();
    let mut lines = document.lines().peekable();
    while let Some(line) = lines.next() {
        if !line.trim_start().starts_with(ANNOTATION) {
            kept.push(line);
            continue;
        }
        while lines.next_if(|next| indent(next) > indent(line)).is_some() {}
        let alone = lines.peek().is_none_or(|next| indent(next) < indent(line));
        if alone
            && kept
                .last()
                .is_some_and(|last| last.trim() == "annotations:")
        {
            kept.pop();
        }
    }
    kept.iter().flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_of_the_user_stay() {
        let text = "\
kind: A
metadata:
  annotations:
    config.kubernetes.io/origin: |
      path: ../base/a.yaml
  name: a
---
kind: B
metadata:
  annotations:
    a: b
    config.kubernetes.io/origin: |
      configuredIn: ../base/kustomization.yaml
      configuredBy:
        kind: ConfigMapGenerator
    z: y
";
        let (clean, origins) = take(text);
        assert_eq!(
            clean,
            "kind: A\nmetadata:\n  name: a\n---\nkind: B\nmetadata:\n  annotations:\n    a: b\n    z: y\n"
        );
        let path = |text: &str| Some(text.to_owned());
        assert_eq!(
            origins,
            [
                Origin {
                    path: path("../base/a.yaml"),
                    configured_in: None
                },
                Origin {
                    path: None,
                    configured_in: path("../base/kustomization.yaml")
                },
            ]
        );
    }
}
