//! The report as it is written down and read back: `plimsoll.report/v1`. Every format but text and concise renders from it,
//! so that a saved report can become any of them later.
//!
//! One set of types both ways. Made from a report they borrow from it; read from a file they own. Scripts rely on every
//! name here: fields may be added and never changed. What was added after the first version is optional when read.

mod edits;
mod finding;
mod gap;
mod read;
mod summary;

use std::borrow::Cow;

use plimsoll_control::Severity;
use plimsoll_scan::Report;
use serde::{Deserialize, Serialize};

pub use edits::Edits;
pub use finding::{Edit, Finding, Fix, Location, Object, Priority, Related, Safety};
pub use gap::{Gap, GapLocation, NotAssessed, Waived, Waiver};
pub use read::NotAReport;
pub(crate) use read::check_schema;
pub use summary::{Baseline, BySeverity, Summary, UnknownKind};

/// The schema's name.
pub(crate) const SCHEMA: &str = "plimsoll.report/v1";

/// A report, `plimsoll.report/v1`. Holds untrusted text, unescaped.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'r> {
    /// The schema's name.
    pub schema: Cow<'r, str>,
    /// What wrote it.
    pub tool: Tool<'r>,
    /// What was judged, and against what.
    pub target: Target<'r>,
    /// By file, line, column, control. Only new ones if there is a baseline.
    pub findings: Vec<Finding<'r>>,
    /// In the same order.
    pub waived: Vec<Waived<'r>>,
    /// In the same order; those that the baseline has as well. `None` without a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Vec<Finding<'r>>>,
    /// By file and line.
    pub gaps: Vec<Gap<'r>>,
    /// By control.
    pub not_assessed: Vec<NotAssessed<'r>>,
    /// What was looked at, in numbers.
    pub summary: Summary<'r>,
}

/// What wrote a report.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Tool<'r> {
    /// The program.
    pub name: Cow<'r, str>,
    /// Its version.
    pub version: Cow<'r, str>,
}

impl Tool<'_> {
    /// This program.
    pub(crate) const THIS: Tool<'static> = Tool {
        name: Cow::Borrowed("plimsoll"),
        version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
    };
}

/// What was judged, and against what.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target<'r> {
    /// As `1.37`.
    pub kubernetes_version: Cow<'r, str>,
    /// The threat profile's name.
    pub profile: Cow<'r, str>,
    /// The date by which waivers were judged, as `2027-01-31`. `None` when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Cow<'r, str>>,
    /// What was asked for, as given.
    pub sources: Vec<Cow<'r, str>>,
    /// Where the files can be looked at: an address to which the name of a file is added. `None` when nobody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files_at: Option<Cow<'r, str>>,
}

impl<'r> Target<'r> {
    pub(crate) fn of(report: &'r Report) -> Target<'r> {
        Target {
            kubernetes_version: report.version.to_string().into(),
            profile: report.profile.into(),
            date: report.today.map(|date| date.to_string().into()),
            sources: report.sources.iter().map(|s| s.as_str().into()).collect(),
            files_at: report.files_at.as_deref().map(Cow::Borrowed),
        }
    }
}

impl<'r> Record<'r> {
    /// The record of a report; borrows its texts.
    pub fn of(report: &'r Report) -> Record<'r> {
        Record {
            schema: SCHEMA.into(),
            tool: Tool::THIS,
            target: Target::of(report),
            findings: report.findings.iter().map(Finding::of).collect(),
            waived: report.waived.iter().map(Waived::of).collect(),
            known: report
                .compared
                .as_ref()
                .map(|_| report.known.iter().map(Finding::of).collect()),
            gaps: report.gaps.iter().map(Gap::of).collect(),
            not_assessed: report.not_assessed.iter().map(NotAssessed::of).collect(),
            summary: Summary::of(report),
        }
    }

    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}

#[cfg(test)]
mod tests;
