//! Lays out files of a revision in a private temporary folder, so that a whole scan can run over them as they were.
//!
//! Invariants: bytes are written as git stores them, through no filter; nothing is written outside of the folder, whatever
//! names a repository holds; the folder goes away with its value.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;

use crate::CONFIGURATION;
use crate::archive::is_archive;
use crate::names::is_input;
use crate::revision::{Revision, RevisionError, command, git};

/// What may be larger only if it is a manifest: the other files that Helm and Kustomize read end up in objects, which the
/// API server limits to about 1 MiB.
const SMALL: u64 = 1 << 20;

/// Files of a revision in a temporary folder.
#[derive(Debug)]
pub struct Exported {
    _folder: TempDir,
    /// Canonical; stands for the top of the repository.
    root: PathBuf,
    /// The top of the repository, canonical.
    top: PathBuf,
    /// Those of the paths that were there, within the folder.
    pub paths: Vec<PathBuf>,
}

impl Exported {
    /// The path here of a path in the repository. `None`: it was not there.
    pub fn here(&self, path: &Path) -> Option<PathBuf> {
        let below = path.canonicalize().ok()?;
        let here = self.root.join(below.strip_prefix(&self.top).ok()?);
        fs::symlink_metadata(&here).is_ok().then_some(here)
    }

    /// The path in the repository of a path here; other paths as they are.
    pub fn origin(&self, path: &Path) -> PathBuf {
        let below = path.strip_prefix(&self.root);
        below.map_or_else(|_| path.to_owned(), |below| self.top.join(below))
    }
}

/// A blob of a revision.
struct Blob {
    is_link: bool,
    id: String,
    path: PathBuf,
}

impl Revision {
    /// Lays out what lies below `paths`, and the configurations above them. Submodules are left out.
    ///
    /// # Errors
    /// A path outside of the repository; what git or the temporary folder complains about.
    pub fn export(&self, paths: &[PathBuf]) -> Result<Exported, RevisionError> {
        let below = |path: &PathBuf| {
            let canonical = path.canonicalize().ok();
            let below =
                canonical.and_then(|path| Some(path.strip_prefix(self.top()).ok()?.to_owned()));
            below.ok_or_else(|| RevisionError::Outside(path.clone()))
        };
        let below: Vec<PathBuf> = paths.iter().map(below).collect::<Result<_, _>>()?;
        let folder = tempfile::Builder::new().prefix("plimsoll-").tempdir()?;
        let root = folder.path().canonicalize()?;
        // Here ends the search for a configuration, as it does in the repository.
        fs::create_dir(root.join(".git"))?;
        let blobs = self.blobs(&below)?;
        self.write(&blobs, &root)?;
        let paths = below.iter().map(|path| root.join(path));
        Ok(Exported {
            paths: paths
                .filter(|path| fs::symlink_metadata(path).is_ok())
                .collect(),
            _folder: folder,
            root,
            top: self.top().to_owned(),
        })
    }

    /// The blobs below these paths of the repository that a scan could read.
    fn blobs(&self, below: &[PathBuf]) -> Result<Vec<Blob>, RevisionError> {
        let mut wanted: Vec<String> = Vec::new();
        if below.iter().all(|path| !path.as_os_str().is_empty()) {
            let above = below.iter().flat_map(|path| path.ancestors());
            let configurations = above.map(|folder| folder.join(CONFIGURATION));
            let all = below.iter().cloned().chain(configurations);
            wanted.extend(all.map(|path| path.to_string_lossy().replace('\\', "/")));
            wanted.sort();
            wanted.dedup();
        }
        let mut arguments = vec![
            "ls-tree",
            "-r",
            "-z",
            "-l",
            "--full-tree",
            self.commit(),
            "--",
        ];
        arguments.extend(wanted.iter().map(String::as_str));
        let listed =
            git(self.top(), &arguments)?.map_err(|message| self.complaint(".", message))?;
        let named = |path: &Path| below.iter().any(|below| below == path);
        let lines = listed.split(|byte| *byte == 0);
        Ok(lines
            .filter_map(|line| blob(std::str::from_utf8(line).ok()?, named))
            .collect())
    }

    /// Writes the blobs; links last, so that nothing is written through one.
    fn write(&self, blobs: &[Blob], root: &Path) -> Result<(), RevisionError> {
        let mut child = command(self.top())
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let written = std::thread::scope(|scope| {
            // Git answers while it is still being asked; one of both has to be in a thread of its own.
            let asking = scope.spawn(move || ask(stdin, blobs));
            let written = answers(stdout, blobs, root);
            let _ = asking.join();
            written
        });
        let _ = child.wait();
        let links = written.map_err(|error| self.complaint(".", error.to_string()))?;
        for (path, target) in links {
            let _ = link(&target, &path);
        }
        Ok(())
    }
}

/// Reads `100644 blob ID SIZE<tab>PATH`. `None`: a submodule, a path that leads out, or a file that no scan reads.
fn blob(line: &str, named: impl Fn(&Path) -> bool) -> Option<Blob> {
    let (about, path) = line.split_once('\t')?;
    let mut about = about.split_ascii_whitespace();
    let (mode, kind, id) = (about.next()?, about.next()?, about.next()?);
    let size: u64 = about.next()?.parse().ok()?;
    let path = Path::new(path);
    let is_plain = |step: Component<'_>| match step {
        Component::Normal(name) => !name.eq_ignore_ascii_case(".git"),
        _ => false,
    };
    let read = is_input(path.file_name()?) || size <= SMALL || is_archive(path) || named(path);
    (kind == "blob" && read && path.components().all(is_plain)).then(|| Blob {
        is_link: mode.starts_with("12"),
        id: id.to_owned(),
        path: path.to_owned(),
    })
}

fn ask(to: Option<impl Write>, blobs: &[Blob]) -> io::Result<()> {
    let mut to = io::BufWriter::new(to.ok_or(io::ErrorKind::BrokenPipe)?);
    for blob in blobs {
        writeln!(to, "{}", blob.id)?;
    }
    to.flush()
}

/// Writes the files that git gives, in the order of the blobs. Gives the links with their targets.
fn answers(
    from: Option<impl Read>,
    blobs: &[Blob],
    root: &Path,
) -> io::Result<Vec<(PathBuf, PathBuf)>> {
    let mut from = BufReader::new(from.ok_or(io::ErrorKind::BrokenPipe)?);
    let mut links = Vec::new();
    for blob in blobs {
        let mut head = String::new();
        from.read_line(&mut head)?;
        let size = head.trim_end().rsplit_once(' ');
        let size: Option<u64> = size.and_then(|(_, size)| size.parse().ok());
        let Some(size) = size else {
            return Err(io::Error::other(format!("object {} is missing", blob.id)));
        };
        let mut bytes = Vec::new();
        from.by_ref().take(size + 1).read_to_end(&mut bytes)?;
        bytes.pop();
        let path = root.join(&blob.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        if blob.is_link {
            let target = String::from_utf8_lossy(&bytes).into_owned();
            links.push((path, PathBuf::from(target)));
        } else {
            fs::write(path, bytes)?;
        }
    }
    Ok(links)
}

#[cfg(unix)]
fn link(target: &Path, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Other systems have no links that everybody may make: what they lead to is missing there.
#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}
