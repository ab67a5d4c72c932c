//! A configuration to begin with: what was seen in a folder, as suggestions in comments. Pure.
//!
//! Invariants: only what changes no verdict stands outside of comments; removing one `#` from the lines that begin with
//! one and no blank gives a valid configuration; no text from the folder can break out of its comment.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use plimsoll_snapshot::image::Reference;
use plimsoll_snapshot::object::{Document, File, objects};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::{Node, parse, split};

use crate::judge::SourceText;
use crate::profile::Profile;

/// Names of folders that often hold objects nobody applies.
const TEST_FOLDERS: [&str; 8] = [
    "e2e", "examples", "fixtures", "mocks", "samples", "test", "testdata", "tests",
];
/// So many names are listed.
const ENOUGH: usize = 12;

/// What was seen in a folder.
#[derive(Default, Debug)]
pub struct Survey {
    objects: usize,
    charts: usize,
    units: BTreeSet<String>,
    registries: BTreeMap<String, usize>,
    test_folders: BTreeMap<&'static str, usize>,
    versions: BTreeSet<Minor>,
}

impl Survey {
    /// Takes note of a manifest. `below` is its path within the folder.
    pub fn add(&mut self, source: &SourceText<'_>, below: &str) {
        let folders: BTreeSet<&str> = below.split('/').rev().skip(1).collect();
        for known in TEST_FOLDERS.iter().filter(|known| folders.contains(*known)) {
            *self.test_folders.entry(known).or_default() += 1;
        }
        let target = Target::new(Minor::NEWEST);
        let file = File::new(source.name.clone(), source.unit.clone(), source.text);
        let before = self.objects;
        for chunk in split(source.text) {
            let Ok(tree) = parse(source.text, &chunk) else {
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            self.versions.extend(version(tree.root()));
            for object in objects(&document, &target).unwrap_or_default().objects {
                self.objects += 1;
                if let Some(pod) = object.pod() {
                    let images = pod
                        .containers()
                        .filter_map(|container| container.node.get("image").and_then(Node::as_str));
                    for image in images.filter_map(Reference::parse) {
                        *self.registries.entry(trusted(&image)).or_default() += 1;
                    }
                }
            }
        }
        if self.objects > before && is_plain(&source.unit) {
            self.units.insert(source.unit.to_string());
        }
    }

    /// Takes note of charts that have to be rendered.
    pub fn add_charts(&mut self, charts: usize) {
        self.charts += charts;
    }

    /// The configuration. `control` is any control's id, for an example.
    pub fn draft(&self, control: &str) -> String {
        let mut text = format!(
            "# What plimsoll judges by, found from the scanned folder upwards.\n\
             # Suggestions stand in comments: remove the # of what you want.\n\
             # Seen here: {} objects, {} charts.\nversion: 1\n",
            self.objects, self.charts
        );
        self.draft_target(&mut text);
        self.draft_exclusions(&mut text);
        self.draft_gaps(&mut text);
        self.draft_registries(&mut text);
        let _ = write!(
            text,
            "\n# Decisions to live with a finding. Each needs a reason; owner and end keep it from being forgotten.\n\
             #waivers:\n#  - control: {control}\n#    reason: why this is acceptable\n#    owner: team@example.com\n\
             #    expires: 2099-12-31\n#    object: {{kind: DaemonSet, namespace: monitoring, name: agent, container: \"*\"}}\n"
        );
        text
    }

    fn draft_target(&self, text: &mut String) {
        let version = self.versions.first().copied();
        let why = match version {
            Some(_) => "the oldest that the files name",
            None => "without it, the newest known",
        };
        let version = version.unwrap_or(Minor::NEWEST);
        let profiles = Profile::ALL.map(|profile| profile.name).join(", ");
        let _ = write!(
            text,
            "\n# The version of your cluster; {why}.\n#kubernetesVersion: \"{version}\"\n\
             \n# Which threats weigh more: {profiles}.\n#profile: {}\n\
             \n# The least severity that fails: low, medium, high, critical, never.\n#failOn: medium\n",
            Profile::DEFAULT.name
        );
        if self.units.len() > 1 {
            text.push_str(
                "\n# Taken for applied apart from each other, so that none stands for another:\n",
            );
            for unit in self.units.iter().take(ENOUGH) {
                let _ = writeln!(text, "# - {unit}");
            }
            if let Some(more @ 1..) = self.units.len().checked_sub(ENOUGH) {
                let _ = writeln!(text, "# - and {more} more");
            }
        }
    }

    fn draft_exclusions(&self, text: &mut String) {
        text.push_str(
            "\n# Files that nobody applies, relative to this file; they are counted.\n#exclude:\n",
        );
        if self.test_folders.is_empty() {
            text.push_str("#  - \"**/testdata/**\"\n");
        }
        for (folder, files) in &self.test_folders {
            let _ = writeln!(text, "#  - \"**/{folder}/**\"  # manifests: {files}");
        }
    }

    fn draft_gaps(&self, text: &mut String) {
        if self.charts > 0 {
            text.push_str(
                "\n# Charts that cannot be rendered are gaps and end with exit code 2, unless you allow it.\n\
                 #allowGaps: [helm-chart]\n",
            );
        }
    }

    fn draft_registries(&self, text: &mut String) {
        text.push_str("\n# Where images may come from; without it nobody can say which registries are trusted.\n");
        text.push_str("#images:\n#  trustedRegistries:\n");
        let plain = |entry: &(&String, &usize)| is_plain(entry.0);
        let mut seen: Vec<_> = self.registries.iter().filter(plain).collect();
        seen.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
        if seen.is_empty() {
            text.push_str("#    - \"registry.example.com/\"\n");
        }
        for (registry, count) in seen.into_iter().take(ENOUGH) {
            let _ = writeln!(text, "#    - \"{registry}\"  # images: {count}");
        }
    }
}

/// The prefix that trusts an image's registry; on public registries, which everybody may push to, only the account.
fn trusted(image: &Reference<'_>) -> String {
    let account = image.repository.split_once('/').map(|(account, _)| account);
    match account.or(image.implied) {
        Some(account) => format!("{}/{account}/", image.registry),
        None => format!("{}/", image.registry),
    }
}

/// The version that a description of a cluster names.
fn version(root: Node<'_>) -> Option<Minor> {
    let kind = root.get("kind")?.as_str()?;
    let node = root.get("kubernetesVersion").or_else(|| {
        let spec = root
            .get("spec")
            .filter(|_| kind.ends_with("ControlPlane"))?;
        spec.get("version")
    })?;
    node.as_str()?.parse().ok()
}

/// May a name from the folder stand in a comment and within quotes?
fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:!".contains(c);
    !name.is_empty() && name.len() <= 200 && name.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Configuration;

    const POD: &str = "{apiVersion: v1, kind: Pod, spec: {containers: [{name: a, image: IMAGE}]}}";

    fn survey(files: &[(&str, &str, &str)]) -> Survey {
        let mut survey = Survey::default();
        for (below, unit, text) in files {
            let source = SourceText {
                name: (*below).into(),
                unit: (*unit).into(),
                text,
                provenance: plimsoll_snapshot::provenance::Provenance::Written,
            };
            survey.add(&source, below);
        }
        survey
    }

    /// With every suggestion taken.
    fn taken(draft: &str) -> String {
        let lines = draft.lines().map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => rest,
            _ => line,
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn read(text: &str) -> Configuration {
        Configuration::read("plimsoll.yaml", text, &[]).unwrap()
    }

    #[test]
    fn what_was_seen_is_suggested_and_changes_nothing() {
        let mut survey = survey(&[
            ("a/x.yaml", "a", &POD.replace("IMAGE", "ghcr.io/shop/web:1")),
            ("b/x.yaml", "b", &POD.replace("IMAGE", "nginx")),
            (
                "b/tests/y.yaml",
                "b",
                &POD.replace("IMAGE", "registry.example.com/x"),
            ),
            (
                "cluster.yaml",
                "",
                "kind: ClusterConfiguration\nkubernetesVersion: v1.30.2\n",
            ),
        ]);
        survey.add_charts(1);
        let draft = survey.draft("a-control").replace(
            "#waivers:\n#  - control: a-control",
            "#waivers: []\n#  - x: y",
        );
        let draft = draft.split("#  - x: y").next().unwrap();
        assert_eq!(read(draft), Configuration::default());
        let all = read(&taken(draft));
        assert_eq!(all.version.unwrap().to_string(), "1.30");
        assert_eq!(all.exclude, ["**/tests/**"]);
        assert_eq!(all.trusted_registries.len(), 3);
        assert!(all.trusted_registries.contains(&"ghcr.io/shop/".to_owned()));
        assert!(
            all.trusted_registries
                .contains(&"docker.io/library/".to_owned())
        );
        assert_eq!((all.allowed_gaps.len(), all.fail_on.is_some()), (1, true));
        assert!(draft.contains("\n# - a\n# - b\n"));
    }

    #[test]
    fn hostile_names_do_not_break_out() {
        let image = POD.replace("IMAGE", "\"evil.example\\nfailOn: never/x\"");
        let survey = survey(&[
            ("x.yaml", "a\nfailOn: never", &image),
            ("y.yaml", "b", &image),
        ]);
        let draft = survey.draft("a-control");
        assert_eq!(read(&draft), Configuration::default());
        assert!(!draft.contains("never/"));
    }

    #[test]
    fn nothing_seen_is_still_a_configuration() {
        let draft = survey(&[]).draft("a-control");
        assert_eq!(read(&draft), Configuration::default());
        assert!(!draft.contains("allowGaps") && draft.contains("**/testdata/**"));
    }
}
