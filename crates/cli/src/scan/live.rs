//! Judges a snapshot: a saved one, or one that is taken of a cluster for this scan and gone with it.
//!
//! Invariant: both go the same way from the snapshot on, so that they give the same report.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plimsoll_cluster::{Cause, Entry, Published, Saved, SavedError};
use plimsoll_render::{Catalogue, Format, TextOptions};
use plimsoll_scan::{Gap, GapReason, Part, Report, Reported, Scan, SourceText};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::version::Minor;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::failures::quietly;
use super::origins;
use super::settings::Settings;
use crate::arguments::{ClusterOptions, ScanOptions};
use crate::output::complain;
use crate::snapshot;

/// The unit of everything in a cluster, and its name in reports.
const CLUSTER: &str = "cluster";
/// How much text is judged at once by each thread, in bytes.
const BATCH: usize = 1 << 20;
/// How many such texts are held.
const BATCHES: usize = 8;

/// A snapshot to judge.
pub(crate) struct Source {
    saved: Saved,
    /// As asked for.
    name: String,
    files: usize,
    provenance: Provenance,
}

/// The snapshot that the options ask for; `None` when they ask for files.
pub(crate) fn source(
    options: &ScanOptions,
    paths: &[PathBuf],
) -> Result<Option<Source>, Box<dyn Error>> {
    if options.cluster {
        let namespaces = options.rendering.namespace.iter().cloned().collect();
        let taken = snapshot::take(
            &options.access,
            namespaces,
            options.today,
            tempfile::tempfile()?,
        )?;
        return Ok(Some(Source {
            saved: Saved::verify(taken)?,
            name: CLUSTER.to_owned(),
            files: 0,
            provenance: origins::provenance(options)?,
        }));
    }
    if options.access != ClusterOptions::default() {
        let message = "--kubeconfig, --context, --as, --selector and --secret-names say which cluster is read: add --cluster";
        return Err(message.into());
    }
    if !paths.iter().any(|path| Saved::is_one(path)) {
        if !options.source.is_empty() {
            let message = "--source names what made the objects of a cluster: add --cluster or name a snapshot";
            return Err(message.into());
        }
        return Ok(None);
    }
    let [path] = paths else {
        return Err("a snapshot is judged by itself: name nothing else".into());
    };
    let mut source = Source::open(path)?;
    source.provenance = origins::provenance(options)?;
    Ok(Some(source))
}

impl Source {
    /// The version of its server, as far as it is known here.
    pub(crate) fn version(&self) -> Option<Minor> {
        version(&self.saved.header.server_version)
    }

    /// Its objects, and what is missing, in words.
    ///
    /// # Errors
    /// When the file cannot be read anew.
    pub(crate) fn objects(
        &mut self,
        see: &mut dyn FnMut(Result<String, String>),
    ) -> Result<(), SavedError> {
        for entry in self.saved.entries()? {
            match entry? {
                Entry::Object(object) => see(Ok(object)),
                Entry::Gap(missed) => see(Err(missed.message)),
            }
        }
        Ok(())
    }

    /// A saved snapshot.
    pub(crate) fn open(path: &Path) -> Result<Source, Box<dyn Error>> {
        let name = path.display().to_string();
        let saved = Saved::open(path).map_err(|error| format!("{name} {error}"))?;
        Ok(Source {
            saved,
            name,
            files: 1,
            provenance: Provenance::Live,
        })
    }

    /// Judges it, by its own version unless another was asked for.
    pub(crate) fn report(
        mut self,
        settings: Settings,
    ) -> Result<(Settings, Report), Box<dyn Error>> {
        let settings = settings.for_cluster(self.version(), self.saved.is_complete());
        let known = self.surroundings(&settings)?;
        let mut scan = settings.scan().with_surroundings(known);
        let mut judged = self.judge(&scan)?;
        if let Some(repinned) = scan.repinned(&judged.0) {
            judged = self.judge(&repinned)?;
            scan = repinned;
        }
        let (parts, mut gaps) = judged;
        gaps.extend(settings.own_rules.gaps());
        tell_differing(&self.saved);
        let mut report = scan.report(parts, gaps, vec![self.name]);
        if let Provenance::Deployed(_) = self.provenance {
            tell_lines(&report);
        }
        report.summary.files = self.files;
        report.summary.other_files = 0;
        Ok((settings, report))
    }

    /// What users' own rules need to know of other objects.
    fn surroundings(&mut self, settings: &Settings) -> Result<Surroundings, SavedError> {
        let rules = &settings.own_rules;
        let mut known = Surroundings::default();
        if rules.is_empty() {
            return Ok(known);
        }
        let (name, unit) = (self.name.as_str().into(), CLUSTER.into());
        for entry in self.saved.entries()? {
            if let Entry::Object(object) = entry? {
                known.absorb(rules.noted(&name, &unit, &object, settings.target()));
            }
        }
        Ok(known)
    }

    fn judge(&mut self, scan: &Scan) -> Result<(Vec<Box<Part>>, Vec<Gap>), SavedError> {
        let name: Arc<str> = self.name.as_str().into();
        let unit: Arc<str> = CLUSTER.into();
        let provenance = self.provenance.clone();
        let judge = |text: &String| {
            scan.judge(&SourceText {
                name: name.clone(),
                unit: unit.clone(),
                text,
                provenance: provenance.clone(),
            })
        };
        let (mut parts, mut gaps) = (Vec::new(), Vec::new());
        let mut batches = vec![String::new()];
        let mut judge_all = |batches: &mut Vec<String>| {
            let judged: Vec<Box<Part>> = quietly(|| batches.par_iter().map(judge).collect());
            parts.extend(judged);
            *batches = vec![String::new()];
        };
        for entry in self.saved.entries()? {
            match entry? {
                Entry::Object(object) => {
                    if batches.last().is_none_or(|batch| batch.len() >= BATCH) {
                        if batches.len() == BATCHES {
                            judge_all(&mut batches);
                        } else {
                            batches.push(String::new());
                        }
                    }
                    if let Some(batch) = batches.last_mut() {
                        batch.push_str("---\n");
                        batch.push_str(&object);
                        batch.push('\n');
                    }
                }
                Entry::Gap(missed) => gaps.push(Gap {
                    reason: match missed.cause {
                        Cause::Forbidden => GapReason::Forbidden,
                        Cause::Unreachable => GapReason::Unreachable,
                    },
                    message: missed.message,
                    file: name.clone(),
                    location: None,
                    controls: Vec::new(),
                }),
            }
        }
        judge_all(&mut batches);
        Ok((parts, gaps))
    }
}

/// Says how many pods were changed on the way: what made them does not tell what runs.
pub(crate) fn tell_differing(saved: &Saved) {
    match saved.end.differing {
        0 => {}
        1 => complain("1 running pod is not as its owner made it, and is judged by itself"),
        pods => complain(&format!(
            "{pods} running pods are not as their owners made them, and are judged by themselves"
        )),
    }
}

fn tell_lines(report: &Report) {
    let is_located = |reported: &&Reported| reported.finding.place.location.is_some();
    let located = report.findings.iter().filter(is_located).count();
    let rest = report.findings.len() - located;
    if rest > 0 {
        complain(&format!(
            "source: {rest} of {} findings have no line there: their objects are not among it, or it cannot be told which \
             of several texts made them",
            report.findings.len()
        ));
    }
}

/// Writes a report into the cluster that it tells of. Only one without gaps takes reports of former scans away.
pub(super) fn publish(
    options: &ScanOptions,
    report: &Report,
    catalogue: Catalogue<'_>,
    text: &TextOptions,
) -> Result<(), Box<dyn Error>> {
    let format =
        Format::find("openreports").ok_or("there is no format for reports in a cluster")?;
    let mut list = Vec::new();
    format.write(report, catalogue, text, &mut list)?;
    let complete = report.gaps.is_empty();
    let Published {
        applied,
        deleted,
        gone,
    } = snapshot::publish_reports(&options.access, &list, complete)?;
    let gone = match gone {
        0 => String::new(),
        gone => format!(", {gone} left out because their namespaces are gone"),
    };
    complain(&format!(
        "published: {applied} reports written, {deleted} of former scans taken away{gone}"
    ));
    Ok(())
}

/// The version by which a server is judged; one that is not known here is taken for the nearest.
fn version(text: &str) -> Option<Minor> {
    text.parse().ok().or_else(|| {
        let digits = text.strip_prefix("v1.")?.split(['.', '-', '+']).next()?;
        let minor: u16 = digits.parse().ok()?;
        Some(if minor < u16::from(Minor::OLDEST.0) {
            Minor::OLDEST
        } else {
            Minor::NEWEST
        })
    })
}
