//! Files that a report goes to, as `--output sarif=plimsoll.sarif` names them.
//!
//! Invariant: a file has its old content or the whole new one, never a part; what cannot work is told before anything is
//! scanned.

use std::collections::HashSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use plimsoll_render::{FORMATS, Format};
use tempfile::Builder;

/// A format and the file that it is written to.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// How.
    pub(crate) format: &'static Format,
    /// Where.
    pub(crate) file: PathBuf,
}

/// Why nothing can be written to a destination.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DestinationError {
    #[error("{} cannot be written: {} is no folder; create it first", file.display(), folder.display())]
    Nowhere { file: PathBuf, folder: PathBuf },
    #[error("{} is a folder: name a file in it", .0.display())]
    Folder(PathBuf),
    #[error("{} is named by two --output: give each format a file of its own", .0.display())]
    Twice(PathBuf),
    #[error("{} cannot be written: {cause}", file.display())]
    Unwritable { file: PathBuf, cause: io::Error },
}

impl FromStr for Destination {
    type Err = String;

    fn from_str(text: &str) -> Result<Destination, String> {
        let (name, file) = text
            .split_once('=')
            .ok_or("write it as FORMAT=FILE, such as sarif=plimsoll.sarif")?;
        let format = Format::find(name).ok_or_else(|| unknown(name))?;
        match file {
            "" => Err(format!(
                "say which file, such as {name}=report.{}",
                format.extension
            )),
            "-" => Err(format!("for standard output, use --format {name}")),
            file => Ok(Destination {
                format,
                file: file.into(),
            }),
        }
    }
}

fn unknown(name: &str) -> String {
    let names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
    let nearest = names
        .iter()
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    match nearest {
        Some((_, nearest)) => format!("there is no format {name:?}; did you mean {nearest}?"),
        None => format!(
            "there is no format {name:?}: choose from {}",
            names.join(", ")
        ),
    }
}

/// Can all of them be written to, as far as that can be told before?
///
/// # Errors
/// [`DestinationError`] for the first that cannot.
pub(crate) fn check(destinations: &[Destination]) -> Result<(), DestinationError> {
    let mut seen = HashSet::new();
    for Destination { file, .. } in destinations {
        let folder = folder(file);
        if !folder.is_dir() {
            return Err(DestinationError::Nowhere {
                file: file.clone(),
                folder: folder.to_owned(),
            });
        }
        if file.is_dir() {
            return Err(DestinationError::Folder(file.clone()));
        }
        if !seen.insert(file) {
            return Err(DestinationError::Twice(file.clone()));
        }
    }
    Ok(())
}

fn folder(file: &Path) -> &Path {
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// Writes every file.
///
/// # Errors
/// [`DestinationError::Unwritable`] for the first that cannot be written; those before it are there.
pub(crate) fn write_all(
    destinations: &[Destination],
    render: impl Fn(&'static Format, &mut dyn Write) -> io::Result<()>,
) -> Result<(), DestinationError> {
    for Destination { format, file } in destinations {
        write(file, |out| render(format, out)).map_err(|cause| DestinationError::Unwritable {
            file: file.clone(),
            cause,
        })?;
    }
    Ok(())
}

fn write(file: &Path, render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link is followed, so that it stays one.
    let target = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if target.exists() && !target.is_file() {
        // A device or a pipe is written to; nothing may take its place.
        let mut out = BufWriter::new(fs::OpenOptions::new().write(true).open(&target)?);
        return render(&mut out).and_then(|()| out.flush());
    }
    let mut builder = Builder::new();
    builder.prefix(".plimsoll-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut out = BufWriter::new(builder.tempfile_in(folder(&target))?);
    render(&mut out)?;
    let written = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    written.persist(&target)?;
    Ok(())
}
