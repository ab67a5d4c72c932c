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

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How much a program may print, in bytes.
const OUTPUT: u64 = 256 << 20;
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
        let name = self.name();
        let not_started = |error| ProgramError::NotStarted(name.clone(), error);
        let mut child = self
            .command(arguments, running)
            .spawn()
            .map_err(not_started)?;
        let started = Instant::now();
        let complaints = child.stderr.take().map(|pipe| reading(pipe, COMPLAINTS));
        let output = child.stdout.take().map(|pipe| reading(pipe, OUTPUT));
        let Some(output) = output.and_then(|output| wait(&output, started)) else {
            stop(&mut child);
            return Err(ProgramError::TooSlow(name, PATIENCE.as_secs()));
        };
        if output.len() as u64 > OUTPUT {
            stop(&mut child);
            return Err(ProgramError::TooMuch(name, OUTPUT >> 20));
        }
        let complaints = complaints.and_then(|complaints| wait(&complaints, started));
        let Some(complaints) = complaints else {
            stop(&mut child);
            return Err(ProgramError::TooSlow(name, PATIENCE.as_secs()));
        };
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

/// Reads a pipe on a thread of its own: at most one byte more than `limit`.
fn reading(pipe: impl Read + Send + 'static, limit: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut pipe = pipe;
        let read = pipe.by_ref().take(limit + 1).read_to_end(&mut bytes);
        // Complaints beyond the limit are read and forgotten, so that their writer is not stopped by a full pipe.
        if read.is_ok() && limit < OUTPUT {
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
        }
        let _ = sender.send(bytes);
    });
    receiver
}

/// What was read; `None` when the time is over.
fn wait(pipe: &Receiver<Vec<u8>>, started: Instant) -> Option<Vec<u8>> {
    let left = PATIENCE.saturating_sub(started.elapsed());
    match pipe.recv_timeout(left) {
        Ok(bytes) => Some(bytes),
        Err(RecvTimeoutError::Disconnected) => Some(Vec::new()),
        Err(RecvTimeoutError::Timeout) => None,
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
