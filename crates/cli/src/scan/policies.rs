//! Users' own rules, `--policies`: reads their files, and notes beforehand what of the scanned objects they need.
//!
//! Invariant: what keeps a policy from judging is a gap, never a silence.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_gather::{find, read};
use plimsoll_policy::{Policies, PolicyText, Problem, ProblemKind};
use plimsoll_render::escape;
use plimsoll_scan::{Gap, GapReason};
use plimsoll_snapshot::object::File;
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_yaml::decode;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::judged::unreadable;
use super::work::Manifest;
use crate::output::complain;

/// The policies of a run, and what could not be read of them.
#[derive(Default)]
pub(crate) struct OwnRules {
    pub(crate) policies: Policies,
    gaps: Vec<Gap>,
}

impl OwnRules {
    /// Reads what lies below the paths, as files: charts and overlays among them are not rendered.
    ///
    /// # Errors
    /// A path that is not there, or no policy in all of them.
    pub(crate) fn read(paths: &[PathBuf]) -> Result<OwnRules, Box<dyn Error>> {
        if paths.is_empty() {
            return Ok(OwnRules::default());
        }
        let found = find(paths)?;
        let mut gaps: Vec<Gap> = found.problems.into_iter().map(unreadable).collect();
        let mut texts = Vec::new();
        for file in &found.files {
            match read(file).map(decode) {
                Ok(Ok(text)) => texts.push(PolicyText {
                    name: file.name.clone(),
                    text,
                }),
                Ok(Err(_)) => {}
                Err(problem) => gaps.push(unreadable(problem)),
            }
        }
        let mut policies = Policies::read(&texts);
        if policies.controls.is_empty() && policies.problems.is_empty() && gaps.is_empty() {
            let names: Vec<_> = paths
                .iter()
                .map(|path| path.display().to_string())
                .collect();
            return Err(format!(
                "there is no ValidatingAdmissionPolicy in {}: --policies takes files or folders with some",
                names.join(", ")
            )
            .into());
        }
        let problems = std::mem::take(&mut policies.problems);
        let controls = &policies.controls;
        gaps.extend(problems.into_iter().map(|problem| {
            let mut ids = controls.iter().map(|control| control.head.id);
            let id = ids.find(|id| *id == problem.control);
            gap(problem, id)
        }));
        Ok(OwnRules { policies, gaps })
    }

    /// Is there none?
    pub(crate) fn is_empty(&self) -> bool {
        self.policies.controls.is_empty()
    }

    /// What keeps them from judging.
    pub(super) fn gaps(&self) -> impl Iterator<Item = Gap> {
        self.gaps.iter().cloned()
    }

    /// Says what should be known about them.
    pub(super) fn tell(&self) {
        for note in &self.policies.notes {
            complain(&format!("note: {}", escape(note)));
        }
    }

    /// What they need to know of the manifests beforehand; nothing when there are none. Each manifest is read once more.
    pub(super) fn surroundings(&self, manifests: &[Manifest], target: &Target) -> Surroundings {
        if self.is_empty() {
            return Surroundings::default();
        }
        let noted = manifests.par_iter().map(|manifest| {
            let text = read(&manifest.file)
                .ok()
                .and_then(|bytes| decode(bytes).ok());
            let text = text.unwrap_or_default();
            self.noted(&manifest.file.name, &manifest.unit, &text, target)
        });
        noted.reduce(|| self.nothing(), followed_by)
    }

    /// What they need to know of one text.
    pub(super) fn noted(
        &self,
        name: &Arc<str>,
        unit: &Arc<str>,
        text: &str,
        target: &Target,
    ) -> Surroundings {
        let mut noted = self.nothing();
        noted.note(&File::new(name.clone(), unit.clone(), text), target);
        noted
    }

    fn nothing(&self) -> Surroundings {
        Surroundings::wanting(self.policies.wanted.iter().cloned())
    }
}

fn followed_by(mut one: Surroundings, next: Surroundings) -> Surroundings {
    one.absorb(next);
    one
}

fn gap(problem: Problem, id: Option<&'static str>) -> Gap {
    Gap {
        reason: match problem.kind {
            ProblemKind::Invalid => GapReason::InvalidPolicy,
            ProblemKind::Unsupported => GapReason::UnsupportedExpression,
        },
        message: problem.message,
        file: problem.file,
        location: problem.location,
        controls: id.into_iter().collect(),
    }
}
