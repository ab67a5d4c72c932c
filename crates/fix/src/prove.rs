//! Proves proposals: the edited texts are scanned with everything else of the run, and compared with what was there
//! before. What does not help, or does harm, is left out. Where several proposals on an object come into question, they
//! are tried one after the other, the most severe finding first; all objects at the same time, so that a run needs few scans.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use plimsoll_control::Finding;
use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_yaml::edit::Edit;

use crate::apply::apply_all;
use crate::compare::{Key, counted, key, same};
use crate::outcome::Fate;
use crate::propose::Proposal;
use crate::trial::Trial;
use crate::validity::{Refused, refused};
use crate::{Bench, Texts};

/// The edited texts, and what became of each proposal.
pub(crate) struct Proved {
    pub(crate) texts: Texts,
    pub(crate) fates: BTreeMap<usize, Fate>,
    pub(crate) edits: BTreeMap<usize, Vec<Edit>>,
}

/// Which object of which document; 0 is the document of a file that is not there yet.
type Site = (Arc<str>, u32, Arc<ObjectId>);

fn site(proposal: &Proposal) -> Site {
    let (file, document) = match &proposal.adds {
        Some(new) => (&new.name, 0),
        None => (&proposal.file, proposal.document),
    };
    (file.clone(), document, proposal.object.clone())
}

/// Something that the edits made worse, or did not mend, and the proposals that may be to blame.
struct Trouble {
    suspects: BTreeSet<usize>,
    reason: String,
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

struct Court<'p, E> {
    before: &'p Report,
    proposals: Vec<Proposal>,
    bench: &'p Bench<'p, E>,
    /// How often each finding was there before.
    known: HashMap<Key<'p>, usize>,
    refused: HashMap<Arc<str>, Refused>,
    accepted: BTreeSet<usize>,
    trials: BTreeMap<Site, Trial>,
    fates: BTreeMap<usize, Fate>,
}

impl<'p, E> Court<'p, E> {
    fn new(
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
            accepted: proposals.iter().map(|proposal| proposal.finding).collect(),
            proposals,
            trials: BTreeMap::new(),
            fates: BTreeMap::new(),
        }
    }

    fn accepted(&self) -> impl Iterator<Item = &Proposal> {
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
        let mut proposals = self.proposals.iter_mut();
        let proposal = proposals.find(|proposal| proposal.finding == finding);
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

    /// Everything that speaks against the edits.
    fn troubles(&self, edited: &Texts, after: &Report) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let now = counted(after);
        self.unmended(&now, &mut troubles);
        for reported in &after.findings {
            let finding = &reported.finding;
            let key = key(finding);
            if now.get(&key) > self.known.get(&key) {
                let (id, message) = (finding.control.id, &finding.message);
                troubles.push(Trouble {
                    suspects: self.suspects(finding),
                    reason: format!("it would cause another finding: {id}: {message}"),
                });
            }
        }
        for (name, text) in edited {
            let before = self.refused.get(name);
            for (what, count) in refused(name, text, self.bench.target) {
                if before.and_then(|before| before.get(&what)) < Some(&count) {
                    let (document, object, sentence) = what;
                    troubles.push(Trouble {
                        suspects: self.of_site(&(name.clone(), document, object)),
                        reason: sentence.to_owned(),
                    });
                }
            }
        }
        self.new_gaps(after, &mut troubles);
        troubles
    }

    /// Findings that are still there though an edit should have ended them.
    fn unmended(&self, now: &HashMap<Key<'_>, usize>, troubles: &mut Vec<Trouble>) {
        let mut targets: HashMap<Key<'_>, BTreeSet<usize>> = HashMap::new();
        for proposal in self.accepted() {
            if let Some(reported) = self.before.findings.get(proposal.finding) {
                let target = targets.entry(key(&reported.finding)).or_default();
                target.insert(proposal.finding);
            }
        }
        for (key, targets) in targets {
            let known = self.known.get(&key).copied().unwrap_or(0);
            let left = known.saturating_sub(targets.len());
            if now.get(&key).is_some_and(|count| *count > left) {
                troubles.extend(targets.into_iter().map(|finding| Trouble {
                    suspects: BTreeSet::from([finding]),
                    reason: "the finding would still be there".to_owned(),
                }));
            }
        }
    }

    fn new_gaps(&self, after: &Report, troubles: &mut Vec<Trouble>) {
        let count = |report: &Report, file: &str| {
            let gaps = report.gaps.iter();
            gaps.filter(|gap| &*gap.file == file).count()
        };
        let files: BTreeSet<&Arc<str>> = self.accepted().map(|it| &it.file).collect();
        for file in files {
            if count(after, file) > count(self.before, file) {
                let suspects = self.accepted().filter(|it| it.file == *file);
                troubles.push(Trouble {
                    suspects: suspects.map(|proposal| proposal.finding).collect(),
                    reason: "something could not be judged any more".to_owned(),
                });
            }
        }
    }

    /// Who may have caused a finding: new objects of the same unit, else edits of the same object, else of the same unit, else
    /// all.
    fn suspects(&self, finding: &Finding) -> BTreeSet<usize> {
        let object = &finding.subject.object;
        let new = self.accepted().filter(|it| it.adds.is_some());
        let new = new.filter(|it| it.object.unit == object.unit);
        let new: BTreeSet<usize> = new.map(|proposal| proposal.finding).collect();
        if !new.is_empty() {
            return new;
        }
        let at = finding.place.location.as_ref();
        let near = at.map(|at| self.of_site(&(at.file.clone(), at.document, object.clone())));
        let near = near.filter(|near| !near.is_empty()).unwrap_or_else(|| {
            let unit = self.accepted().filter(|it| it.object.unit == object.unit);
            unit.map(|proposal| proposal.finding).collect()
        });
        if near.is_empty() {
            self.accepted.clone()
        } else {
            near
        }
    }

    fn of_site(&self, at: &Site) -> BTreeSet<usize> {
        let here = self.accepted().filter(|proposal| {
            (&proposal.file, proposal.document) == (&at.0, at.1) && same(&proposal.object, &at.2)
        });
        here.map(|proposal| proposal.finding).collect()
    }

    /// Draws the consequences of a round. True when nothing is left to be tried.
    fn settle(&mut self, troubles: &[Trouble]) -> bool {
        let mut done = troubles.is_empty();
        for trouble in troubles {
            let suspects: Vec<usize> = trouble
                .suspects
                .iter()
                .copied()
                .filter(|finding| self.accepted.contains(finding))
                .collect();
            let on_trial: Vec<usize> = self.trials.values().filter_map(|trial| trial.now).collect();
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
        let mut proposals = self.proposals.iter();
        proposals.any(|proposal| proposal.finding == finding && proposal.adds.is_some())
    }

    /// Takes proposals out, to be tried one after the other; those that have been tried already are let go.
    fn put_on_trial(&mut self, suspects: &[usize], reason: &str) {
        let in_order = self.proposals.iter();
        let in_order: Vec<(usize, Site)> = in_order
            .filter(|proposal| suspects.contains(&proposal.finding))
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
