//! Archives of manifests: `x.tgz` and `x.tar.gz` that were named themselves are read as the folders that were packed,
//! with their ignore files, in memory and never onto the disk.
//!
//! Invariants: a member's name leads nowhere but into its archive; what is unpacked is bounded, and so is the length of a name;
//! what is left out because of either is a problem. What lies in an archive within an archive is not looked for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path};

use flate2::bufread::MultiGzDecoder;
use tar::{Entry, EntryType};

use crate::ignored::Ignored;
use crate::names::{is_foreign_folder, is_hidden, is_ignore_file, is_input};
use crate::read::sentence;

/// How much is unpacked, and how much of it is kept.
#[derive(Copy, Clone)]
pub(crate) struct Limits {
    /// Bytes that come out of the decompression.
    pub(crate) unpacked: u64,
    /// Bytes of all manifests together.
    pub(crate) kept: u64,
    /// Manifests.
    pub(crate) members: usize,
}

/// Enough for any project, unpacked in seconds and kept in less than a machine has memory.
pub(crate) const LIMITS: Limits = Limits {
    unpacked: 1 << 30,
    kept: 256 << 20,
    members: 100_000,
};

/// What an archive holds.
#[derive(Default)]
pub(crate) struct Archive {
    /// Manifests by their path in the archive, in the order of the paths. Of equal paths the last counts, as in unpacking.
    pub(crate) members: BTreeMap<String, Vec<u8>>,
    /// What could not be read, by its path in the archive; the empty path is the archive itself.
    pub(crate) problems: Vec<(String, String)>,
}

/// Is this the name of an archive?
pub(crate) fn is_archive(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    name.ends_with(".tgz") || name.ends_with(".tar.gz")
}

impl Archive {
    /// Reads the archive at `path`.
    pub(crate) fn open(path: &Path) -> Archive {
        match File::open(path) {
            Ok(file) => Archive::unpack(BufReader::new(file), LIMITS),
            Err(error) => Archive {
                problems: vec![(String::new(), sentence(&error))],
                ..Archive::default()
            },
        }
    }

    /// Reads a compressed archive up to the limits.
    pub(crate) fn unpack(compressed: impl io::BufRead, limits: Limits) -> Archive {
        let mut unpacking = Unpacking {
            archive: Archive::default(),
            ignored: Ignored::default(),
            limits,
            kept: 0,
        };
        let bytes = Bounded {
            from: MultiGzDecoder::new(compressed),
            left: limits.unpacked,
            limit: limits.unpacked,
        };
        if let Err(error) = unpacking.take_all(bytes) {
            let message = match error.kind() {
                io::ErrorKind::FileTooLarge => error.to_string(),
                _ => format!("is damaged, or no gzipped tar archive ({error}): pack it anew"),
            };
            unpacking.archive.problems.push((String::new(), message));
        }
        let Unpacking {
            mut archive,
            mut ignored,
            ..
        } = unpacking;
        archive.members.retain(|path, _| !ignored.holds(path));
        archive.problems.retain(|(path, _)| !ignored.holds(path));
        archive
    }

    /// Is this a packed chart: a folder with a `Chart.yaml`, or the inside of such a folder?
    pub(crate) fn is_chart(&self) -> bool {
        let is_chart = |path: &&String| {
            path.strip_suffix("Chart.yaml")
                .is_some_and(|folder| folder.matches('/').count() <= 1 && !folder.starts_with('/'))
        };
        self.members
            .keys()
            .filter(is_chart)
            .any(|path| path == "Chart.yaml" || path.ends_with("/Chart.yaml"))
    }
}

struct Unpacking {
    archive: Archive,
    ignored: Ignored,
    limits: Limits,
    kept: u64,
}

impl Unpacking {
    fn take_all(&mut self, bytes: impl Read) -> io::Result<()> {
        let mut archive = tar::Archive::new(bytes);
        for entry in archive.entries()? {
            self.take(entry?)?;
        }
        Ok(())
    }

    fn take(&mut self, mut entry: Entry<'_, impl Read>) -> io::Result<()> {
        let Some(path) = of_interest(&entry) else {
            return Ok(());
        };
        let path = match path {
            Ok(path) => path,
            Err((path, message)) => {
                self.complain(path, message);
                return self.bound();
            }
        };
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {}
            EntryType::Link | EntryType::Symlink => {
                self.complain(
                    path,
                    "is a link, which is not followed in an archive: unpack it and name the folder",
                );
                return self.bound();
            }
            _ => return Ok(()),
        }
        let bytes = self.read(&mut entry)?;
        if is_ignore_file(Path::new(&path).file_name().unwrap_or_default()) {
            self.ignored.add(&path, &String::from_utf8_lossy(&bytes));
        } else {
            self.archive.members.insert(path, bytes);
        }
        self.bound()
    }

    /// What is not read costs memory as well.
    fn bound(&self) -> io::Result<()> {
        if self.archive.members.len() + self.archive.problems.len() > self.limits.members {
            let message = format!(
                "holds more than {} manifests: unpack it and name its folders",
                self.limits.members
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        Ok(())
    }

    fn read(&mut self, entry: &mut impl Read) -> io::Result<Vec<u8>> {
        let left = self.limits.kept - self.kept;
        let mut bytes = Vec::new();
        entry.take(left + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > left {
            return Err(too_large("its manifests are", self.limits.kept));
        }
        self.kept += bytes.len() as u64;
        Ok(bytes)
    }

    fn complain(&mut self, path: String, message: &str) {
        self.archive.problems.push((path, message.to_owned()));
    }
}

/// The longest path that a member may have, in bytes: Linux opens no longer one.
const LONGEST: usize = 4096;

/// The path of a member that is read: of a manifest or an ignore file outside of hidden and foreign folders. `Err`: a path
/// that is not, and why.
fn of_interest(entry: &Entry<'_, impl Read>) -> Option<Result<String, (String, &'static str)>> {
    let bytes = entry.path_bytes();
    if let Some(start) = bytes.get(..100).filter(|_| bytes.len() > LONGEST) {
        let start = format!("{}…", String::from_utf8_lossy(start));
        return Some(Err((
            start,
            "has a name that is too long for a file, and is not read",
        )));
    }
    let shown = String::from_utf8_lossy(&bytes).into_owned();
    let path = Path::new(&shown);
    let name = path.file_name()?;
    if !is_ignore_file(name) && (!is_input(name) || is_hidden(name)) {
        return None;
    }
    let mut steps = Vec::new();
    for step in path.components() {
        match step {
            Component::Normal(step) if is_hidden(step) || is_foreign_folder(step) => {
                let is_name = step == name && is_ignore_file(name);
                if !is_name {
                    return None;
                }
                steps.push(step.to_str()?);
            }
            Component::Normal(step) => steps.push(step.to_str()?),
            Component::CurDir => {}
            _ => {
                let message = "has a name that leads out of the archive, and is not read";
                return Some(Err((shown.clone(), message)));
            }
        }
    }
    Some(Ok(steps.join("/")))
}

/// A reader that refuses to give more than it may.
struct Bounded<R> {
    from: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(too_large("it is", self.limit)),
        }
        Ok(read)
    }
}

fn too_large(what: &str, limit: u64) -> io::Error {
    let message = format!(
        "unpacks to more than is read ({what} larger than {} MiB): unpack it and name its folders",
        limit >> 20
    );
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

#[cfg(test)]
mod tests;
