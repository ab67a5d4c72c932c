//! Reads files as they were in a revision, by asking the `git` on the path. Only reads: nothing is checked out, no
//! filter or hook of the repository runs, nothing is fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A revision of a git repository.
#[derive(Debug)]
pub struct Revision {
    name: String,
    commit: String,
    top: PathBuf,
}

/// Why a revision cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// Git itself.
    #[error("git cannot be run ({0}): install it, or do without the revision")]
    NoGit(std::io::Error),
    /// Outside of a repository.
    #[error("{} is not in a git repository, which a revision needs", .0.display())]
    NoRepository(PathBuf),
    /// A path that has no revision.
    #[error("{} is not in the same git repository: scan it by itself", .0.display())]
    Outside(PathBuf),
    /// The temporary folder.
    #[error(
        "the files of the revision cannot be laid out ({0}): set TMPDIR to a folder that may be written"
    )]
    Folder(#[from] std::io::Error),
    /// No such revision.
    #[error("there is no revision {0} in the repository: fetch it or check its name")]
    Unknown(String),
    /// Git complains about something else.
    #[error("git cannot read {path} in {revision}: {message}")]
    Unreadable {
        /// The revision as given.
        revision: String,
        /// The path within the repository.
        path: String,
        /// What git says.
        message: String,
    },
}

impl Revision {
    /// Opens a revision of the repository in which `folder` lies.
    ///
    /// # Errors
    /// Without git, repository or revision.
    pub fn open(name: &str, folder: &Path) -> Result<Revision, RevisionError> {
        let top = git(folder, &["rev-parse", "--show-toplevel"])?;
        let top = top.map_err(|_| RevisionError::NoRepository(folder.to_owned()))?;
        let top = PathBuf::from(line(&top));
        let top = top.canonicalize().unwrap_or(top);
        let wanted = format!("{name}^{{commit}}");
        let arguments = [
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &wanted,
        ];
        let commit = git(&top, &arguments)?.map_err(|_| RevisionError::Unknown(name.to_owned()))?;
        Ok(Revision {
            name: name.to_owned(),
            commit: line(&commit),
            top,
        })
    }

    /// The name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The top of the repository, canonical.
    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    /// The commit's id.
    pub(crate) fn commit(&self) -> &str {
        &self.commit
    }

    /// What git says about a path.
    pub(crate) fn complaint(&self, path: &str, message: String) -> RevisionError {
        RevisionError::Unreadable {
            revision: self.name.clone(),
            path: path.to_owned(),
            message,
        }
    }

    /// The bytes of the file that had this path. `None`: there was none, or the path leads out of the repository.
    ///
    /// # Errors
    /// When git complains.
    pub fn read(&self, path: &Path) -> Result<Option<Vec<u8>>, RevisionError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let folder = Path::new(".").join(folder);
        let path = match (folder.canonicalize(), path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => return Ok(None),
        };
        let Some(path) = path.strip_prefix(&self.top).ok().and_then(Path::to_str) else {
            return Ok(None);
        };
        let path = path.replace(std::path::MAIN_SEPARATOR, "/");
        let complaint = |message: String| self.complaint(&path, message);
        let listing = ["ls-tree", "--full-tree", "-z", &self.commit, "--", &path];
        let listed = git(&self.top, &listing)?.map_err(complaint)?;
        if !listed.starts_with(b"100") {
            return Ok(None);
        }
        let object = format!("{}:{path}", self.commit);
        let bytes = git(&self.top, &["cat-file", "blob", &object])?.map_err(complaint)?;
        Ok(Some(bytes))
    }
}

/// What git prints, or what it complains about.
pub(crate) fn git(
    folder: &Path,
    arguments: &[&str],
) -> Result<Result<Vec<u8>, String>, RevisionError> {
    let ended = command(folder).args(arguments).output();
    let ended = ended.map_err(RevisionError::NoGit)?;
    if ended.status.success() {
        Ok(Ok(ended.stdout))
    } else {
        Ok(Err(String::from_utf8_lossy(&ended.stderr)
            .trim()
            .to_owned()))
    }
}

/// The git on the path, to run in a folder; it takes no locks and fetches nothing.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .args(["--no-pager", "--literal-pathspecs", "-C"])
        .arg(folder)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1");
    command
}

fn line(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}
