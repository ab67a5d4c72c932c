//! What must hold for every text, however hostile: one function for each target, which panics where it does not hold.
//!
//! `cargo xtask fuzz` drives them with an engine; the tests replay the texts that are kept, on any machine. Nothing here is part
//! of the product. Invariant: a target depends on its text alone.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a target says by panicking that something does not hold"
)]

pub mod kept;
pub mod model;
pub mod targets;

/// The variable that names the target to the engine.
pub const VARIABLE: &str = "PLIMSOLL_FUZZ";

/// Something that must hold for every text.
#[derive(Copy, Clone, Debug)]
pub struct Target {
    /// By which it is asked for; its kept texts are called so, too.
    pub name: &'static str,
    /// The file of words from which texts are made, below `dictionaries`.
    pub dictionary: &'static str,
    /// The longest text worth trying, in bytes.
    pub longest: usize,
    /// Panics where it does not hold.
    pub holds: fn(&str),
}

/// Every target, in the order of the product's rooms.
pub const TARGETS: &[Target] = &[
    target("parse", "yaml", 600, targets::parse::holds),
    target("scalar", "scalar", 60, targets::scalar::holds),
    target("path", "path", 80, targets::path::holds),
    target("edit", "edit", 400, targets::edit::holds),
    target("waiver", "waiver", 200, targets::waiver::holds),
    target(
        "configuration",
        "configuration",
        500,
        targets::configuration::holds,
    ),
    target("scan", "kubernetes", 2000, targets::scan::holds),
    target("fix", "kubernetes", 1200, targets::fix::holds),
    target("render", "hostile", 200, targets::render::holds),
    target("record", "record", 300, targets::record::holds),
    target("cel", "hostile", 100, targets::cel::holds),
    target("expression", "expression", 200, targets::expression::holds),
    target("policy", "policy", 1200, targets::policy::holds),
];

const fn target(
    name: &'static str,
    dictionary: &'static str,
    longest: usize,
    holds: fn(&str),
) -> Target {
    Target {
        name,
        dictionary,
        longest,
        holds,
    }
}

/// The target of this name. `None`: there is none.
pub fn find(name: &str) -> Option<Target> {
    TARGETS.iter().copied().find(|target| target.name == name)
}
