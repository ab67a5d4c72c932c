//! Finds the configuration that belongs to what is scanned, and leaves out the files that it excludes. What it says is
//! decided elsewhere.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::{Found, STDIN};

/// The name of a configuration.
pub const CONFIGURATION: &str = "plimsoll.yaml";

/// The folders in which the configuration of a path may lie, the nearest first: from the path up to the root of its
/// repository (the folder with `.git`); without a repository, up to the current folder if that is above. Canonical.
/// `-` stands in the current folder.
pub fn configuration_folders(first: &Path) -> Vec<PathBuf> {
    let given = if first.as_os_str() == "-" {
        Path::new(".")
    } else {
        first
    };
    let Ok(start) = given.canonicalize() else {
        return Vec::new();
    };
    let folder = match start.parent() {
        Some(parent) if !start.is_dir() => parent.to_owned(),
        _ => start,
    };
    let repository = folder
        .ancestors()
        .find(|folder| folder.join(".git").exists());
    let here = Path::new(".").canonicalize().ok();
    let last = repository
        .map(Path::to_owned)
        .or(here.filter(|here| folder.starts_with(here)));
    let last = last.unwrap_or_else(|| folder.clone());
    let within = folder
        .ancestors()
        .take_while(|folder| folder.starts_with(&last));
    within.map(Path::to_owned).collect()
}

/// A canonical path as it is shown: seen from the current folder.
pub fn seen_from_here(path: &Path) -> String {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let shared = here.ancestors().find(|folder| path.starts_with(folder));
    let shared = shared.unwrap_or(Path::new(""));
    let up = here.components().count() - shared.components().count();
    let below = path.strip_prefix(shared).unwrap_or(path);
    crate::names::shown(&Path::new(&"../".repeat(up)).join(below))
}

/// Is one of these paths the folder, or a folder above it?
pub fn holds_all_of(paths: &[PathBuf], folder: &Path) -> bool {
    let above = |path: &PathBuf| {
        path.canonicalize()
            .is_ok_and(|path| folder.starts_with(path))
    };
    paths
        .iter()
        .filter(|path| path.as_os_str() != "-")
        .any(above)
}

/// Patterns of files that are not meant.
pub struct Exclusions {
    folder: PathBuf,
    set: GlobSet,
}

impl Exclusions {
    /// Patterns relative to a canonical folder: `*` for any text in a name, `**` for any folders. A pattern that fits a
    /// folder excludes all that is in it.
    ///
    /// # Errors
    /// The pattern that is none, and why.
    pub fn new(folder: PathBuf, patterns: &[String]) -> Result<Exclusions, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let plain = pattern.trim_start_matches("./").trim_end_matches('/');
            let glob = GlobBuilder::new(plain).literal_separator(true).build();
            set.add(glob.map_err(|error| error.to_string())?);
        }
        let set = set.build().map_err(|error| error.to_string())?;
        Ok(Exclusions { folder, set })
    }

    fn fit(&self, path: &Path) -> bool {
        let below = path.strip_prefix(&self.folder).unwrap_or(Path::new(""));
        let mut paths = below
            .ancestors()
            .filter(|path| !path.as_os_str().is_empty());
        paths.any(|path| self.set.is_match(path))
    }
}

impl Found {
    /// Leaves out what is excluded and was not named itself. Gives the number of files.
    pub fn exclude(&mut self, exclusions: &Exclusions) -> usize {
        if exclusions.set.is_empty() {
            return 0;
        }
        let mut folders: HashMap<PathBuf, PathBuf> = HashMap::new();
        let mut excluded = |path: &Path| {
            let name = path.file_name().unwrap_or_default();
            let folder = path.parent().unwrap_or(Path::new(""));
            let known = folders.entry(folder.to_owned()).or_insert_with(|| {
                let folder = Path::new(".").join(folder);
                folder.canonicalize().unwrap_or(folder)
            });
            exclusions.fit(&known.join(name))
        };
        let before = self.files.len();
        self.files
            .retain(|file| file.explicit || &*file.name == STDIN || !excluded(&file.path));
        self.problems
            .retain(|problem| !excluded(Path::new(&*problem.name)));
        before - self.files.len()
    }
}
