//! The progress bar: on standard error, only on a terminal, and only when a run takes longer than people like to wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long a run may stay silent.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts files. Invisible until [`PATIENCE`] is over, gone when dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    visible: AtomicBool,
}

impl Progress {
    /// A bar for this many files.
    pub(super) fn new(files: usize) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos} of {len} files") {
            bar.set_style(style);
        }
        Progress {
            bar,
            started: Instant::now(),
            visible: AtomicBool::new(false),
        }
    }

    /// One more file is done.
    pub(super) fn step(&self) {
        if self.started.elapsed() >= PATIENCE && !self.visible.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
