//! Fixing: what is called fixed is gone, nothing else newly fails, whatever is not fixed has a reason, and a second fix changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::sync::Arc;

use plimsoll_control::{Extent, Finding};
use plimsoll_fix::{Bench, Fate, Fixes, Texts, Wanted, fix};
use plimsoll_scan::{Fingerprint, Report};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

use super::scan::{files, scan};

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let old: Texts = files(text).into_iter().collect();
    let before = report(&old);
    let first = fixed(&old, &before);
    for outcome in &first.outcomes {
        if let Fate::Refused(reason) = &outcome.fate {
            assert!(!reason.is_empty(), "a refusal without a reason");
        }
    }
    let mut new = old.clone();
    for (name, changed) in &first.files {
        assert_eq!(old.get(name), Some(&changed.old));
        new.insert(name.clone(), changed.new.clone());
    }
    let after = report(&new);
    let (was, is) = (prints(&before), prints(&after));
    let mut ended: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in first.outcomes.iter().filter(|it| it.fate == Fate::Fixed) {
        *ended
            .entry(without_ordinal(outcome.reported.fingerprint))
            .or_default() += 1;
    }
    for (print, count) in ended {
        let left = is.get(&print).copied().unwrap_or(0);
        let had = was.get(&print).copied().unwrap_or(0);
        assert!(left + count <= had, "{print} is there still: {new:?}");
    }
    let controls: BTreeSet<_> = before
        .findings
        .iter()
        .map(|it| it.finding.control.id)
        .collect();
    for reported in &after.findings {
        let id = reported.finding.control.id;
        assert!(controls.contains(id), "{id} newly fails: {new:?}");
    }
    let second = fixed(&new, &after);
    assert!(
        second.files.is_empty(),
        "a second fix changes {:?}",
        second.files
    );
}

fn prints(report: &Report) -> BTreeMap<String, usize> {
    let mut prints = BTreeMap::new();
    for reported in &report.findings {
        *prints
            .entry(without_ordinal(reported.fingerprint))
            .or_default() += 1;
    }
    prints
}

/// Of findings that are alike, the second becomes the first when that is gone.
fn without_ordinal(fingerprint: Fingerprint) -> String {
    Fingerprint::from(fingerprint.hash()).to_string()
}

fn report(texts: &Texts) -> Report {
    let files: Vec<_> = texts
        .iter()
        .map(|(name, text)| (name.clone(), text.clone()))
        .collect();
    scan(&files)
}

fn fixed(texts: &Texts, before: &Report) -> Fixes {
    let read = |name: &Arc<str>| {
        texts
            .get(name)
            .cloned()
            .ok_or_else(|| "not there".to_owned())
    };
    let rescan = |edited: &Texts| {
        let mut texts = texts.clone();
        texts.extend(
            edited
                .iter()
                .map(|(name, text)| (name.clone(), text.clone())),
        );
        Ok::<_, Infallible>(report(&texts))
    };
    let wanted = Wanted {
        safe_only: false,
        extent: Extent::Recommended,
        asks: &|_: &Finding| true,
    };
    let bench = Bench {
        read: &read,
        rescan: &rescan,
        companion: &|_| Err("a text has no folder for a new file".to_owned()),
        target: &Target::new(Minor::NEWEST),
    };
    match fix(before, &wanted, &bench) {
        Ok(fixes) => fixes,
    }
}
