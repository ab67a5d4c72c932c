//! `plimsoll scan --watch`: scans again whenever something changes, and tells what that changed.
//!
//! What goes wrong in between, such as a configuration that is half written, is told and mended by the next change.

use std::error::Error;
use std::path::{Path, PathBuf};

use plimsoll_gather::{Watch, configuration_folders, find};
use plimsoll_render::TextOptions;
use plimsoll_scan::{Baseline, Report};

use super::settings::Settings;
use super::{known, report};
use crate::Outcome;
use crate::arguments::ScanOptions;
use crate::output::{Output, complain};

/// Empties a terminal and starts at its top.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Runs until somebody ends it.
pub(super) fn run(options: &ScanOptions, paths: &[PathBuf], output: &mut Output) -> Outcome {
    if paths.iter().any(|path| path.as_os_str() == "-") {
        return Err("standard input cannot be watched: name files or folders".into());
    }
    if options.format.name != "text" || !options.output.is_empty() {
        return Err("--watch is for reading along: leave out --format and --output".into());
    }
    find(paths)?;
    let baseline = known::baseline(options, paths)?;
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let watch = Watch::new(paths, &configuration_folders(first))?;
    let mut before: Option<Report> = None;
    loop {
        match once(options, paths, baseline.as_ref()) {
            Ok((settings, after)) => {
                show(options, &settings, before.as_ref(), &after, output)?;
                before = Some(after);
            }
            Err(error) => complain(&format!("error: {error}")),
        }
        watch.wait()?;
    }
}

fn once(
    options: &ScanOptions,
    paths: &[PathBuf],
    baseline: Option<&Baseline>,
) -> Result<(Settings, Report), Box<dyn Error>> {
    let found = find(paths)?;
    let settings = Settings::read(options, paths)?;
    let report = report(&settings, paths, found)?;
    let report = match baseline {
        Some(baseline) => report.since(baseline),
        None => report,
    };
    Ok((settings, report))
}

/// The whole report at first, then only what changed.
fn show(
    options: &ScanOptions,
    settings: &Settings,
    before: Option<&Report>,
    after: &Report,
    output: &mut Output,
) -> std::io::Result<()> {
    let text = TextOptions {
        width: output.width,
        color: output.color,
        fail_on: settings.fail_on,
        verbose: options.verbose,
    };
    let terminal = output.terminal;
    output.write(|out| {
        if terminal {
            write!(out, "{CLEAR}")?;
        }
        match before {
            Some(before) => plimsoll_render::changes(before, after, text.color, out)?,
            None => plimsoll_render::text(after, &text, out)?,
        }
        writeln!(out, "watching; Ctrl-C ends it")
    })
}
