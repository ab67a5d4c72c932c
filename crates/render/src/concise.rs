//! The report in one line for each finding and gap, `file:line:column: severity[control]: message`, as editors and grep
//! like it, and a last line that counts.

use std::io::{self, Write};

use plimsoll_control::{Finding, Severity};
use plimsoll_scan::{Gap, Report, Waived};

use crate::frame::{decision, position, whereabouts};
use crate::pen::Pen;
use crate::style::{self, GAP, PLAIN, STRONG};

/// Writes every finding and every gap in one line; if `verbose`, also what is waived or known.
///
/// # Errors
/// What writing to `out` gives.
pub fn concise(report: &Report, color: bool, verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let pen = &mut Pen::new(out, usize::MAX, color);
    for reported in &report.findings {
        finding(&reported.finding, pen)?;
    }
    for waived in report.waived.iter().filter(|_| verbose) {
        self::waived(waived, pen)?;
    }
    for known in report.known.iter().filter(|_| verbose) {
        self::known(&known.finding, pen)?;
    }
    for gap in &report.gaps {
        self::gap(gap, pen)?;
    }
    counts(report, pen)
}

/// The last line, which counts.
pub(crate) fn counts(report: &Report, pen: &mut Pen<'_>) -> io::Result<()> {
    let severities = Severity::ALL.iter().rev();
    let counts =
        severities.map(|severity| format!("{} {}, ", report.count(*severity), severity.as_str()));
    let counts: String = counts.collect();
    let objects = report.summary.objects;
    pen.line(&[(
        STRONG,
        &format!(
            "{counts}{}{}{} gaps; {objects} objects",
            match report.compared {
                Some(_) => format!("{} known, ", report.known.len()),
                None => String::new(),
            },
            match report.waived.len() {
                0 => String::new(),
                waived => format!("{waived} waived, "),
            },
            report.gaps.len()
        ),
    )])
}

pub(crate) fn finding(finding: &Finding, pen: &mut Pen<'_>) -> io::Result<()> {
    let at = whereabouts(&finding.subject.object, &finding.place);
    let severity = style::of(finding.severity);
    pen.line(&[
        (PLAIN, &at),
        (PLAIN, ": "),
        (severity, finding.severity.as_str()),
        (PLAIN, "["),
        (PLAIN, finding.control.id),
        (PLAIN, "]: "),
        (PLAIN, &finding.message.to_string()),
    ])
}

fn known(finding: &Finding, pen: &mut Pen<'_>) -> io::Result<()> {
    pen.line(&[
        (PLAIN, &whereabouts(&finding.subject.object, &finding.place)),
        (PLAIN, ": known["),
        (PLAIN, finding.control.id),
        (PLAIN, "]: "),
        (PLAIN, &finding.message.to_string()),
    ])
}

fn waived(waived: &Waived, pen: &mut Pen<'_>) -> io::Result<()> {
    let finding = &waived.reported.finding;
    pen.line(&[
        (PLAIN, &whereabouts(&finding.subject.object, &finding.place)),
        (PLAIN, ": waived["),
        (PLAIN, finding.control.id),
        (PLAIN, "]: "),
        (PLAIN, &finding.message.to_string()),
        (PLAIN, &format!(" ({})", decision(&waived.waiver))),
    ])
}

pub(crate) fn gap(gap: &Gap, pen: &mut Pen<'_>) -> io::Result<()> {
    let at = gap
        .location
        .as_ref()
        .map_or_else(|| gap.file.to_string(), position);
    pen.line(&[
        (PLAIN, &at),
        (PLAIN, ": "),
        (GAP, "gap"),
        (PLAIN, "["),
        (PLAIN, gap.reason.as_str()),
        (PLAIN, "]: "),
        (PLAIN, &gap.message),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{compared_report, full_report, hostile_report, steers};

    fn shown(report: &Report) -> String {
        let mut out = Vec::new();
        concise(report, false, true, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn one_line_each_and_a_last_one_that_counts() {
        let lines = r#"deploy/api.yaml:31:26: critical[bad-thing]: container "proxy" of Deployment shop/api does a bad thing
deploy/worse.yaml:7:26: high[small-thing]: container "proxy" of Deployment shop/api does a small thing
deploy/broken.yaml:9:7: gap[unparsable]: the mapping is not closed
deploy/gone: gap[unreadable]: the mapping is not closed
1 critical, 1 high, 0 medium, 0 low, 2 gaps; 3 objects
"#;
        assert_eq!(shown(&full_report()), lines);
    }

    #[test]
    fn what_is_known_is_counted_and_told_apart() {
        let shown = shown(&compared_report());
        assert!(
            shown.contains(":7:26: known[small-thing]: container"),
            "{shown}"
        );
        assert!(
            shown.ends_with("1 critical, 0 high, 0 medium, 0 low, 1 known, 2 gaps; 3 objects\n")
        );
    }

    #[test]
    fn hostile_names_stay_on_their_line() {
        let report = hostile_report();
        let shown = shown(&report);
        assert_eq!(
            shown.lines().count(),
            report.findings.len() + report.waived.len() + report.gaps.len() + 1
        );
        assert!(!shown.contains(steers), "{shown:?}");
    }
}
