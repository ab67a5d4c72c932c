//! Policies in texts, judged by `scan` and, where there is one, held against what a real API server says to the same
//! policies and objects (`cargo xtask control-plane`).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

mod exported;
mod hostile;
mod judged;
mod server;

use std::sync::Arc;

use plimsoll_control_plane::{ControlPlane, Programs};
use plimsoll_policy::{Policies, PolicyText};
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::object::File;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

/// The version of the API server that `control-plane` builds.
const VERSION: Minor = Minor(37);

/// The control plane of this binary; says so when there is none.
fn control_plane(test: &str) -> Option<Arc<ControlPlane>> {
    let Some(programs) = Programs::find() else {
        eprintln!("{test} was left out: `cargo xtask control-plane` builds a control plane");
        return None;
    };
    Some(ControlPlane::shared(&programs).expect("a control plane"))
}

fn policies(text: &str) -> Policies {
    Policies::read(&[PolicyText {
        name: "policies.yaml".into(),
        text: text.to_owned(),
    }])
}

/// The report of the policies alone on one text.
fn report(policies: &Policies, text: &str) -> Report {
    report_on(policies, text, Target::new(VERSION))
}

fn report_on(policies: &Policies, text: &str, target: Target) -> Report {
    let mut known = Surroundings::wanting(policies.wanted.iter().cloned());
    known.note(&File::new("a.yaml".into(), "".into(), text), &target);
    let scan = Scan::new(policies.controls.iter().copied(), target).with_surroundings(known);
    let part = scan.judge(&SourceText {
        name: "a.yaml".into(),
        unit: "".into(),
        text,
        provenance: Provenance::Written,
    });
    scan.report(vec![part], Vec::new(), Vec::new())
}
