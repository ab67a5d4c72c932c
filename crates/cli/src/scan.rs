//! `plimsoll scan`: finds, sorts and judges the files, reports, and decides the exit code.
//!
//! Invariant: the result depends neither on threads nor on the order in which the file system lists files.

mod descriptions;
mod failures;
mod judged;
mod known;
mod live;
mod progress;
mod settings;
mod watch;
pub(crate) mod work;

use std::collections::HashMap;
use std::path::PathBuf;

use plimsoll_control::Control;
use plimsoll_gather::{Found, Revision, RevisionError, find};
use plimsoll_render::{Catalogue, TextOptions};
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_yaml::decode;

use crate::Outcome;
use crate::arguments::ScanOptions;
use crate::destination;
use crate::output::{Output, WIDTH};
use judged::{Judged, unreadable};
pub(crate) use settings::{Settings, today};
use work::Work;

/// Runs the command.
pub(crate) fn run(options: &ScanOptions, output: &mut Output) -> Outcome {
    let here = [PathBuf::from(".")];
    let paths = match options.paths.as_slice() {
        [] => here.as_slice(),
        paths => paths,
    };
    if options.watch {
        return watch::run(options, paths, output);
    }
    destination::check(&options.output)?;
    let (settings, report, baseline) = match live::source(options, paths)? {
        Some(source) => {
            let settings = Settings::read(options, &here)?;
            let baseline = known::baseline(options, paths)?;
            let (settings, report) = source.report(settings)?;
            (settings, report, baseline)
        }
        None => {
            let found = find(paths)?;
            let settings = Settings::read(options, paths)?;
            let baseline = known::baseline(options, paths)?;
            let report = report(&settings, paths, found)?;
            (settings, report, baseline)
        }
    };
    let report = match &baseline {
        Some(baseline) => report.since(baseline),
        None => report,
    };
    let text = TextOptions {
        width: output.width,
        color: output.color,
        fail_on: settings.fail_on,
        verbose: options.verbose,
    };
    let controls: Vec<&'static Control> = plimsoll_catalog::all().collect();
    let catalogue = Catalogue(&controls);
    output.write(|out| options.format.write(&report, catalogue, &text, out))?;
    let text = TextOptions {
        width: WIDTH,
        color: false,
        ..text
    };
    destination::write_all(&options.output, |format, out| {
        format.write(&report, catalogue, &text, out)
    })?;
    Ok(settings.exit(&report))
}

/// Scans everything below `paths`, of which `found` is what was found.
pub(crate) fn report(
    settings: &Settings,
    paths: &[PathBuf],
    mut found: Found,
) -> Result<Report, RevisionError> {
    let excluded = settings
        .exclusions
        .as_ref()
        .map_or(0, |exclusions| found.exclude(exclusions));
    let Found {
        files,
        problems,
        packed_charts,
    } = found;
    let work = Work::sort(files, &packed_charts);
    let (scan, mut judged) = judge(settings.scan(), &work);
    let foreign = match &settings.revision {
        Some(revision) => drop_foreign_waivers(&scan, revision, &work, &mut judged)?,
        None => 0,
    };
    let mut gaps: Vec<_> = problems.into_iter().map(unreadable).collect();
    gaps.extend(work.charts);
    gaps.extend(judged.gaps);
    let without_objects = gaps.len();
    let sources = paths.iter().map(|path| path.display().to_string());
    let mut report = scan.report(judged.parts, gaps, sources.collect());
    report.summary.files += without_objects;
    report.summary.other_files += judged.others + work.descriptions;
    report.summary.patches = work.patches;
    report.summary.excluded = excluded;
    report.summary.foreign_waivers = foreign;
    Ok(report)
}

/// Judges, and once more if namespaces pin the version of the policy, which only shows when all have been seen.
fn judge(scan: Scan, work: &Work) -> (Scan, Judged) {
    let judged = Judged::new(&scan, &work.manifests);
    match scan.repinned(&judged.parts) {
        Some(repinned) => {
            drop(judged);
            let judged = Judged::new(&repinned, &work.manifests);
            (repinned, judged)
        }
        None => (scan, judged),
    }
}

/// Drops the waivers in files that do not stand in the same files at the revision. Gives how many.
fn drop_foreign_waivers(
    scan: &Scan,
    revision: &Revision,
    work: &Work,
    judged: &mut Judged,
) -> Result<usize, RevisionError> {
    let paths = work.manifests.iter().map(|manifest| &manifest.file);
    let paths: HashMap<_, _> = paths.map(|file| (file.name.clone(), &file.path)).collect();
    let mut dropped = 0;
    for part in judged.parts.iter_mut().filter(|part| part.has_waivers()) {
        let earlier = match paths.get(part.file()) {
            Some(path) => revision.read(path)?.and_then(|bytes| decode(bytes).ok()),
            None => None,
        };
        let earlier = earlier.map(|text| {
            scan.judge(&SourceText {
                name: part.file().clone(),
                unit: part.file().clone(),
                text: &text,
            })
        });
        dropped += part.keep_waivers_of(earlier.as_ref());
    }
    Ok(dropped)
}
