//! The order in which proposals on an object are tried one by one, once they have failed together.

use std::collections::VecDeque;

/// The proposals on an object that were found together with a trouble.
#[derive(Default)]
pub(crate) struct Trial {
    /// Those still to be tried.
    pub(crate) waiting: VecDeque<usize>,
    /// The one on trial.
    pub(crate) now: Option<usize>,
    /// Those that failed, to be tried once more: what was accepted after them may have changed the case.
    pub(crate) failed: VecDeque<usize>,
    /// Has that begun?
    pub(crate) second: bool,
}

impl Trial {
    /// Puts the next one on trial.
    pub(crate) fn next(&mut self) {
        if self.waiting.is_empty() && !self.second {
            self.second = true;
            self.waiting = std::mem::take(&mut self.failed);
        }
        self.now = self.waiting.pop_front();
    }

    /// Is nothing left to be tried?
    pub(crate) fn is_over(&self) -> bool {
        self.now.is_none() && self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_tried_once_more_when_all_have_had_their_turn() {
        let mut trial = Trial {
            waiting: VecDeque::from([1, 2]),
            ..Trial::default()
        };
        trial.next();
        trial.failed.push_back(1);
        let mut turns = vec![trial.now];
        for _ in 0..3 {
            trial.next();
            turns.push(trial.now);
        }
        assert_eq!(turns, [Some(1), Some(2), Some(1), None]);
        assert!(trial.is_over());
    }
}
