//! Sorts the files by the part that they play, before any manifest is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_gather::{InputFile, STDIN};
use plimsoll_scan::{Gap, GapReason};
use plimsoll_snapshot::unit::{CHART, Role};

use super::descriptions::Descriptions;

/// A file to judge.
pub(crate) struct Manifest {
    /// The file.
    pub(crate) file: InputFile,
    /// The unit that it belongs to.
    pub(crate) unit: Arc<str>,
}

/// What there is to do.
#[derive(Default)]
pub(crate) struct Work {
    /// To judge.
    pub(crate) manifests: Vec<Manifest>,
    /// One gap for each chart that has to be rendered first.
    pub(crate) charts: Vec<Gap>,
    /// How many files are patches or other inputs of a kustomization.
    pub(crate) patches: usize,
    /// How many files describe a kustomization or a chart and nothing else.
    pub(crate) descriptions: usize,
}

impl Work {
    /// Reads the descriptions among the files and sorts all by them.
    pub(crate) fn sort(files: Vec<InputFile>, packed_charts: &[InputFile]) -> Work {
        let descriptions = Descriptions::read(&files);
        let mut work = Work::default();
        let mut charts: BTreeSet<String> = descriptions.dependent_charts().collect();
        for file in files {
            match descriptions.role(&file) {
                Role::Description => work.descriptions += 1,
                Role::Patch => work.patches += 1,
                Role::Template { chart } => {
                    charts.insert(chart);
                }
                Role::Manifest { unit } => {
                    let unit = if &*file.name == STDIN {
                        STDIN.into()
                    } else {
                        unit.into()
                    };
                    work.manifests.push(Manifest { file, unit });
                }
            }
        }
        let packed = packed_charts.iter().map(packed_chart_gap);
        let charts = charts.into_iter().map(|chart| chart_gap(&chart));
        work.charts = charts.chain(packed).collect();
        work
    }
}

/// Templates become manifests only by rendering, which is not done here: a chart could do anything.
fn chart_gap(chart: &str) -> Gap {
    let (shown, description) = match chart {
        "" => (".", CHART.to_owned()),
        "/" => (chart, format!("/{CHART}")),
        _ => (chart, format!("{chart}/{CHART}")),
    };
    gap(shown, description.into())
}

fn packed_chart_gap(chart: &InputFile) -> Gap {
    gap(&chart.name, chart.name.clone())
}

fn gap(chart: &str, file: Arc<str>) -> Gap {
    Gap {
        reason: GapReason::HelmChart,
        message: format!(
            "chart {chart} is not rendered: `helm template {chart} | plimsoll scan -`"
        ),
        file,
        location: None,
        controls: Vec::new(),
    }
}
