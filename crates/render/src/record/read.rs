//! Reading a report that was written earlier, and saying kindly what else a text is.

use serde::Deserialize;
use thiserror::Error;

use super::{Record, SCHEMA};

/// A text is not a report that can be read here.
#[derive(Debug, Error)]
pub enum NotAReport {
    /// Not JSON, or without what a report has.
    #[error("this is not a report: write one with `plimsoll scan --format json` ({0})")]
    Unreadable(#[from] serde_json::Error),
    /// A later version of the schema.
    #[error(
        "this report is a \"{0}\", which is newer than the {SCHEMA} that this plimsoll reads: use the plimsoll that wrote it, or a newer one"
    )]
    Newer(String),
    /// Another schema.
    #[error(
        "this report is a \"{0}\", not a {SCHEMA}: write it anew with this version of plimsoll"
    )]
    Schema(String),
}

/// Is it this schema?
///
/// # Errors
/// [`NotAReport::Newer`] and [`NotAReport::Schema`].
pub(crate) fn check_schema(schema: String) -> Result<(), NotAReport> {
    let version = |schema: &str| -> Option<u32> {
        let (name, version) = schema.split_once("/v")?;
        (name == "plimsoll.report").then_some(())?;
        version.parse().ok()
    };
    match version(&schema) {
        Some(1) => Ok(()),
        Some(newer) if newer > 1 => Err(NotAReport::Newer(schema)),
        _ => Err(NotAReport::Schema(schema)),
    }
}

impl Record<'static> {
    /// Reads a report. Fields that this version does not know are passed over: the schema may grow.
    ///
    /// # Errors
    /// [`NotAReport`] for anything but a report of this schema.
    pub fn read(text: &str) -> Result<Record<'static>, NotAReport> {
        #[derive(Deserialize)]
        struct Named {
            schema: String,
        }
        // A later schema may have other fields, so it is told by its name before anything else is asked of it.
        let named: Named = serde_json::from_str(text)?;
        check_schema(named.schema)?;
        Ok(serde_json::from_str(text)?)
    }
}
