//! `plimsoll scan`: finds, sorts and judges the files, reports, and decides the exit code.
//!
//! Invariant: the result depends neither on threads nor on the order in which the file system lists files.

mod descriptions;
mod failures;
mod judged;
mod known;
pub(crate) mod live;
mod origins;
mod overlays;
pub(crate) mod policies;
mod progress;
pub(crate) mod remembered;
mod rendering;
mod settings;
mod stats;
mod watch;
mod web;
pub(crate) mod work;

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use plimsoll_control::Control;
use plimsoll_gather::{Found, Revision, RevisionError, find};
use plimsoll_render::{Catalogue, Edits, Format, Record, TextOptions};
use plimsoll_scan::{Report, Scan, SourceText};
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_yaml::decode;

use crate::Outcome;
use crate::arguments::ScanOptions;
use crate::destination;
use crate::fix;
use crate::output::{Output, WIDTH};
use judged::{Judged, unreadable};
use remembered::Remembered;
pub(crate) use settings::{Settings, today};
use stats::{Stats, clock};
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
    let mut stats = Stats::default();
    let mut edits = Edits::default();
    let (settings, report, baseline) = match live::source(options, paths)? {
        Some(source) => {
            let settings = Settings::read(options, &here)?;
            let baseline = known::baseline(options, paths)?;
            let (settings, report) = source.report(settings)?;
            (settings, report, baseline)
        }
        None => {
            let found = timed(&mut stats.found, || find(paths))?;
            let mut settings = Settings::read(options, paths)?;
            let baseline = known::baseline(options, paths)?;
            let again = wants_edits(options).then(|| found.clone());
            let mut report = measured(&settings, paths, found, &Remembered::default(), &mut stats)?;
            report.files_at = web::files_at();
            if let Some(found) = again {
                settings = settings.without_overlays();
                edits = timed(&mut stats.rendered, || fix::edits(&settings, paths, found))?;
            }
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
    let started = clock();
    settings.own_rules.tell();
    let controls: Vec<&'static Control> = settings.controls().collect();
    let catalogue = Catalogue(&controls);
    let write = |format: &'static Format, text: &TextOptions, out: &mut dyn Write| {
        if carries_edits(options, format) {
            let record = Record::of(&report).with_edits(&edits);
            return format.write_record(&record, catalogue, out);
        }
        format.write(&report, catalogue, text, out)
    };
    output.write(|out| write(options.format, &text, out))?;
    let text = TextOptions {
        width: WIDTH,
        color: false,
        ..text
    };
    destination::write_all(&options.output, |format, out| write(format, &text, out))?;
    stats.rendered += clock() - started;
    if options.publish {
        live::publish(options, &report, catalogue, &text)?;
    }
    if options.stats {
        stats.tell();
    }
    let exit = settings.exit(&report);
    // The program ends: a large report need not be taken apart piece by piece.
    std::mem::forget(report);
    Ok(exit)
}

/// The report on the paths, or on the cluster, that the options ask for, by the settings as `change` makes them.
pub(crate) fn whole(
    options: &ScanOptions,
    change: impl FnOnce(Settings) -> Settings,
) -> Result<(Settings, Report), Box<dyn Error>> {
    let here = [PathBuf::from(".")];
    match live::source(options, &options.paths)? {
        Some(source) => source.report(change(Settings::read(options, &here)?)),
        None => {
            let found = find(&options.paths)?;
            let settings = change(Settings::read(options, &options.paths)?);
            let report = report(&settings, &options.paths, found)?;
            Ok((settings, report))
        }
    }
}

/// Does a report in this format say by which edits findings end?
fn carries_edits(options: &ScanOptions, format: &Format) -> bool {
    format.carries_edits() || (options.fixes && format.takes_records())
}

fn wants_edits(options: &ScanOptions) -> bool {
    let outputs = options.output.iter().map(|output| output.format);
    let mut formats = outputs.chain([options.format]);
    formats.any(|format| carries_edits(options, format))
}

/// Runs `work` and adds the time that it took.
fn timed<T>(took: &mut Duration, work: impl FnOnce() -> T) -> T {
    let started = clock();
    let done = work();
    *took += clock() - started;
    done
}

/// Scans everything below `paths`, of which `found` is what was found.
pub(crate) fn report(
    settings: &Settings,
    paths: &[PathBuf],
    found: Found,
) -> Result<Report, RevisionError> {
    again(settings, paths, found, &Remembered::default())
}

/// [`report`], for whom scans the same files again and again.
pub(crate) fn again(
    settings: &Settings,
    paths: &[PathBuf],
    found: Found,
    remembered: &Remembered,
) -> Result<Report, RevisionError> {
    measured(settings, paths, found, remembered, &mut Stats::default())
}

/// [`report`], which also says what it took.
fn measured(
    settings: &Settings,
    paths: &[PathBuf],
    mut found: Found,
    remembered: &Remembered,
    stats: &mut Stats,
) -> Result<Report, RevisionError> {
    let excluded = settings
        .exclusions
        .as_ref()
        .map_or(0, |exclusions| found.exclude(exclusions));
    let Found {
        mut files,
        problems,
        packed_charts,
    } = found;
    files.extend(packed_charts);
    let work = timed(&mut stats.found, || Work::sort(files, &settings.rendering));
    let target = settings.target();
    let surroundings = settings.own_rules.surroundings(&work.manifests, target);
    let scan = settings.scan().with_clock(clock);
    let scan = scan.with_surroundings(surroundings);
    // Rules of the user's own look at other files, too.
    let none = Remembered::default();
    let remembered = if settings.own_rules.is_empty() {
        remembered
    } else {
        &none
    };
    let (scan, mut judged) = timed(&mut stats.work, || judge(scan, &work, remembered));
    (stats.read, stats.effort) = (judged.read, judged.effort());
    stats.files = work.manifests.len();
    let foreign = match &settings.revision {
        Some(revision) => drop_foreign_waivers(&scan, revision, &work, &mut judged)?,
        None => 0,
    };
    drop(work.manifests);
    let mut gaps: Vec<_> = problems.into_iter().map(unreadable).collect();
    gaps.extend(work.gaps);
    gaps.extend(judged.gaps);
    let without_objects = gaps.len();
    gaps.extend(settings.own_rules.gaps());
    let sources = paths.iter().map(|path| path.display().to_string());
    let mut report = timed(&mut stats.joined, || {
        scan.report(judged.parts, gaps, sources.collect())
    });
    stats.objects = report.summary.objects;
    report.summary.files += without_objects;
    report.summary.other_files += judged.others + work.descriptions;
    report.summary.patches = work.patches;
    report.summary.excluded = excluded;
    report.summary.foreign_waivers = foreign;
    Ok(report)
}

/// Judges, and once more if namespaces pin the version of the policy, which only shows when all have been seen.
fn judge(scan: Scan, work: &Work, remembered: &Remembered) -> (Scan, Judged) {
    let judged = Judged::new(&scan, &work.manifests, remembered);
    match scan.repinned(&judged.parts) {
        Some(repinned) => {
            drop(judged);
            let judged = Judged::new(&repinned, &work.manifests, remembered);
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
                provenance: Provenance::Written,
            })
        });
        dropped += part.keep_waivers_of(earlier.as_deref());
    }
    Ok(dropped)
}
