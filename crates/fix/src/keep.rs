//! Keeps some of the changes that were proved together, as somebody chose them. Part of a whole that was proved is not proved: it is
//! scanned again, and whatever it would make worse is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_scan::Report;

use crate::compare::{counted, key};
use crate::outcome::{Changed, Fate, Fixes, Outcome};
use crate::prove::Court;
use crate::{Bench, Texts};

impl Fixes {
    /// Keeps these changes alone, and of the outcomes those that they bring about. Gives what they would make worse without the
    /// others; then nothing should be written.
    ///
    /// # Errors
    /// What scanning again gives.
    pub fn keep<E>(
        &mut self,
        chosen: BTreeMap<Arc<str>, Changed>,
        before: &Report,
        bench: &Bench<'_, E>,
    ) -> Result<Vec<String>, E> {
        let texts = |of: fn(&Changed) -> &String| -> Texts {
            let texts = chosen
                .iter()
                .map(|(name, changed)| (name.clone(), of(changed).clone()));
            texts.collect()
        };
        let (old, new) = (texts(|changed| &changed.old), texts(|changed| &changed.new));
        let after = match new.is_empty() {
            true => None,
            false => Some((bench.rescan)(&new)?),
        };
        let after = after.as_ref().unwrap_or(before);
        let still_there = still_there(&self.outcomes, after);
        let mut still_there = still_there.into_iter();
        self.outcomes.retain(|_| still_there.next() == Some(false));
        let court = Court::new(before, &old, Vec::new(), bench);
        let troubles = court.troubles(&new, after);
        self.files = chosen;
        Ok(troubles.into_iter().map(|trouble| trouble.reason).collect())
    }
}

/// Which of the outcomes say that a finding is fixed that is there.
fn still_there(outcomes: &[Outcome], after: &Report) -> Vec<bool> {
    let mut left = counted(after);
    let outcomes = outcomes.iter().map(|outcome| {
        let count = left.get_mut(&key(&outcome.reported.finding));
        match count.filter(|count| **count > 0 && outcome.fate == Fate::Fixed) {
            Some(count) => {
                *count -= 1;
                true
            }
            None => false,
        }
    });
    outcomes.collect()
}
