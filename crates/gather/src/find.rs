//! Finds the files below the paths that were asked for: ignore files respected, hidden and foreign folders skipped,
//! links followed as long as they stay inside of what was asked for.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder};

use crate::archive::{Archive, is_archive};
use crate::names::{folder, is_foreign_folder, is_hidden, is_input, shown};
use crate::read::{LIMIT, read_all, sentence};
use crate::{Found, InputFile, Problem, STDIN};

/// A path that was asked for is not there.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no file or folder {}: check the path", .0.display())]
pub struct NoSuchPath(
    /// The path as given.
    pub PathBuf,
);

/// Finds every file to read below `paths`; `-` is standard input, which is read here, like other pipes, since they
/// can be read only once. Folders are read recursively (`.yaml`, `.yml`, `.json`, `Kustomization`), minding the ignore
/// files in them but not those above; a file that is named itself is read whatever it is called, and an archive (`.tgz`,
/// `.tar.gz`) that is named itself as the folder that was packed, its members named `x.tgz!deploy/a.yaml`.
///
/// # Errors
/// The first path that does not exist. Everything else that goes wrong is among [`Found::problems`].
pub fn find(paths: &[PathBuf]) -> Result<Found, NoSuchPath> {
    for path in paths.iter().filter(|path| !is_stdin(path)) {
        if let Err(error) = fs::symlink_metadata(path)
            && matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            )
        {
            return Err(NoSuchPath(path.clone()));
        }
    }
    let bounds: Arc<[PathBuf]> = paths
        .iter()
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let mut found = Found::default();
    for path in paths {
        if is_stdin(path) {
            found.add_stdin();
        } else if path.is_dir() {
            found.add_folder(path, &bounds);
        } else if is_archive(path) && path.is_file() {
            found.add_archive(path);
        } else {
            found.add_file(path);
        }
    }
    found.put_in_order();
    if paths.len() > 1 {
        found.drop_other_names();
    }
    Ok(found)
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Found {
    fn add_stdin(&mut self) {
        if !self.files.iter().any(|file| &*file.name == STDIN) {
            let bytes = read_all(io::stdin().lock(), LIMIT);
            self.add_bytes(Path::new("-"), STDIN.into(), bytes);
        }
    }

    fn add_file(&mut self, path: &Path) {
        let name = Arc::from(shown(path));
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            let bytes = File::open(path).and_then(|opened| read_all(opened, LIMIT));
            return self.add_bytes(path, name, bytes);
        }
        self.files.push(InputFile {
            path: path.to_owned(),
            root: folder(&name).into(),
            name,
            explicit: true,
            kept: None,
        });
    }

    /// Members lie below the archive as below a folder, for patterns of what is excluded.
    fn add_archive(&mut self, path: &Path) {
        let archive_name = shown(path);
        let below = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let archive = Archive::open(path);
        if archive.is_chart() {
            self.packed_charts.push(InputFile {
                path: path.to_owned(),
                root: folder(&archive_name).into(),
                name: archive_name.as_str().into(),
                explicit: true,
                kept: None,
            });
            return;
        }
        for (member, message) in archive.problems {
            let name = match member.as_str() {
                "" => archive_name.clone(),
                member => format!("{archive_name}!{member}"),
            };
            self.add_problem(name.into(), message);
        }
        let root: Arc<str> = archive_name.as_str().into();
        for (member, bytes) in archive.members {
            self.files.push(InputFile {
                path: below.join(&member),
                name: format!("{archive_name}!{member}").into(),
                root: root.clone(),
                explicit: false,
                kept: Some(bytes.into()),
            });
        }
    }

    fn add_bytes(&mut self, path: &Path, name: Arc<str>, bytes: io::Result<Vec<u8>>) {
        match bytes {
            Ok(bytes) => self.files.push(InputFile {
                path: path.to_owned(),
                root: folder(&name).into(),
                name,
                explicit: true,
                kept: Some(bytes.into()),
            }),
            Err(error) => self.add_problem(name, sentence(&error)),
        }
    }

    fn add_folder(&mut self, root: &Path, bounds: &Arc<[PathBuf]>) {
        let root_name = shown(root).into();
        let strays = Arc::new(Mutex::new(Vec::new()));
        let walk = walk(root, bounds.clone(), strays.clone());
        for entry in walk {
            match entry {
                Ok(entry) => self.add_entry(&entry, &root_name),
                Err(error) => self.add_walk_error(&error, &root_name),
            }
        }
        let strays = std::mem::take(&mut *strays.lock().unwrap_or_else(PoisonError::into_inner));
        for stray in strays {
            let message = "is a link that leads out of what was asked for: name its target as well";
            self.add_problem(shown(&stray).into(), message.to_owned());
        }
    }

    fn add_entry(&mut self, entry: &DirEntry, root: &Arc<str>) {
        let kind = entry.file_type();
        if kind.is_some_and(|kind| kind.is_dir()) || !is_input(entry.file_name()) {
            return;
        }
        let name = Arc::from(shown(entry.path()));
        if !kind.is_some_and(|kind| kind.is_file()) {
            let message = "is neither a file nor a folder: name it itself to have it read";
            return self.add_problem(name, message.to_owned());
        }
        self.files.push(InputFile {
            path: entry.path().to_owned(),
            name,
            root: root.clone(),
            explicit: false,
            kept: None,
        });
    }

    /// Loops are survived in silence: what lies in them is found by its shorter way. A broken link counts only where
    /// its name says that it should be read; editors leave hidden ones as locks.
    fn add_walk_error(&mut self, error: &ignore::Error, root: &str) {
        let Some(io_error) = error.io_error() else {
            return;
        };
        let path = failed_path(error);
        let name = path.and_then(Path::file_name).unwrap_or_default();
        let broken_link = path.is_some_and(Path::is_symlink) && !is_input(name);
        if broken_link || (is_hidden(name) && path.is_some()) {
            return;
        }
        let name = path.map_or_else(|| root.to_owned(), shown);
        self.add_problem(name.into(), sentence(io_error));
    }

    fn add_problem(&mut self, name: Arc<str>, message: String) {
        self.problems.push(Problem { name, message });
    }

    /// Sorts and drops what was asked for twice; what lies in two folders that were asked for belongs to the outer one.
    /// Names that had to be made readable are not proof of the same file.
    fn put_in_order(&mut self) {
        self.files.sort_by(|one, other| {
            let shorter = || one.root.len().cmp(&other.root.len());
            let names = one.name.cmp(&other.name);
            names
                .then_with(|| one.path.cmp(&other.path))
                .then_with(shorter)
        });
        self.files.dedup_by(|second, first| {
            let same =
                second.name == first.name && !first.name.contains(char::REPLACEMENT_CHARACTER);
            first.explicit |= same && second.explicit;
            same
        });
        self.packed_charts
            .sort_by(|one, other| one.name.cmp(&other.name));
        self.packed_charts
            .dedup_by(|one, other| one.name == other.name);
        let mut seen = BTreeSet::new();
        self.problems
            .retain(|problem| seen.insert(problem.name.clone()));
        self.problems
            .sort_by(|one, other| one.name.cmp(&other.name));
    }

    /// Drops files that were reached by another name of the same path, as in `deploy ../shop/deploy`. What links lead to
    /// is a file of its own for whoever applies the folder.
    fn drop_other_names(&mut self) {
        let mut roots = HashMap::new();
        let mut seen = HashSet::new();
        self.files.retain(|file| {
            let root = roots
                .entry(file.root.clone())
                .or_insert_with(|| Path::new(&*file.root).canonicalize().ok());
            match root {
                Some(root)
                    if file.kept.is_none() && !file.name.contains(char::REPLACEMENT_CHARACTER) =>
                {
                    seen.insert(root.join(below(file)))
                }
                _ => true,
            }
        });
    }
}

/// What of a file's name lies below its root.
fn below(file: &InputFile) -> &str {
    let below = match &*file.root {
        "." => None,
        root => file.name.strip_prefix(root),
    };
    below.map_or(&*file.name, |below| below.trim_start_matches('/'))
}

/// Walks a folder. Links that lead out of `bounds` are not followed but put among `strays`.
fn walk(root: &Path, bounds: Arc<[PathBuf]>, strays: Arc<Mutex<Vec<PathBuf>>>) -> ignore::Walk {
    // Ignore files above what was named, or of the user, would make results differ from place to place, and could
    // leave nothing of a folder that somebody asked for.
    WalkBuilder::new(root)
        .follow_links(true)
        .parents(false)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_folder && is_foreign_folder(entry.file_name()) {
                return false;
            }
            let of_interest = is_folder || is_input(entry.file_name());
            let stray = entry.path_is_symlink() && of_interest && leads_out(entry.path(), &bounds);
            if stray {
                let mut strays = strays.lock().unwrap_or_else(PoisonError::into_inner);
                strays.push(entry.path().to_owned());
            }
            !stray
        })
        .build()
}

/// A link into a folder that was asked for is harmless; one that cannot be resolved is told as unreadable later.
fn leads_out(link: &Path, bounds: &[PathBuf]) -> bool {
    link.canonicalize()
        .is_ok_and(|target| !bounds.iter().any(|bound| target.starts_with(bound)))
}

/// The path that an error speaks about.
fn failed_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            failed_path(err)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
