//! Reads and judges the manifests in parallel. Each text is dropped when it is judged; only findings, gaps and facts
//! are kept. A panic costs one file and is a gap.

use std::sync::Arc;

use plimsoll_gather::{Problem, read};
use plimsoll_scan::{Gap, GapReason, Part, Scan, SourceText};
use plimsoll_yaml::{decode, looks_like, split};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::failures::{caught, quietly};
use super::progress::Progress;
use super::work::Manifest;

/// What all manifests gave, in their order.
#[derive(Default)]
pub(super) struct Judged {
    /// What the texts gave.
    pub(super) parts: Vec<Part>,
    /// What could not be read.
    pub(super) gaps: Vec<Gap>,
    /// How many files are no texts and do not look like Kubernetes' either.
    pub(super) others: usize,
}

impl Judged {
    /// Judges all manifests.
    pub(super) fn new(scan: &Scan, manifests: &[Manifest]) -> Judged {
        let progress = Progress::new(manifests.len());
        let judge = |manifest: &Manifest| {
            let outcome = caught(|| judge(scan, manifest)).unwrap_or_else(|| failed(manifest));
            progress.step();
            outcome
        };
        let outcomes: Vec<_> = quietly(|| manifests.par_iter().map(judge).collect());
        let mut judged = Judged::default();
        for outcome in outcomes {
            match outcome {
                Outcome::Judged(part) => judged.parts.push(*part),
                Outcome::Gap(gap) => judged.gaps.push(gap),
                Outcome::Other => judged.others += 1,
            }
        }
        judged
    }
}

/// What one file gave.
enum Outcome {
    Judged(Box<Part>),
    Gap(Gap),
    Other,
}

fn judge(scan: &Scan, manifest: &Manifest) -> Outcome {
    let bytes = match read(&manifest.file) {
        Ok(bytes) => bytes,
        Err(problem) => return Outcome::Gap(unreadable(problem)),
    };
    match decode(bytes) {
        Ok(text) => Outcome::Judged(Box::new(scan.judge(&SourceText {
            name: manifest.file.name.clone(),
            unit: manifest.unit.clone(),
            text: &text,
            provenance: manifest.provenance.clone(),
        }))),
        Err(error)
            if manifest.file.explicit
                || read(&manifest.file).is_ok_and(|bytes| shows_kubernetes(&bytes)) =>
        {
            let advice = format!(
                "not a text from byte {} on: save it as UTF-8, as Kubernetes wants it",
                error.offset + 1
            );
            Outcome::Gap(gap(GapReason::NotText, advice, manifest.file.name.clone()))
        }
        Err(_) => Outcome::Other,
    }
}

/// Do these bytes, which are no text, show the marks of Kubernetes where they can be read?
fn shows_kubernetes(bytes: &[u8]) -> bool {
    let readable: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&readable);
    split(&text).iter().any(|chunk| {
        let text = text.get(chunk.span.start as usize..chunk.span.end as usize);
        text.is_some_and(|text| looks_like(text, &["apiVersion", "kind"]))
    })
}

/// The gap of what could not be read.
pub(super) fn unreadable(problem: Problem) -> Gap {
    gap(GapReason::Unreadable, problem.message, problem.name)
}

fn failed(manifest: &Manifest) -> Outcome {
    let message = "plimsoll failed on this file, which is its fault: please report it with what PLIMSOLL_BACKTRACE=1 shows";
    Outcome::Gap(gap(
        GapReason::ControlPanicked,
        message.to_owned(),
        manifest.file.name.clone(),
    ))
}

/// A gap of a whole file.
fn gap(reason: GapReason, message: String, file: Arc<str>) -> Gap {
    Gap {
        reason,
        message,
        file,
        location: None,
        controls: Vec::new(),
    }
}
