//! What became new and what is gone from one report to the next, for somebody who mends files while a scan watches.

use std::collections::HashSet;
use std::io::{self, Write};

use plimsoll_scan::{Fingerprint, Gap, Report, Reported};

use crate::concise;
use crate::pen::Pen;
use crate::style::{GAP, GOOD};

/// Writes a line for each finding and gap that only one of both reports has, and the counts of the later one.
///
/// # Errors
/// What writing to `out` gives.
pub fn changes(
    before: &Report,
    after: &Report,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, usize::MAX, color);
    for reported in only_in(after, before) {
        pen.put(GAP, "new  ")?;
        concise::finding(&reported.finding, pen)?;
    }
    for gap in gaps_only_in(after, before) {
        pen.put(GAP, "new  ")?;
        concise::gap(gap, pen)?;
    }
    for reported in only_in(before, after) {
        pen.put(GOOD, "gone ")?;
        concise::finding(&reported.finding, pen)?;
    }
    for gap in gaps_only_in(before, after) {
        pen.put(GOOD, "gone ")?;
        concise::gap(gap, pen)?;
    }
    concise::counts(after, pen)
}

fn only_in<'r>(one: &'r Report, other: &'r Report) -> impl Iterator<Item = &'r Reported> {
    let names = other.findings.iter().map(|reported| reported.fingerprint);
    let names: HashSet<Fingerprint> = names.collect();
    let findings = one.findings.iter();
    findings.filter(move |reported| !names.contains(&reported.fingerprint))
}

fn gaps_only_in<'r>(one: &'r Report, other: &'r Report) -> impl Iterator<Item = &'r Gap> {
    let key = |gap: &'r Gap| (gap.reason, &gap.file, &gap.message);
    let others: HashSet<_> = other.gaps.iter().map(key).collect();
    one.gaps
        .iter()
        .filter(move |gap| !others.contains(&key(gap)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::full_report;

    fn shown(before: &Report, after: &Report) -> String {
        let mut out = Vec::new();
        changes(before, after, false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_differs_is_told() {
        let (before, mut after) = (full_report(), full_report());
        after.findings.remove(0);
        after.gaps.remove(1);
        let less = shown(&before, &after);
        let lines: Vec<&str> = less.lines().collect();
        assert_eq!(lines.len(), 3, "{less}");
        assert!(lines[0].starts_with("gone deploy/api.yaml:31:26: critical[bad-thing]"));
        assert!(lines[1].starts_with("gone deploy/gone: gap[unreadable]"));
        assert!(lines[2].starts_with("0 critical, 1 high"));
        let more = shown(&after, &before);
        assert!(more.starts_with("new  deploy/api.yaml:31:26"), "{more}");
        assert_eq!(shown(&before, &before).lines().count(), 1);
    }
}
