//! The counts of a report in JSON.

use std::collections::BTreeMap;

use plimsoll_control::Severity;
use plimsoll_scan::{KindSeen, Report};
use serde::Serialize;

use crate::evidence::Counts;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary<'r> {
    files: usize,
    other_files: usize,
    objects: usize,
    units: usize,
    findings: BySeverity,
    waived: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineShown<'r>>,
    gaps: usize,
    patches: usize,
    excluded: usize,
    foreign_waivers: usize,
    unknown_kinds: Vec<UnknownKind<'r>>,
    controls: BTreeMap<&'static str, Counts>,
}

/// What became of the findings of a former report or revision.
#[derive(Serialize)]
struct BaselineShown<'r> {
    source: &'r str,
    known: usize,
    gone: usize,
}

#[derive(Serialize)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnknownKind<'r> {
    api_version: &'r str,
    kind: &'r str,
    objects: usize,
    judged_as: Option<&'static str>,
}

impl<'r> UnknownKind<'r> {
    fn of(seen: &'r KindSeen) -> UnknownKind<'r> {
        UnknownKind {
            api_version: &seen.api_version,
            kind: &seen.kind,
            objects: seen.objects,
            judged_as: seen.judged_as_carrier.then_some("carrier"),
        }
    }
}

impl<'r> Summary<'r> {
    pub(super) fn of(report: &'r Report) -> Summary<'r> {
        let summary = &report.summary;
        let controls = summary.controls.iter();
        Summary {
            files: summary.files,
            other_files: summary.other_files,
            objects: summary.objects,
            units: summary.units,
            findings: BySeverity {
                critical: report.count(Severity::Critical),
                high: report.count(Severity::High),
                medium: report.count(Severity::Medium),
                low: report.count(Severity::Low),
            },
            waived: report.waived.len(),
            baseline: report.compared.as_ref().map(|compared| BaselineShown {
                source: &compared.source,
                known: report.known.len(),
                gone: compared.gone,
            }),
            gaps: report.gaps.len(),
            patches: summary.patches,
            excluded: summary.excluded,
            foreign_waivers: summary.foreign_waivers,
            unknown_kinds: summary.unknown_kinds.iter().map(UnknownKind::of).collect(),
            controls: controls
                .map(|(id, tally)| (*id, Counts::of(*tally)))
                .collect(),
        }
    }
}
