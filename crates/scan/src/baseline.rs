//! What was known before: findings of an earlier report or revision are set apart, so that only new ones count. Pure.
//!
//! Invariants: a finding is known by its fingerprint alone; what was waived then is not known, because the decision has
//! to stand today; gaps are never set apart.

use std::collections::HashSet;

use crate::fingerprint;
use crate::report::{Report, Reported, rank};

/// Findings that were there before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    source: String,
    fingerprints: HashSet<String>,
}

/// What became of a baseline.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Compared {
    /// Where the baseline is from, as shown.
    pub source: String,
    /// How many of its findings are not there any more.
    pub gone: usize,
}

/// Fingerprints that follow another recipe, which would make everything new.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the fingerprint \"{0}\" was not made by this version of plimsoll: write the report anew")]
pub struct ForeignFingerprint(pub String);

impl Baseline {
    /// The findings with these fingerprints, from a `source` as shown.
    ///
    /// # Errors
    /// The first fingerprint of another recipe.
    pub fn new(
        source: String,
        fingerprints: impl IntoIterator<Item = String>,
    ) -> Result<Baseline, ForeignFingerprint> {
        let known = |fingerprint: String| {
            if fingerprint::is_known(&fingerprint) {
                Ok(fingerprint)
            } else {
                Err(ForeignFingerprint(fingerprint))
            }
        };
        Ok(Baseline {
            source,
            fingerprints: fingerprints
                .into_iter()
                .map(known)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The findings of a report.
    pub fn of(source: String, report: &Report) -> Baseline {
        let findings = report.findings.iter().chain(&report.known);
        Baseline {
            source,
            fingerprints: findings
                .map(|reported| reported.fingerprint.to_string())
                .collect(),
        }
    }
}

impl Report {
    /// Sets the findings apart that are in the baseline; new ones come first in priority.
    #[must_use]
    pub fn since(mut self, baseline: &Baseline) -> Report {
        let is_known = |reported: &Reported| {
            let fingerprint = reported.fingerprint.to_string();
            baseline.fingerprints.contains(&fingerprint)
        };
        let (known, new): (Vec<_>, Vec<_>) = std::mem::take(&mut self.findings)
            .into_iter()
            .partition(&is_known);
        let waived = self.waived.iter().map(|waived| &waived.reported);
        let waived = waived.filter(|reported| is_known(reported));
        self.compared = Some(Compared {
            source: baseline.source.clone(),
            gone: baseline.fingerprints.len() - known.len() - waived.count(),
        });
        (self.findings, self.known) = (new, known);
        self.rank_anew();
        self
    }

    /// New before known; waived ones stay last.
    fn rank_anew(&mut self) {
        rank(self.findings.iter_mut(), 1);
        rank(self.known.iter_mut(), self.findings.len() + 1);
    }
}
