//! What has to be known of other objects while one is judged: the labels of namespaces, and whole objects of kinds that
//! somebody asks for. Owned, noted in a pass of its own before anything is judged.
//!
//! Invariant: the Namespace of one unit does not speak for another unit that has its own; where two that could be meant
//! differ, neither is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_yaml::{Node, NodeId, parse, split};

use crate::object::{Document, File, Object, objects};
use crate::selector::Labels;
use crate::target::Target;

/// What is known of a Namespace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KnownNamespace {
    /// Its labels, as written.
    pub labels: Labels,
    /// Its annotations, as written.
    pub annotations: Labels,
}

/// An object that was kept as a whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// As written.
    pub api_version: String,
    /// As written.
    pub kind: String,
    /// `None`: it does not say.
    pub namespace: Option<String>,
    /// Its name; empty when it has none.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// The document in which it stands, alone.
    pub text: Arc<str>,
    /// Its mapping in the tree of that text.
    pub node: NodeId,
}

/// What is known of other objects.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Surroundings {
    wanted: Vec<(String, String)>,
    namespaces: BTreeMap<String, Vec<(Arc<str>, KnownNamespace)>>,
    kept: Vec<Kept>,
}

impl Surroundings {
    /// Nothing so far; objects of the wanted kinds, each with its apiVersion, will be kept as a whole.
    pub fn wanting(kinds: impl IntoIterator<Item = (String, String)>) -> Surroundings {
        Surroundings {
            wanted: kinds.into_iter().collect(),
            ..Surroundings::default()
        }
    }

    /// Notes what a text holds. A document that does not parse is left out: judging tells of it.
    pub fn note(&mut self, file: &File<'_>, target: &Target) {
        let wanted = self
            .wanted
            .iter()
            .any(|(_, kind)| file.text.contains(kind.as_str()));
        if !wanted && !file.text.contains("Namespace") {
            return;
        }
        for chunk in split(file.text) {
            let Ok(tree) = parse(file.text, &chunk) else {
                continue;
            };
            let document = Document::new(file, chunk.number, &tree);
            for object in &objects(&document, target).unwrap_or_default().objects {
                self.note_object(object, || {
                    let (from, to) = (chunk.span.start as usize, chunk.span.end as usize);
                    file.text.get(from..to).unwrap_or_default().into()
                });
            }
        }
    }

    fn note_object(&mut self, object: &Object<'_>, text: impl FnOnce() -> Arc<str>) {
        let name = object.name().unwrap_or_default().to_owned();
        if (object.group(), object.kind) == ("", "Namespace") {
            let known = KnownNamespace {
                labels: labels_of(object.node),
                annotations: pairs(object.node, "annotations"),
            };
            let unit = object.document.file.unit.clone();
            self.namespaces
                .entry(name.clone())
                .or_default()
                .push((unit, known));
        }
        let is = |(version, kind): &(String, String)| {
            version == object.api_version && kind == object.kind
        };
        if self.wanted.iter().any(is) {
            self.keep(object, name, text());
        }
    }

    /// The node's number has to be that in the tree of the document alone: documents are parsed one by one, so it is.
    fn keep(&mut self, object: &Object<'_>, name: String, text: Arc<str>) {
        self.kept.push(Kept {
            api_version: object.api_version.to_owned(),
            kind: object.kind.to_owned(),
            namespace: object.namespace().map(str::to_owned),
            name,
            labels: labels_of(object.node),
            text,
            node: object.node.id(),
        });
    }

    /// Adds what was noted elsewhere.
    pub fn absorb(&mut self, other: Surroundings) {
        for (name, known) in other.namespaces {
            self.namespaces.entry(name).or_default().extend(known);
        }
        self.kept.extend(other.kept);
    }

    /// The Namespace of a name as an object of this unit sees it. `None`: there is none, or several that differ.
    pub fn namespace(&self, unit: &str, name: &str) -> Option<&KnownNamespace> {
        let all = self.namespaces.get(name)?;
        let own: Vec<_> = all.iter().filter(|(of, _)| **of == *unit).collect();
        let meant = match own.as_slice() {
            [] => all.iter().collect(),
            _ => own,
        };
        let (_, first) = meant.first()?;
        let alike = meant.iter().all(|(_, known)| known == first);
        alike.then_some(first)
    }

    /// The objects that were kept.
    pub fn kept(&self) -> &[Kept] {
        &self.kept
    }
}

/// The labels of what has `metadata`; a value that is no text is left out.
pub fn labels_of(node: Node<'_>) -> Labels {
    pairs(node, "labels")
}

fn pairs(node: Node<'_>, key: &str) -> Labels {
    let pairs = node.get("metadata").and_then(|metadata| metadata.get(key));
    let pairs = pairs.into_iter().flat_map(Node::entries);
    let texts = pairs.filter_map(|(key, value)| Some((key.key_text()?, value.as_str()?)));
    texts
        .map(|(key, value)| (key.into(), value.into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::version::Minor;

    fn noted(texts: &[(&str, &str)]) -> Surroundings {
        let mut known = Surroundings::wanting([("v1".to_owned(), "ConfigMap".to_owned())]);
        let target = Target::new(Minor::NEWEST);
        for (unit, text) in texts {
            let mut other = Surroundings::wanting([("v1".to_owned(), "ConfigMap".to_owned())]);
            other.note(&File::new("a.yaml".into(), (*unit).into(), text), &target);
            known.absorb(other);
        }
        known
    }

    fn namespace(tier: &str) -> String {
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{tier: {tier}}}}}\n"
        )
    }

    #[test]
    fn a_namespace_speaks_for_its_unit_first() {
        let (one, other) = (namespace("one"), namespace("other"));
        let known = noted(&[("a", &one), ("b", &other)]);
        let tier = |unit| {
            known
                .namespace(unit, "shop")
                .map(|known| known.labels.clone())
        };
        assert_eq!(tier("a"), Some(vec![("tier".into(), "one".into())]));
        assert_eq!(tier("c"), None, "two differ");
        assert_eq!(known.namespace("a", "elsewhere"), None);
        let same = noted(&[("a", &one), ("b", &one)]);
        assert!(same.namespace("c", "shop").is_some());
    }

    #[test]
    fn what_is_kept_is_found_again_in_its_text() {
        let text = "apiVersion: v1\nkind: Secret\n---\n# a list\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: two, namespace: shop}, data: {a: b}}\n";
        let known = noted(&[("", text)]);
        let [_, two] = known.kept() else {
            panic!("two are kept");
        };
        assert_eq!(
            (two.name.as_str(), two.namespace.as_deref()),
            ("two", Some("shop"))
        );
        let tree = parse(&two.text, &split(&two.text).remove(0)).unwrap();
        let data = tree
            .node(two.node)
            .and_then(|node| node.get("data")?.get("a"));
        assert_eq!(data.and_then(Node::as_str), Some("b"));
    }
}
