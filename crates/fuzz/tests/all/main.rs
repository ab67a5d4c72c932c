//! Replays what is kept, and what once showed a bug, on any machine and without an engine.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod library;

use plimsoll_fuzz::{TARGETS, find, kept};

/// Runs a target on every text that is kept for it.
fn replay(name: &str) {
    let target = find(name).unwrap();
    let texts = kept::texts(name);
    assert!(!texts.is_empty(), "nothing is kept for {name}");
    for text in texts {
        let held = std::panic::catch_unwind(|| (target.holds)(&text));
        assert!(held.is_ok(), "{name} does not hold for {text:?}");
    }
}

macro_rules! replays {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            replay(stringify!($name));
        })*

        #[test]
        fn every_target_is_replayed() {
            let replayed = [$(stringify!($name)),*];
            let targets: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            assert_eq!(replayed.as_slice(), targets);
        }
    };
}

replays!(
    parse,
    scalar,
    path,
    edit,
    waiver,
    configuration,
    scan,
    fix,
    render,
    record,
    cel,
    expression,
    policy
);
