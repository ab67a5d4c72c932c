//! What is different between two snapshots of a cluster: objects with the paths that changed, and the findings that came and went.
//! Here it is written for people; for machines it is in `json`.

mod json;

use std::collections::HashSet;
use std::io::{self, Write};

use plimsoll_scan::{Fingerprint, Report, Reported};
use plimsoll_snapshot::difference::{Change, Differences, Which};

pub use json::comparison_json;

use crate::concise;
use crate::pen::Pen;
use crate::style::{ADDED, FAINT, GAP, GOOD, PARTLY, PLAIN, REMOVED, STRONG};

/// How much of a value people are shown, in characters.
const SHOWN: usize = 60;

/// A snapshot, as it says about itself.
pub struct Side {
    /// Its name as given.
    pub name: String,
    /// The version of its API server.
    pub server_version: String,
    /// The day on which it was taken.
    pub taken: String,
    /// How many objects it holds.
    pub objects: u64,
}

/// Two snapshots, each with the report on it, and how they differ.
pub struct Comparison<'r> {
    /// The former one.
    pub before: (Side, &'r Report),
    /// The later one.
    pub after: (Side, &'r Report),
    /// Which objects differ, and where.
    pub differences: &'r Differences,
}

impl Comparison<'_> {
    /// Is nothing different, neither objects nor findings?
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty() && self.came().next().is_none() && self.went().next().is_none()
    }

    /// Findings that only the later one has, waived or not.
    fn came(&self) -> impl Iterator<Item = &Reported> {
        only_in(self.after.1, self.before.1)
    }

    /// Findings that only the former one has, waived or not.
    fn went(&self) -> impl Iterator<Item = &Reported> {
        only_in(self.before.1, self.after.1)
    }
}

fn only_in<'r>(one: &'r Report, other: &'r Report) -> impl Iterator<Item = &'r Reported> {
    let waived = other.waived.iter().map(|waived| &waived.reported);
    let others = other.findings.iter().chain(waived);
    let others: HashSet<Fingerprint> = others.map(|reported| reported.fingerprint).collect();
    let findings = one.findings.iter();
    findings.filter(move |reported| !others.contains(&reported.fingerprint))
}

/// Writes a comparison for people.
///
/// # Errors
/// What writing to `out` gives.
pub fn comparison_text(
    comparison: &Comparison<'_>,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, usize::MAX, color);
    let Differences {
        added,
        removed,
        changed,
    } = comparison.differences;
    for which in added {
        pen.line(&[(ADDED, "added    "), (PLAIN, &name(which))])?;
    }
    for which in removed {
        pen.line(&[(REMOVED, "removed  "), (PLAIN, &name(which))])?;
    }
    for (which, changes) in changed {
        pen.line(&[(PARTLY, "changed  "), (PLAIN, &name(which))])?;
        changes
            .iter()
            .try_for_each(|change| self::change(change, pen))?;
    }
    for reported in comparison.came() {
        pen.put(GAP, "came     ")?;
        concise::finding(&reported.finding, pen)?;
    }
    for reported in comparison.went() {
        pen.put(GOOD, "went     ")?;
        concise::finding(&reported.finding, pen)?;
    }
    for (side, report) in [&comparison.before, &comparison.after] {
        for gap in &report.gaps {
            pen.line(&[
                (GAP, "gap      "),
                (PLAIN, &side.name),
                (PLAIN, ": "),
                (PLAIN, &gap.message),
            ])?;
        }
    }
    pen.line(&[(STRONG, &counts(comparison))])
}

fn counts(comparison: &Comparison<'_>) -> String {
    let differences = comparison.differences;
    let told = |side: &Side| format!("{} ({}, {})", side.name, side.taken, side.server_version);
    format!(
        "{} objects added, {} removed, {} changed; {} findings came, {} went: from {} to {}",
        differences.added.len(),
        differences.removed.len(),
        differences.changed.len(),
        comparison.came().count(),
        comparison.went().count(),
        told(&comparison.before.0),
        told(&comparison.after.0)
    )
}

fn name(which: &Which) -> String {
    match &which.namespace {
        Some(namespace) => format!("{} {namespace}/{}", which.kind, which.name),
        None => format!("{} {}", which.kind, which.name),
    }
}

fn change(change: &Change, pen: &mut Pen<'_>) -> io::Result<()> {
    let path = change.path.to_string();
    let value = |value: &Option<String>| match value {
        Some(value) => short(value),
        None => "nothing".to_owned(),
    };
    pen.line(&[
        (PLAIN, "           "),
        (PLAIN, &path),
        (FAINT, ": "),
        (PLAIN, &value(&change.before)),
        (FAINT, " -> "),
        (PLAIN, &value(&change.after)),
    ])
}

fn short(value: &str) -> String {
    if value.chars().count() <= SHOWN {
        return value.to_owned();
    }
    let start: String = value.chars().take(SHOWN - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use plimsoll_yaml::{Path, Segment};
    use serde_json::Value;

    use super::*;
    use crate::fixture::{full_report, waived_report};

    fn side(name: &str) -> Side {
        Side {
            name: name.to_owned(),
            server_version: "v1.37.1".to_owned(),
            taken: "2027-01-31".to_owned(),
            objects: 3,
        }
    }

    fn which(name: &str) -> Which {
        Which {
            group: "apps".to_owned(),
            kind: "Deployment".to_owned(),
            namespace: Some("shop".to_owned()),
            name: name.to_owned(),
        }
    }

    fn differences() -> Differences {
        let change = Change {
            path: Path::from(vec![
                Segment::Key("spec".into()),
                Segment::Key("replicas".into()),
            ]),
            before: Some("2".to_owned()),
            after: None,
        };
        Differences {
            added: vec![which("evil\u{1b}[31m")],
            removed: Vec::new(),
            changed: vec![(which("web"), vec![change])],
        }
    }

    #[test]
    fn people_see_what_changed_and_nothing_steers_their_terminal() {
        let (before, mut after) = (full_report(), full_report());
        after.findings.remove(0);
        let comparison = Comparison {
            before: (side("a"), &before),
            after: (side("b"), &after),
            differences: &differences(),
        };
        let mut out = Vec::new();
        comparison_text(&comparison, false, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("added    Deployment shop/evil\\u{1b}[31m\n"),
            "{text}"
        );
        assert!(
            text.contains("\n           spec.replicas: 2 -> nothing\n"),
            "{text}"
        );
        assert!(
            text.contains("\nwent     deploy/api.yaml:31:26: critical[bad-thing]"),
            "{text}"
        );
        assert!(!text.contains("\ncame "), "{text}");
        assert!(!comparison.is_empty());
    }

    #[test]
    fn machines_tell_nothing_from_null() {
        let report = full_report();
        let comparison = Comparison {
            before: (side("a"), &report),
            after: (side("b"), &report),
            differences: &differences(),
        };
        let mut out = Vec::new();
        comparison_json(&comparison, &mut out).unwrap();
        let shown: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(shown["schema"], "plimsoll.snapshot-diff/v1");
        let change = &shown["objects"]["changed"][0]["changes"][0];
        assert_eq!(
            *change,
            serde_json::json!({"path": "spec.replicas", "before": 2})
        );
        assert_eq!(shown["summary"]["came"], 0);
        assert_eq!(
            shown["before"]["gaps"].as_array().unwrap().len(),
            report.gaps.len()
        );
    }

    #[test]
    fn what_is_waived_now_has_not_gone() {
        let waived = waived_report();
        let mut open = waived.clone();
        let reported = open.waived.iter().map(|waived| waived.reported.clone());
        open.findings.extend(reported.collect::<Vec<_>>());
        open.waived.clear();
        let comparison = Comparison {
            before: (side("a"), &open),
            after: (side("b"), &waived),
            differences: &Differences::default(),
        };
        assert!(comparison.is_empty());
    }
}
