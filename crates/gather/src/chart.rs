//! Renders charts with the user's own Helm, 3 or 4: from a copy, so that neither Helm nor a template sees anything but the
//! chart, and a second time from a marked copy, so that every line is known by its template's.
//!
//! Invariant: nothing is fetched unless the dependencies were asked for.

pub(crate) mod files;
mod mark;
mod trace;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_snapshot::provenance::LineMap;
use plimsoll_snapshot::unit::normalize;
use tempfile::TempDir;

use crate::program::{Program, ProgramError, Running};
use files::{ChartFile, Files};
use mark::mark;
use trace::{Template, trace};

/// How often templates that do not bear marks are left unmarked one after the other.
const TRIES: usize = 4;

/// Where Helm puts a release when nobody says.
const HELM_NAMESPACE: &str = "default";

/// What is asked of Helm, by its own names.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ChartOptions {
    /// The release's name.
    pub release: Option<String>,
    /// The namespace of the release.
    pub namespace: Option<String>,
    /// The version for `.Capabilities.KubeVersion`.
    pub kube_version: String,
    /// More for `.Capabilities.APIVersions`.
    pub api_versions: Vec<String>,
    /// Files of values, the last one wins.
    pub values: Vec<PathBuf>,
    /// Single values.
    pub set: Vec<String>,
    /// Fetch what the chart depends on: the only use of the network.
    pub dependency_update: bool,
}

/// A text that a program made, with the origin of its lines.
#[derive(Debug)]
pub struct Rendered {
    /// What was printed.
    pub text: String,
    /// Where each line came from.
    pub map: Arc<LineMap>,
}

/// Why a chart or an overlay was not rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Something of it could not be read or copied.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// A file of values is missing.
    #[error("there is no file of values {}: check the path", .0.display())]
    NoValues(PathBuf),
    /// The program's own message.
    #[error("{0}")]
    Failed(String),
}

/// Renders the chart in a folder or archive. `shown` is its name in reports; links in it are followed below `bounds` only.
///
/// # Errors
/// When it cannot be read, or Helm refuses it.
pub fn render_chart(
    helm: &Program,
    chart: &Path,
    shown: &str,
    options: &ChartOptions,
    bounds: &[PathBuf],
) -> Result<Rendered, RenderError> {
    let files = files::read(chart, bounds)?;
    let mut job = Job::new(helm, options)?;
    // Those in a folder are judged as the files that they are.
    job.crds = files::is_archive(shown);
    let mut files = files;
    if options.dependency_update {
        files = job.with_dependencies(files, bounds)?;
    }
    let plain = job.render(&files).map_err(|error| job.told(error, shown))?;
    let name = job.name(&plain);
    let mut map = LineMap::new(whole(shown).into());
    if options.namespace.is_none() {
        map.assume_namespace(HELM_NAMESPACE);
    }
    let mut templates = templates(&files, &name, shown, &mut map);
    let marked = job.render_marked(&files, &mut templates);
    trace(&plain, marked.as_deref(), &templates, &mut map);
    Ok(Rendered {
        text: plain,
        map: Arc::new(map),
    })
}

/// The description of the chart in an archive; `None`: there is no chart in it, or it cannot be read.
pub fn chart_in(archive: &Path) -> Option<Vec<u8>> {
    let files = files::read(archive, &[]).ok()?;
    let mut files = files.into_iter();
    let description = files.find(|file| file.path == "Chart.yaml")?;
    Some(description.bytes)
}

/// The file that stands for a whole chart.
fn whole(shown: &str) -> String {
    match shown {
        "." | "" => "Chart.yaml".to_owned(),
        archive if files::is_archive(archive) => format!("{archive}!Chart.yaml"),
        folder => format!("{}/Chart.yaml", folder.trim_end_matches('/')),
    }
}

/// The templates among a chart's files: what Helm prints, without what is only included.
fn templates<'c>(
    files: &'c Files,
    name: &str,
    shown: &str,
    map: &mut LineMap,
) -> Vec<Template<'c>> {
    let prefix = if matches!(shown, "." | "") {
        ""
    } else {
        shown.trim_end_matches('/')
    };
    let is_template = |file: &&ChartFile| {
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let below = folder == "templates"
            || folder.starts_with("templates/")
            || folder.contains("/templates")
            || folder == "crds"
            || folder.ends_with("/crds");
        below && !name.starts_with('_') && !name.ends_with(".txt") && !name.ends_with(".tpl")
    };
    let subcharts = files::subcharts(files);
    let template = |file: &'c ChartFile| {
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let shown = format!("{prefix}{}", file.shown);
        let shown = if prefix.is_empty() {
            shown.trim_start_matches('/')
        } else {
            &shown
        };
        let shown = if shown.contains("/../") {
            normalize(shown)
        } else {
            shown.to_owned()
        };
        Some(Template {
            path: format!("{name}/{}", files::printed(&file.path, &subcharts)),
            file: &file.path,
            text,
            source: map.add(shown.into(), text.to_owned()),
            unmarked: Vec::new(),
        })
    };
    files
        .iter()
        .filter(is_template)
        .filter_map(template)
        .collect()
}

/// One chart being rendered, in a temporary folder of its own.
struct Job<'j> {
    helm: &'j Program,
    options: &'j ChartOptions,
    scratch: TempDir,
    values: Vec<PathBuf>,
    copies: usize,
    /// Are definitions of custom resources printed as well?
    crds: bool,
}

impl<'j> Job<'j> {
    fn new(helm: &'j Program, options: &'j ChartOptions) -> Result<Job<'j>, RenderError> {
        let scratch = tempfile::tempdir()?;
        fs::create_dir(scratch.path().join("home"))?;
        let mut values = Vec::new();
        // Copied, so that a name which is an address to Helm fetches nothing.
        for (number, file) in options.values.iter().enumerate() {
            let copy = scratch.path().join(format!("values-{number}.yaml"));
            fs::copy(file, &copy).map_err(|_| RenderError::NoValues(file.clone()))?;
            values.push(copy);
        }
        Ok(Job {
            helm,
            options,
            scratch,
            values,
            copies: 0,
            crds: false,
        })
    }

    /// What Helm prints for a chart of these files.
    fn render(&mut self, files: &Files) -> Result<String, RenderError> {
        let copy = self.copy(files)?;
        self.run(&self.arguments(&copy), false)
    }

    fn copy(&mut self, files: &Files) -> Result<PathBuf, RenderError> {
        self.copies += 1;
        let copy = self
            .scratch
            .path()
            .join(format!("copy-{}", self.copies))
            .join("chart");
        fs::create_dir_all(&copy)?;
        files::write(files, &copy)?;
        Ok(copy)
    }

    fn arguments(&self, copy: &Path) -> Vec<OsString> {
        let options = self.options;
        let mut arguments: Vec<OsString> = vec!["template".into()];
        arguments.push(options.release.as_deref().unwrap_or("release-name").into());
        arguments.push(copy.into());
        let mut option = |name: &str, value: &dyn AsRef<std::ffi::OsStr>| {
            let mut argument = OsString::from(format!("--{name}="));
            argument.push(value.as_ref());
            arguments.push(argument);
        };
        option("kube-version", &options.kube_version);
        if let Some(namespace) = &options.namespace {
            option("namespace", namespace);
        }
        options
            .api_versions
            .iter()
            .for_each(|version| option("api-versions", version));
        self.values.iter().for_each(|file| option("values", file));
        options.set.iter().for_each(|value| option("set", value));
        arguments.extend(self.crds.then(|| "--include-crds".into()));
        arguments
    }

    fn run(&self, arguments: &[OsString], network: bool) -> Result<String, RenderError> {
        let running = Running {
            folder: self.scratch.path(),
            home: &self.scratch.path().join("home"),
            network,
        };
        let printed = self.helm.run(arguments, &running);
        printed.map_err(|error: ProgramError| RenderError::Failed(error.to_string()))
    }

    /// The files with what `helm dependency update` puts beside them. What is named by a path is out of its reach, because
    /// it sees only the copy.
    fn with_dependencies(
        &mut self,
        files: Files,
        bounds: &[PathBuf],
    ) -> Result<Files, RenderError> {
        let copy = self.copy(&files)?;
        self.run(
            &["dependency".into(), "update".into(), copy.clone().into()],
            true,
        )?;
        let mut bounds = bounds.to_vec();
        bounds.extend(copy.canonicalize());
        Ok(files::read(&copy, &bounds)?)
    }

    /// The chart's name, by which Helm names its templates.
    fn name(&self, plain: &str) -> String {
        let source = plain
            .lines()
            .find_map(|line| line.strip_prefix("# Source: "));
        let name = source.and_then(|path| path.split('/').next());
        name.unwrap_or_default().to_owned()
    }

    /// The rendering with marks in every template that bears them; `None` when there is none.
    fn render_marked(&mut self, files: &Files, templates: &mut [Template<'_>]) -> Option<String> {
        let mut bare: Vec<String> = Vec::new();
        for _ in 0..TRIES {
            let copy = marked(files, templates, &bare);
            let message = match self.render(&copy) {
                Ok(text) => return Some(text),
                Err(error) => error.to_string(),
            };
            // Helm names the template that it stumbled over.
            let named = templates.iter();
            let named = named.filter(|one| message.contains(&one.path));
            let stumbled = named.max_by_key(|template| template.path.len())?;
            bare.extend(alike(stumbled, templates));
        }
        None
    }

    /// Helm's message, with the chart in place of the copy.
    fn told(&self, error: RenderError, shown: &str) -> RenderError {
        let RenderError::Failed(message) = error else {
            return error;
        };
        let copy = self.scratch.path().join("copy-1").join("chart");
        let message = message.replace(&*copy.to_string_lossy(), shown);
        let scratch = self.scratch.path().to_string_lossy();
        RenderError::Failed(
            message
                .replace(&*scratch, "…")
                .trim_start_matches("Error: ")
                .to_owned(),
        )
    }
}

/// A template that bears no marks; of one that defines a custom resource all that do, whose descriptions go on over lines alike.
fn alike(stumbled: &Template<'_>, templates: &[Template<'_>]) -> Vec<String> {
    let defines = |one: &Template<'_>| one.text.contains("kind: CustomResourceDefinition");
    if !defines(stumbled) {
        return vec![stumbled.path.clone()];
    }
    let definitions = templates.iter().filter(|one| defines(one));
    definitions.map(|one| one.path.clone()).collect()
}

/// The files with marks in all templates but the `bare` ones.
fn marked(files: &Files, templates: &mut [Template<'_>], bare: &[String]) -> Files {
    let mut copy = files.clone();
    for (number, template) in templates.iter_mut().enumerate() {
        if bare.contains(&template.path) {
            continue;
        }
        let marked = mark(number, template.text);
        template.unmarked = marked.unmarked;
        for file in copy.iter_mut().filter(|file| file.path == template.file) {
            file.bytes = marked.text.clone().into_bytes();
        }
    }
    copy
}
