//! Waits until something changes below the paths that were asked for. The system tells; nothing is looked at again and
//! again.

use std::path::{Component, Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

/// How long nothing may change before a change counts as finished: editors write, rename and touch in one go.
const QUIET: Duration = Duration::from_millis(120);
/// How long to wait for quiet at most.
const PATIENCE: Duration = Duration::from_secs(2);

/// Watches files and folders until it is dropped.
pub struct Watch {
    _watcher: RecommendedWatcher,
    changes: Receiver<()>,
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system refuses, often because too many folders are watched already.
    #[error("{path} cannot be watched ({cause}): name fewer or smaller folders")]
    Refused {
        /// The path as shown.
        path: String,
        /// What the system says.
        cause: notify::Error,
    },
    /// The system stopped telling.
    #[error("the system does not tell about changes any more: start again")]
    Ended,
}

impl Watch {
    /// Watches folders with all that is in them, and files by the folders in which they lie; `beside` are folders whose
    /// own files matter as well.
    ///
    /// # Errors
    /// The first path that the system refuses.
    pub fn new(paths: &[PathBuf], beside: &[PathBuf]) -> Result<Watch, WatchError> {
        let (sender, changes) = channel();
        let told = move |event: notify::Result<Event>| {
            // What was lost could have been a change.
            if event.map_or(true, |event| matters(&event)) {
                let _ = sender.send(());
            }
        };
        let refused = |path: &Path| {
            let path = path.display().to_string();
            move |cause| WatchError::Refused { path, cause }
        };
        let mut watcher = notify::recommended_watcher(told).map_err(refused(Path::new(".")))?;
        let files = paths.iter().filter(|path| !path.is_dir());
        let of_files = files.map(|file| match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        });
        let flat = of_files.chain(beside.iter().map(PathBuf::as_path));
        for folder in flat {
            let watched = watcher.watch(folder, RecursiveMode::NonRecursive);
            watched.map_err(refused(folder))?;
        }
        for folder in paths.iter().filter(|path| path.is_dir()) {
            let watched = watcher.watch(folder, RecursiveMode::Recursive);
            watched.map_err(refused(folder))?;
        }
        Ok(Watch {
            _watcher: watcher,
            changes,
        })
    }

    /// Waits until something has changed and it is quiet again.
    ///
    /// # Errors
    /// When the system stops telling.
    pub fn wait(&self) -> Result<(), WatchError> {
        self.changes.recv().map_err(|_| WatchError::Ended)?;
        let first = Instant::now();
        while first.elapsed() < PATIENCE {
            match self.changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Err(WatchError::Ended),
            }
        }
        Ok(())
    }
}

/// Is this a change of something that a scan could read? Reading is none, and git's own files are not scanned.
fn matters(event: &Event) -> bool {
    let of_git = |path: &PathBuf| {
        path.components()
            .any(|step| step == Component::Normal(".git".as_ref()))
    };
    !event.kind.is_access() && (event.paths.is_empty() || !event.paths.iter().all(of_git))
}

#[cfg(test)]
mod tests {
    use notify::EventKind;
    use notify::event::{AccessKind, CreateKind};

    use super::*;

    #[test]
    fn reading_and_git_are_no_changes() {
        let event = |kind, path: &str| Event::new(kind).add_path(path.into());
        let created = EventKind::Create(CreateKind::File);
        assert!(matters(&event(created, "/x/a.yaml")));
        assert!(matters(&Event::new(created)));
        assert!(!matters(&event(created, "/x/.git/index.lock")));
        assert!(!matters(&event(
            EventKind::Access(AccessKind::Any),
            "/x/a.yaml"
        )));
    }

    #[test]
    fn what_happened_meanwhile_is_not_missed() {
        let folder = tempfile::tempdir().unwrap();
        let watch = Watch::new(&[folder.path().to_owned()], &[]).unwrap();
        std::fs::write(folder.path().join("a.yaml"), "x").unwrap();
        watch.wait().unwrap();
        assert!(Watch::new(&[PathBuf::from("/nowhere/at/all")], &[]).is_err());
    }
}
