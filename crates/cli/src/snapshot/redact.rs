//! `plimsoll snapshot redact` and `--redact`: where the key of the pseudonyms comes from, and what becomes of the file.
//!
//! Invariant: the key is random, and gone when the file is written.

use std::error::Error;
use std::fs::File;

use plimsoll_catalog::{alike, alike_argument, words};
use plimsoll_cluster::{Alike, Redaction, Saved, redact};

use super::{beside, keep, open};
use crate::arguments::RedactOptions;
use crate::output::complain;
use crate::{Exit, Outcome};

/// Runs the command.
pub(super) fn run(options: &RedactOptions) -> Outcome {
    let mut saved = open(&options.snapshot)?;
    let file = beside(&options.output)?;
    let written = redacted(&mut saved, file.reopen()?)?;
    keep(file, &options.output)?;
    complain(&format!(
        "{}: {} objects with pseudonyms",
        options.output.display(),
        written.end.objects
    ));
    Ok(Exit::Fine)
}

/// Writes a snapshot with pseudonyms to a file, and verifies it.
pub(super) fn redacted(saved: &mut Saved, file: File) -> Result<Saved, Box<dyn Error>> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)
        .map_err(|error| format!("the system gives no random numbers: {error}"))?;
    let alike = Alike {
        value: alike,
        argument: alike_argument,
    };
    let redaction = Redaction::new(key, alike, words());
    let (file, _) = redact(saved, &redaction, file)?;
    Ok(Saved::verify(file)?)
}
