//! Reads the kustomizations and charts first: they say which part every other file plays.
//!
//! What they mean is decided by [`Layout`]; here they are only read. One that cannot be read or parsed, or that holds
//! other objects, is left to the scan like any manifest, which says what is wrong with it.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_gather::{InputFile, chart_in, is_archive, read};
use plimsoll_snapshot::object::group_of;
use plimsoll_snapshot::unit::{CHART, KUSTOMIZATIONS, Layout, Role, normalize};
use plimsoll_yaml::{Node, decode, parse, split};

/// What the descriptions among the files say.
#[derive(Default)]
pub(super) struct Descriptions {
    layout: Layout,
    /// Files with the name of a description that have to be judged.
    judged: BTreeSet<Arc<str>>,
    /// Folders of charts that need other charts.
    dependent: BTreeSet<String>,
    /// Folders and archives of charts that only lend to others and render nothing.
    libraries: BTreeSet<String>,
    /// Archives that hold a chart.
    archives: BTreeSet<Arc<str>>,
}

impl Descriptions {
    /// Reads the descriptions among `files`.
    pub(super) fn read(files: &[InputFile]) -> Descriptions {
        let mut descriptions = Descriptions::default();
        for file in files.iter().filter(|file| Layout::describes(&file.name)) {
            if descriptions.add(file).is_none() {
                descriptions.layout.add(&file.name, None);
                descriptions.judged.insert(file.name.clone());
            }
        }
        for file in files.iter().filter(|file| is_archive(&file.name)) {
            let Some(chart) = chart_in(&file.path) else {
                continue;
            };
            descriptions.archives.insert(file.name.clone());
            if is_library(&chart) {
                descriptions.libraries.insert(file.name.to_string());
            }
        }
        descriptions
    }

    /// `None` when the file does not read or parse.
    fn add(&mut self, file: &InputFile) -> Option<()> {
        let text = decode(read(file).ok()?).ok()?;
        let mut roots = 0;
        for chunk in split(&text) {
            let tree = parse(&text, &chunk).ok()?;
            let root = tree.root();
            if is_object(root) {
                self.judged.insert(file.name.clone());
                continue;
            }
            roots += 1;
            self.layout.add(&file.name, Some(root));
            if file.name.ends_with(CHART) && is_library(text.as_bytes()) {
                self.libraries.insert(folder(&file.name));
            }
            if file.name.ends_with(CHART)
                && root
                    .get("dependencies")
                    .is_some_and(|node| !node.is_empty())
            {
                self.dependent.insert(folder(&file.name));
            }
        }
        (roots > 0 || self.judged.contains(&file.name)).then_some(())
    }

    /// The part that a file plays.
    pub(super) fn role(&self, file: &InputFile) -> Role {
        if self.judged.contains(&file.name) {
            let sibling = format!("{}/-", folder(&file.name));
            return self.layout.role(&sibling, &file.root);
        }
        match self.layout.role(&file.name, &file.root) {
            Role::Template { chart } => Role::Template {
                chart: self.outermost(chart),
            },
            role => role,
        }
    }

    /// Is this the name of a kustomization that can be rendered?
    pub(super) fn is_kustomization(&self, file: &str) -> bool {
        let name = file.rsplit('/').next().unwrap_or(file);
        KUSTOMIZATIONS.contains(&name) && !self.judged.contains(file)
    }

    /// Does the chart in this folder or archive only lend to others?
    pub(super) fn is_library(&self, chart: &str) -> bool {
        self.libraries.contains(chart)
    }

    /// Is this the name of an archive that holds a chart?
    pub(super) fn is_chart_archive(&self, file: &str) -> bool {
        self.archives.contains(file)
    }

    /// Charts that have to be rendered because they draw in others, whether or not they have templates themselves.
    pub(super) fn dependent_charts(&self) -> impl Iterator<Item = String> {
        self.dependent
            .iter()
            .map(|chart| self.outermost(chart.clone()))
    }

    /// The chart that is rendered when this one is: charts below `charts/` belong to the one above.
    fn outermost(&self, mut chart: String) -> String {
        while let Role::Template { chart: outer } = self.layout.role(&chart, "") {
            chart = outer;
        }
        chart
    }
}

/// Does this chart only lend to others?
fn is_library(description: &[u8]) -> bool {
    let text = std::str::from_utf8(description).unwrap_or_default();
    let tree = split(text).first().map(|chunk| parse(text, chunk));
    let Some(Ok(tree)) = tree else { return false };
    tree.root().get("type").and_then(Node::as_str) == Some("library")
}

/// Is this an object of Kubernetes' own or a custom kind, instead of a kustomization or a chart?
fn is_object(root: Node<'_>) -> bool {
    let text = |key| root.get(key).and_then(Node::as_str);
    match (text("apiVersion"), text("kind")) {
        (Some(api_version), Some(_)) => group_of(api_version) != "kustomize.config.k8s.io",
        _ => false,
    }
}

fn folder(file: &str) -> String {
    normalize(file.rsplit_once('/').map_or("", |(folder, _)| folder))
}
