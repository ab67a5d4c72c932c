//! `plimsoll.fix/v1`: the edits of every file as stretches of bytes and lines with the text that takes their place, and what
//! became of every finding. Scripts rely on every name here: fields may be added and never changed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use plimsoll_fix::{Changed, Count, Fate, Fixes, Outcome};
use plimsoll_scan::Report;
use serde::Serialize;
use similar::DiffOp;

use crate::json::pretty;
use crate::record::Finding;

use super::diff::by_lines;

const SCHEMA: &str = "plimsoll.fix/v1";

/// Writes what was fixed in a report, indented by two spaces.
///
/// # Errors
/// What writing to `out` gives.
pub fn fix_json(report: &Report, fixes: &Fixes, out: &mut dyn Write) -> io::Result<()> {
    let files = fixes.files.iter();
    let counts = fixes.counts();
    let shown = Whole {
        schema: SCHEMA,
        kubernetes_version: report.version.to_string(),
        files: files
            .map(|(name, changed)| FileShown {
                file: name,
                new: changed.is_new.then_some(true),
                edits: edits(changed),
            })
            .collect(),
        findings: fixes.outcomes.iter().map(OutcomeShown::of).collect(),
        summary: Summary {
            findings: counts.values().map(|count| count.findings).sum(),
            fixable: counts.values().map(|count| count.fixable).sum(),
            fixed: counts.values().map(|count| count.fixed).sum(),
            controls: counts
                .into_iter()
                .map(|(id, count)| (id, CountShown::of(count)))
                .collect(),
        },
    };
    pretty(&shown, out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'f> {
    schema: &'static str,
    kubernetes_version: String,
    files: Vec<FileShown<'f>>,
    findings: Vec<OutcomeShown<'f>>,
    summary: Summary,
}

#[derive(Serialize)]
struct FileShown<'f> {
    file: &'f str,
    /// Only where there is no such file yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<bool>,
    edits: Vec<EditShown<'f>>,
}

/// Whole lines; bytes count from 0, lines from 1, ends are exclusive. All count in the old text.
#[derive(Serialize, Debug, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
struct EditShown<'f> {
    start_byte: usize,
    end_byte: usize,
    start_line: usize,
    end_line: usize,
    new_text: &'f str,
}

#[derive(Serialize)]
struct OutcomeShown<'f> {
    finding: Finding<'f>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'f str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    safety: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    option: Option<&'static str>,
    /// Only where no change of the object itself does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    elsewhere: Option<bool>,
    changes: Vec<String>,
}

#[derive(Serialize)]
struct Summary {
    findings: usize,
    fixable: usize,
    fixed: usize,
    controls: BTreeMap<&'static str, CountShown>,
}

#[derive(Serialize)]
struct CountShown {
    findings: usize,
    fixable: usize,
    fixed: usize,
}

impl CountShown {
    fn of(count: Count) -> CountShown {
        CountShown {
            findings: count.findings,
            fixable: count.fixable,
            fixed: count.fixed,
        }
    }
}

impl<'f> OutcomeShown<'f> {
    fn of(outcome: &'f Outcome) -> OutcomeShown<'f> {
        let (word, reason) = match &outcome.fate {
            Fate::Fixed => ("fixed", None),
            Fate::Refused(reason) => ("refused", Some(reason.as_str())),
            Fate::NeedsReview(breaks) => ("needsReview", Some(*breaks)),
            Fate::NoFix(reason) => ("noFix", Some(*reason)),
        };
        OutcomeShown {
            finding: Finding::of(&outcome.reported),
            outcome: word,
            reason,
            safety: outcome.remedy.map(|remedy| remedy.safety.as_str()),
            option: outcome.remedy.map(|remedy| remedy.extent.as_str()),
            elsewhere: outcome.is_elsewhere().then_some(true),
            changes: outcome.edits.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The stretches that differ.
fn edits(changed: &Changed) -> Vec<EditShown<'_>> {
    let diff = by_lines(&changed.old, &changed.new);
    let starts = |text: &str| -> Vec<usize> {
        let ends = text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        });
        std::iter::once(0).chain(ends).collect()
    };
    let (old, new) = (starts(&changed.old), starts(&changed.new));
    let at = |starts: &[usize], line: usize| starts.get(line).copied().unwrap_or_default();
    let differs = |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. });
    let shown = diff.ops().iter().filter(differs).map(|op| {
        let (gone, come) = (op.old_range(), op.new_range());
        let new_text = at(&new, come.start)..at(&new, come.end);
        EditShown {
            start_byte: at(&old, gone.start),
            end_byte: at(&old, gone.end),
            start_line: gone.start + 1,
            end_line: gone.end + 1,
            new_text: changed.new.get(new_text).unwrap_or_default(),
        }
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_lead_from_the_old_text_to_the_new_one() {
        let changed = Changed {
            old: "a: 1\nb: ü\nc: 3".to_owned(),
            new: "b: ü\nb2: 5\nc: 4".to_owned(),
            is_new: false,
        };
        let edits = edits(&changed);
        let mut text = changed.old.clone();
        for edit in edits.iter().rev() {
            text.replace_range(edit.start_byte..edit.end_byte, edit.new_text);
        }
        assert_eq!(text, changed.new);
        let first = EditShown {
            start_byte: 0,
            end_byte: 5,
            start_line: 1,
            end_line: 2,
            new_text: "",
        };
        assert_eq!(edits.first(), Some(&first));
    }
}
