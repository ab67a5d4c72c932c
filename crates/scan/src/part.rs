//! What one text gave. Parts are made in parallel and put together in the order of their files. There is one for every file
//! until all are judged, and most have nothing to say on most subjects: a list that is empty takes one word.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use plimsoll_control::{Finding, Tally};
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::waiver::Waiver;
use thin_vec::ThinVec;

use crate::effort::Effort;
use crate::gap::Gap;

/// A control that could not judge for want of evidence, and the evidence.
pub(crate) type Open = (&'static str, FactKind);

/// What one text gave.
#[derive(Clone, Default)]
pub struct Part {
    pub(crate) findings: ThinVec<Box<Finding>>,
    pub(crate) gaps: ThinVec<Gap>,
    pub(crate) facts: Facts,
    pub(crate) open: ThinVec<(Open, usize)>,
    pub(crate) waivers: ThinVec<Waiver>,
    pub(crate) tallies: ThinVec<Tally>,
    pub(crate) effort: Effort,
    pub(crate) file: Arc<str>,
    pub(crate) unit: Arc<str>,
    pub(crate) identities: ThinVec<u64>,
    pub(crate) objects: usize,
    pub(crate) unknown_kinds: BTreeMap<(String, String), (usize, bool)>,
}

impl Part {
    /// The file's name as shown.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// What it took, together with what was taken over from others.
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// Do waivers stand in the file?
    pub fn has_waivers(&self) -> bool {
        !self.waivers.is_empty()
    }

    /// Takes over what another part counted for each control, which need not be held for each file, and its effort.
    pub fn take_counts(&mut self, other: &mut Part) {
        self.effort.add(std::mem::take(&mut other.effort));
        let counts = std::mem::take(&mut other.tallies);
        for (sum, tally) in self.tallies.iter_mut().zip(counts) {
            sum.add(tally);
        }
    }

    /// Counts subjects that were left open. There are few of these, and a part for every file.
    pub(crate) fn left_open(&mut self, open: Open, subjects: usize) {
        match self.open.iter_mut().find(|(known, _)| *known == open) {
            Some((_, count)) => *count += subjects,
            None => self.open.push((open, subjects)),
        }
    }

    /// Drops the waivers that `earlier`, which is made from another version of the same file, does not have; `None` is
    /// a file that did not exist. Gives how many were dropped.
    pub fn keep_waivers_of(&mut self, earlier: Option<&Part>) -> usize {
        let before = self.waivers.len();
        let mut known = HashMap::new();
        for waiver in earlier.iter().flat_map(|part| &part.waivers) {
            *known.entry(waiver.identity()).or_insert(0_usize) += 1;
        }
        self.waivers
            .retain(|waiver| match known.get_mut(&waiver.identity()) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            });
        before - self.waivers.len()
    }

    /// Moves all that the part holds to another unit.
    pub(crate) fn move_to(&mut self, unit: &Arc<str>) {
        self.unit = unit.clone();
        for finding in &mut self.findings {
            Arc::make_mut(&mut finding.subject.object).unit = unit.clone();
        }
        for waiver in &mut self.waivers {
            Arc::make_mut(&mut waiver.object).unit = unit.clone();
        }
        self.facts.move_to(unit);
    }
}
