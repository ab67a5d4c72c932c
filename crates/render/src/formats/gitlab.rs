//! GitLab's code quality report: an array of issues that a merge request shows beside the lines.
//!
//! GitLab knows neither waivers nor gaps: waived findings are left out, and a gap is an issue whose check begins with `gap/`.
//! Every issue needs a file and a line, so a live object stands in for its file, at line 1.

use std::io::{self, Write};

use plimsoll_control::Severity;
use serde::Serialize;
use uuid::Uuid;

use super::words::{relative, subject};
use super::{Catalogue, OURS};
use crate::escape::escape;
use crate::json::pretty;
use crate::record::{Finding, Gap, Record};

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    categories: [&'static str; 1],
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

/// Writes the array.
pub(super) fn gitlab(record: &Record<'_>, _: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    let findings = record.findings.iter().map(Issue::of_finding);
    let gaps = record.gaps.iter().map(Issue::of_gap);
    pretty(&findings.chain(gaps).collect::<Vec<_>>(), out)
}

impl Issue {
    fn of_finding(finding: &Finding<'_>) -> Issue {
        let severity = match finding.severity {
            Severity::Critical => "blocker",
            Severity::High => "critical",
            Severity::Medium => "major",
            Severity::Low => "minor",
        };
        let (path, begin, end) = match &finding.location {
            Some(at) => (
                escape(relative(&at.file)).into_owned(),
                at.line,
                at.end_line,
            ),
            None => (subject(&finding.object), 1, 1),
        };
        Issue {
            description: escape(&finding.message).into_owned(),
            check_name: finding.control.to_string(),
            fingerprint: finding.fingerprint.to_string(),
            severity,
            categories: ["Security"],
            location: Place {
                path,
                lines: Lines { begin, end },
            },
        }
    }

    fn of_gap(gap: &Gap<'_>) -> Issue {
        let file = gap.location.file();
        let (begin, end) = gap
            .location
            .place()
            .map_or((1, 1), |at| (at.line, at.end_line));
        let name = format!("{}\0{file}\0{begin}\0{}", gap.reason, gap.message);
        Issue {
            description: escape(&gap.message).into_owned(),
            check_name: format!("gap/{}", gap.reason),
            fingerprint: Uuid::new_v5(&OURS, name.as_bytes()).to_string(),
            severity: "major",
            categories: ["Security"],
            location: Place {
                path: escape(relative(file)).into_owned(),
                lines: Lines { begin, end },
            },
        }
    }
}
