//! The end of a text report: what was looked at, what came of it and what to do next. Silence must never look like
//! safety, so nothing to judge and gaps are said as plainly as findings.

use std::io;

use plimsoll_control::{Severity, Tally};
use plimsoll_scan::{KindSeen, Report, Summary};

use crate::escape::escape;
use crate::pen::{Pen, Piece};
use crate::style::{self, CODE, FAINT, GAP, GOOD, PLAIN, STRONG};

/// Writes the summary. `most_severe` is the control to read about first.
pub(crate) fn summary(
    report: &Report,
    fail_on: Option<Severity>,
    most_severe: Option<&str>,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    row("looked at", &[(PLAIN, &looked_at(&report.summary))], pen)?;
    if !report.summary.unknown_kinds.is_empty() {
        row(
            "custom kinds",
            &[(PLAIN, &kinds(&report.summary.unknown_kinds))],
            pen,
        )?;
    }
    let target = format!("Kubernetes {}, profile {}", report.version, report.profile);
    row("target", &[(PLAIN, &target)], pen)?;
    findings(report, fail_on, pen)?;
    row("passed", &[(PLAIN, &passed(&report.summary))], pen)?;
    if !report.waived.is_empty() {
        let count = counted(report.waived.len(), "finding", "findings");
        let text = [
            (PLAIN, count.as_str()),
            (
                PLAIN,
                " that somebody decided to live with; --verbose shows them",
            ),
        ];
        row("waived", &text, pen)?;
    }
    if let Some(compared) = &report.compared {
        let count = counted(report.known.len(), "finding", "findings");
        let source = escape(&compared.source);
        let gone = match compared.gone {
            0 => String::new(),
            gone => format!(
                "; {} from there gone",
                counted(gone, "finding is", "findings are")
            ),
        };
        let text = format!("{count} that {source} has already{gone}");
        row("known", &[(PLAIN, &text)], pen)?;
    }
    if report.summary.foreign_waivers > 0 {
        let count = counted(report.summary.foreign_waivers, "waiver", "waivers");
        let why = " not in the revision from which waivers are taken";
        row("without effect", &[(GAP, &count), (PLAIN, why)], pen)?;
    }
    if !report.gaps.is_empty() {
        let count = counted(report.gaps.len(), "place", "places");
        row(
            "gaps",
            &[
                (GAP, &count),
                (PLAIN, " could not be looked at and may hide findings"),
            ],
            pen,
        )?;
    }
    let off = report.not_assessed.iter().filter(|open| open.is_off());
    let off = off.count();
    if off > 0 {
        let count = counted(off, "control is", "controls are");
        let text = [
            (GAP, count.as_str()),
            (PLAIN, " turned off by the configuration"),
        ];
        row("off", &text, pen)?;
    }
    let open = report.not_assessed.len() - off;
    if open > 0 {
        let count = counted(open, "control needs", "controls need");
        row(
            "open",
            &[(PLAIN, &count), (PLAIN, " more evidence than was given")],
            pen,
        )?;
    }
    next(report, most_severe, pen)
}

fn row(name: &str, text: &[Piece<'_>], pen: &mut Pen<'_>) -> io::Result<()> {
    pen.flow(
        &[(FAINT, &format!("{name:<14}"))],
        (PLAIN, &" ".repeat(14)),
        text,
    )
}

/// A number with its noun.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn looked_at(summary: &Summary) -> String {
    let mut text = format!(
        "{} in {}, {}",
        counted(summary.objects, "object", "objects"),
        counted(summary.files, "file", "files"),
        counted(summary.units, "unit", "units"),
    );
    if summary.patches > 0 {
        text += &format!(
            "; {}",
            counted(
                summary.patches,
                "patch is no object by itself",
                "patches are no objects by themselves"
            )
        );
    }
    if summary.excluded > 0 {
        let count = counted(summary.excluded, "file", "files");
        text += &format!("; {count} excluded by the configuration");
    }
    if summary.other_files > 0 {
        text += &format!(
            "; {} nothing for Kubernetes",
            counted(summary.other_files, "other file holds", "other files hold")
        );
    }
    text
}

fn kinds(seen: &[KindSeen]) -> String {
    let kind = |kind: &KindSeen| {
        let judged = if kind.judged_as_carrier {
            "judged by its pod template"
        } else {
            "no pod template known"
        };
        format!(
            "{} of {}: {} ({judged})",
            kind.kind,
            kind.api_version,
            counted(kind.objects, "object", "objects")
        )
    };
    seen.iter().map(kind).collect::<Vec<_>>().join("; ")
}

fn findings(report: &Report, fail_on: Option<Severity>, pen: &mut Pen<'_>) -> io::Result<()> {
    if report.findings.is_empty() {
        let none = match report.compared {
            Some(_) => "none that is new",
            None => "none",
        };
        return row("findings", &[(PLAIN, none)], pen);
    }
    let counts: Vec<_> = Severity::ALL
        .iter()
        .rev()
        .map(|&severity| (severity, report.count(severity)))
        .collect();
    let words: Vec<_> = counts
        .iter()
        .map(|(severity, count)| format!("{count} {}", severity.as_str()))
        .collect();
    let mut text = Vec::new();
    for ((severity, count), words) in counts.iter().zip(&words) {
        if !text.is_empty() {
            text.push((PLAIN, ", "));
        }
        text.push((
            if *count > 0 {
                style::of(*severity)
            } else {
                PLAIN
            },
            words.as_str(),
        ));
    }
    let failing = fail_on.map(|least| threshold(&counts, least));
    text.push((PLAIN, failing.as_deref().unwrap_or_default()));
    row("findings", &text, pen)
}

fn threshold(counts: &[(Severity, usize)], least: Severity) -> String {
    let failing = counts.iter().filter(|(severity, _)| *severity >= least);
    let failing: usize = failing.map(|(_, count)| count).sum();
    format!("; {failing} of them {} or worse", least.as_str())
}

fn passed(summary: &Summary) -> String {
    let checks: usize = summary.controls.values().map(|tally| tally.passed).sum();
    let judged = |tally: &&Tally| tally.failed + tally.passed + tally.not_assessed > 0;
    let used = summary.controls.values().filter(judged);
    let clean = used
        .clone()
        .filter(|tally| tally.failed == 0 && tally.passed > 0);
    format!(
        "{}; {} of {} that had something to judge found no fault",
        counted(checks, "check", "checks"),
        clean.count(),
        counted(used.count(), "control", "controls"),
    )
}

fn next(report: &Report, most_severe: Option<&str>, pen: &mut Pen<'_>) -> io::Result<()> {
    pen.end()?;
    if let Some(control) = most_severe {
        let command = format!("plimsoll explain {control}");
        return pen.flow(
            &[(STRONG, "next: ")],
            (PLAIN, "      "),
            &[
                (CODE, &command),
                (PLAIN, " says why it matters and what to change"),
            ],
        );
    }
    let (style, says) = match (report.summary.objects, report.gaps.len()) {
        (_, 1..) => (
            GAP,
            "Nothing was found, but not everything could be looked at: close the gaps above first.",
        ),
        (0, _) => (
            GAP,
            "There was nothing to judge: no Kubernetes object was found.",
        ),
        _ if report.known.is_empty() && !report.not_assessed.is_empty() => (
            GOOD,
            "All is fine as far as it could be judged; what would answer the rest stands above.",
        ),
        _ if !report.known.is_empty() => (GOOD, "Nothing new: what there is was known before."),
        _ if !report.waived.is_empty() => (GOOD, "All is fine but for what is waived."),
        _ => (GOOD, "All is fine: every check passed."),
    };
    pen.flow(&[], (PLAIN, ""), &[(style, says)])
}
