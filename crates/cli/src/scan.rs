//! `plimsoll scan`: finds, sorts and judges the files, reports, and decides the exit code.
//!
//! Invariant: the result depends neither on threads nor on the order in which the file system lists files.

mod descriptions;
mod failures;
mod judged;
mod progress;
mod work;

use std::path::PathBuf;

use plimsoll_gather::{Found, NoSuchPath, find};
use plimsoll_render::TextOptions;
use plimsoll_scan::{Report, Scan};
use plimsoll_snapshot::target::Target;

use crate::arguments::{FailOn, ReportFormat, ScanOptions};
use crate::output::Output;
use crate::{Exit, Outcome};
use judged::{Judged, unreadable};
use work::Work;

/// Runs the command.
pub(crate) fn run(options: &ScanOptions, output: &mut Output) -> Outcome {
    let report = report(options)?;
    let text = TextOptions {
        width: output.width,
        color: output.color,
        fail_on: options.fail_on.least(),
        verbose: options.verbose,
    };
    output.write(|out| match options.format {
        ReportFormat::Text => plimsoll_render::text(&report, &text, out),
        ReportFormat::Concise => plimsoll_render::concise(&report, text.color, out),
        ReportFormat::Json => plimsoll_render::json(&report, out),
    })?;
    Ok(exit(&report, options.fail_on, options.allow_gaps))
}

/// 2 wins over 1: who could not look everywhere cannot say how bad it is.
fn exit(report: &Report, fail_on: FailOn, allow_gaps: bool) -> Exit {
    let fails = |least| {
        let mut severities = report
            .findings
            .iter()
            .map(|reported| reported.finding.severity);
        severities.any(|severity| severity >= least)
    };
    if !report.gaps.is_empty() && !allow_gaps {
        Exit::Unsure
    } else if fail_on.least().is_some_and(fails) {
        Exit::Findings
    } else {
        Exit::Fine
    }
}

fn report(options: &ScanOptions) -> Result<Report, NoSuchPath> {
    let here = [PathBuf::from(".")];
    let paths = match options.paths.as_slice() {
        [] => here.as_slice(),
        paths => paths,
    };
    let Found { files, problems } = find(paths)?;
    let work = Work::sort(files);
    let scan = Scan::new(
        plimsoll_catalog::all(),
        Target::new(options.kubernetes_version),
    );
    let (scan, judged) = judge(scan, &work);
    let mut gaps: Vec<_> = problems.into_iter().map(unreadable).collect();
    gaps.extend(work.charts);
    gaps.extend(judged.gaps);
    let without_objects = gaps.len();
    let sources = paths.iter().map(|path| path.display().to_string());
    let mut report = scan.report(judged.parts, gaps, sources.collect());
    report.summary.files += without_objects;
    report.summary.other_files += judged.others + work.descriptions;
    report.summary.patches = work.patches;
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
