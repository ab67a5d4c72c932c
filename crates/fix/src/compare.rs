//! Findings before and after an edit: what makes one the same, wherever its lines have gone.

use std::collections::HashMap;

use plimsoll_control::Finding;
use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;

/// What names an object, whatever unit it is taken for: a new file can make units of folders that were one.
type Name<'f> = (&'f str, Option<&'f str>, &'f str);

fn name(id: &ObjectId) -> Name<'_> {
    (&id.kind, id.namespace.as_deref(), &id.name)
}

/// The same object, whatever unit it is taken for.
pub(crate) fn same(one: &ObjectId, other: &ObjectId) -> bool {
    name(one) == name(other)
}

/// What makes a finding the same one before and after, as often as there are true duplicates.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Key<'f> {
    place: Option<(&'f str, u32)>,
    control: &'static str,
    object: Name<'f>,
    container: Option<&'f str>,
    stable: &'f str,
}

pub(crate) fn key(finding: &Finding) -> Key<'_> {
    let at = finding.place.location.as_ref();
    Key {
        place: at.map(|at| (&*at.file, at.document)),
        control: finding.control.id,
        object: name(&finding.subject.object),
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
