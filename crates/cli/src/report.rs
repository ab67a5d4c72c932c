//! `plimsoll report`: turns a report that was saved as JSON into any other format.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plimsoll_control::Control;
use plimsoll_render::{Catalogue, NotAReport, Record};

use crate::arguments::ReportOptions;
use crate::destination;
use crate::output::Output;
use crate::{Exit, Outcome};

/// Why a saved report cannot be turned into anything.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SavedError {
    #[error("the report {} cannot be read: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: io::Error },
    #[error("{}: {cause}", path.display())]
    NotAReport { path: PathBuf, cause: NotAReport },
    #[error(
        "{0} shows lines that a saved report does not keep: choose another format, or scan again"
    )]
    NeedsScan(&'static str),
}

/// Runs the command.
pub(crate) fn run(options: &ReportOptions, output: &mut Output) -> Outcome {
    let unsuited = options.output.iter().find(|it| !it.format.takes_records());
    if let Some(unsuited) = unsuited {
        return Err(SavedError::NeedsScan(unsuited.format.name).into());
    }
    destination::check(&options.output)?;
    let record = read(&options.file)?;
    let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
    let catalogue = Catalogue(&controls);
    if let Some(format) = options.format {
        output.write(|out| format.write_record(&record, catalogue, out))?;
    }
    destination::write_all(&options.output, |format, out| {
        format.write_record(&record, catalogue, out)
    })?;
    Ok(Exit::Fine)
}

/// Reads a saved report; `-` is the standard input.
pub(crate) fn read(path: &Path) -> Result<Record<'static>, SavedError> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    let path = path.to_owned();
    match text {
        Ok(text) => Record::read(&text).map_err(|cause| SavedError::NotAReport { path, cause }),
        Err(cause) => Err(SavedError::Unreadable { path, cause }),
    }
}
