//! What `plimsoll fix` says: the difference between old and new texts as others read it, what was left and why, and counts.

mod diff;
mod json;

use std::collections::BTreeMap;
use std::io::{self, Write};

use plimsoll_fix::{Fate, Fixes};

use crate::frame::whereabouts;
use crate::pen::Pen;
use crate::style::{PLAIN, STRONG};
use crate::summary::counted;

pub use diff::Difference;
pub use json::fix_json;

/// Writes what changes as unified diffs.
///
/// # Errors
/// What writing to `out` gives.
pub fn fix_diff(fixes: &Fixes, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let pen = &mut Pen::new(out, usize::MAX, color);
    let mut files = fixes.files.iter();
    files.try_for_each(|(name, changed)| diff::unified(name, changed, pen))
}

/// Writes what was not fixed, each with its reason, and how many were.
///
/// # Errors
/// What writing to `out` gives.
pub fn fix_notes(
    fixes: &Fixes,
    verbose: bool,
    width: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, width, color);
    for outcome in &fixes.outcomes {
        if let Fate::Refused(reason) = &outcome.fate {
            let at = whereabouts(
                &outcome.reported.finding.subject.object,
                &outcome.reported.finding.place,
            );
            note(
                "left",
                outcome.reported.finding.control.id,
                &format!("{at}: {reason}"),
                pen,
            )?;
        }
    }
    for ((id, sort, reason), count) in reasons(fixes) {
        if sort == Sort::Review || verbose {
            let places = if count == 1 { "place" } else { "places" };
            note("left", id, &format!("{count} {places}: {reason}"), pen)?;
        }
    }
    summary(fixes, pen)
}

/// Writes one hunk of a difference as a question shows it: the first with the names of the file.
///
/// # Errors
/// What writing to `out` gives.
pub fn fix_hunk(
    difference: &Difference<'_>,
    number: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, usize::MAX, color);
    if number == 0 {
        difference.head(pen)?;
    }
    difference.hunk(number, pen)
}

fn note(word: &str, id: &str, text: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    let start = format!("{word}[{id}]: ");
    pen.flow(&[(STRONG, &start)], (PLAIN, "    "), &[(PLAIN, text)])
}

#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Review,
    NoFix,
}

/// Why findings were left that nobody has to look at one by one, and how many.
fn reasons(fixes: &Fixes) -> BTreeMap<(&'static str, Sort, &'static str), usize> {
    let mut reasons = BTreeMap::new();
    for outcome in &fixes.outcomes {
        let (sort, reason) = match outcome.fate {
            Fate::NeedsReview(breaks) => (Sort::Review, breaks),
            Fate::NoFix(reason) => (Sort::NoFix, reason),
            Fate::Fixed | Fate::Refused(_) => continue,
        };
        let key = (outcome.reported.finding.control.id, sort, reason);
        *reasons.entry(key).or_default() += 1;
    }
    reasons
}

fn summary(fixes: &Fixes, pen: &mut Pen<'_>) -> io::Result<()> {
    let counts = fixes.counts();
    let sum = |of: fn(&plimsoll_fix::Count) -> usize| counts.values().map(of).sum::<usize>();
    let (findings, fixable, fixed) = (
        sum(|count| count.findings),
        sum(|count| count.fixable),
        sum(|count| count.fixed),
    );
    let text = format!(
        "{}: {fixable} with a fix, {fixed} of them fixed in {}; {} cannot be fixed by editing (--verbose says why)",
        counted(findings, "finding", "findings"),
        counted(fixes.files.len(), "file", "files"),
        findings - fixable
    );
    pen.flow(&[], (PLAIN, "    "), &[(PLAIN, &text)])
}
