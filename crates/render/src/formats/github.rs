//! Workflow commands of GitHub Actions, which become annotations: `::error file=…,line=…,title=…::message`.
//!
//! GitHub shows at most ten errors, ten warnings and ten notices of a step, so the most urgent come first, and the last line,
//! which is no command, says how many there are. Invariant: every other line is one command, whatever names say.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use plimsoll_control::Severity;

use super::Catalogue;
use super::words::relative;
use crate::escape::escape;
use crate::record::{Finding, Gap, Location, Record};

/// Writes a command for each gap and each finding, and a last line that counts.
pub(super) fn github(record: &Record<'_>, _: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    for gap in &record.gaps {
        self::gap(gap, out)?;
    }
    let mut findings: Vec<_> = record.findings.iter().collect();
    findings.sort_by_key(|finding| finding.priority.rank);
    for finding in findings {
        self::finding(finding, out)?;
    }
    writeln!(
        out,
        "plimsoll: {} findings, {} waived, {} gaps (of a step, GitHub shows ten errors, ten warnings and ten notices)",
        record.findings.len(),
        record.waived.len(),
        record.gaps.len()
    )
}

fn finding(finding: &Finding<'_>, out: &mut dyn Write) -> io::Result<()> {
    let level = match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "notice",
    };
    let title = format!("{}[{}]", finding.severity.as_str(), finding.control);
    let mut message = data(&finding.message);
    if finding.location.is_none() {
        message += " at ";
        message += &data(&finding.path);
    }
    message += "%0Aplimsoll explain ";
    message += &data(&finding.control);
    message += "%0Afingerprint ";
    message += &data(&finding.fingerprint);
    let place = finding
        .location
        .as_ref()
        .map(|at| place(&at.file, Some(at)));
    command(level, &place.unwrap_or_default(), &title, &message, out)
}

fn gap(gap: &Gap<'_>, out: &mut dyn Write) -> io::Result<()> {
    let title = format!("gap[{}]", gap.reason);
    let place = place(gap.location.file(), gap.location.place());
    command("error", &place, &title, &data(&gap.message), out)
}

fn command(
    level: &str,
    place: &str,
    title: &str,
    message: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "::{level} {place}title={}::{message}", property(title))
}

/// Columns only count where a place is within one line; GitHub's are inclusive.
fn place(file: &str, location: Option<&Location<'_>>) -> String {
    let mut place = format!("file={},", property(relative(file)));
    if let Some(at) = location {
        let _ = write!(place, "line={},endLine={},", at.line, at.end_line);
        if at.line == at.end_line {
            let last = at.end_column.saturating_sub(1).max(at.column);
            let _ = write!(place, "col={},endColumn={last},", at.column);
        }
    }
    place
}

/// A message: the runner decodes `%25`, `%0D` and `%0A`; line ends have become visible escapes before.
fn data(text: &str) -> String {
    escape(text).replace('%', "%25")
}

/// A property, in which `:` and `,` mean something too.
fn property(text: &str) -> Cow<'_, str> {
    data(text).replace(':', "%3A").replace(',', "%2C").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_the_runner_is_encoded() {
        assert_eq!(data("50%\n::error::x"), "50%25\\n::error::x");
        assert_eq!(property("a,b:c%0A"), "a%2Cb%3Ac%250A");
    }
}
