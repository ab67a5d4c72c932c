//! What a kustomization reads, found out before anything runs: the kustomizations below it, their files, and whatever
//! would be fetched or lies elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_snapshot::unit::{KUSTOMIZATIONS, inputs};
use plimsoll_yaml::{Node, Tree, parse, split};

/// A kustomization with all that it reads.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Overlay {
    /// Its folder, canonical.
    pub folder: PathBuf,
    /// The folders of the kustomizations that it includes, canonical, without its own.
    pub includes: BTreeSet<PathBuf>,
    /// The files that it reads as resources, canonical.
    pub resources: BTreeSet<PathBuf>,
    /// What it refers to on the network, as written.
    pub remote: BTreeSet<String>,
    /// What it refers to and is not there, or must not be read because it lies outside of what was asked for.
    pub absent: BTreeSet<String>,
    /// Does it, or one that it includes, change or make objects? Otherwise it only lists files.
    pub changes: bool,
    /// Is it a component, which needs another one to include it?
    pub component: bool,
    /// The files of all kustomizations, its own first, canonical.
    pub(crate) kustomizations: Vec<PathBuf>,
    /// Their patches and other inputs, canonical.
    pub(crate) inputs: BTreeSet<PathBuf>,
}

impl Overlay {
    /// Reads the kustomization in a folder and all that it includes, as far as they lie below `bounds`. `None`: there is
    /// none.
    pub fn read(folder: &Path, bounds: &[PathBuf]) -> Option<Overlay> {
        let folder = folder.canonicalize().ok()?;
        kustomization_in(&folder)?;
        let mut overlay = Overlay {
            folder: folder.clone(),
            ..Overlay::default()
        };
        let mut waiting = vec![folder];
        while let Some(folder) = waiting.pop() {
            overlay.visit(&folder, bounds, &mut waiting);
        }
        Some(overlay)
    }

    fn visit(&mut self, folder: &Path, bounds: &[PathBuf], waiting: &mut Vec<PathBuf>) {
        let Some(file) = kustomization_in(folder) else {
            self.absent
                .insert(format!("a kustomization in {}", folder.display()));
            return;
        };
        if self.kustomizations.contains(&file) {
            return;
        }
        let first = self.kustomizations.is_empty();
        if !first {
            self.includes.insert(folder.to_owned());
        }
        self.kustomizations.push(file.clone());
        let text = fs::read_to_string(&file).unwrap_or_default();
        let trees: Option<Vec<Tree<'_>>> = split(&text)
            .iter()
            .map(|chunk| parse(&text, chunk).ok())
            .collect();
        let Some([tree]) = trees.as_deref() else {
            self.changes = true;
            return;
        };
        let root = tree.root();
        self.component |= first && root.get("kind").and_then(Node::as_str) == Some("Component");
        let lists =
            |key: &str| ["apiVersion", "kind", "metadata", "resources", "bases"].contains(&key);
        let mut keys = root.entries().filter_map(|(key, _)| key.key_text());
        self.changes |= keys.any(|key| !lists(key));
        let mut here = Here {
            overlay: self,
            folder,
            bounds,
        };
        for key in ["resources", "bases", "components"] {
            for entry in root
                .get(key)
                .into_iter()
                .flat_map(Node::items)
                .filter_map(Node::as_str)
            {
                match here.find(entry) {
                    Some(found) if found.is_dir() => waiting.push(found),
                    Some(found) => drop(here.overlay.resources.insert(found)),
                    None => {}
                }
            }
        }
        for entry in inputs(root) {
            // Plugins' configurations may name files and addresses of their own.
            if entry.contains('\n') {
                here.overlay.remote.extend(mentions_remote(entry));
                continue;
            }
            let Some(found) = here.find(entry) else {
                continue;
            };
            if found.is_dir() {
                waiting.push(found);
                continue;
            }
            here.overlay.inputs.insert(found);
        }
        for key in ["generators", "transformers", "validators"] {
            for entry in root
                .get(key)
                .into_iter()
                .flat_map(Node::items)
                .filter_map(Node::as_str)
            {
                let text = fs::read_to_string(folder.join(entry)).unwrap_or_default();
                here.overlay.remote.extend(mentions_remote(&text));
            }
        }
    }
}

/// The kustomization in a folder.
fn kustomization_in(folder: &Path) -> Option<PathBuf> {
    let mut files = KUSTOMIZATIONS.iter().map(|name| folder.join(name));
    files.find_map(|file| file.canonicalize().ok().filter(|file| file.is_file()))
}

/// One kustomization being read.
struct Here<'h> {
    overlay: &'h mut Overlay,
    folder: &'h Path,
    bounds: &'h [PathBuf],
}

impl Here<'_> {
    /// The file or folder of an entry, if it may be read.
    fn find(&mut self, entry: &str) -> Option<PathBuf> {
        let found = self.folder.join(entry).canonicalize().ok();
        match found {
            Some(found) if self.bounds.iter().any(|bound| found.starts_with(bound)) => Some(found),
            None if is_remote(entry) => {
                self.overlay.remote.insert(entry.to_owned());
                None
            }
            _ => {
                self.overlay.absent.insert(entry.to_owned());
                None
            }
        }
    }
}

/// Does an entry that is no file name something on the network, as Kustomize reads it?
fn is_remote(entry: &str) -> bool {
    let host = entry.split(['/', ':']).next().unwrap_or_default();
    let is_host = host.contains('.') && !host.starts_with('.') && entry.contains('/');
    entry.contains("://")
        || entry.contains("?ref=")
        || entry.contains("git@")
        || entry.starts_with("git::")
        || is_host
}

/// The first address in a plugin's configuration.
fn mentions_remote(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let word = words.find(|word| word.contains("://") || word.contains("git@"))?;
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn what_is_fetched_is_known_before_anything_runs() {
        let base =
            "resources: [github.com/a/b, a.yaml]\npatches: [{path: 'https://x.example/p.yaml'}]\n";
        let folder = folder(&[
            (
                "prod/kustomization.yaml",
                "resources: [../base]\nnamespace: prod\n",
            ),
            ("base/kustomization.yml", base),
            ("base/a.yaml", ""),
        ]);
        let bounds = [folder.path().canonicalize().unwrap()];
        let overlay = Overlay::read(&folder.path().join("prod"), &bounds).unwrap();
        let remote: Vec<_> = overlay.remote.iter().map(String::as_str).collect();
        assert_eq!(remote, ["github.com/a/b", "https://x.example/p.yaml"]);
        assert!(overlay.absent.is_empty() && overlay.changes);
        assert_eq!(overlay.resources, [bounds[0].join("base/a.yaml")].into());
        assert_eq!(overlay.includes, [bounds[0].join("base")].into());
    }

    #[test]
    fn what_lies_outside_of_what_was_asked_for_is_not_read() {
        let folder = folder(&[
            (
                "prod/kustomization.yaml",
                "resources: [../base, gone.yaml]\n",
            ),
            (
                "base/kustomization.yaml",
                "resources: [https://x.example/a.yaml]\n",
            ),
        ]);
        let prod = folder.path().canonicalize().unwrap().join("prod");
        let overlay = Overlay::read(&prod, std::slice::from_ref(&prod)).unwrap();
        let absent: Vec<_> = overlay.absent.iter().map(String::as_str).collect();
        assert_eq!(absent, ["../base", "gone.yaml"]);
        assert!(overlay.remote.is_empty() && !overlay.changes);
    }

    #[test]
    fn kustomizations_that_include_each_other_end() {
        let folder = folder(&[
            ("a/kustomization.yaml", "resources: [../b]\n"),
            ("b/kustomization.yaml", "resources: [../a]\n"),
        ]);
        let bounds = [folder.path().canonicalize().unwrap()];
        let overlay = Overlay::read(&folder.path().join("a"), &bounds).unwrap();
        assert_eq!(overlay.includes.len(), 1);
    }
}
