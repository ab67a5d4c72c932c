//! Faults that only show when kustomizations are rendered, as those of their patches: they are told with the line to change, and
//! never edited.

use std::collections::BTreeMap;
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

/// Leaves the findings in a report of rendered files that the same objects as written do not have. Kustomize may have put something
/// before or behind their names, and has its own word on their namespace.
pub(super) fn without(rendered: &mut Report, written: &Report) {
    let key = |reported: &Reported| {
        let subject = &reported.finding.subject;
        let container = subject.container.clone();
        (
            reported.finding.control.id,
            subject.object.kind.clone(),
            container,
        )
    };
    let mut known: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for reported in &written.findings {
        let name = &reported.finding.subject.object.name;
        known.entry(key(reported)).or_default().push(name);
    }
    rendered.findings.retain(|reported| {
        let name = &reported.finding.subject.object.name;
        let names = known.get(&key(reported)).into_iter().flatten();
        !names.into_iter().any(|known| name.contains(known))
    });
}
