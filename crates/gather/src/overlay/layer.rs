//! What may have set a value of a rendered object: the object as written, and above it every patch, replacement and
//! transformer of the kustomizations that fits it. All are walked along with the rendered object, key by key.

use plimsoll_yaml::{Kind, Node};

/// The keys by which Kubernetes merges lists.
const MERGE_KEYS: [&str; 5] = ["name", "mountPath", "containerPort", "port", "ip"];

/// Something written that speaks about a node of the rendered object.
#[derive(Copy, Clone)]
pub(crate) struct Written<'t> {
    /// The number of its text.
    pub(crate) source: usize,
    /// The key that stands for it; the value where there is no key.
    pub(crate) node: Node<'t>,
    /// Its value, where it says one.
    pub(crate) value: Option<Node<'t>>,
}

/// A layer at some depth.
#[derive(Clone)]
pub(crate) enum Layer<'t> {
    /// Speaks about this very node.
    Here(Written<'t>),
    /// Speaks about a node further down.
    Below(Vec<String>, Written<'t>),
}

impl<'t> Layer<'t> {
    /// A whole object or a part of one.
    pub(crate) fn of(source: usize, node: Node<'t>) -> Layer<'t> {
        Layer::Here(Written {
            source,
            node: node.key().unwrap_or(node),
            value: Some(node),
        })
    }

    /// What it says about this very node.
    pub(crate) fn written(&self) -> Option<Written<'t>> {
        match self {
            Layer::Here(written) => Some(*written),
            Layer::Below(..) => None,
        }
    }

    /// The layer below a key.
    pub(crate) fn under_key(&self, key: &str) -> Option<Layer<'t>> {
        match self {
            Layer::Here(Written { source, value, .. }) => {
                Some(Layer::of(*source, value.as_ref()?.get(key)?))
            }
            Layer::Below(steps, written) => {
                let (first, rest) = steps.split_first()?;
                (first == key).then(|| Layer::below(rest, *written))
            }
        }
    }

    /// The layer for an item of a list.
    pub(crate) fn under_item(
        &self,
        item: Node<'_>,
        number: usize,
        count: usize,
    ) -> Option<Layer<'t>> {
        match self {
            Layer::Here(Written { source, value, .. }) => {
                let found = same_item((*value)?, item, number)?;
                Some(Layer::of(*source, found))
            }
            Layer::Below(steps, written) => {
                let (first, rest) = steps.split_first()?;
                let last = first == "-" && number + 1 == count;
                let fits =
                    last || first == "*" || *first == number.to_string() || names(first, item);
                fits.then(|| Layer::below(rest, *written))
            }
        }
    }

    fn below(steps: &[String], written: Written<'t>) -> Layer<'t> {
        if steps.is_empty() {
            Layer::Here(written)
        } else {
            Layer::Below(steps.to_vec(), written)
        }
    }
}

/// Does `[name=web]` name this item?
fn names(step: &str, item: Node<'_>) -> bool {
    let inner = step
        .strip_prefix('[')
        .and_then(|step| step.strip_suffix(']'));
    let Some((key, value)) = inner.and_then(|inner| inner.split_once('=')) else {
        return false;
    };
    match key {
        "" => item.text() == Some(value),
        key => item.get(key).and_then(Node::text) == Some(value),
    }
}

/// The item of a written list that became a rendered one: by its merge key, by its value, else by its number.
fn same_item<'t>(list: Node<'t>, item: Node<'_>, number: usize) -> Option<Node<'t>> {
    if item.kind() == Kind::Scalar {
        return list.items().find(|other| other.text() == item.text());
    }
    let keyed = MERGE_KEYS
        .iter()
        .find_map(|key| Some((*key, item.get(key)?.text()?)));
    match keyed {
        Some((key, name)) => {
            let named = |other: &Node<'_>| other.get(key).and_then(Node::text) == Some(name);
            list.items().find(named)
        }
        None => list.at(number),
    }
}

/// The steps of a JSON pointer, `/spec/template/spec/containers/0`.
pub(crate) fn pointer(path: &str) -> Vec<String> {
    let steps = path.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The steps of a path in a replacement, `spec.containers.[name=web].image`, `metadata.annotations.[a.b/c]`.
pub(crate) fn field_path(path: &str) -> Vec<String> {
    let mut steps = vec![String::new()];
    let mut escaped = false;
    let mut inside = false;
    for c in path.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => {
                escaped = true;
                continue;
            }
            '[' => inside = true,
            ']' => inside = false,
            '.' if !inside => {
                steps.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = steps.last_mut() {
            last.push(c);
        }
    }
    let plain = |step: String| match step
        .strip_prefix('[')
        .and_then(|step| step.strip_suffix(']'))
    {
        Some(key) if !key.contains('=') => key.to_owned(),
        _ => step,
    };
    steps.into_iter().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_kustomize_writes_them() {
        assert_eq!(
            pointer("/metadata/annotations/a.b~1c"),
            ["metadata", "annotations", "a.b/c"]
        );
        assert_eq!(
            field_path("spec.containers.[name=a.b].image"),
            ["spec", "containers", "[name=a.b]", "image"]
        );
        assert_eq!(
            field_path("metadata.annotations.[a.b/c].x\\.y"),
            ["metadata", "annotations", "a.b/c", "x.y"]
        );
    }
}
