//! What the engine says of a round: how many edges of the program the texts reached at its beginning and at its end, and how many it tried.
//!
//! Starts nothing; invariant: what is not understood is passed over.

use std::fmt;

/// One run of the engine, or several behind each other.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Round {
    tried: u64,
    first: u64,
    last: u64,
}

impl Round {
    /// Takes in a line that the engine says.
    pub(super) fn hear(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("stat::number_of_executed_units:"), Some(count), _) => {
                self.tried = count.parse().unwrap_or(self.tried);
            }
            (Some(number), Some(event), Some("cov:")) if number.starts_with('#') => {
                let edges = words.next().and_then(|edges| edges.parse().ok());
                self.last = edges.unwrap_or(self.last);
                if event == "INITED" {
                    self.first = self.last;
                }
            }
            _ => {}
        }
    }

    /// Did nothing that was tried reach what none had reached before?
    pub(super) fn is_quiet(&self) -> bool {
        self.first == self.last
    }

    /// The two as one.
    pub(super) fn then(self, next: Round) -> Round {
        Round {
            tried: self.tried + next.tried,
            first: if self.tried == 0 {
                next.first
            } else {
                self.first
            },
            last: next.last,
        }
    }
}

impl fmt::Display for Round {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Round { tried, first, last } = self;
        write!(
            f,
            "{tried} texts tried, {first} edges at first, {last} at last"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "INFO: Seed: 1\n\
        #44\tINITED cov: 405 ft: 900 corp: 43/1Kb exec/s: 0 rss: 30Mb\n\
        #99\tNEW    cov: 407 ft: 905 corp: 44/1Kb lim: 80 exec/s: 0 rss: 30Mb L: 3/9 MS: 1 EraseBytes-\n\
        #5000\tDONE   cov: 407 ft: 905 corp: 44/1Kb lim: 80 exec/s: 50 rss: 30Mb\n\
        stat::number_of_executed_units: 5000\n";

    fn heard(said: &str) -> Round {
        let mut round = Round::default();
        said.lines().for_each(|line| round.hear(line));
        round
    }

    #[test]
    fn what_was_reached_is_read() {
        let round = heard(SAID);
        assert_eq!(
            round.to_string(),
            "5000 texts tried, 405 edges at first, 407 at last"
        );
        assert!(!round.is_quiet());
        assert!(heard(&SAID.replace("407", "405")).is_quiet());
    }

    #[test]
    fn rounds_add_up() {
        let later = heard(&SAID.replace("407", "410").replace("405", "407"));
        let both = Round::default().then(heard(SAID)).then(later);
        assert_eq!(
            both.to_string(),
            "10000 texts tried, 405 edges at first, 410 at last"
        );
    }
}
