//! Sorts the files by the part that they play, before any manifest is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_gather::{InputFile, STDIN};
use plimsoll_scan::Gap;
use plimsoll_snapshot::kept::Kept;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::unit::{CHART, Role};

use super::descriptions::Descriptions;
use super::overlays::Overlays;
use super::rendering::{Chart, Rendering};

/// A file to judge.
#[derive(Clone)]
pub(crate) struct Manifest {
    /// The file.
    pub(crate) file: InputFile,
    /// The unit that it belongs to.
    pub(crate) unit: Arc<str>,
    /// Where its text comes from.
    pub(crate) provenance: Provenance,
}

/// What there is to do.
#[derive(Default)]
pub(crate) struct Work {
    /// To judge.
    pub(crate) manifests: Vec<Manifest>,
    /// What could not be rendered.
    pub(crate) gaps: Vec<Gap>,
    /// How many files are patches or other inputs of a kustomization.
    pub(crate) patches: usize,
    /// How many files describe a kustomization or a chart and nothing else.
    pub(crate) descriptions: usize,
}

impl Work {
    /// Reads the descriptions among the files and sorts all by them, and has rendered what has to be.
    pub(super) fn sort(files: Vec<InputFile>, rendering: &Rendering) -> Work {
        let descriptions = Descriptions::read(&files);
        let names = files.iter().map(|file| file.name.clone());
        let kustomizations: Vec<_> = names
            .filter(|name| descriptions.is_kustomization(name))
            .collect();
        let overlays = Overlays::render(&kustomizations, &files, rendering);
        let (mut work, charts) = Work::sorted(files, &descriptions, &overlays);
        let (rendered, gaps) = rendering.charts(&charts);
        work.manifests.extend(rendered);
        work.manifests.extend(overlays.manifests);
        work.gaps = gaps;
        work.gaps.extend(overlays.gaps);
        work
    }

    /// The files by their part, without running anything; and how many charts there are.
    pub(crate) fn unrendered(files: Vec<InputFile>) -> (Work, usize) {
        let descriptions = Descriptions::read(&files);
        let (work, charts) = Work::sorted(files, &descriptions, &Overlays::default());
        (work, charts.len())
    }

    fn sorted(
        files: Vec<InputFile>,
        descriptions: &Descriptions,
        overlays: &Overlays,
    ) -> (Work, Vec<Chart>) {
        let mut work = Work::default();
        let units = Kept::default();
        let mut to_render = Vec::new();
        let mut charts: BTreeSet<String> = descriptions.dependent_charts().collect();
        for file in files {
            match descriptions.role(&file) {
                Role::Description => work.descriptions += 1,
                Role::Patch => work.patches += 1,
                Role::Template { chart } => {
                    charts.insert(chart);
                }
                Role::Manifest { .. } if descriptions.is_chart_archive(&file.name) => {
                    to_render.push(Chart {
                        shown: file.name.to_string(),
                        description: file.name.clone(),
                    });
                }
                Role::Manifest { .. } if overlays.hold(&file) => {}
                Role::Manifest { unit } => {
                    let unit = if &*file.name == STDIN { STDIN } else { &unit };
                    work.manifests.push(Manifest {
                        file,
                        unit: units.text(unit),
                        provenance: Provenance::Written,
                    });
                }
            }
        }
        to_render.extend(charts.iter().map(|chart| chart_in(chart)));
        to_render.retain(|chart| !descriptions.is_library(chart.folder()));
        (work, to_render)
    }
}

fn chart_in(folder: &str) -> Chart {
    let (shown, description) = match folder {
        "" => (".", CHART.to_owned()),
        "/" => (folder, format!("/{CHART}")),
        _ => (folder, format!("{folder}/{CHART}")),
    };
    Chart {
        shown: shown.to_owned(),
        description: description.into(),
    }
}
