//! JSON Lines: one object a line, each with its `type`: a head, then findings, waived findings, gaps, what was not assessed,
//! and the summary at the end, so that a reader who sees no summary knows that something was cut off.

use std::borrow::Cow;
use std::io::{self, Write};

use plimsoll_scan::Report;
use serde::Serialize;

use crate::json::line;
use crate::record::{Finding, Gap, NotAssessed, Record, SCHEMA, Summary, Target, Tool, Waived};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Line<'r> {
    #[serde(rename_all = "camelCase")]
    Report {
        schema: &'r str,
        tool: &'r Tool<'r>,
        target: &'r Target<'r>,
    },
    Finding(Cow<'r, Finding<'r>>),
    Waived(Cow<'r, Waived<'r>>),
    Gap(Cow<'r, Gap<'r>>),
    NotAssessed(Cow<'r, NotAssessed<'r>>),
    Summary(&'r Summary<'r>),
}

/// Writes what a scan says; each line is made when it is written, so that a long report is never held twice.
pub(super) fn report(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let head = Line::Report {
        schema: SCHEMA,
        tool: &Tool::THIS,
        target: &Target::of(report),
    };
    let findings = report.findings.iter().map(Finding::of);
    let waived = report.waived.iter().map(Waived::of);
    let gaps = report.gaps.iter().map(Gap::of);
    let open = report.not_assessed.iter().map(NotAssessed::of);
    let items = findings
        .map(|it| Line::Finding(Cow::Owned(it)))
        .chain(waived.map(|it| Line::Waived(Cow::Owned(it))))
        .chain(gaps.map(|it| Line::Gap(Cow::Owned(it))))
        .chain(open.map(|it| Line::NotAssessed(Cow::Owned(it))));
    write(head, items, &Summary::of(report), out)
}

/// Writes a report that was read back, as [`report`] wrote it.
pub(super) fn record(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let head = Line::Report {
        schema: &record.schema,
        tool: &record.tool,
        target: &record.target,
    };
    let (findings, waived) = (record.findings.iter(), record.waived.iter());
    let items = findings
        .map(|it| Line::Finding(Cow::Borrowed(it)))
        .chain(waived.map(|it| Line::Waived(Cow::Borrowed(it))))
        .chain(record.gaps.iter().map(|it| Line::Gap(Cow::Borrowed(it))))
        .chain(
            record
                .not_assessed
                .iter()
                .map(|it| Line::NotAssessed(Cow::Borrowed(it))),
        );
    write(head, items, &record.summary, out)
}

fn write<'r>(
    head: Line<'r>,
    items: impl Iterator<Item = Line<'r>>,
    summary: &'r Summary<'r>,
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&head, out)?;
    for item in items {
        line(&item, out)?;
    }
    line(&Line::Summary(summary), out)
}
