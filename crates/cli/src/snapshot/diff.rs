//! `plimsoll snapshot diff`: what changed between two snapshots, each judged by itself.

use std::error::Error;
use std::path::{Path, PathBuf};

use plimsoll_cluster::{NotComparable, compare};
use plimsoll_render::{Comparison, Side, comparison_json, comparison_text};
use plimsoll_scan::Report;

use super::open;
use crate::arguments::{DiffOptions, ListFormat};
use crate::output::Output;
use crate::scan::Settings;
use crate::scan::live::Source;
use crate::{Exit, Outcome};

/// Runs the command.
pub(super) fn run(options: &DiffOptions, output: &mut Output) -> Outcome {
    let (mut before, mut after) = (open(&options.before)?, open(&options.after)?);
    let names = [&options.before, &options.after].map(|path| path.display().to_string());
    let differences = compare(&mut before, &mut after).map_err(|error| match error {
        NotComparable::Saved(error) => format!("{} {error}", names.join(" or ")),
        error => format!("{} {error}", names.join(" and ")),
    })?;
    let (former, is_former_unsure) = judge(options, &options.before)?;
    let (later, is_later_unsure) = judge(options, &options.after)?;
    let side = |name, saved: &plimsoll_cluster::Saved| Side {
        name,
        server_version: saved.header.server_version.clone(),
        taken: saved.header.taken.clone(),
        objects: saved.end.objects,
    };
    let [before_name, after_name] = names;
    let comparison = Comparison {
        before: (side(before_name, &before), &former),
        after: (side(after_name, &after), &later),
        differences: &differences,
    };
    let color = output.color;
    output.write(|out| match options.format {
        ListFormat::Text => comparison_text(&comparison, color, out),
        ListFormat::Json => comparison_json(&comparison, out),
    })?;
    Ok(if is_former_unsure || is_later_unsure {
        Exit::Unsure
    } else if comparison.is_empty() {
        Exit::Fine
    } else {
        Exit::Findings
    })
}

/// The report on a snapshot, and whether it has gaps that are not allowed.
fn judge(options: &DiffOptions, path: &Path) -> Result<(Report, bool), Box<dyn Error>> {
    let settings = Settings::read(&options.scan(), &[PathBuf::from(".")])?;
    let (settings, report) = Source::open(path)?.report(settings)?;
    let is_unsure = settings.is_unsure(&report);
    Ok((report, is_unsure))
}
