//! Writes one file back, so that whoever kills the run or pulls the plug leaves it whole: old or new, nothing between. The
//! new text goes to a hidden file beside it, reaches the disk, and takes its place. Links stay links, and the file keeps its
//! owner and mode. What changed since it was read is not written over.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::InputFile;

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// It is a pipe or standard input.
    #[error("{0} is no file that could be written to: name the file itself")]
    Stream(String),
    /// It is not what it was when it was read.
    #[error("{0} has changed since it was read: run plimsoll fix again")]
    Changed(String),
    /// Its owner made it read-only.
    #[error("{0} is read-only: make it writable first")]
    ReadOnly(String),
    /// It belongs to somebody else, who would lose it.
    #[error("{0} belongs to another user or group: run plimsoll fix as its owner")]
    Owner(String),
    /// Reading or writing failed.
    #[error("{name} cannot be written: {reason}")]
    Io {
        /// The file as shown.
        name: String,
        /// What happened.
        reason: String,
    },
}

/// Makes `new` the content of a file that held `old` when it was read.
///
/// # Errors
/// Why it was left as it is.
pub fn write_back(file: &InputFile, old: &[u8], new: &[u8]) -> Result<(), WriteError> {
    let name = file.name.to_string();
    if file.is_stream() {
        return Err(WriteError::Stream(name));
    }
    let failed = |error: io::Error| WriteError::Io {
        name: file.name.to_string(),
        reason: reason(&error),
    };
    let target = file.path.canonicalize().map_err(failed)?;
    let metadata = fs::metadata(&target).map_err(failed)?;
    if metadata.permissions().readonly() {
        return Err(WriteError::ReadOnly(name));
    }
    let folder = target.parent().unwrap_or(Path::new("/")).to_owned();
    let mut draft = tempfile::Builder::new()
        .prefix(".plimsoll-")
        .tempfile_in(&folder)
        .map_err(failed)?;
    draft.write_all(new).map_err(failed)?;
    if !take_over(draft.as_file(), &metadata).map_err(failed)? {
        return Err(WriteError::Owner(name));
    }
    draft.as_file().sync_all().map_err(failed)?;
    // As late as can be, so that little time is left in which somebody else could write.
    if fs::read(&target).map_err(failed)? != old {
        return Err(WriteError::Changed(name));
    }
    replace(draft, &target, &folder).map_err(failed)
}

/// Why a file that could be read is not replaced, and what to do.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "give yourself the right to write to its folder, where the new text goes first"
                .to_owned()
        }
        io::ErrorKind::NotFound => "it is gone".to_owned(),
        _ => error.to_string(),
    }
}

fn replace(draft: NamedTempFile, target: &PathBuf, folder: &Path) -> io::Result<()> {
    draft.persist(target).map_err(|failed| failed.error)?;
    // The name has to reach the disk as well. Where folders cannot be opened, the system does it by itself.
    File::open(folder).map_or(Ok(()), |folder| folder.sync_all())
}

/// Gives a new file the owner and mode of an old one. False when the owner cannot be given.
#[cfg(unix)]
fn take_over(new: &File, old: &Metadata) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let mine = new.metadata()?;
    let same = (mine.uid(), mine.gid()) == (old.uid(), old.gid());
    if !same && fchown(new, Some(old.uid()), Some(old.gid())).is_err() {
        return Ok(false);
    }
    // After the owner: giving a file away takes some bits of its mode.
    new.set_permissions(old.permissions())?;
    Ok(true)
}

#[cfg(not(unix))]
fn take_over(new: &File, old: &Metadata) -> io::Result<bool> {
    new.set_permissions(old.permissions())?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn input(path: &Path) -> InputFile {
        let name: Arc<str> = path.to_string_lossy().into();
        let found = crate::find(&[path.to_owned()]).expect("a file");
        let file = found.files.into_iter().find(|file| file.name == name);
        file.expect("the file")
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").expect("written");
        write_back(&input(&path), b"old", b"new").expect("written back");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert_eq!(names(folder.path()), ["a.yaml"]);
    }

    #[test]
    fn what_may_not_be_written_is_not_called_unreadable() {
        let denied = reason(&io::ErrorKind::PermissionDenied.into());
        assert!(denied.contains("write to its folder"), "{denied}");
        let full = reason(&io::ErrorKind::StorageFull.into());
        assert_eq!(
            full,
            io::Error::from(io::ErrorKind::StorageFull).to_string()
        );
    }

    #[test]
    fn what_changed_in_the_meantime_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "somebody else's").expect("written");
        let error = write_back(&input(&path), b"old", b"new").expect_err("refused");
        assert!(matches!(error, WriteError::Changed(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("read"), "somebody else's");
        assert_eq!(names(folder.path()), ["a.yaml"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_modes_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (
            folder.path().join("real.yaml"),
            folder.path().join("link.yaml"),
        );
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o751)).expect("a mode");
        symlink("real.yaml", &link).expect("a link");
        write_back(&input(&link), b"old", b"new").expect("written back");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o7777, 0o751);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_read_only_stays_so() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).expect("a mode");
        let error = write_back(&input(&path), b"old", b"new").expect_err("refused");
        assert!(matches!(error, WriteError::ReadOnly(_)), "{error}");
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
    }

    #[test]
    fn what_was_only_read_from_a_pipe_cannot_be_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old").expect("written");
        let file = input(&path).holding(b"old");
        let error = write_back(&file, b"old", b"new").expect_err("refused");
        assert!(matches!(error, WriteError::Stream(_)), "{error}");
    }
}
