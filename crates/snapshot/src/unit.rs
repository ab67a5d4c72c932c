//! What part a file plays: a manifest of some unit, a patch, a template of a chart. A unit is what is applied together
//! (an overlay, a chart, a folder with its own kustomization); one unit's policy never satisfies another's.
//! Works on names and parsed kustomizations alone; reads nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use plimsoll_yaml::Node;

/// The part that a file plays.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Holds objects, if anything; they belong to the unit of this name.
    Manifest {
        /// The folder of the unit as shown.
        unit: String,
    },
    /// A kustomization or a chart's own description.
    Description,
    /// Read by a kustomization in another way than as a resource: a patch, a replacement, a generator's input. Or
    /// a patch that is kept beside a kustomization and switched off.
    Patch,
    /// A template of the chart in this folder: text that becomes manifests only when rendered.
    Template {
        /// The chart's folder as shown.
        chart: String,
    },
}

/// What the descriptions found in a set of files say about the others.
#[derive(Default, Debug)]
pub struct Layout {
    kustomizations: BTreeMap<String, Reads>,
    charts: BTreeSet<String>,
}

/// The files that a kustomization reads.
#[derive(Default, Debug)]
struct Reads {
    resources: BTreeSet<String>,
    inputs: BTreeSet<String>,
}

/// File names that describe a kustomization.
pub const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The file name that describes a chart.
pub const CHART: &str = "Chart.yaml";

impl Layout {
    /// Is this the name of a file that [`Layout`] wants to know?
    pub fn describes(file: &str) -> bool {
        let name = file_name(file);
        name == CHART || KUSTOMIZATIONS.contains(&name)
    }

    /// Takes note of a kustomization or chart. `root` is the parsed text; `None` when it does not parse, which
    /// leaves its patches unknown but still makes a unit of its folder.
    pub fn add(&mut self, file: &str, root: Option<Node<'_>>) {
        let folder = folder(file);
        if file_name(file) == CHART {
            self.charts.insert(folder);
            return;
        }
        let joined = |files: Vec<&str>| files.into_iter().map(|file| join(&folder, file)).collect();
        let reads = root.map(|root| Reads {
            resources: joined(resources(root)),
            inputs: joined(inputs(root)),
        });
        self.kustomizations
            .insert(folder, reads.unwrap_or_default());
    }

    /// The part that `file` plays. `root` is the folder from which it was found, the unit of last resort.
    pub fn role(&self, file: &str, root: &str) -> Role {
        if Self::describes(file) {
            return Role::Description;
        }
        let normal = normalize(file);
        let mut reads = self.kustomizations.values();
        if reads.any(|reads| reads.inputs.contains(&normal)) || self.is_idle_patch(&normal) {
            return Role::Patch;
        }
        for folder in ancestors(&normal) {
            if self.charts.contains(folder) {
                let below = normal
                    .get(folder.len()..)
                    .unwrap_or_default()
                    .trim_start_matches('/');
                if below.starts_with("templates/") || below.starts_with("charts/") {
                    return Role::Template {
                        chart: folder.to_owned(),
                    };
                }
                return Role::Manifest {
                    unit: shown(folder),
                };
            }
            if self.kustomizations.contains_key(folder) {
                return Role::Manifest {
                    unit: shown(folder),
                };
            }
        }
        Role::Manifest {
            unit: shown(&normalize(root)),
        }
    }

    /// Is it called a patch, and kept beside a kustomization where none reads it? Operators' scaffolds switch their patches
    /// on and off by comments: what is left over is part of an object and would be judged as the whole.
    fn is_idle_patch(&self, file: &str) -> bool {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let (above, last) = folder.rsplit_once('/').unwrap_or(("", folder));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let home = match last {
            "patches" if !self.kustomizations.contains_key(folder) => above,
            _ if stem.ends_with("patch") => folder,
            _ => return false,
        };
        let home = self.kustomizations.get(home);
        let mut all = self.kustomizations.values();
        home.is_some_and(|reads| !reads.resources.is_empty())
            && !all.any(|reads| reads.resources.contains(file))
    }
}

fn shown(folder: &str) -> String {
    if folder.is_empty() {
        ".".to_owned()
    } else {
        let named = |name: String, mark: &&str| name.replace(&format!("{mark}/"), mark);
        let mut name = ARCHIVES.iter().fold(folder.to_owned(), named);
        if ARCHIVES.iter().any(|mark| name.ends_with(mark)) {
            name.pop();
        }
        name
    }
}

/// The files and folders whose objects a kustomization takes, as written.
fn resources(root: Node<'_>) -> Vec<&str> {
    let lists = ["resources", "bases", "components"].into_iter();
    let items = lists.filter_map(|key| root.get(key)).flat_map(Node::items);
    items.filter_map(Node::as_str).collect()
}

/// The files that a kustomization reads as something else than resources, as written; among them may be patches that
/// are written down in place.
pub fn inputs(root: Node<'_>) -> Vec<&str> {
    let mut found = Vec::new();
    let strings = |key: &str, found: &mut Vec<_>| {
        let items = root.get(key).into_iter().flat_map(Node::items);
        found.extend(items.filter_map(Node::as_str));
    };
    for key in [
        "patchesStrategicMerge",
        "configurations",
        "transformers",
        "generators",
        "validators",
        "crds",
    ] {
        strings(key, &mut found);
    }
    for key in ["patches", "patchesJson6902", "replacements"] {
        let items = root.get(key).into_iter().flat_map(Node::items);
        // Before Kustomize 2.1 `patches` was a list of files.
        found.extend(items.filter_map(|item| item.get("path").unwrap_or(item).as_str()));
    }
    for key in ["configMapGenerator", "secretGenerator"] {
        for generator in root.get(key).into_iter().flat_map(Node::items) {
            found.extend(generator.get("env").and_then(Node::as_str));
            for key in ["files", "envs"] {
                let files = generator.get(key).into_iter().flat_map(Node::items);
                found.extend(files.filter_map(Node::as_str).map(after_key));
            }
        }
    }
    for chart in root.get("helmCharts").into_iter().flat_map(Node::items) {
        found.extend(chart.get("valuesFile").and_then(Node::as_str));
        let more = chart
            .get("additionalValuesFiles")
            .into_iter()
            .flat_map(Node::items);
        found.extend(more.filter_map(Node::as_str));
    }
    found.extend(
        root.get("openapi")
            .and_then(|node| node.get("path")?.as_str()),
    );
    found
}

/// `key=file` names the key under which a generator stores the file.
fn after_key(entry: &str) -> &str {
    entry.split_once('=').map_or(entry, |(_, file)| file)
}

fn file_name(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    let member = ARCHIVES.iter().find_map(|mark| name.rsplit_once(mark));
    member.map_or(name, |(_, member)| member)
}

/// What stands between an archive and the path of a member: `x.tgz!deploy/a.yaml`. Members lie below it as below a folder.
const ARCHIVES: [&str; 2] = [".tgz!", ".tar.gz!"];

fn folder(file: &str) -> String {
    let normal = normalize(file);
    normal
        .rsplit_once('/')
        .map_or(String::new(), |(folder, _)| folder.to_owned())
}

fn join(folder: &str, file: &str) -> String {
    if folder.is_empty() {
        normalize(file)
    } else {
        normalize(&format!("{folder}/{file}"))
    }
}

/// The folders above a normal path, nearest first, ending with the empty one.
fn ancestors(file: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(file);
    std::iter::from_fn(move || {
        let file = rest?;
        let folder = file.rsplit_once('/').map(|(folder, _)| folder);
        rest = folder;
        Some(folder.unwrap_or_default())
    })
}

/// Removes `.`, empty and, where possible, `..` steps. A leading `/` stays; an archive becomes a step of its own.
pub fn normalize(path: &str) -> String {
    let members = ARCHIVES.iter().fold(Cow::from(path), |path, mark| {
        if path.contains(mark) {
            path.replace(mark, &format!("{mark}/")).into()
        } else {
            path
        }
    });
    let path = &*members;
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    let joined = steps.join("/");
    if path.starts_with('/') {
        format!("/{joined}")
    } else {
        joined
    }
}
