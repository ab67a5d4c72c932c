//! Has charts and kustomizations rendered, and says what could not be. What is rendered is judged like any manifest, with
//! the origin of its lines.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use plimsoll_gather::{
    ChartOptions, InputFile, Kustomize, Program, RenderError, Rendered, render_chart,
};
use plimsoll_render::escape;
use plimsoll_scan::{ChartSettings, Gap, GapReason};
use plimsoll_snapshot::provenance::Provenance;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::work::Manifest;
use crate::arguments::RenderingOptions;
use crate::output::complain;

/// What a scan is asked to render, and with what.
///
/// Nothing is looked for before the first chart or kustomization asks for it.
pub(super) struct Rendering {
    helm: OnceLock<Option<Program>>,
    kustomize: OnceLock<Option<Kustomize>>,
    options: ChartOptions,
    configured: Vec<ConfiguredChart>,
    /// Are kustomizations left as they are, and their files judged as written? Only what is written can be edited.
    pub(super) as_written: bool,
    /// May Kustomize fetch what lies on the network?
    pub(super) allow_remote: bool,
    paths: Vec<PathBuf>,
    scanned: OnceLock<Vec<PathBuf>>,
    /// What the charts gave: they are rendered once, however often the run is judged.
    rendered: OnceLock<(Vec<Manifest>, Vec<Gap>)>,
}

/// A chart of the configuration, with real paths.
struct ConfiguredChart {
    chart: PathBuf,
    settings: ChartSettings,
    values: Vec<PathBuf>,
}

/// A chart to render.
pub(super) struct Chart {
    /// Its folder or archive, as shown; `.` for the current folder.
    pub(super) shown: String,
    /// The file that stands for it.
    pub(super) description: Arc<str>,
}

impl Chart {
    /// Its folder or archive, empty for the current folder.
    pub(super) fn folder(&self) -> &str {
        if self.shown == "." { "" } else { &self.shown }
    }
}

impl Rendering {
    /// Sees to it that what was named is there: programs, and the configuration's charts, whose folder comes with them.
    pub(super) fn new(
        options: &RenderingOptions,
        kubernetes_version: &str,
        paths: &[PathBuf],
        configured: (&Path, &[ChartSettings]),
    ) -> Result<Rendering, Box<dyn Error>> {
        let helm = options.helm.as_deref().map(Program::named).transpose()?;
        let kustomize = options.kustomize.as_deref();
        let kustomize = kustomize.map(Kustomize::named).transpose()?;
        let version = || format!("{kubernetes_version}.0");
        let (folder, charts) = configured;
        let charts = charts
            .iter()
            .map(|chart| ConfiguredChart::new(chart, folder));
        Ok(Rendering {
            helm: helm.map_or_else(OnceLock::new, |named| Some(named).into()),
            kustomize: kustomize.map_or_else(OnceLock::new, |named| Some(named).into()),
            as_written: false,
            allow_remote: options.allow_remote,
            options: ChartOptions {
                release: options.release_name.clone(),
                namespace: options.namespace.clone(),
                kube_version: options.kube_version.clone().unwrap_or_else(version),
                api_versions: options.api_versions.clone(),
                values: options.values.clone(),
                set: options.set.clone(),
                dependency_update: options.dependency_update,
            },
            configured: charts.collect::<Result<_, _>>()?,
            paths: paths.to_owned(),
            scanned: OnceLock::new(),
            rendered: OnceLock::new(),
        })
    }

    /// Canonical; nothing outside of them is read, nothing below them is run.
    pub(super) fn scanned(&self) -> &[PathBuf] {
        self.scanned.get_or_init(|| {
            let paths = self.paths.iter();
            paths.filter_map(|path| path.canonicalize().ok()).collect()
        })
    }

    fn helm(&self) -> Option<&Program> {
        let found = || Program::on_path("helm", self.scanned());
        self.helm.get_or_init(found).as_ref()
    }

    /// The Kustomize that was named, or the one on the PATH.
    pub(super) fn kustomize(&self) -> Option<&Kustomize> {
        let found = || Kustomize::on_path(self.scanned());
        self.kustomize.get_or_init(found).as_ref()
    }

    /// Renders the charts of the run, each once for every file of values that the configuration names for it.
    pub(super) fn charts(&self, charts: &[Chart]) -> (Vec<Manifest>, Vec<Gap>) {
        self.rendered.get_or_init(|| self.render(charts)).clone()
    }

    fn render(&self, charts: &[Chart]) -> (Vec<Manifest>, Vec<Gap>) {
        if let (Some(values), true) = (self.options.values.first(), charts.is_empty()) {
            complain(&escape(&format!(
                "note: {} holds values, and no chart is here to take them: to judge it, name it without -f",
                values.display()
            )));
        }
        let rendered = charts.par_iter().flat_map_iter(|chart| self.chart(chart));
        let rendered: Vec<_> = rendered.collect();
        let (mut manifests, mut gaps) = (Vec::new(), Vec::new());
        for outcome in rendered {
            match outcome {
                Ok(manifest) => manifests.push(manifest),
                Err(gap) => gaps.push(gap),
            }
        }
        (manifests, gaps)
    }

    fn chart(&self, chart: &Chart) -> Vec<Result<Manifest, Gap>> {
        let shown = &chart.shown;
        let Some(helm) = self.helm() else {
            let advice = format!(
                "chart {shown} is not rendered: install helm or name it with --helm; or \
                 `helm template {shown} | plimsoll scan -`"
            );
            return vec![Err(gap(
                GapReason::HelmNotFound,
                advice,
                chart.description.clone(),
            ))];
        };
        let path = Path::new(shown);
        let canonical = path.canonicalize().ok();
        let configured = self.configured.iter();
        let configured =
            configured.filter(|configured| Some(&configured.chart) == canonical.as_ref());
        let mut ways: Vec<(String, ChartOptions)> = Vec::new();
        for configured in configured {
            ways.extend(configured.ways(shown, &self.options));
        }
        if ways.is_empty() {
            ways.push((shown.clone(), self.options.clone()));
        }
        let render = |(unit, options): (String, ChartOptions)| match render_chart(
            helm,
            path,
            shown,
            &options,
            self.scanned(),
        ) {
            Ok(rendered) => Ok(manifest(rendered, chart.description.clone(), unit)),
            Err(error) => {
                let message = format!("chart {unit} does not render: {}", told(&error, &options));
                let description = chart.description.clone();
                Err(gap(GapReason::HelmFailed, message, description))
            }
        };
        ways.into_iter().map(render).collect()
    }
}

impl ConfiguredChart {
    fn new(settings: &ChartSettings, folder: &Path) -> Result<ConfiguredChart, String> {
        let inside = |path: &String| {
            let found = folder.join(path).canonicalize().ok();
            found.filter(|found| found.starts_with(folder)).ok_or_else(|| {
                format!("charts: there is no {path} below the configuration's folder: check the path")
            })
        };
        Ok(ConfiguredChart {
            chart: inside(&settings.path)?,
            values: settings
                .values
                .iter()
                .map(inside)
                .collect::<Result<_, _>>()?,
            settings: settings.clone(),
        })
    }

    /// The unit and the options of each rendering; arguments win over the configuration.
    fn ways(&self, shown: &str, asked: &ChartOptions) -> Vec<(String, ChartOptions)> {
        let way = |values: Option<&PathBuf>| ChartOptions {
            release: asked.release.clone().or(self.settings.release_name.clone()),
            namespace: asked.namespace.clone().or(self.settings.namespace.clone()),
            values: values.into_iter().chain(&asked.values).cloned().collect(),
            ..asked.clone()
        };
        if self.values.is_empty() {
            return vec![(shown.to_owned(), way(None))];
        }
        let named = self.settings.values.iter().zip(&self.values);
        named
            .map(|(name, path)| (format!("{shown} ({name})"), way(Some(path))))
            .collect()
    }
}

pub(super) fn manifest(rendered: Rendered, name: Arc<str>, unit: String) -> Manifest {
    Manifest {
        file: InputFile::of_text(name, &rendered.text),
        unit: unit.into(),
        provenance: Provenance::Rendered(rendered.map),
    }
}

/// What Helm says, and what would help where it lacks a dependency.
fn told(error: &RenderError, options: &ChartOptions) -> String {
    let message = error.to_string();
    // So do 3 and 4 put it.
    let lacks = message.contains("missing in charts/ directory");
    match lacks && !options.dependency_update {
        true => format!("{message}; let Helm fetch it with --dependency-update"),
        false => message,
    }
}

pub(super) fn gap(reason: GapReason, message: String, file: Arc<str>) -> Gap {
    Gap {
        reason,
        message,
        file,
        location: None,
        controls: Vec::new(),
    }
}
