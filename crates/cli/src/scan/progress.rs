//! The progress bar: on standard error, only on a terminal, and only when a run takes longer than people like to wait.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long a run may stay silent.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long a drawn bar stays as it is.
const PAUSE: Duration = Duration::from_millis(50);
/// How wide the bar is, in columns.
const WIDTH: usize = 30;

/// Counts files. Invisible until [`PATIENCE`] is over, gone when dropped.
pub(super) struct Progress {
    files: usize,
    shown: Mutex<Shown>,
}

struct Shown {
    done: usize,
    visible: bool,
    /// When to draw; `None` where nobody looks.
    next: Option<Instant>,
}

impl Progress {
    /// A bar for this many files.
    pub(super) fn new(files: usize) -> Progress {
        Progress {
            files,
            shown: Mutex::new(Shown {
                done: 0,
                visible: false,
                next: stderr().is_terminal().then(|| Instant::now() + PATIENCE),
            }),
        }
    }

    /// One more file is done.
    pub(super) fn step(&self) {
        let Ok(mut shown) = self.shown.lock() else {
            return;
        };
        shown.done += 1;
        let now = Instant::now();
        if shown.next.is_some_and(|next| now >= next) {
            let _ = write!(stderr(), "\r{}", bar(shown.done, self.files));
            shown.next = Some(now + PAUSE);
            shown.visible = true;
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown.get_mut().is_ok_and(|shown| shown.visible) {
            let _ = write!(stderr(), "\r\x1b[2K");
        }
    }
}

fn bar(done: usize, files: usize) -> String {
    let filled = WIDTH * done / files.max(1);
    let bar = "█".repeat(filled) + &"░".repeat(WIDTH.saturating_sub(filled));
    format!("{bar} {done} of {files} files")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_with_the_files() {
        let columns = |done| bar(done, 200).matches('█').count();
        assert_eq!([0, 99, 100, 200].map(columns), [0, 14, 15, WIDTH]);
        let bar = bar(99, 200);
        assert_eq!(bar.matches('░').count(), WIDTH - 14);
        assert!(bar.ends_with(" 99 of 200 files"), "{bar}");
    }

    #[test]
    fn no_files_are_no_fault() {
        assert!(bar(0, 0).ends_with(" 0 of 0 files"));
    }
}
