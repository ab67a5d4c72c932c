//! CSV by RFC 4180: a row for each finding, waived finding, gap and control that was not assessed; the first column says
//! which.
//!
//! Invariant: no field is a formula. What a spreadsheet would compute begins with an apostrophe, and control characters are
//! visible escapes, so every record is one line.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};

use super::Catalogue;
use super::words::{guide, or_empty};
use crate::escape::escape;
use crate::record::{Finding, Gap, Location, NotAssessed, Record, Waiver};

const COLUMNS: [&str; 26] = [
    "type",
    "control",
    "severity",
    "rank",
    "message",
    "guide",
    "apiVersion",
    "kind",
    "namespace",
    "name",
    "container",
    "unit",
    "path",
    "file",
    "document",
    "line",
    "column",
    "endLine",
    "endColumn",
    "fix",
    "fingerprint",
    "waiverReason",
    "waiverOwner",
    "waiverExpires",
    "waiverSource",
    "wouldHelp",
];

/// One row by column; what a row does not set stays empty.
type Row<'r> = [Cow<'r, str>; COLUMNS.len()];

/// Writes the table with its heading.
pub(super) fn csv(record: &Record<'_>, _: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(out);
    table.write_record(COLUMNS)?;
    for finding in &record.findings {
        write(self::finding("finding", finding, None), &mut table)?;
    }
    for waived in &record.waived {
        let row = self::finding("waived", &waived.finding, Some(&waived.waiver));
        write(row, &mut table)?;
    }
    for gap in &record.gaps {
        write(self::gap(gap), &mut table)?;
    }
    for open in &record.not_assessed {
        write(not_assessed(open), &mut table)?;
    }
    table.flush()
}

fn write(row: Row<'_>, table: &mut Writer<&mut dyn Write>) -> io::Result<()> {
    Ok(table.write_record(row.iter().map(|field| harmless(field).into_owned()))?)
}

/// Spreadsheets compute what begins with one of these, also behind blanks.
fn harmless(field: &str) -> Cow<'_, str> {
    let shown = escape(field);
    match shown
        .trim_start()
        .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
    {
        true => format!("'{shown}").into(),
        false => shown,
    }
}

fn finding<'r>(kind: &'r str, finding: &'r Finding<'_>, waiver: Option<&'r Waiver<'_>>) -> Row<'r> {
    let object = &finding.object;
    let [file, document, line, column, end_line, end_column] = place(finding.location.as_ref());
    let waived = |of: fn(&'r Waiver<'_>) -> &'r str| waiver.map(of).unwrap_or_default().into();
    [
        kind.into(),
        (&*finding.control).into(),
        finding.severity.as_str().into(),
        finding.priority.rank.to_string().into(),
        (&*finding.message).into(),
        guide(finding).into(),
        (&*object.api_version).into(),
        (&*object.kind).into(),
        or_empty(&object.namespace).into(),
        (&*object.name).into(),
        or_empty(&object.container).into(),
        (&*object.unit).into(),
        (&*finding.path).into(),
        file,
        document,
        line,
        column,
        end_line,
        end_column,
        finding
            .fix
            .as_ref()
            .map_or("", |fix| fix.safety.as_str())
            .into(),
        (&*finding.fingerprint).into(),
        waived(|waiver| &waiver.reason),
        waived(|waiver| or_empty(&waiver.owner)),
        waived(|waiver| or_empty(&waiver.expires)),
        waived(|waiver| &waiver.source),
        "".into(),
    ]
}

fn gap<'r>(gap: &'r Gap<'_>) -> Row<'r> {
    let [_, document, line, column, end_line, end_column] = place(gap.location.place());
    let mut row = Row::default();
    let set = [
        (0, "gap".into()),
        (1, (&*gap.reason).into()),
        (4, (&*gap.message).into()),
        (13, gap.location.file().into()),
        (14, document),
        (15, line),
        (16, column),
        (17, end_line),
        (18, end_column),
    ];
    fill(&mut row, set);
    row
}

fn not_assessed<'r>(open: &'r NotAssessed<'_>) -> Row<'r> {
    let mut row = Row::default();
    let set = [
        (0, "notAssessed".into()),
        (1, (&*open.control).into()),
        (4, (&*open.reason).into()),
        (25, (&*open.would_help).into()),
    ];
    fill(&mut row, set);
    row
}

fn fill<'r, const N: usize>(row: &mut Row<'r>, set: [(usize, Cow<'r, str>); N]) {
    for (column, value) in set {
        if let Some(field) = row.get_mut(column) {
            *field = value;
        }
    }
}

fn place<'r>(location: Option<&'r Location<'_>>) -> [Cow<'r, str>; 6] {
    let Some(at) = location else {
        return Default::default();
    };
    [
        (&*at.file).into(),
        at.document.to_string().into(),
        at.line.to_string().into(),
        at.column.to_string().into(),
        at.end_line.to_string().into(),
        at.end_column.to_string().into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "＝1"] {
            assert_eq!(harmless(evil), format!("'{evil}"));
        }
        assert_eq!(harmless("\t=cmd|' /C calc'!A0"), "\\t=cmd|' /C calc'!A0");
        assert_eq!(harmless("a-b=c"), "a-b=c");
    }
}
