//! Writes a new file that only its owner can read, whole or not at all. What is there already is never touched.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum TargetError {
    #[error("{} exists and is not overwritten: name another file, or move it away", .0.display())]
    Exists(PathBuf),
    #[error("{} cannot be written: {cause}", path.display())]
    Unwritable { path: PathBuf, cause: io::Error },
}

/// Writes a text into a file that must not exist yet; a link to nowhere counts as existing.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), TargetError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // From the first byte on: some of what is generated holds a key.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let failed = |cause| TargetError::Unwritable {
        path: path.to_owned(),
        cause,
    };
    let mut file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(TargetError::Exists(path.to_owned()));
        }
        opened => opened.map_err(failed)?,
    };
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(|cause| {
        // Half a file would look like a whole one.
        let _ = fs::remove_file(path);
        failed(cause)
    })
}
