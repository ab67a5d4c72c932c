//! Faults that only show when kustomizations are rendered, as those of their patches: they are told with the line to change, and
//! never edited.

use std::collections::BTreeSet;
use std::path::PathBuf;

use plimsoll_gather::{Found, RevisionError};
use plimsoll_scan::{Report, Reported};
use plimsoll_snapshot::unit::KUSTOMIZATIONS;

use crate::scan::remembered::Remembered;
use crate::scan::{Settings, again};

/// What is found in the files as they are rendered; `None` where there is no kustomization.
pub(super) fn rendered(
    settings: &Settings,
    paths: &[PathBuf],
    found: &Found,
    remembered: &Remembered,
) -> Result<Option<Report>, RevisionError> {
    let own = |name: &str| {
        let own = name.rsplit('/').next().unwrap_or(name);
        KUSTOMIZATIONS.contains(&own)
    };
    let mut files = found.files.iter();
    let report = files
        .any(|file| own(&file.name))
        .then(|| again(settings, paths, found.clone(), remembered));
    report.transpose()
}

/// Leaves the findings in a report of rendered files that one of the same files as written does not have: on other lines, or of other
/// controls.
pub(super) fn without(rendered: &mut Report, written: &Report) {
    let place = |reported: &Reported| {
        let finding = &reported.finding;
        let at = finding.place.location.as_ref()?;
        Some((finding.control.id, at.file.clone(), at.start.line))
    };
    let known: BTreeSet<_> = written.findings.iter().filter_map(place).collect();
    let new = |reported: &Reported| place(reported).is_some_and(|place| !known.contains(&place));
    rendered.findings.retain(new);
}
