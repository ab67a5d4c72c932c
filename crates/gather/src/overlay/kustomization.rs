//! What the kustomizations of an overlay set in objects: patches, replacements, the namespace, images and replicas.

use std::path::{Path, PathBuf};

use plimsoll_snapshot::object::group_of;
use plimsoll_yaml::{Node, Tree};

use super::layer::{Layer, Written, field_path, pointer};

/// A parsed text.
pub(crate) struct Parsed<'t> {
    /// Canonical; empty for a patch that is written down in a kustomization.
    pub(crate) path: PathBuf,
    /// Its number among all.
    pub(crate) source: usize,
    /// Its documents.
    pub(crate) trees: Vec<Tree<'t>>,
}

/// Which objects something is about; what it does not say is any.
#[derive(Clone, Default)]
pub(crate) struct Selector {
    kind: Option<String>,
    name: Option<String>,
}

/// The object that is asked about: its kind and its names, as rendered and as written.
pub(crate) struct Asked<'a> {
    pub(crate) kind: &'a str,
    pub(crate) names: [&'a str; 2],
}

impl Selector {
    fn of(node: Node<'_>) -> Selector {
        let text = |node: Option<Node<'_>>| node.and_then(Node::as_str).map(str::to_owned);
        let name = node
            .get("metadata")
            .map_or(node.get("name"), |metadata| metadata.get("name"));
        Selector {
            kind: text(node.get("kind")),
            name: text(name),
        }
    }

    /// Names may be patterns, of which only the plain ones are decided: a wrong guess is found out by its value.
    fn fits(&self, asked: &Asked<'_>) -> bool {
        let kind = self
            .kind
            .as_deref()
            .is_none_or(|kind| is_pattern(kind) || kind == asked.kind);
        let named = |name: &str| is_pattern(name) || asked.names.contains(&name);
        kind && self.name.as_deref().is_none_or(named)
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '|', '[', '(', '^', '$', '?', '+'])
}

/// One thing that the kustomizations set.
pub(crate) struct Setting<'t> {
    selector: Selector,
    layer: Layer<'t>,
}

impl<'t> Setting<'t> {
    /// The layer, if it is about this object.
    pub(crate) fn layer_for(&self, asked: &Asked<'_>) -> Option<Layer<'t>> {
        self.selector.fits(asked).then(|| self.layer.clone())
    }
}

/// All that the kustomizations among `files` set, the included ones first, since later ones win.
pub(crate) fn settings<'t>(
    kustomizations: &[PathBuf],
    files: &'t [Parsed<'t>],
) -> Vec<Setting<'t>> {
    let mut settings = Vec::new();
    for path in kustomizations.iter().rev() {
        let parsed = files
            .iter()
            .find(|file| file.path == *path && file.trees.len() == 1);
        let Some((parsed, tree)) = parsed.and_then(|file| Some((file, file.trees.first()?))) else {
            continue;
        };
        let reader = Reader {
            folder: path.parent().unwrap_or(Path::new("")),
            source: parsed.source,
            files,
        };
        reader.read(tree.root(), &mut settings);
    }
    settings
}

struct Reader<'r, 't> {
    folder: &'r Path,
    source: usize,
    files: &'t [Parsed<'t>],
}

impl<'t> Reader<'_, 't> {
    fn read(&self, root: Node<'t>, settings: &mut Vec<Setting<'t>>) {
        if let Some(namespace) = root.get("namespace") {
            settings.push(Setting {
                selector: Selector::default(),
                layer: self.at(
                    ["metadata", "namespace"].map(str::to_owned).to_vec(),
                    namespace,
                    Some(namespace),
                ),
            });
        }
        for replicas in items(root, "replicas") {
            let count = replicas.get("count").unwrap_or(replicas);
            settings.push(Setting {
                selector: Selector {
                    kind: None,
                    ..Selector::of(replicas)
                },
                layer: self.at(
                    vec!["spec".to_owned(), "replicas".to_owned()],
                    count,
                    Some(count),
                ),
            });
        }
        for entry in items(root, "patchesStrategicMerge").filter_map(Node::as_str) {
            self.patches(self.file(entry), None, settings);
        }
        for key in ["patches", "patchesJson6902"] {
            for patch in items(root, key) {
                let target = patch.get("target").map(Selector::of);
                let file = patch.get("path").and_then(Node::as_str);
                self.patches(
                    file.and_then(|file| self.file(file)),
                    target.as_ref(),
                    settings,
                );
                if let Some(inline) = patch.get("patch") {
                    self.inline(inline, target.as_ref(), settings);
                }
            }
        }
        for replacement in items(root, "replacements") {
            self.replacement(replacement, settings);
            let file = replacement.get("path").and_then(Node::as_str);
            let Some(file) = file.and_then(|file| self.file(file)) else {
                continue;
            };
            let reader = Reader {
                folder: self.folder,
                source: file.source,
                files: self.files,
            };
            for root in file.trees.iter().map(Tree::root) {
                reader.replacement(root, settings);
                root.items()
                    .for_each(|root| reader.replacement(root, settings));
            }
        }
    }

    fn at(&self, steps: Vec<String>, node: Node<'t>, value: Option<Node<'t>>) -> Layer<'t> {
        let written = Written {
            source: self.source,
            node: node.key().unwrap_or(node),
            value,
        };
        Layer::Below(steps, written)
    }

    fn file(&self, entry: &str) -> Option<&'t Parsed<'t>> {
        let path = self.folder.join(entry).canonicalize().ok()?;
        self.files.iter().find(|file| file.path == path)
    }

    fn patches(
        &self,
        file: Option<&'t Parsed<'t>>,
        target: Option<&Selector>,
        settings: &mut Vec<Setting<'t>>,
    ) {
        let Some(file) = file else { return };
        for tree in &file.trees {
            patch(file.source, tree.root(), target, settings);
        }
    }

    /// A patch in a kustomization's own text was parsed as a text of its own.
    fn inline(&self, inline: Node<'t>, target: Option<&Selector>, settings: &mut Vec<Setting<'t>>) {
        let text = inline.as_str().unwrap_or_default();
        let own = |file: &&Parsed<'t>| {
            let same = file
                .trees
                .first()
                .map(|tree| tree.root().tree().text() == text);
            same == Some(true)
        };
        self.patches(self.files.iter().find(own), target, settings);
    }

    fn replacement(&self, replacement: Node<'t>, settings: &mut Vec<Setting<'t>>) {
        for target in items(replacement, "targets") {
            let selector = target.get("select").map(Selector::of).unwrap_or_default();
            for path in items(target, "fieldPaths") {
                let steps = field_path(path.as_str().unwrap_or_default());
                settings.push(Setting {
                    selector: selector.clone(),
                    layer: self.at(steps, path, None),
                });
            }
        }
    }
}

/// A strategic merge patch is an object or a part of one; a JSON patch is a list of operations.
fn patch<'t>(
    source: usize,
    root: Node<'t>,
    target: Option<&Selector>,
    settings: &mut Vec<Setting<'t>>,
) {
    for operation in root.items() {
        let path = operation.get("path").and_then(Node::as_str);
        let (Some(path), Some(value)) = (path, operation.get("value")) else {
            continue;
        };
        settings.push(Setting {
            selector: target.cloned().unwrap_or_default(),
            layer: Layer::Below(
                pointer(path),
                Written {
                    source,
                    node: value.key().unwrap_or(value),
                    value: Some(value),
                },
            ),
        });
    }
    if root.get("kind").is_some() || root.get("metadata").is_some() || root.get("spec").is_some() {
        let selector = target.cloned().unwrap_or_else(|| Selector::of(root));
        settings.push(Setting {
            selector,
            layer: Layer::of(source, root),
        });
    }
}

/// The entry of `images` that made a rendered image, with the number of its text.
pub(crate) fn image<'t>(
    kustomizations: &[PathBuf],
    files: &'t [Parsed<'t>],
    rendered: &str,
) -> Option<Written<'t>> {
    let roots = kustomizations.iter().filter_map(|path| {
        let file = files.iter().find(|file| file.path == *path)?;
        Some((file.source, file.trees.first()?.root()))
    });
    let fits = |name: &str| {
        let rest = rendered.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@']))
    };
    for (source, root) in roots {
        for entry in items(root, "images") {
            let name = entry
                .get("newName")
                .or(entry.get("name"))
                .and_then(Node::as_str);
            if !name.is_some_and(fits) {
                continue;
            }
            let said = ["digest", "newTag", "newName"]
                .into_iter()
                .find_map(|key| entry.get(key));
            let said = said.unwrap_or(entry);
            return Some(Written {
                source,
                node: said.key().unwrap_or(said),
                value: None,
            });
        }
    }
    None
}

/// The entry of a generator that made an object of this rendered name, or in it the line of a key of its data.
pub(crate) fn generator<'t>(
    file: &'t Parsed<'t>,
    kind: &str,
    name: &str,
    key: Option<&str>,
) -> Option<Written<'t>> {
    let list = if kind == "Secret" {
        "secretGenerator"
    } else {
        "configMapGenerator"
    };
    let root = file.trees.first()?.root();
    let named = |entry: &Node<'_>| {
        let said = entry.get("name").and_then(Node::as_str);
        said.is_some_and(|said| name.contains(said))
    };
    let entry = items(root, list)
        .filter(named)
        .max_by_key(|entry| entry.get("name").and_then(Node::as_str).map_or(0, str::len))?;
    let sets = |item: &Node<'_>| {
        let text = item.as_str().unwrap_or_default();
        let (before, _) = text.split_once('=').unwrap_or((text, ""));
        let file = before.rsplit('/').next();
        key.is_some_and(|key| before == key || file == Some(key))
    };
    let mut lines = items(entry, "literals").chain(items(entry, "files"));
    let said = match key {
        Some(_) => lines.find(sets)?,
        None => entry.get("name").unwrap_or(entry),
    };
    Some(Written {
        source: file.source,
        node: said.key().unwrap_or(said),
        value: None,
    })
}

fn items<'t>(node: Node<'t>, key: &str) -> impl Iterator<Item = Node<'t>> {
    node.get(key).into_iter().flat_map(Node::items)
}

/// The objects of a file, those in lists as well.
pub(crate) fn objects<'t>(file: &'t Parsed<'t>) -> Vec<Node<'t>> {
    let mut objects = Vec::new();
    for root in file.trees.iter().map(Tree::root) {
        match root.get("items") {
            Some(items)
                if items
                    .items()
                    .next()
                    .is_some_and(|item| item.get("kind").is_some()) =>
            {
                objects.extend(items.items());
            }
            _ => objects.push(root),
        }
    }
    objects
}

/// The object of a file that was rendered as this one: of its group and kind, and of its name as far as that can be told.
pub(crate) fn written_as<'t>(file: &'t Parsed<'t>, rendered: Node<'_>) -> Option<Node<'t>> {
    let text = |node: Node<'_>, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
    let name = |node: Node<'_>| {
        node.get("metadata")
            .and_then(|node| text(node, "name"))
            .unwrap_or_default()
    };
    let same = |object: &Node<'_>| {
        let group = |node| text(node, "apiVersion").map(|version| group_of(&version).to_owned());
        text(*object, "kind") == text(rendered, "kind") && group(*object) == group(rendered)
    };
    let alike: Vec<_> = objects(file).into_iter().filter(same).collect();
    let wanted = name(rendered);
    let exact = alike
        .iter()
        .find(|object| name(**object) == wanted)
        .copied();
    let near = alike
        .iter()
        .filter(|object| wanted.contains(&name(**object)));
    exact
        .or(near.max_by_key(|object| name(**object).len()).copied())
        .or(match alike.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
}
