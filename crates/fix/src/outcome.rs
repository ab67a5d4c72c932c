//! What is asked for and what came of it: for each finding its fate, for each file its old and new text, for each control
//! how many of its findings could be fixed and were.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_control::{Extent, Finding, Fix, How, Remedy, Safety};
use plimsoll_scan::{Report, Reported};
use plimsoll_yaml::edit::Edit;

use crate::Texts;
use crate::prove::Proved;

/// Which findings are to be fixed, and how.
pub struct Wanted<'w> {
    /// Leave what needs review.
    pub safe_only: bool,
    /// How far remedies go, where there is a choice.
    pub extent: Extent,
    /// Is this finding to be fixed?
    pub asks: &'w dyn Fn(&Finding) -> bool,
}

impl Wanted<'_> {
    /// The remedy for a finding, or why there is none.
    pub(crate) fn remedy(&self, finding: &Finding) -> Result<&'static Remedy, Fate> {
        if let Some(reason) = finding.fix().reason() {
            return Err(Fate::NoFix(reason));
        }
        let remedies = finding.fix().remedies().iter();
        let safe = remedies.filter(|remedy| remedy.safety == Safety::Safe);
        let chosen = match self.safe_only {
            true => safe.min_by_key(|remedy| remedy.extent),
            false => finding.fix().remedy(self.extent),
        };
        let review = || match finding
            .fix()
            .remedy(self.extent)
            .map(|remedy| remedy.safety)
        {
            Some(Safety::Review(breaks)) => Fate::NeedsReview(breaks),
            _ => Fate::NoFix(ONLY_STRICT),
        };
        chosen.ok_or_else(review)
    }
}

/// What goes so far that it has to be asked for.
const ONLY_STRICT: &str = "only its strict option ends it: plimsoll fix --option strict";

/// What became of a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fate {
    /// The edits end it.
    Fixed,
    /// There is a remedy, but here it could not be applied or did not help; why.
    Refused(String),
    /// Its remedy needs review, and only safe ones were asked for; what may break.
    NeedsReview(&'static str),
    /// No change of the object that could be made here does it; why.
    NoFix(&'static str),
}

/// A finding that was asked for and what became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The finding.
    pub reported: Reported,
    /// The remedy that was chosen; `None` where there is none.
    pub remedy: Option<&'static Remedy>,
    /// What became of it.
    pub fate: Fate,
    /// The edits that end it; empty unless it is fixed.
    pub edits: Vec<Edit>,
}

impl Outcome {
    /// Is it ended by something else than a change of the object in which it is?
    pub fn is_elsewhere(&self) -> bool {
        let finding = &self.reported.finding;
        let adds = |remedy: &&Remedy| matches!(remedy.how, How::Add(_));
        matches!(finding.fix(), Fix::Elsewhere(_))
            || finding.fix().remedies().iter().any(|it| adds(&it))
    }
}

/// A text before and after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changed {
    /// As it was read.
    pub old: String,
    /// As it is to be.
    pub new: String,
    /// Is there no such file yet?
    pub is_new: bool,
}

/// Findings of one control.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Count {
    /// All that were asked for.
    pub findings: usize,
    /// Those for which there is a remedy.
    pub fixable: usize,
    /// Those that the edits end.
    pub fixed: usize,
}

/// What fixing came to.
#[derive(Debug, Default)]
pub struct Fixes {
    /// The files that change, by name.
    pub files: BTreeMap<Arc<str>, Changed>,
    /// In the report's order.
    pub outcomes: Vec<Outcome>,
}

impl Fixes {
    /// How many findings of each control there were, could be fixed and were.
    pub fn counts(&self) -> BTreeMap<&'static str, Count> {
        let mut counts: BTreeMap<_, Count> = BTreeMap::new();
        for outcome in &self.outcomes {
            let count = counts
                .entry(outcome.reported.finding.control.id)
                .or_default();
            count.findings += 1;
            count.fixable += usize::from(!matches!(outcome.fate, Fate::NoFix(_)));
            count.fixed += usize::from(outcome.fate == Fate::Fixed);
        }
        counts
    }

    /// Takes back what changes in a file that could not be written, for a reason that is told at each of its findings.
    pub fn leave(&mut self, file: &str, reason: &str) {
        self.files.remove(file);
        for outcome in &mut self.outcomes {
            let at = outcome.reported.finding.place.location.as_ref();
            if outcome.fate == Fate::Fixed && at.is_some_and(|at| &*at.file == file) {
                outcome.fate = Fate::Refused(reason.to_owned());
                outcome.edits.clear();
            }
        }
    }

    /// Was something refused that there is a remedy for?
    pub fn has_refusals(&self) -> bool {
        let mut outcomes = self.outcomes.iter();
        outcomes.any(|outcome| matches!(outcome.fate, Fate::Refused(_)))
    }
}

/// Puts everything together.
pub(crate) fn gather(
    report: &Report,
    wanted: &Wanted<'_>,
    mut texts: Texts,
    mut fates: BTreeMap<usize, Fate>,
    proved: Proved,
) -> Fixes {
    fates.extend(proved.fates);
    let mut edits = proved.edits;
    let changed = proved.texts.into_iter().filter_map(|(name, new)| {
        let old = texts.remove(&name);
        let is_new = old.is_none();
        let old = old.unwrap_or_default();
        (old != new).then_some((name, Changed { old, new, is_new }))
    });
    let outcomes = report.findings.iter().enumerate();
    let asked = outcomes.filter(|(_, reported)| (wanted.asks)(&reported.finding));
    let outcomes = asked.map(|(index, reported)| {
        let lost = || Fate::Refused("its text is not what it was when it was scanned".to_owned());
        Outcome {
            reported: reported.clone(),
            remedy: wanted.remedy(&reported.finding).ok(),
            fate: fates.remove(&index).unwrap_or_else(lost),
            edits: edits.remove(&index).unwrap_or_default(),
        }
    });
    Fixes {
        outcomes: outcomes.collect(),
        files: changed.collect(),
    }
}
