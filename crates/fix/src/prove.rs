//! Proves proposals: the edited texts are scanned with everything else of the run. What does not help, or does harm (`trouble`
//! says what that is and whose fault it may be), is left out. Where several proposals on an object come into question, they
//! are tried one after the other, the most severe finding first; all objects at the same time, so that a run needs few scans.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_yaml::edit::Edit;

use crate::apply::apply_all;
use crate::compare::{Key, counted};
use crate::outcome::Fate;
use crate::propose::Proposal;
use crate::trial::Trial;
use crate::trouble::Trouble;
use crate::validity::{Refused, refused};
use crate::{Bench, Texts};

/// The edited texts, and what became of each proposal.
pub(crate) struct Proved {
    pub(crate) texts: Texts,
    pub(crate) fates: BTreeMap<usize, Fate>,
    pub(crate) edits: BTreeMap<usize, Vec<Edit>>,
}

/// Which object of which document; 0 is the document of a file that is not there yet.
pub(crate) type Site = (Arc<str>, u32, Arc<ObjectId>);

fn site(proposal: &Proposal) -> Site {
    let (file, document) = match &proposal.adds {
        Some(new) => (&new.name, 0),
        None => (&proposal.file, proposal.document),
    };
    (file.clone(), document, proposal.object.clone())
}

/// Finds the proposals that can be made together.
pub(crate) fn prove<E>(
    before: &Report,
    texts: &Texts,
    mut proposals: Vec<Proposal>,
    bench: &Bench<'_, E>,
) -> Result<Proved, E> {
    proposals.sort_by_cached_key(|proposal| {
        let finding = before.findings.get(proposal.finding);
        (
            finding.map(|reported| Reverse(reported.finding.severity)),
            site(proposal),
            proposal.finding,
        )
    });
    let rounds = 4 * proposals.len() + 4;
    let mut court = Court::new(before, texts, proposals, bench);
    let mut edited = Texts::new();
    // Every round lets something go or settles a trial; the bound only guards against our own faults.
    for _ in 0..rounds {
        let accepted: Vec<&Proposal> = court.accepted().collect();
        let applied = apply_all(texts, &accepted);
        for (finding, reason) in &applied.refused {
            court.fall_back_or_drop(*finding, reason);
        }
        edited = applied.texts;
        if !applied.refused.is_empty() {
            continue;
        }
        if edited.is_empty() && court.trials.is_empty() {
            return Ok(court.verdict(edited));
        }
        let after = (bench.rescan)(&edited)?;
        let troubles = court.troubles(&edited, &after);
        if court.settle(&troubles) {
            return Ok(court.verdict(edited));
        }
    }
    edited.clear();
    court.give_up();
    Ok(court.verdict(edited))
}

pub(crate) struct Court<'p, E> {
    pub(crate) before: &'p Report,
    proposals: Vec<Proposal>,
    /// Where the proposal for a finding stands among them.
    places: HashMap<usize, usize>,
    pub(crate) bench: &'p Bench<'p, E>,
    /// How often each finding was there before.
    pub(crate) known: HashMap<Key<'p>, usize>,
    pub(crate) refused: HashMap<Arc<str>, Refused>,
    pub(crate) accepted: BTreeSet<usize>,
    trials: BTreeMap<Site, Trial>,
    fates: BTreeMap<usize, Fate>,
}

impl<'p, E> Court<'p, E> {
    pub(crate) fn new(
        before: &'p Report,
        texts: &Texts,
        proposals: Vec<Proposal>,
        bench: &'p Bench<'p, E>,
    ) -> Court<'p, E> {
        let refused = texts
            .iter()
            .map(|(name, text)| (name.clone(), refused(name, text, bench.target)));
        Court {
            before,
            bench,
            known: counted(before),
            refused: refused.collect(),
            places: proposals
                .iter()
                .enumerate()
                .map(|(place, it)| (it.finding, place))
                .collect(),
            accepted: proposals.iter().map(|proposal| proposal.finding).collect(),
            proposals,
            trials: BTreeMap::new(),
            fates: BTreeMap::new(),
        }
    }

    pub(crate) fn accepted(&self) -> impl Iterator<Item = &Proposal> {
        let proposals = self.proposals.iter();
        proposals.filter(|proposal| self.accepted.contains(&proposal.finding))
    }

    fn drop(&mut self, finding: usize, reason: &str) {
        self.accepted.remove(&finding);
        self.fates.insert(finding, Fate::Refused(reason.to_owned()));
    }

    fn findings(&self) -> Vec<usize> {
        let proposals = self.proposals.iter();
        proposals.map(|proposal| proposal.finding).collect()
    }

    fn fall_back(&mut self, finding: usize) -> bool {
        let place = self.places.get(&finding);
        let proposal = place.and_then(|place| self.proposals.get_mut(*place));
        proposal.is_some_and(Proposal::fall_back)
    }

    fn fall_back_or_drop(&mut self, finding: usize, reason: &str) {
        if !self.fall_back(finding) {
            self.drop(finding, reason);
        }
    }

    fn give_up(&mut self) {
        for finding in self.findings() {
            self.drop(finding, "the edits could not be proved together");
        }
    }

    fn verdict(self, texts: Texts) -> Proved {
        let edits = self.accepted();
        let edits = edits.map(|proposal| (proposal.finding, proposal.edits.clone()));
        let edits = edits.collect();
        let mut fates = self.fates;
        fates.extend(self.accepted.iter().map(|finding| (*finding, Fate::Fixed)));
        Proved {
            texts,
            fates,
            edits,
        }
    }

    /// Draws the consequences of a round. True when nothing is left to be tried.
    fn settle(&mut self, troubles: &[Trouble]) -> bool {
        let mut done = troubles.is_empty();
        let on_trial: BTreeSet<usize> =
            self.trials.values().filter_map(|trial| trial.now).collect();
        for trouble in troubles {
            let suspects: Vec<usize> = trouble
                .suspects
                .iter()
                .copied()
                .filter(|finding| self.accepted.contains(finding))
                .collect();
            let caught: Vec<usize> = suspects
                .iter()
                .copied()
                .filter(|finding| on_trial.contains(finding))
                .collect();
            match (suspects.as_slice(), caught.as_slice()) {
                ([], _) => {}
                ([only], []) if !self.adds(*only) => self.fall_back_or_drop(*only, &trouble.reason),
                (_, []) => self.put_on_trial(&suspects, &trouble.reason),
                (_, caught) => caught.iter().for_each(|it| self.drop(*it, &trouble.reason)),
            }
        }
        let mut lost = Vec::new();
        let mut trials = self.trials.iter();
        let busy = trials.any(|(site, trial)| site.1 != 0 && !trial.is_over());
        for (site, trial) in &mut self.trials {
            // What a new object does to others is seen once these are settled.
            if site.1 == 0 && busy && trial.now.is_none() {
                done &= trial.is_over();
                continue;
            }
            let failed = trial.now.filter(|now| !self.accepted.contains(now));
            trial.failed.extend(failed);
            lost.extend(failed);
            trial.next();
            done &= trial.is_over();
            self.accepted.extend(trial.now);
        }
        for finding in lost {
            self.fall_back(finding);
        }
        done
    }

    /// Does a proposal make a new file?
    fn adds(&self, finding: usize) -> bool {
        let place = self.places.get(&finding);
        let proposal = place.and_then(|place| self.proposals.get(*place));
        proposal.is_some_and(|proposal| proposal.adds.is_some())
    }

    /// Takes proposals out, to be tried one after the other; those that have been tried already are let go.
    fn put_on_trial(&mut self, suspects: &[usize], reason: &str) {
        let places = suspects
            .iter()
            .filter_map(|finding| self.places.get(finding));
        let places: BTreeSet<usize> = places.copied().collect();
        let in_order = places.iter().filter_map(|place| self.proposals.get(*place));
        let in_order: Vec<(usize, Site)> = in_order
            .map(|proposal| (proposal.finding, site(proposal)))
            .collect();
        for (finding, site) in in_order {
            match self.trials.get_mut(&site) {
                Some(trial) if trial.second && trial.is_over() => {
                    self.drop(finding, reason);
                }
                trial => {
                    self.accepted.remove(&finding);
                    match trial {
                        Some(trial) => trial.waiting.push_back(finding),
                        None => {
                            let waiting = VecDeque::from([finding]);
                            let trial = Trial {
                                waiting,
                                ..Trial::default()
                            };
                            self.trials.insert(site, trial);
                        }
                    }
                }
            }
        }
    }
}
