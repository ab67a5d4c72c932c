//! OpenMetrics 1.0 text: counts by severity, control and reason, and an info metric for each finding, to be scraped from a
//! file or pushed.
//!
//! Each finding is a series of its own, known by its fingerprint: `plimsoll_finding_info` may be dropped by whoever only
//! wants counts. Invariant: label values are escaped, and the text ends with `# EOF`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use plimsoll_control::Severity;

use super::Catalogue;
use super::words::or_empty;
use crate::escape::escape;
use crate::record::{Finding, Record};

/// Labels of one sample.
type Labels<'l> = &'l [(&'l str, &'l str)];

/// Writes every family.
pub(super) fn openmetrics(
    record: &Record<'_>,
    _: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    about(record, out)?;
    counts(record, out)?;
    controls(record, out)?;
    let help = "Every finding that is not waived.";
    family("plimsoll_finding", "info", help, out)?;
    record.findings.iter().try_for_each(|it| finding(it, out))?;
    out.write_all(b"# EOF\n")
}

fn about(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    family(
        "plimsoll_report",
        "info",
        "What was judged, and by what.",
        out,
    )?;
    let target = &record.target;
    let labels = [
        ("version", &*record.tool.version),
        ("kubernetes_version", &*target.kubernetes_version),
        ("profile", &*target.profile),
    ];
    sample("plimsoll_report_info", &labels, 1, out)?;
    let summary = &record.summary;
    for (name, help, count) in [
        (
            "plimsoll_files",
            "Files with Kubernetes objects.",
            summary.files,
        ),
        ("plimsoll_objects", "Objects.", summary.objects),
        ("plimsoll_units", "Units with objects.", summary.units),
        (
            "plimsoll_gaps",
            "What could not be looked at.",
            summary.gaps,
        ),
        (
            "plimsoll_waived",
            "Findings that are waived.",
            summary.waived,
        ),
    ] {
        family(name, "gauge", help, out)?;
        sample(name, &[], count, out)?;
    }
    Ok(())
}

fn counts(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    family("plimsoll_findings", "gauge", "Findings by severity.", out)?;
    for severity in Severity::ALL.into_iter().rev() {
        let labels = [("severity", severity.as_str())];
        sample("plimsoll_findings", &labels, record.count(severity), out)?;
    }
    let mut gaps: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in &record.gaps {
        *gaps.entry(&gap.reason).or_default() += 1;
    }
    let help = "What could not be looked at, by reason.";
    family("plimsoll_gap_reasons", "gauge", help, out)?;
    for (reason, count) in gaps {
        sample("plimsoll_gap_reasons", &[("reason", reason)], count, out)?;
    }
    Ok(())
}

fn controls(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = "plimsoll_control_subjects";
    family(name, "gauge", "Subjects by control and verdict.", out)?;
    for (control, counts) in &record.summary.controls {
        for (verdict, count) in [
            ("failed", counts.failed),
            ("passed", counts.passed),
            ("waived", counts.waived),
            ("not_assessed", counts.not_assessed),
        ] {
            let labels = [("control", &**control), ("verdict", verdict)];
            sample(name, &labels, count, out)?;
        }
    }
    Ok(())
}

fn finding(finding: &Finding<'_>, out: &mut dyn Write) -> io::Result<()> {
    let object = &finding.object;
    let file = finding.location.as_ref().map_or("", |at| &at.file);
    let labels = [
        ("fingerprint", &*finding.fingerprint),
        ("control", &*finding.control),
        ("severity", finding.severity.as_str()),
        ("kind", &*object.kind),
        ("namespace", or_empty(&object.namespace)),
        ("name", &*object.name),
        ("container", or_empty(&object.container)),
        ("file", file),
    ];
    sample("plimsoll_finding_info", &labels, 1, out)
}

fn family(name: &str, kind: &str, help: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# TYPE {name} {kind}\n# HELP {name} {help}")
}

fn sample(name: &str, labels: Labels<'_>, value: usize, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = String::new();
    for (label, text) in labels {
        let comma = if shown.is_empty() { "" } else { "," };
        let _ = write!(shown, "{comma}{label}=\"{}\"", value_of(text));
    }
    match shown.is_empty() {
        true => writeln!(out, "{name} {value}"),
        false => writeln!(out, "{name}{{{shown}}} {value}"),
    }
}

/// OpenMetrics escapes backslashes, quotes and line feeds; the latter have become visible escapes before.
fn value_of(text: &str) -> String {
    escape(text).replace('\\', "\\\\").replace('"', "\\\"")
}
