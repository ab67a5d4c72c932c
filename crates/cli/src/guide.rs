//! `plimsoll guide`: every recommendation, what serves it, and with a report the evidence for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_control::Tally;
use plimsoll_render::Coverage;

use crate::arguments::{GuideOptions, ListFormat};
use crate::output::Output;
use crate::{Exit, Outcome};

/// Why a report cannot serve as evidence.
#[derive(Debug, thiserror::Error)]
enum ReportError {
    #[error("the report {} cannot be read: {cause}", path.display())]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("{} is not a report: write one with `plimsoll scan --format json`", .0.display())]
    NotAReport(PathBuf),
}

/// Runs the command.
pub(crate) fn run(options: &GuideOptions, output: &mut Output) -> Outcome {
    let evidence = options.report.as_deref().map(evidence).transpose()?;
    let (coverage, width, color) = (coverage(), output.width, output.color);
    output.write(|out| match options.format {
        ListFormat::Text => plimsoll_render::guide_text(&coverage, evidence.as_ref(), width, color, out),
        ListFormat::Json => plimsoll_render::guide_json(&coverage, evidence.as_ref(), out),
    })?;
    Ok(Exit::Fine)
}

/// What the catalogue serves of the guide.
pub(crate) fn coverage() -> Coverage<'static> {
    Coverage {
        controls: plimsoll_catalog::all().collect(),
        missing: plimsoll_catalog::MISSING,
    }
}

/// The counts of each control in a report.
fn evidence(path: &Path) -> Result<BTreeMap<String, Tally>, ReportError> {
    let bytes = fs::read(path).map_err(|cause| ReportError::Unreadable {
        path: path.to_owned(),
        cause,
    })?;
    tallies(&bytes).ok_or_else(|| ReportError::NotAReport(path.to_owned()))
}

fn tallies(report: &[u8]) -> Option<BTreeMap<String, Tally>> {
    let report: serde_json::Value = serde_json::from_slice(report).ok()?;
    if report.get("schema")?.as_str()? != "plimsoll.report/v1" {
        return None;
    }
    let controls = report.get("summary")?.get("controls")?.as_object()?;
    let tally = |(id, counts): (&String, &serde_json::Value)| {
        let count = |key: &str| usize::try_from(counts.get(key)?.as_u64()?).ok();
        let tally = Tally {
            failed: count("failed")?,
            passed: count("passed")?,
            not_assessed: count("notAssessed")?,
        };
        Some((id.clone(), tally))
    };
    controls.iter().map(tally).collect()
}
