//! What was known before the scan: a former report, or what a scan of an earlier revision finds.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use plimsoll_gather::find;
use plimsoll_render::read_fingerprints;
use plimsoll_scan::Baseline;

use super::report;
use super::settings::{Settings, open};
use crate::arguments::ScanOptions;

/// What the options name as known; `None` when they name nothing.
pub(super) fn baseline(
    options: &ScanOptions,
    paths: &[PathBuf],
) -> Result<Option<Baseline>, Box<dyn Error>> {
    match (&options.baseline, &options.since) {
        (Some(file), _) => former_report(file).map(Some),
        (None, Some(revision)) => since(revision, options, paths).map(Some),
        (None, None) => Ok(None),
    }
}

fn former_report(file: &Path) -> Result<Baseline, Box<dyn Error>> {
    let name = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        format!("the baseline {name} cannot be read ({error}): write one with `plimsoll scan --format json`")
    })?;
    let fingerprints = read_fingerprints(&text).map_err(|error| format!("{name}: {error}"))?;
    let baseline = Baseline::new(name.to_string(), fingerprints);
    Ok(baseline.map_err(|error| format!("{name}: {error}"))?)
}

/// What a scan of the revision finds, with the configuration and the waivers of then, and the options of now.
fn since(name: &str, options: &ScanOptions, paths: &[PathBuf]) -> Result<Baseline, Box<dyn Error>> {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(
            "standard input has no revision: name files, or compare with --baseline".into(),
        );
    }
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let exported = open(name, first)?.export(paths)?;
    let found = find(&exported.paths)?;
    let settings = Settings::read_exported(options, &exported)?;
    let report = report(&settings, &exported.paths, found)?;
    Ok(Baseline::of(name.to_owned(), &report))
}
