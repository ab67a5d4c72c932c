//! The report for people at a terminal: findings grouped by control, then what could not be looked at, what was not
//! assessed, and a summary. Long groups are cut and counted unless everything was asked for.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::Style;
use plimsoll_control::Severity;
use plimsoll_scan::{Gap, GapReason, NotAssessed, Report, Reported, Waived};
use unicode_width::UnicodeWidthStr;

use crate::escape::escape;
use crate::frame::{decision, frame, position, whereabouts};
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
    if options.verbose && !report.waived.is_empty() {
        waived(&report.waived, pen)?;
        pen.end()?;
    }
    if options.verbose && !report.known.is_empty() {
        known(&report.known, pen)?;
        pen.end()?;
    }
    for reason in GapReason::ALL {
        let gaps: Vec<_> = report
            .gaps
            .iter()
            .filter(|gap| gap.reason == reason)
            .collect();
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
    summary(
        report,
        options.fail_on,
        most_severe.map(|reported| reported.finding.control.id),
        pen,
    )
}

/// The findings by control: the most severe control first, then the one with most findings. Within a control the most
/// severe come first, so that none of them is hidden by the cut.
fn groups(report: &Report) -> Vec<Vec<&Reported>> {
    let mut by_control: BTreeMap<&str, Vec<&Reported>> = BTreeMap::new();
    for reported in &report.findings {
        by_control
            .entry(reported.finding.control.id)
            .or_default()
            .push(reported);
    }
    let mut groups: Vec<_> = by_control.into_values().collect();
    for group in &mut groups {
        group.sort_by_key(|reported| Reverse(reported.finding.severity));
    }
    groups.sort_by_key(|group| {
        Reverse((
            group
                .first()
                .map(|reported| (reported.finding.severity, reported.priority.weight)),
            group.len(),
        ))
    });
    groups
}

fn findings(
    group: &[&Reported],
    everything: &str,
    verbose: bool,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    for (index, reported) in group.iter().take(FRAMES).enumerate() {
        if index > 0 {
            pen.end()?;
        }
        frame(&reported.finding, index == 0, pen)?;
    }
    let more = group.get(FRAMES..).unwrap_or_default();
    if let Some(first) = more.first() {
        let count = match more.len() {
            1 => " at one more place:".to_owned(),
            count => format!(" at {count} more places:"),
        };
        pen.end()?;
        pen.line(&[(STRONG, first.finding.control.id), (PLAIN, &count)])?;
    }
    let limit = if verbose { more.len() } else { LINES };
    for reported in more.iter().take(limit) {
        let finding = &reported.finding;
        let at = whereabouts(&finding.subject.object, &finding.place);
        let usual = finding.severity == finding.control.severity;
        let weight = if usual { "" } else { finding.severity.as_str() };
        let separator = if usual { "" } else { ": " };
        place(&at, &format!("{weight}{separator}{}", finding.message), pen)?;
    }
    rest(more.len().saturating_sub(limit), everything, pen)
}

fn waived(all: &[Waived], pen: &mut Pen<'_>) -> io::Result<()> {
    pen.line(&[(STRONG, "waived")])?;
    for waived in all {
        let finding = &waived.reported.finding;
        let at = whereabouts(&finding.subject.object, &finding.place);
        let says = format!("{}: {}", finding.control.id, finding.message);
        place(&at, &says, pen)?;
        let by = escape(&decision(&waived.waiver)).into_owned();
        pen.flow(
            &[(FAINT, "  = ")],
            (PLAIN, "    "),
            &[(STRONG, "waiver: "), (PLAIN, &by)],
        )?;
    }
    Ok(())
}

fn known(all: &[Reported], pen: &mut Pen<'_>) -> io::Result<()> {
    pen.line(&[(STRONG, "known")])?;
    for Reported { finding, .. } in all {
        let at = whereabouts(&finding.subject.object, &finding.place);
        let says = format!("{}: {}", finding.control.id, finding.message);
        place(&at, &says, pen)?;
    }
    Ok(())
}

fn gaps_of(
    reason: GapReason,
    gaps: &[&Gap],
    everything: &str,
    verbose: bool,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    let what = match gaps.len() {
        1 => ": could not be looked at".to_owned(),
        count => format!(": {count} places could not be looked at"),
    };
    pen.line(&[
        (GAP, "gap"),
        (STRONG, "["),
        (STRONG, reason.as_str()),
        (STRONG, "]"),
        (STRONG, &what),
    ])?;
    let limit = if verbose { gaps.len() } else { LINES };
    for gap in gaps.iter().take(limit) {
        let at = gap
            .location
            .as_ref()
            .map_or_else(|| gap.file.to_string(), position);
        place(&at, &gap.message, pen)?;
    }
    rest(gaps.len().saturating_sub(limit), everything, pen)
}

fn not_assessed(open: &NotAssessed, pen: &mut Pen<'_>) -> io::Result<()> {
    let subjects = match open.subjects {
        0 => String::new(),
        1 => " (1 subject)".to_owned(),
        count => format!(" ({count} subjects)"),
    };
    let text = [
        (STRONG, "not assessed["),
        (STRONG, open.control),
        (STRONG, "]: "),
        (PLAIN, &open.reason),
        (PLAIN, &subjects),
    ];
    pen.flow(&[], (PLAIN, "    "), &text)?;
    pen.flow(
        &[(FAINT, "  = ")],
        (PLAIN, "    "),
        &[(STRONG, "would help: "), (PLAIN, open.would_help)],
    )
}

/// A place in one line where it fits, otherwise with what it says below.
fn place(at: &str, says: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    const ARROW: (Style, &str) = (FAINT, "  --> ");
    const INDENT: (Style, &str) = (PLAIN, "      ");
    let (at, says) = (escape(at), escape(says));
    if ARROW.1.len() + at.width() + 2 + says.width() <= pen.width {
        return pen.line(&[ARROW, (PLAIN, &at), (PLAIN, "  "), (PLAIN, &says)]);
    }
    pen.line(&[ARROW, (PLAIN, &at)])?;
    pen.flow(&[INDENT], INDENT, &[(PLAIN, &says)])
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
    let is_plain = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || "/._-+:@%,=".contains(c))
    };
    let quoted = report
        .sources
        .iter()
        .map(|source| match is_plain(source) && !source.is_empty() {
            true => format!(" {source}"),
            false => format!(" '{}'", source.replace('\'', "'\\''")),
        });
    quoted.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{BAD, SMALL, finding, full_report, gap, hostile_report, report, steers};

    fn shown(report: &Report, width: usize, verbose: bool) -> String {
        let options = TextOptions {
            width,
            color: false,
            fail_on: Some(Severity::Medium),
            verbose,
        };
        let mut out = Vec::new();
        text(report, &options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const FULL: &str = r#"critical[bad-thing]: container "proxy" of Deployment shop/api does a bad thing
  --> deploy/api.yaml:31:26
   |
31 |       securityContext: { privileged: true }
   |                          ^^^^^^^^^^^^^^^^ gives every capability and the host's devices
   |
   = see: plimsoll explain bad-thing

high[small-thing]: container "proxy" of Deployment shop/api does a small thing
 --> deploy/worse.yaml:7:26
  |
7 |       securityContext: { privileged: true }
  |                          ^^^^^^^^^^^^^^^^ gives every capability and the host's devices
  |
  = severity: high instead of low: everyone can reach it
  = note: the Service that exposes it (svc.yaml:3:1)
  = see: plimsoll explain small-thing

gap[unreadable]: could not be looked at
  --> deploy/gone  the mapping is not closed

gap[unparsable]: could not be looked at
  --> deploy/broken.yaml:9:7  the mapping is not closed

not assessed[small-thing]: the ServiceAccount is not among what was scanned (4 subjects)
  = would help: scan its folder as well

looked at     3 objects in 2 files, 1 unit; 2 patches are no objects by themselves; 1 other file
              holds nothing for Kubernetes
custom kinds  Rollout of argoproj.io/v1alpha1: 1 object (judged by its pod template); AppProject of
              argoproj.io/v1alpha1: 1 object (no pod template known)
target        Kubernetes 1.37, profile default
findings      1 critical, 1 high, 0 medium, 0 low; 2 of them medium or worse
passed        5 checks; 1 of 2 controls that had something to judge found no fault
gaps          2 places could not be looked at and may hide findings
open          1 control needs more evidence than was given

next: plimsoll explain bad-thing says why it matters and what to change
"#;

    #[test]
    fn a_report_with_something_of_everything() {
        let shown = shown(&full_report(), 100, false);
        assert_eq!(shown, FULL, "{shown}");
    }

    #[test]
    fn a_narrow_terminal_is_never_overrun() {
        for width in [60, 80] {
            let shown = shown(&full_report(), width, false);
            for line in shown.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
            assert!(shown.contains("\n   |                          ^^^^^^^^^^^^^^^^\n   |  "));
        }
    }

    #[test]
    fn long_groups_are_cut_and_counted_unless_all_is_asked_for() {
        let many = (1..=300).map(|line| finding(&BAD, "deploy/api.yaml", line));
        let report = report(many.collect(), Vec::new());
        let cut = shown(&report, 120, false);
        assert_eq!(cut.matches("^^^^").count(), FRAMES * 4);
        assert_eq!(cut.matches("= see:").count(), 1);
        assert!(
            cut.contains("\nbad-thing at 297 more places:\n  --> deploy/api.yaml:4:26  container")
        );
        assert!(cut.contains("  … and 287 more: plimsoll scan deploy/ --format concise\n"));
        assert!(!cut.contains("api.yaml:14:26"));
        let whole = shown(&report, 120, true);
        assert!(whole.contains("api.yaml:300:26") && !whole.contains("… and"));
    }

    #[test]
    fn the_most_severe_comes_first_and_is_never_cut() {
        let mut findings: Vec<_> = (1..=20)
            .map(|line| finding(&SMALL, "a.yaml", line))
            .collect();
        findings.extend((1..=20).map(|line| finding(&BAD, "b.yaml", line)));
        for finding in &mut findings[15..20] {
            finding.severity = Severity::High;
        }
        let shown = shown(&report(findings, Vec::new()), 100, false);
        let at = |text| shown.find(text).unwrap();
        assert!(at("critical[bad-thing]") < at("high[small-thing]"));
        assert!(shown.contains("16 |       securityContext"));
        assert!(
            shown.contains("--> a.yaml:20:26  high: container")
                && shown.contains("--> a.yaml:1:26  container")
        );
    }

    #[test]
    fn every_reason_for_a_gap_is_shown_and_counted() {
        let mut gaps: Vec<_> = (1..=13)
            .map(|line| gap(GapReason::Unparsable, "a.yaml", Some(line)))
            .collect();
        gaps.push(gap(GapReason::Template, "b.yaml", Some(1)));
        let shown = shown(&report(Vec::new(), gaps), 100, false);
        assert!(shown.contains("gap[unparsable]: 13 places could not be looked at"));
        assert!(shown.contains("… and 3 more:") && shown.contains("gap[template]: could not"));
        assert!(shown.ends_with("close the gaps above first.\n"), "{shown}");
    }

    #[test]
    fn nothing_to_say_is_said_plainly() {
        let mut fine = report(Vec::new(), Vec::new());
        assert!(shown(&fine, 80, false).ends_with("All is fine: every check passed.\n"));
        fine.not_assessed = full_report().not_assessed;
        assert!(shown(&fine, 80, false).contains("All is fine as far as it could be judged"));
        fine.summary.objects = 0;
        assert!(shown(&fine, 80, false).ends_with("no Kubernetes object was found.\n"));
    }

    #[test]
    fn hostile_names_cannot_steer_the_terminal() {
        for width in [40, 100] {
            let shown = shown(&hostile_report(), width, true);
            assert!(!shown.contains(steers), "{shown:?}");
            assert!(
                !shown.lines().any(|line| line.starts_with("forged")),
                "{shown}"
            );
            assert!(shown.matches("\\u{1b}[2J").count() > 9, "{shown}");
        }
    }

    #[test]
    fn sources_can_be_typed_again() {
        let mut report = report(Vec::new(), Vec::new());
        report.sources = vec![
            "a/b.yaml".to_owned(),
            "it's $HOME".to_owned(),
            String::new(),
        ];
        assert_eq!(sources(&report), " a/b.yaml 'it'\\''s $HOME' ''");
    }
}
