//! The only reading and writing: finds the files that were asked for, reads them, one at a time, and writes them back.
//!
//! What a file means (its unit, its objects) is decided elsewhere; controls and reports are unknown here.
//! Invariants: the order never depends on the file system; nothing inside a folder that was asked for makes us read
//! outside of what was asked for; whatever could not be read is a [`Problem`], never a silence.

mod archive;
mod chart;
mod configuration;
mod export;
mod find;
mod ignored;
mod names;
mod overlay;
mod program;
mod read;
mod revision;
mod watch;
mod write;

use std::path::PathBuf;
use std::sync::Arc;

pub use chart::files::is_archive;
pub use chart::{ChartOptions, RenderError, Rendered, chart_in, render_chart};
pub use configuration::{
    CONFIGURATION, Exclusions, configuration_folders, holds_all_of, seen_from_here,
};
pub use export::Exported;
pub use find::{NoSuchPath, find};
pub use overlay::{Kustomize, Overlay, Shown, render_overlay};
pub use program::{NoSuchProgram, Program};
pub use read::{LIMIT, read};
pub use revision::{Revision, RevisionError};
pub use watch::{Watch, WatchError};
pub use write::{WriteError, write_back};

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
    pub root: Arc<str>,
    /// Was it named itself, instead of found in a folder?
    pub explicit: bool,
    /// The bytes of what can be read only once (standard input, a pipe); `None` for files.
    kept: Option<Arc<[u8]>>,
}

impl InputFile {
    /// The same file, as if it held these bytes.
    pub fn holding(&self, bytes: &[u8]) -> InputFile {
        InputFile {
            kept: Some(bytes.into()),
            ..self.clone()
        }
    }

    /// Can it be read only once, so that there is nothing to write back to?
    pub fn is_stream(&self) -> bool {
        self.kept.is_some()
    }

    /// A file that is not there yet, of this name in the same folder. `None` where no file could be: beside a pipe, or inside of
    /// an archive.
    pub fn beside(&self, name: &str, bytes: &[u8]) -> Option<InputFile> {
        let shown = match self.name.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{name}"),
            None => name.to_owned(),
        };
        let is_plain = !self.is_stream() && !name.contains(['/', '\\']);
        is_plain.then(|| InputFile {
            path: self.path.with_file_name(name),
            name: shown.into(),
            root: self.root.clone(),
            explicit: self.explicit,
            kept: Some(bytes.into()),
        })
    }

    /// A text that was made here and is shown under the name of what it was made from.
    pub fn of_text(name: Arc<str>, text: &str) -> InputFile {
        InputFile {
            path: PathBuf::from(&*name),
            root: names::folder(&name).into(),
            name,
            explicit: true,
            kept: Some(text.as_bytes().into()),
        }
    }
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
#[derive(Clone, Default, Debug)]
pub struct Found {
    /// By shown name, bytewise; each once.
    pub files: Vec<InputFile>,
    /// By shown name.
    pub problems: Vec<Problem>,
    /// Packed charts that were named themselves, by shown name. None of their members is among `files`.
    pub packed_charts: Vec<InputFile>,
}
