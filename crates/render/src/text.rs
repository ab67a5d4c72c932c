//! The report for people at a terminal: findings grouped by control, then what could not be looked at, what was not
//! assessed, and a summary. Long groups are cut and counted unless everything was asked for.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use plimsoll_control::Severity;
use plimsoll_scan::{Gap, GapReason, NotAssessed, Report, Reported};

use crate::frame::{frame, position, whereabouts};
use crate::pen::Pen;
use crate::style::{CODE, FAINT, GAP, PLAIN, STRONG};
use crate::summary::summary;

/// So many findings of a control are shown in full.
const FRAMES: usize = 3;
/// So many more findings of a control, and gaps of a reason, are shown in a line each.
const LINES: usize = 10;

/// How to write a report as text.
#[derive(Copy, Clone, Debug)]
pub struct TextOptions {
    /// The terminal's width in columns.
    pub width: usize,
    /// Use colour.
    pub color: bool,
    /// The severity from which on findings count as failure; `None`: they never do.
    pub fail_on: Option<Severity>,
    /// Show every finding and every gap.
    pub verbose: bool,
}

/// Writes a report for people.
///
/// # Errors
/// What writing to `out` gives.
pub fn text(report: &Report, options: &TextOptions, out: &mut dyn Write) -> io::Result<()> {
    let pen = &mut Pen::new(out, options.width, options.color);
    let groups = groups(report);
    let everything = format!("plimsoll scan{} --format concise", sources(report));
    for group in &groups {
        findings(group, &everything, options.verbose, pen)?;
        pen.end()?;
    }
    for reason in GapReason::ALL {
        let gaps: Vec<_> = report.gaps.iter().filter(|gap| gap.reason == reason).collect();
        if !gaps.is_empty() {
            gaps_of(reason, &gaps, &everything, options.verbose, pen)?;
            pen.end()?;
        }
    }
    for open in &report.not_assessed {
        not_assessed(open, pen)?;
        pen.end()?;
    }
    let most_severe = groups.first().and_then(|group| group.first());
    summary(report, options.fail_on, most_severe.map(|reported| reported.finding.control.id), pen)
}

/// The findings by control: the most severe control first, then the one with most findings. Within a control the most
/// severe come first, so that none of them is hidden by the cut.
fn groups(report: &Report) -> Vec<Vec<&Reported>> {
    let mut by_control: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for reported in &report.findings {
        by_control.entry(reported.finding.control.id).or_default().push(reported);
    }
    let mut groups: Vec<_> = by_control.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|reported| Reverse(reported.finding.severity));
    }
    groups.sort_by_key(|group| Reverse((group.first().map(|reported| reported.finding.severity), group.len())));
    groups
}

fn findings(group: &[&Reported], everything: &str, verbose: bool, pen: &mut Pen<'_>) -> io::Result<()> {
    for (index, reported) in group.iter().take(FRAMES).enumerate() {
        if index > 0 {
            pen.end()?;
        }
        frame(&reported.finding, index == 0, pen)?;
    }
    let more = group.get(FRAMES..).unwrap_or_default();
    if let Some(first) = more.first() {
        let also = format!("{}[{}]", first.finding.control.severity.as_str(), first.finding.control.id);
        let count = format!(" at {} more places:", more.len());
        pen.end()?;
        pen.line(&[(STRONG, &also), (PLAIN, &count)])?;
    }
    let limit = if verbose { more.len() } else { LINES };
    for reported in more.iter().take(limit) {
        let finding = &reported.finding;
        let at = whereabouts(&finding.subject.object, &finding.place);
        place(&at, &finding.message, pen)?;
    }
    rest(more.len().saturating_sub(limit), everything, pen)
}

fn gaps_of(reason: GapReason, gaps: &[&Gap], everything: &str, verbose: bool, pen: &mut Pen<'_>) -> io::Result<()> {
    let what = match gaps.len() {
        1 => ": could not be looked at".to_owned(),
        count => format!(": {count} places could not be looked at"),
    };
    pen.line(&[(GAP, "gap"), (STRONG, "["), (STRONG, reason.as_str()), (STRONG, "]"), (STRONG, &what)])?;
    let limit = if verbose { gaps.len() } else { LINES };
    for gap in gaps.iter().take(limit) {
        let at = gap.location.as_ref().map_or_else(|| gap.file.to_string(), position);
        place(&at, &gap.message, pen)?;
    }
    rest(gaps.len().saturating_sub(limit), everything, pen)
}

fn not_assessed(open: &NotAssessed, pen: &mut Pen<'_>) -> io::Result<()> {
    let subjects = match open.subjects {
        1 => " (1 subject)".to_owned(),
        count => format!(" ({count} subjects)"),
    };
    let text = [
        (STRONG, "not assessed["),
        (STRONG, open.control),
        (STRONG, "]: "),
        (PLAIN, open.reason),
        (PLAIN, &subjects),
    ];
    pen.flow((PLAIN, ""), (PLAIN, "    "), &text)?;
    pen.flow((FAINT, "  = "), (PLAIN, "    "), &[(STRONG, "would help: "), (PLAIN, open.would_help)])
}

fn place(at: &str, says: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    pen.flow((FAINT, "  --> "), (PLAIN, "      "), &[(PLAIN, at), (PLAIN, "  "), (PLAIN, says)])
}

fn rest(count: usize, everything: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let more = format!("  … and {count} more: ");
    pen.line(&[(PLAIN, &more), (CODE, everything)])
}

/// What was asked for, as it would be typed again.
fn sources(report: &Report) -> String {
    let is_plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "/._-+:@%,=".contains(c));
    let quoted = report.sources.iter().map(|source| match is_plain(source) && !source.is_empty() {
        true => format!(" {source}"),
        false => format!(" '{}'", source.replace('\'', "'\\''")),
    });
    quoted.collect()
}
