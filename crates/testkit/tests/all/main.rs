//! The page runner itself, on a tiny control that is no real one.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails best where it stands"
)]

mod mutant;
mod page;
mod panicking;
mod rules;
mod tiny;
