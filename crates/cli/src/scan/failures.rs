//! Faults of our own: a panic while judging becomes a gap and is not shouted about, unless somebody looks for it.

use std::backtrace::Backtrace;
use std::panic::{self, AssertUnwindSafe};

use crate::output::complain;

/// The variable that shows where a panic happened when it is `1`.
const SHOW: &str = "PLIMSOLL_BACKTRACE";

/// Keeps panics quiet while `work` runs, on all threads: whoever catches one reports it. `work` itself must not panic.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    let show = std::env::var_os(SHOW).is_some_and(|value| value == "1");
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if show {
            complain(&format!("{info}\n{}", Backtrace::force_capture()));
        }
    }));
    let result = work();
    panic::set_hook(usual);
    result
}

/// What `work` gives, or `None` when it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_costs_only_its_own_work() {
        let results = quietly(|| [1, 0, 2].map(|divisor: u8| caught(|| 6 / divisor)));
        assert_eq!(results, [Some(6), None, Some(3)]);
    }
}
