//! What was looked at, in numbers, as it is written down.

use std::borrow::Cow;
use std::collections::BTreeMap;

use plimsoll_control::Severity;
use plimsoll_scan::{KindSeen, Report};
use serde::{Deserialize, Serialize};

use crate::evidence::Counts;

/// What was looked at, in numbers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary<'r> {
    /// Files that hold Kubernetes objects, or should.
    pub files: usize,
    /// Files that hold none.
    pub other_files: usize,
    /// Objects.
    pub objects: usize,
    /// Units with objects.
    pub units: usize,
    /// Findings by severity.
    pub findings: BySeverity,
    /// Findings that are waived.
    pub waived: usize,
    /// What became of the findings of a former report or revision. `None` without a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline<'r>>,
    /// Gaps.
    pub gaps: usize,
    /// Files that patch objects.
    #[serde(default)]
    pub patches: usize,
    /// Files that the configuration excludes.
    #[serde(default)]
    pub excluded: usize,
    /// Waivers that do not count because they are not in the revision from which waivers are taken.
    #[serde(default)]
    pub foreign_waivers: usize,
    /// Kinds that are not Kubernetes' own.
    #[serde(default)]
    pub unknown_kinds: Vec<UnknownKind<'r>>,
    /// Verdicts by control; every control of the catalogue is here.
    pub controls: BTreeMap<Cow<'r, str>, Counts>,
}

/// What became of the findings of a former report or revision.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Baseline<'r> {
    /// The report or revision, as given.
    pub source: Cow<'r, str>,
    /// How many of its findings are there still.
    pub known: usize,
    /// How many are not.
    pub gone: usize,
}

/// Findings by severity.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct BySeverity {
    /// Of severity critical.
    pub critical: usize,
    /// Of severity high.
    pub high: usize,
    /// Of severity medium.
    pub medium: usize,
    /// Of severity low.
    pub low: usize,
}

impl BySeverity {
    /// How many findings of a severity there are.
    pub fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }
}

/// A kind that is not Kubernetes' own.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownKind<'r> {
    /// As written.
    pub api_version: Cow<'r, str>,
    /// As written.
    pub kind: Cow<'r, str>,
    /// How many objects.
    pub objects: usize,
    /// `carrier` when it was judged as one.
    pub judged_as: Option<Cow<'r, str>>,
}

impl<'r> UnknownKind<'r> {
    fn of(seen: &'r KindSeen) -> UnknownKind<'r> {
        UnknownKind {
            api_version: seen.api_version.as_str().into(),
            kind: seen.kind.as_str().into(),
            objects: seen.objects,
            judged_as: seen.judged_as_carrier.then_some("carrier".into()),
        }
    }
}

impl<'r> Summary<'r> {
    pub(crate) fn of(report: &'r Report) -> Summary<'r> {
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
            baseline: report.compared.as_ref().map(|compared| Baseline {
                source: compared.source.as_str().into(),
                known: report.known.len(),
                gone: compared.gone,
            }),
            gaps: report.gaps.len(),
            patches: summary.patches,
            excluded: summary.excluded,
            foreign_waivers: summary.foreign_waivers,
            unknown_kinds: summary.unknown_kinds.iter().map(UnknownKind::of).collect(),
            controls: controls
                .map(|(id, tally)| ((*id).into(), Counts::of(*tally)))
                .collect(),
        }
    }
}
