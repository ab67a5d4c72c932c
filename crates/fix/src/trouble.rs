//! What speaks against edits once they are made: findings that are still there or are new, objects that the API server would refuse,
//! texts that can no longer be judged. Each with the proposals that may be to blame; what follows is for `prove` to decide.

use std::collections::{BTreeSet, HashMap};

use plimsoll_control::Finding;
use plimsoll_scan::Report;

use crate::Texts;
use crate::compare::{Key, counted, key, same};
use crate::prove::{Court, Site};
use crate::validity::refused;

/// Something that the edits made worse, or did not mend, and the proposals that may be to blame.
pub(crate) struct Trouble {
    pub(crate) suspects: BTreeSet<usize>,
    pub(crate) reason: String,
}

impl<E> Court<'_, E> {
    /// Everything that speaks against the edits.
    pub(crate) fn troubles(&self, edited: &Texts, after: &Report) -> Vec<Trouble> {
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
        self.new_gaps(edited, after, &mut troubles);
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

    fn new_gaps(&self, edited: &Texts, after: &Report, troubles: &mut Vec<Trouble>) {
        let count = |report: &Report, file: &str| {
            let gaps = report.gaps.iter();
            gaps.filter(|gap| &*gap.file == file).count()
        };
        for file in edited.keys() {
            if count(after, file) > count(self.before, file) {
                let suspects = self.accepted().filter(|it| it.file == *file);
                troubles.push(Trouble {
                    suspects: suspects.map(|proposal| proposal.finding).collect(),
                    reason: "something could not be judged any more".to_owned(),
                });
            }
        }
    }

    /// Who may have caused a finding: new objects of the same unit and edits of the same object, else all of the same unit,
    /// else all.
    fn suspects(&self, finding: &Finding) -> BTreeSet<usize> {
        let object = &finding.subject.object;
        let new = self.accepted().filter(|it| it.adds.is_some());
        let new = new.filter(|it| it.object.unit == object.unit);
        let mut near: BTreeSet<usize> = new.map(|proposal| proposal.finding).collect();
        if let Some(at) = &finding.place.location {
            near.extend(self.of_site(&(at.file.clone(), at.document, object.clone())));
        }
        if near.is_empty() {
            let unit = self.accepted().filter(|it| it.object.unit == object.unit);
            near.extend(unit.map(|proposal| proposal.finding));
        }
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
}
