//! Ignore files of folders that are not on the disk: `.ignore` before `.gitignore`, the nearest folder first, as the
//! walk of real folders has it. Pure.

use std::collections::{BTreeMap, HashMap};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The ignore files of a tree, by folder; the empty folder is the top.
#[derive(Default)]
pub(crate) struct Ignored {
    ignore: BTreeMap<String, Gitignore>,
    gitignore: BTreeMap<String, Gitignore>,
    folders: HashMap<String, bool>,
}

impl Ignored {
    /// Takes note of an ignore file. Lines that are no patterns say nothing.
    pub(crate) fn add(&mut self, path: &str, text: &str) {
        let (folder, name) = split(path);
        let mut builder = GitignoreBuilder::new(format!("/{folder}"));
        for line in text.lines() {
            let _ = builder.add_line(None, line);
        }
        let Ok(patterns) = builder.build() else {
            return;
        };
        let kind = match name {
            ".ignore" => &mut self.ignore,
            _ => &mut self.gitignore,
        };
        kind.insert(folder.to_owned(), patterns);
    }

    /// Is the file of this path, or a folder above it, ignored?
    pub(crate) fn holds(&mut self, path: &str) -> bool {
        if self.ignore.is_empty() && self.gitignore.is_empty() {
            return false;
        }
        self.holds_folder(split(path).0) || self.matches(path, false)
    }

    fn holds_folder(&mut self, folder: &str) -> bool {
        if folder.is_empty() {
            return false;
        }
        if let Some(known) = self.folders.get(folder) {
            return *known;
        }
        let holds = self.holds_folder(split(folder).0) || self.matches(folder, true);
        self.folders.insert(folder.to_owned(), holds);
        holds
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        let whole = format!("/{path}");
        for kind in [&self.ignore, &self.gitignore] {
            for folder in above(path) {
                let matched = kind.get(folder).map(|set| set.matched(&whole, is_folder));
                match matched {
                    Some(Match::Ignore(_)) => return true,
                    Some(Match::Whitelist(_)) => return false,
                    Some(Match::None) | None => {}
                }
            }
        }
        false
    }
}

/// The folder and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The folders above a path, the nearest first, the top last.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        rest = split(rest).0;
        Some(rest)
    })
}
