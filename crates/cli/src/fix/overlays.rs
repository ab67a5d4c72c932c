//! Faults that only show when kustomizations are rendered, as those of their patches: they are told with the line to change, and
//! never edited.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use plimsoll_control::Subject;
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

/// Leaves the findings in a report of rendered files that the same objects as written do not have. Kustomize may have put words before or
/// behind their names, and has its own say on their namespace.
pub(super) fn without(rendered: &mut Report, written: &Report) {
    let about = |reported: &Reported| {
        let Subject { object, container } = &reported.finding.subject;
        let control = reported.finding.control.id;
        (control, object.kind.clone(), container.clone())
    };
    let mut known: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for reported in &written.findings {
        let name = reported.finding.subject.object.name.as_str();
        known.entry(about(reported)).or_default().insert(name);
    }
    rendered.findings.retain(|reported| {
        let name = &reported.finding.subject.object.name;
        let names = known.get(&about(reported));
        names.is_none_or(|names| runs(name).all(|run| !names.contains(run)))
    });
}

/// What a name may have been before something was put around it: each run of its words.
fn runs(name: &str) -> impl Iterator<Item = &str> {
    let starts = || std::iter::once(0).chain(name.match_indices('-').map(|(at, _)| at + 1));
    let ends = || {
        name.match_indices('-')
            .map(|(at, _)| at)
            .chain([name.len()])
    };
    starts().flat_map(move |start| ends().filter_map(move |end| name.get(start..end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_between_what_was_put_around_it() {
        let all: Vec<&str> = runs("prod-web-v2").collect();
        assert_eq!(
            all,
            ["prod", "prod-web", "prod-web-v2", "web", "web-v2", "v2"]
        );
    }
}
