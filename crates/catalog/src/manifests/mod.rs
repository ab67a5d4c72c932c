//! Controls on manifests as texts, which no chapter of the guide speaks of.

use plimsoll_control::Control;

mod duplicate_key;
mod waiver_expired;
mod waiver_malformed;
mod waiver_unmatched;
mod waiver_without_reason;

/// All controls of the chapter.
pub static CONTROLS: &[&Control] = &[
    &duplicate_key::CONTROL,
    &waiver_expired::CONTROL,
    &waiver_malformed::CONTROL,
    &waiver_unmatched::CONTROL,
    &waiver_without_reason::CONTROL,
];
