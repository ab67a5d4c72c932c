//! The fuzzing engine around one target, which `PLIMSOLL_FUZZ` names. `cargo xtask fuzz` builds and starts it.
//!
//! Every panic ends it, also one that the product would catch: a control must not panic, whatever becomes of it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use plimsoll_fuzz::{Target, VARIABLE, find};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var(VARIABLE).unwrap_or_default();
    find(&name).unwrap_or_else(|| panic!("set {VARIABLE} to the name of a target, not to {name:?}"))
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            (TARGET.holds)(text);
            Corpus::Keep
        }
        Err(_) => Corpus::Reject,
    }
});
