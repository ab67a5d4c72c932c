//! From what Kustomize printed to the written line behind every line: walks each rendered object together with the object
//! as written and with all that may have set its values, and prefers whoever says the value that came out.
//!
//! Kustomize drops comments; those that stand for a waiver are put back where they belong.

use std::collections::HashMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_snapshot::provenance::{LineMap, Step};
use plimsoll_snapshot::unit::normalize;
use plimsoll_yaml::{Kind, Lines, Node, Span, Tree, parse, split};

use super::Shown;
use super::closure::Overlay;
use super::kustomization::{Asked, Parsed, Setting, generator, image, settings, written_as};
use super::layer::{Layer, Written};
use super::origin::{Origin, take};

/// The text that Kustomize printed, without what was asked for only here, and the origin of its lines.
pub(crate) fn trace(
    printed: &str,
    overlay: &Overlay,
    wrapper: &Path,
    whole: &str,
    shown: Shown<'_>,
) -> (String, LineMap) {
    let (text, origins) = take(printed);
    let mut map = LineMap::new(Arc::from(whole));
    let texts = texts(overlay, &origins, wrapper, shown, &mut map);
    let mut files = Vec::new();
    for (source, text) in texts.iter().enumerate() {
        let parsed = split(&text.content);
        let trees = parsed
            .iter()
            .filter_map(|chunk| parse(&text.content, chunk).ok());
        files.push(Parsed {
            path: text.path.clone(),
            source,
            trees: trees.collect(),
        });
    }
    let set = settings(&overlay.kustomizations, &files);
    let mut walk = Walk {
        texts: &texts,
        files: &files,
        overlay,
        settings: &set,
        rendered: Lines::new(&text),
        text: &text,
        found: HashMap::new(),
    };
    for (chunk, origin) in split(&text).iter().zip(&origins) {
        if let Ok(tree) = parse(&text, chunk) {
            walk.document(&tree, origin, wrapper);
        }
    }
    let found = std::mem::take(&mut walk.found);
    let text = weave(&text, found, &mut map);
    (text, map)
}

/// A text that has a part in the overlay.
struct Text {
    /// Canonical; empty for a patch within another text.
    path: PathBuf,
    /// Its number in the map.
    source: usize,
    content: String,
    lines: Lines,
    /// For a patch within another text: the lines above it and how far it is indented there.
    shift: (u32, u32),
}

impl Text {
    fn new(path: PathBuf, source: usize, content: String) -> Text {
        Text {
            path,
            source,
            lines: Lines::new(&content),
            content,
            shift: (0, 0),
        }
    }

    /// The patches in the text of a kustomization, as texts of their own.
    fn inline(&self) -> Vec<Text> {
        let mut texts = Vec::new();
        for chunk in split(&self.content) {
            let Ok(tree) = parse(&self.content, &chunk) else {
                continue;
            };
            let lists = ["patches", "patchesJson6902"].into_iter();
            let patches = lists
                .filter_map(|key| tree.root().get(key))
                .flat_map(Node::items);
            for node in patches.filter_map(|patch| patch.get("patch")) {
                let Some(content) = node.as_str() else {
                    continue;
                };
                let line = self.lines.position(&self.content, node.span().start).line;
                let below = self
                    .lines
                    .line_span(line + 1)
                    .map_or("", |span| span.slice(&self.content));
                let indent = below.len() - below.trim_start().len();
                let own = content.len() - content.trim_start().len();
                let mut text = Text::new(PathBuf::new(), self.source, content.to_owned());
                text.shift = (line, offset(indent.saturating_sub(own)));
                texts.push(text);
            }
        }
        texts
    }

    /// The step to a node of this text: its whole entry where that stands on one line, else its key.
    fn step(&self, node: Node<'_>, value: Option<Node<'_>>, exact: bool) -> Option<Step> {
        let start = node.span().start;
        let line = self.lines.position(&self.content, start).line;
        let span = self.lines.line_span(line)?;
        let end = value
            .map(|value| value.span().end)
            .filter(|end| *end <= span.end);
        let end = end.unwrap_or_else(|| node.span().end.min(span.end));
        let (above, indent) = self.shift;
        Some(Step {
            source: self.source,
            line: line + above,
            part: Some(start - span.start + indent..end.max(start) - span.start + indent),
            exact,
        })
    }
}

fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// All texts of the overlay: its kustomizations, what they read, and the patches within them.
fn texts(
    overlay: &Overlay,
    origins: &[Origin],
    wrapper: &Path,
    shown: Shown<'_>,
    map: &mut LineMap,
) -> Vec<Text> {
    let mut paths: Vec<PathBuf> = overlay.kustomizations.clone();
    paths.extend(overlay.inputs.iter().cloned());
    let origins = origins.iter().filter_map(|origin| origin.path.as_deref());
    let origins = origins.map(|path| resolve(wrapper, path));
    paths.extend(origins.filter(|path| overlay.resources.contains(path)));
    let mut seen = std::collections::BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    let mut texts = Vec::new();
    for path in paths {
        let Ok(content) = fs::read_to_string(&path) else {
            continue;
        };
        let source = map.add(shown(&path).into(), content.clone());
        texts.push(Text::new(path, source, content));
    }
    let inline: Vec<_> = texts
        .iter()
        .filter(|text| overlay.kustomizations.contains(&text.path))
        .flat_map(Text::inline)
        .collect();
    texts.extend(inline);
    texts
}

/// A path as Kustomize writes it, seen from the wrapper.
fn resolve(wrapper: &Path, path: &str) -> PathBuf {
    let joined = wrapper.join(path);
    let normal = normalize(&joined.to_string_lossy());
    PathBuf::from(&normal)
        .canonicalize()
        .unwrap_or(PathBuf::from(normal))
}

/// The keys that name objects and items of lists.
const NAMES: [&str; 5] = ["apiVersion", "kind", "name", "mountPath", "containerPort"];

/// What is known of one rendered line.
struct Found {
    step: Option<Step>,
    /// The comments for waivers that stand above and beside its origin, each with its own origin.
    above: Vec<(String, Step)>,
    beside: Option<String>,
}

/// The walk through the rendered objects.
struct Walk<'w> {
    texts: &'w [Text],
    files: &'w [Parsed<'w>],
    overlay: &'w Overlay,
    settings: &'w [Setting<'w>],
    rendered: Lines,
    text: &'w str,
    found: HashMap<u32, Found>,
}

impl<'w> Walk<'w> {
    fn document(&mut self, tree: &Tree<'_>, origin: &Origin, wrapper: &Path) {
        let root = tree.root();
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or_default();
        let name = name(root);
        let file = |path: &Option<String>| {
            let path = resolve(wrapper, path.as_deref()?);
            self.files.iter().find(|file| file.path == path)
        };
        let maker = file(&origin.configured_in);
        let written =
            file(&origin.path).and_then(|file| Some((file.source, written_as(file, root)?)));
        let asked = Asked {
            kind,
            names: [name, written.map_or(name, |(_, node)| self::name(node))],
        };
        let mut layers: Vec<Layer<'w>> = Vec::new();
        layers.extend(written.map(|(source, node)| Layer::of(source, node)));
        layers.extend(
            self.settings
                .iter()
                .filter_map(|setting| setting.layer_for(&asked)),
        );
        let made = maker.and_then(|file| generator(file, kind, name, None));
        let data = root.get("data").filter(|_| made.is_some());
        for (key, _) in data.into_iter().flat_map(Node::entries) {
            let line = maker.and_then(|file| generator(file, kind, name, key.key_text()));
            self.set(key, line.or(made), line.is_some());
        }
        let around = made.or(layers.first().and_then(Layer::written));
        self.descend(root, &layers, around);
    }

    /// Says of every line of a node where it came from. `around` is what to fall back to.
    fn descend(&mut self, node: Node<'_>, layers: &[Layer<'w>], around: Option<Written<'w>>) {
        for (key, value) in node.entries() {
            let name = key.key_text().unwrap_or_default();
            let below: Vec<_> = layers
                .iter()
                .filter_map(|layer| layer.under_key(name))
                .collect();
            let (origin, exact) = self.choose(name, value, &below);
            self.set(key, origin.or(around), exact);
            self.descend(value, &below, origin.or(around));
        }
        let count = node.len();
        for (number, item) in node.items().enumerate() {
            let below: Vec<_> = layers
                .iter()
                .filter_map(|layer| layer.under_item(item, number, count))
                .collect();
            let (origin, exact) = self.choose("", item, &below);
            self.descend(item, &below, origin.or(around));
            // The first key of an item stands on the item's line and says more.
            self.set(item, origin.or(around), exact);
        }
    }

    /// Who set a value, and whether that is certain: the last one that says the same, else the last one that speaks of it.
    fn choose(
        &self,
        key: &str,
        value: Node<'_>,
        layers: &[Layer<'w>],
    ) -> (Option<Written<'w>>, bool) {
        let speaking = || layers.iter().filter_map(Layer::written);
        if value.kind() != Kind::Scalar {
            return (speaking().next(), true);
        }
        let same = |written: &Written<'_>| {
            written
                .value
                .is_some_and(|said| said.text() == value.text())
        };
        // What names an object or an item is repeated by every patch of it.
        let mut saying = speaking().filter(same);
        let written = if NAMES.contains(&key) {
            saying.next()
        } else {
            saying.next_back()
        };
        if written.is_some() {
            return (written, true);
        }
        let text = value.as_str().unwrap_or_default();
        let made = (key == "image").then(|| image(&self.overlay.kustomizations, self.files, text));
        if let Some(written) = made.flatten() {
            return (Some(written), true);
        }
        // A replacement names a place and takes its value from elsewhere.
        if let Some(written) = speaking().rfind(|written| written.value.is_none()) {
            return (Some(written), true);
        }
        (speaking().next_back(), false)
    }

    fn set(&mut self, key: Node<'_>, origin: Option<Written<'w>>, exact: bool) {
        let line = self.rendered.position(self.text, key.span().start).line;
        let Some(origin) = origin else { return };
        let Some(text) = self.texts.get(origin.source) else {
            return;
        };
        let comment = |span: &Span| {
            let written = span.slice(&text.content);
            written.contains("plimsoll:").then(|| written.to_owned())
        };
        let above = |span: Span| {
            let at = text.lines.position(&text.content, span.start);
            let line = text.lines.line_span(at.line)?;
            let (above, indent) = text.shift;
            let part: Range<u32> = span.start - line.start + indent..span.end - line.start + indent;
            let step = Step {
                source: text.source,
                line: at.line + above,
                part: Some(part),
                exact: true,
            };
            Some((comment(&span)?, step))
        };
        let found = Found {
            step: text.step(origin.node, origin.value, exact),
            above: if exact {
                origin.node.leading_comments().filter_map(above).collect()
            } else {
                Vec::new()
            },
            beside: origin
                .node
                .trailing_comment()
                .filter(|_| exact)
                .as_ref()
                .and_then(comment),
        };
        self.found.entry(line).or_insert(found);
    }
}

fn name<'n>(object: Node<'n>) -> &'n str {
    let name = object
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    name.and_then(Node::as_str).unwrap_or_default()
}

/// Puts the comments back, and every step into the map. A line of which nothing is known, such as one within a text, has
/// about the origin of the one above it.
fn weave(text: &str, mut found: HashMap<u32, Found>, map: &mut LineMap) -> String {
    let mut woven = String::with_capacity(text.len());
    let mut last: Option<Step> = None;
    for (line, number) in text.lines().zip(1_u32..) {
        if line.starts_with("---") {
            last = None;
        }
        let known = found.remove(&number);
        let is_known = known.is_some();
        let known = known.unwrap_or(Found {
            step: last.clone(),
            above: Vec::new(),
            beside: None,
        });
        let indent = line
            .get(..line.len() - line.trim_start().len())
            .unwrap_or_default();
        for (comment, step) in known.above {
            woven.extend([indent, &comment, "\n"]);
            map.push(Some(step));
        }
        woven.push_str(line);
        if let Some(comment) = known.beside {
            woven.extend(["  ", &comment]);
        }
        woven.push('\n');
        if is_known {
            last = known.step.clone().map(|step| Step {
                exact: false,
                ..step
            });
        }
        map.push(known.step);
    }
    woven
}
