//! What judging took, for those who ask. Times come from a clock that is handed in: a scan by itself knows none.

use std::time::Duration;

/// The time since some moment that stays the same during a run.
pub type Clock = fn() -> Duration;

/// How much was read, and how long it took. Times of several threads add up.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Effort {
    /// Bytes of text.
    pub bytes: usize,
    /// Documents that parse.
    pub documents: usize,
    /// Those of them that the fast reader read; the general one read the others.
    pub fast: usize,
    /// Splitting and parsing. Zero without a clock.
    pub parsing: Duration,
    /// Finding objects, judging each, and noting facts. Zero without a clock.
    pub judging: Duration,
}

impl Effort {
    /// Adds that of another part.
    pub fn add(&mut self, other: Effort) {
        self.bytes += other.bytes;
        self.documents += other.documents;
        self.fast += other.fast;
        self.parsing += other.parsing;
        self.judging += other.judging;
    }
}
