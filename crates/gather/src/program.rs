//! Runs the user's own programs: found on the PATH or named by the user, never a file of what is scanned; with a clean
//! environment, a home of its own, bounded time and bounded output.
//!
//! Invariant: a program sees no variable, plugin, cache or credential of the user that is not handed on here.

use std::env;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a program may take and how much it may print.
struct Bounds {
    patience: Duration,
    /// In bytes.
    output: u64,
}

const BOUNDS: Bounds = Bounds {
    patience: Duration::from_secs(120),
    output: 256 << 20,
};
/// How much of its complaints is kept, in bytes.
const COMPLAINTS: u64 = 64 << 10;
/// The variables that a program needs to reach the network through what the user has set up.
const NETWORK: [&str; 9] = [
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PATH",
];

/// A program of the user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    path: PathBuf,
}

/// A program that was named is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no program {}: check the path", .0.display())]
pub struct NoSuchProgram(PathBuf);

/// Why a program gave nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProgramError {
    /// It did not start.
    #[error("{0} cannot be run: {1}")]
    NotStarted(String, std::io::Error),
    /// It took too long.
    #[error("{0} did not end within {1} seconds")]
    TooSlow(String, u64),
    /// It printed too much.
    #[error("{0} printed more than {1} MiB")]
    TooMuch(String, u64),
    /// It said so itself.
    #[error("{0}")]
    Refused(String),
}

impl Program {
    /// The program at a path that the user named.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn named(path: &Path) -> Result<Program, NoSuchProgram> {
        match std::path::absolute(path) {
            Ok(absolute) if absolute.is_file() => Ok(Program { path: absolute }),
            _ => Err(NoSuchProgram(path.to_owned())),
        }
    }

    /// The first program of this name on the PATH. What lies below one of `scanned`, and entries of the PATH that depend
    /// on the current folder, do not count: a scanned folder must not choose what runs.
    pub fn on_path(name: &str, scanned: &[PathBuf]) -> Option<Program> {
        let path = env::var_os("PATH")?;
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        let folders = env::split_paths(&path).filter(|folder| folder.is_absolute());
        // A program of many names has to be run by the one that was looked for; where that leads decides.
        let fits = |path: &PathBuf| {
            let leads_to = path.canonicalize();
            leads_to.is_ok_and(|to| is_program(&to) && !lies_below(&to, scanned))
                && !lies_below(path, scanned)
        };
        let path = folders.map(|folder| folder.join(&file)).find(fits)?;
        Some(Program { path })
    }

    /// The name of its file.
    pub fn name(&self) -> String {
        let name = self.path.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// What it prints, run in `folder` with `home` for all that it wants to keep.
    pub(crate) fn run(
        &self,
        arguments: &[OsString],
        running: &Running<'_>,
    ) -> Result<String, ProgramError> {
        self.run_within(&BOUNDS, arguments, running)
    }

    fn run_within(
        &self,
        bounds: &Bounds,
        arguments: &[OsString],
        running: &Running<'_>,
    ) -> Result<String, ProgramError> {
        let name = self.name();
        let not_started = |error| ProgramError::NotStarted(name.clone(), error);
        let mut child = self
            .command(arguments, running)
            .spawn()
            .map_err(not_started)?;
        let printed = printed(&mut child, bounds);
        let Some((output, complaints)) = printed else {
            stop(&mut child);
            return Err(ProgramError::TooSlow(name, bounds.patience.as_secs()));
        };
        if output.len() as u64 > bounds.output {
            stop(&mut child);
            return Err(ProgramError::TooMuch(name, bounds.output >> 20));
        }
        // Both its pipes are closed: it is about to end.
        match child.wait().map_err(not_started)?.success() {
            true => Ok(String::from_utf8_lossy(&output).into_owned()),
            false => Err(ProgramError::Refused(
                String::from_utf8_lossy(&complaints).trim().to_owned(),
            )),
        }
    }

    fn command(&self, arguments: &[OsString], running: &Running<'_>) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .current_dir(running.folder)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in [
            "HOME",
            "TMPDIR",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            "XDG_DATA_HOME",
        ] {
            command.env(name, running.home);
        }
        command.env("KUBECONFIG", running.home.join("none"));
        command.env("HELM_PLUGINS", running.home.join("none"));
        command.env("KUSTOMIZE_PLUGIN_HOME", running.home.join("none"));
        if !running.network {
            // Nobody answers there, should a program want to fetch something after all.
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
                command.env(name, "http://127.0.0.1:9");
            }
        }
        for name in NETWORK.into_iter().filter(|_| running.network) {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        command
    }
}

/// In what surroundings a program runs.
pub(crate) struct Running<'r> {
    /// The current folder.
    pub(crate) folder: &'r Path,
    /// Instead of the user's own home: configuration, cache, temporary files.
    pub(crate) home: &'r Path,
    /// Was the network asked for?
    pub(crate) network: bool,
}

fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        path.metadata()
            .is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}

fn lies_below(path: &Path, scanned: &[PathBuf]) -> bool {
    scanned.iter().any(|folder| path.starts_with(folder))
}

/// What a program prints and complains; the complaints are empty when it printed too much. `None` when its time is over.
fn printed(child: &mut Child, bounds: &Bounds) -> Option<(Vec<u8>, Vec<u8>)> {
    let started = Instant::now();
    let complaints = reading(child.stderr.take()?, COMPLAINTS, true);
    let output = reading(child.stdout.take()?, bounds.output, false);
    let wait = |pipe: &Receiver<Vec<u8>>| {
        let left = bounds.patience.saturating_sub(started.elapsed());
        match pipe.recv_timeout(left) {
            Ok(bytes) => Some(bytes),
            Err(RecvTimeoutError::Disconnected) => Some(Vec::new()),
            Err(RecvTimeoutError::Timeout) => None,
        }
    };
    let output = wait(&output)?;
    if output.len() as u64 > bounds.output {
        return Some((output, Vec::new()));
    }
    Some((output, wait(&complaints)?))
}

/// Reads a pipe on a thread of its own: at most one byte more than `limit`. With `all`, what comes after is read and
/// forgotten, so that its writer is not stopped by a full pipe.
fn reading(mut pipe: impl Read + Send + 'static, limit: u64, all: bool) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.by_ref().take(limit + 1).read_to_end(&mut bytes);
        if all && read.is_ok() {
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a shell says to this within bounds.
    fn run(script: &str, patience: Duration, output: u64) -> Result<String, ProgramError> {
        let home = tempfile::tempdir().unwrap();
        let shell = Program::named(Path::new("/bin/sh")).unwrap();
        let running = Running {
            folder: home.path(),
            home: home.path(),
            network: false,
        };
        let bounds = Bounds { patience, output };
        shell.run_within(&bounds, &["-c".into(), script.into()], &running)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let error = run("while :; do :; done", Duration::from_millis(20), 10).unwrap_err();
        assert!(matches!(error, ProgramError::TooSlow(..)), "{error}");
    }

    #[test]
    fn a_program_that_prints_without_end_is_stopped() {
        let error = run("while :; do echo a; done", LONG, 1000).unwrap_err();
        assert!(matches!(error, ProgramError::TooMuch(..)), "{error}");
    }

    #[test]
    fn complaints_count_only_where_it_fails_and_never_block_it() {
        let noisy =
            "i=0; while [ $i -lt 20000 ]; do echo complaint >&2; i=$((i+1)); done; echo fine";
        assert_eq!(run(noisy, LONG, 1000).unwrap(), "fine\n");
        let error = run("echo half; echo no such chart >&2; exit 3", LONG, 1000).unwrap_err();
        assert_eq!(error.to_string(), "no such chart");
    }

    #[test]
    fn what_is_scanned_does_not_choose_what_runs() {
        let shell = Program::on_path("sh", &[]).expect("there is a shell");
        let folder = shell.path.canonicalize().unwrap();
        let folder = folder.parent().unwrap().to_owned();
        let other = Program::on_path("sh", std::slice::from_ref(&folder));
        assert!(other.is_none_or(|other| !other.path.canonicalize().unwrap().starts_with(folder)));
    }
}
