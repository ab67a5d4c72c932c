//! What a scan of one text by one control gives, and how it differs from what was expected. The only file here that
//! runs the scanner.

use std::collections::BTreeSet;

use plimsoll_control::{Control, Rule, Severity};
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::target::Target;
use plimsoll_yaml::Path;

/// One finding, expected or met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Verdict {
    /// The document within the text, from 1.
    pub(crate) document: u32,
    /// The line within the text, from 1; `None` where an expectation leaves it open.
    pub(crate) line: Option<u32>,
    /// The path in the document.
    pub(crate) path: Path,
    /// The finding's severity.
    pub(crate) severity: Severity,
}

impl Verdict {
    fn meets(&self, wanted: &Verdict) -> bool {
        let same = (self.document, &self.path, self.severity)
            == (wanted.document, &wanted.path, wanted.severity);
        same && (wanted.line.is_none() || wanted.line == self.line)
    }

    fn shown(&self) -> String {
        let line = self.line.map(|line| format!(" on line {line}"));
        format!(
            "{} ({}){}",
            self.path,
            self.severity.as_str(),
            line.unwrap_or_default()
        )
    }
}

/// What a text must give.
#[derive(Clone, Default, Debug)]
pub(crate) struct Expected {
    /// Exactly these findings.
    pub(crate) verdicts: Vec<Verdict>,
    /// Gaps for exactly these reasons.
    pub(crate) gaps: BTreeSet<&'static str>,
}

/// What a text gave.
pub(crate) struct Outcome {
    verdicts: Vec<Verdict>,
    gaps: Vec<(&'static str, String)>,
}

/// What to judge with.
pub(crate) struct Judging<'c> {
    /// The control whose findings are of interest.
    pub(crate) control: &'static Control,
    /// All controls; those whose findings waivers can cover run as well where the control looks at waivers.
    pub(crate) others: &'c [&'static Control],
}

/// Scans a text with one control, again with pinned policy versions where the text pins any.
pub(crate) fn judge(judging: &Judging<'_>, text: &str, target: Target) -> Outcome {
    let control = judging.control;
    let source = SourceText {
        name: "example.yaml".into(),
        unit: "example".into(),
        text,
        provenance: plimsoll_snapshot::provenance::Provenance::Written,
    };
    let others = judging.others.iter().copied();
    let others = others.filter(|other| audits(control) && other.head.id != control.head.id);
    let scan = Scan::new([control].into_iter().chain(others), target);
    let first = vec![scan.judge(&source)];
    let report = match scan.repinned(&first) {
        Some(pinned) => pinned.report(vec![pinned.judge(&source)], Vec::new(), Vec::new()),
        None => scan.report(first, Vec::new(), Vec::new()),
    };
    Outcome::new(report, control)
}

/// Does the control look at waivers, which are about other controls?
pub(crate) fn audits(control: &Control) -> bool {
    let mut revisions = control.revisions.iter();
    revisions.any(|revision| matches!(revision.rule, Rule::Audit { .. }))
}

impl Outcome {
    fn new(report: Report, control: &Control) -> Outcome {
        let findings = report.findings.into_iter();
        let findings = findings.filter(|reported| reported.finding.control.id == control.head.id);
        let verdicts = findings.map(|reported| {
            let location = reported.finding.place.location.as_ref();
            Verdict {
                document: location.map_or(0, |at| at.document),
                line: location.map(|at| at.start.line),
                path: reported.finding.place.path,
                severity: reported.finding.severity,
            }
        });
        let gaps = report.gaps.into_iter();
        Outcome {
            verdicts: verdicts.collect(),
            gaps: gaps.map(|gap| (gap.reason.as_str(), gap.message)).collect(),
        }
    }

    /// Is this what was expected? Cheaper than asking for the differences.
    pub(crate) fn meets(&self, expected: &Expected) -> bool {
        let (missing, extra) = self.unmatched(expected);
        missing.is_empty() && extra.is_empty() && self.gap_differences(expected).is_empty()
    }

    fn unmatched<'a>(&'a self, expected: &'a Expected) -> (Vec<&'a Verdict>, Vec<&'a Verdict>) {
        let mut extra: Vec<&Verdict> = self.verdicts.iter().collect();
        let mut missing = Vec::new();
        for wanted in &expected.verdicts {
            match extra.iter().position(|found| found.meets(wanted)) {
                Some(index) => drop(extra.remove(index)),
                None => missing.push(wanted),
            }
        }
        (missing, extra)
    }

    /// How this differs from what was expected, in sentences without their subject's name. Empty: not at all.
    pub(crate) fn differences(&self, expected: &Expected) -> Vec<String> {
        let (missing, mut extra) = self.unmatched(expected);
        let mut differences = Vec::new();
        for wanted in missing {
            let near =
                |found: &&Verdict| (found.document, &found.path) == (wanted.document, &wanted.path);
            differences.push(match extra.iter().position(near) {
                Some(index) => format!(
                    "expected {}, found {}",
                    wanted.shown(),
                    extra.remove(index).shown()
                ),
                None => format!("expected {}, found nothing there", wanted.shown()),
            });
        }
        differences.extend(
            extra
                .into_iter()
                .map(|found| format!("found {}, which is not marked", found.shown())),
        );
        differences.extend(self.gap_differences(expected));
        differences
    }

    fn gap_differences(&self, expected: &Expected) -> Vec<String> {
        let met: BTreeSet<_> = self.gaps.iter().map(|(reason, _)| *reason).collect();
        let missing = expected.gaps.difference(&met);
        let missing = missing.map(|reason| format!("expected a gap `{reason}`, came none"));
        let extra = self
            .gaps
            .iter()
            .filter(|(reason, _)| !expected.gaps.contains(reason));
        let extra = extra.map(|(reason, message)| format!("came a gap `{reason}`: {message}"));
        missing.chain(extra).collect()
    }
}
