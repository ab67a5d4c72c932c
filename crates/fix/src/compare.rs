//! Findings before and after an edit: what makes one the same, wherever its lines have gone.

use std::collections::HashMap;

use plimsoll_control::Finding;
use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;

/// The same object, whatever unit it is taken for.
pub(crate) fn same(one: &ObjectId, other: &ObjectId) -> bool {
    let key = |id: &ObjectId| (id.kind.clone(), id.namespace.clone(), id.name.clone());
    key(one) == key(other)
}

/// What makes a finding the same one before and after, as often as there are true duplicates.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Key<'f> {
    place: Option<(&'f str, u32)>,
    control: &'static str,
    object: &'f ObjectId,
    container: Option<&'f str>,
    stable: &'f str,
}

pub(crate) fn key(finding: &Finding) -> Key<'_> {
    let at = finding.place.location.as_ref();
    Key {
        place: at.map(|at| (&*at.file, at.document)),
        control: finding.control.id,
        object: &finding.subject.object,
        container: finding.subject.container.as_deref(),
        stable: &finding.place.stable,
    }
}

pub(crate) fn counted(report: &Report) -> HashMap<Key<'_>, usize> {
    let mut counts = HashMap::new();
    for reported in &report.findings {
        *counts.entry(key(&reported.finding)).or_default() += 1;
    }
    counts
}
