//! `--stats`: where the time went and how much was read, on standard error.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use plimsoll_scan::Effort;

use crate::output::complain;

/// Time since the program first asked.
pub(super) fn clock() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// What a run took, phase by phase.
#[derive(Default)]
pub(super) struct Stats {
    /// Finding and sorting files.
    pub(super) found: Duration,
    /// Reading files, on all threads together.
    pub(super) read: Duration,
    /// Parsing and judging, on all threads together.
    pub(super) effort: Effort,
    /// Everything from reading to the last verdict on a single object, by the wall clock.
    pub(super) work: Duration,
    /// Judging across objects, waivers, order, fingerprints.
    pub(super) joined: Duration,
    /// Writing the report.
    pub(super) rendered: Duration,
    /// Objects.
    pub(super) objects: usize,
    /// Files that were judged.
    pub(super) files: usize,
}

impl Stats {
    /// Tells everything, a line for each phase.
    pub(super) fn tell(&self) {
        let Effort {
            bytes,
            documents,
            fast,
            parsing,
            judging,
        } = self.effort;
        let threads = rayon::current_num_threads();
        let lines = [
            line("find", self.found, ""),
            line(
                "read",
                self.read,
                &format!("{} files, {bytes} bytes", self.files),
            ),
            line(
                "parse",
                parsing,
                &format!(
                    "{documents} documents, {} by the fast reader",
                    share(fast, documents)
                ),
            ),
            line("judge", judging, &format!("{} objects", self.objects)),
            line(
                "together",
                self.work,
                &format!("of the last three, on {threads} threads"),
            ),
            line("join", self.joined, ""),
            line("render", self.rendered, ""),
        ];
        lines.iter().for_each(|line| complain(line));
        if let Some(peak) = peak_memory() {
            complain(&format!(
                "{:<9}{:>10.1} MiB at most",
                "memory",
                peak as f64 / 1024.0
            ));
        }
    }
}

fn line(phase: &str, took: Duration, what: &str) -> String {
    let line = format!(
        "{phase:<9}{:>10.1} ms   {what}",
        took.as_secs_f64() * 1000.0
    );
    line.trim_end().to_owned()
}

fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "none".to_owned(),
        _ => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    }
}

/// The most memory that the process has held, in KiB. `None` where the system does not tell.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
