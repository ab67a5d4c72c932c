//! The only reading: finds the files that were asked for and reads them, one at a time.
//!
//! What a file means (its unit, its objects) is decided elsewhere; controls and reports are unknown here.
//! Invariants: the order never depends on the file system; nothing inside a folder that was asked for makes us read
//! outside of what was asked for; whatever could not be read is a [`Problem`], never a silence.

mod archive;
mod configuration;
mod export;
mod find;
mod ignored;
mod names;
mod read;
mod revision;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

pub use configuration::{
    CONFIGURATION, Exclusions, configuration_folders, holds_all_of, seen_from_here,
};
pub use export::Exported;
pub use find::{NoSuchPath, find};
pub use read::{LIMIT, read};
pub use revision::{Revision, RevisionError};
pub use watch::{Watch, WatchError};

/// The name under which standard input is shown.
pub const STDIN: &str = "<stdin>";

/// A file to read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// As shown: the path as given joined with what lies below it, `/` on every system, without a leading `./`.
    pub name: Arc<str>,
    /// The folder from which it was found, as given; for a file that was named itself, its folder.
    pub root: String,
    /// Was it named itself, instead of found in a folder?
    pub explicit: bool,
    /// The bytes of what can be read only once (standard input, a pipe); `None` for files.
    kept: Option<Arc<[u8]>>,
}

/// Something that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// The file or folder as shown.
    pub name: Arc<str>,
    /// Why, and what to do about it.
    pub message: String,
}

/// What lies below the paths that were asked for.
#[derive(Default, Debug)]
pub struct Found {
    /// By shown name, bytewise; each once.
    pub files: Vec<InputFile>,
    /// By shown name.
    pub problems: Vec<Problem>,
    /// Packed charts that were named themselves, by shown name. None of their members is among `files`.
    pub packed_charts: Vec<InputFile>,
}
