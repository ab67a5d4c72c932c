//! Judges a snapshot: a saved one, or one that is taken of a cluster for this scan and gone with it.
//!
//! Invariant: both go the same way from the snapshot on, so that they give the same report.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_cluster::{Cause, Entry, Saved, SavedError};
use plimsoll_scan::{Gap, GapReason, Part, Report, Scan, SourceText};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::version::Minor;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::failures::quietly;
use super::settings::Settings;
use crate::arguments::{ClusterOptions, ScanOptions};
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
        }));
    }
    if options.access != ClusterOptions::default() {
        let message = "--kubeconfig, --context, --as, --selector and --secret-names say which cluster is read: add --cluster";
        return Err(message.into());
    }
    if !paths.iter().any(|path| Saved::is_one(path)) {
        return Ok(None);
    }
    let [path] = paths else {
        return Err("a snapshot is judged by itself: name nothing else".into());
    };
    let name = path.display().to_string();
    let saved = Saved::open(path).map_err(|error| format!("{name} {error}"))?;
    Ok(Some(Source {
        saved,
        name,
        files: 1,
    }))
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

    /// Judges it, by its own version unless another was asked for.
    pub(super) fn report(
        mut self,
        settings: Settings,
    ) -> Result<(Settings, Report), Box<dyn Error>> {
        let settings = settings.for_cluster(self.version(), self.saved.is_complete());
        let mut scan = settings.scan();
        let mut judged = self.judge(&scan)?;
        if let Some(repinned) = scan.repinned(&judged.0) {
            judged = self.judge(&repinned)?;
            scan = repinned;
        }
        let (parts, gaps) = judged;
        let mut report = scan.report(parts, gaps, vec![self.name]);
        report.summary.files = self.files;
        report.summary.other_files = 0;
        Ok((settings, report))
    }

    fn judge(&mut self, scan: &Scan) -> Result<(Vec<Part>, Vec<Gap>), SavedError> {
        let name: Arc<str> = self.name.as_str().into();
        let unit: Arc<str> = CLUSTER.into();
        let judge = |text: &String| {
            scan.judge(&SourceText {
                name: name.clone(),
                unit: unit.clone(),
                text,
                provenance: Provenance::Live,
            })
        };
        let (mut parts, mut gaps) = (Vec::new(), Vec::new());
        let mut batches = vec![String::new()];
        let mut judge_all = |batches: &mut Vec<String>| {
            let judged: Vec<Part> = quietly(|| batches.par_iter().map(judge).collect());
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
