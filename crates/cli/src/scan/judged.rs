//! Reads and judges the manifests in parallel. Each text is dropped when it is judged; only findings, gaps and facts
//! are kept. A panic costs one file and is a gap.

use std::sync::Arc;
use std::time::Duration;

use plimsoll_gather::{Problem, read};
use plimsoll_scan::{Effort, Gap, GapReason, Part, Scan, SourceText};
use plimsoll_yaml::{decode, looks_like, split};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::failures::{caught, quietly};
use super::progress::Progress;
use super::remembered::Remembered;
use super::stats::clock;
use super::work::Manifest;

/// What all manifests gave, in their order.
#[derive(Default)]
pub(super) struct Judged {
    /// What the texts gave.
    pub(super) parts: Vec<Box<Part>>,
    /// What could not be read.
    pub(super) gaps: Vec<Gap>,
    /// How many files are no texts and do not look like Kubernetes' either.
    pub(super) others: usize,
    /// How long reading took, on all threads together.
    pub(super) read: Duration,
}

impl Judged {
    /// Judges all manifests, but for those that are remembered.
    pub(super) fn new(scan: &Scan, manifests: &[Manifest], remembered: &Remembered) -> Judged {
        let progress = Progress::new(manifests.len());
        let judge = |manifest: &Manifest| {
            if let Some(part) = remembered.part(scan, manifest) {
                progress.step();
                return (Outcome::Judged(part), Duration::ZERO);
            }
            let started = clock();
            let bytes = read(&manifest.file);
            let took = clock() - started;
            let outcome = caught(|| judge(scan, manifest, bytes));
            let outcome = outcome.unwrap_or_else(|| failed(manifest));
            if let Outcome::Judged(part) = &outcome {
                remembered.keep(scan, manifest, part);
            }
            progress.step();
            (outcome, took)
        };
        quietly(|| {
            let outcomes = manifests.par_iter().map(judge);
            let pieces = outcomes.fold(Judged::default, Judged::with);
            pieces.reduce(Judged::default, Judged::followed_by)
        })
    }

    fn with(mut self, (outcome, took): (Outcome, Duration)) -> Judged {
        self.read += took;
        match outcome {
            Outcome::Judged(mut part) => {
                if let Some(first) = self.parts.first_mut() {
                    first.take_counts(&mut part);
                }
                self.parts.push(part);
            }
            Outcome::Gap(gap) => self.gaps.push(gap),
            Outcome::Other => self.others += 1,
        }
        self
    }

    /// What parsing and judging took.
    pub(super) fn effort(&self) -> Effort {
        let mut total = Effort::default();
        self.parts.iter().for_each(|part| total.add(part.effort()));
        total
    }

    fn followed_by(mut self, next: Judged) -> Judged {
        self.parts.extend(next.parts);
        self.gaps.extend(next.gaps);
        self.others += next.others;
        self.read += next.read;
        self
    }
}

/// What one file gave.
enum Outcome {
    Judged(Box<Part>),
    Gap(Gap),
    Other,
}

fn judge(scan: &Scan, manifest: &Manifest, bytes: Result<Vec<u8>, Problem>) -> Outcome {
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(problem) => return Outcome::Gap(unreadable(problem)),
    };
    match decode(bytes) {
        Ok(text) => Outcome::Judged(scan.judge(&SourceText {
            name: manifest.file.name.clone(),
            unit: manifest.unit.clone(),
            text: &text,
            provenance: manifest.provenance.clone(),
        })),
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
