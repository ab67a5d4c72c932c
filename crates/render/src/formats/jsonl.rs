//! JSON Lines: one object a line, each with its `type`: a head, then findings, waived findings, gaps, what was not assessed,
//! and the summary at the end, so that a reader who sees no summary knows that something was cut off.

use std::io::{self, Write};

use serde::Serialize;

use super::Catalogue;
use crate::json::line;
use crate::record::{Finding, Gap, NotAssessed, Record, Summary, Target, Tool, Waived};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Line<'r> {
    #[serde(rename_all = "camelCase")]
    Report {
        schema: &'r str,
        tool: &'r Tool<'r>,
        target: &'r Target<'r>,
    },
    Finding(&'r Finding<'r>),
    Waived(&'r Waived<'r>),
    Gap(&'r Gap<'r>),
    NotAssessed(&'r NotAssessed<'r>),
    Summary(&'r Summary<'r>),
}

/// Writes the report a line at a time.
pub(super) fn jsonl(record: &Record<'_>, _: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = Line::Report {
        schema: &record.schema,
        tool: &record.tool,
        target: &record.target,
    };
    line(&head, out)?;
    let findings = record.findings.iter().map(Line::Finding);
    let waived = record.waived.iter().map(Line::Waived);
    let gaps = record.gaps.iter().map(Line::Gap);
    let open = record.not_assessed.iter().map(Line::NotAssessed);
    for item in findings.chain(waived).chain(gaps).chain(open) {
        line(&item, out)?;
    }
    line(&Line::Summary(&record.summary), out)
}
