//! One process that cannot outlive the test: a shell waits at the other end of a pipe, and when the pipe closes, because
//! the test is done or dead, kills the program. Nothing here is stopped gently: all that it writes is thrown away.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The watcher keeps the pipe as its descriptor 3; the program takes the shell's place and so its process id. What has ended by
/// itself cannot be killed, which is not to be told among its last words.
const GUARD: &str = r#"exec 3<&0
( while read -r line; do :; done <&3; kill -KILL $$ 2>/dev/null ) &
exec "$@" </dev/null 3<&-"#;

/// A running program whose output goes to a file.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program.
    pub(crate) fn start(program: Command, arguments: &[String], log: &Path) -> io::Result<Process> {
        let output = File::create(log)?;
        let child = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(program.get_program())
            .args(program.get_args())
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        Ok(Process {
            child,
            log: log.to_owned(),
        })
    }

    /// Has it ended by itself?
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The last lines that it wrote.
    pub(crate) fn last_words(&self) -> String {
        const LINES: usize = 15;
        let log = std::fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let mut lines: Vec<&str> = log.lines().rev().take(LINES).collect();
        lines.reverse();
        lines.join("\n")
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it and waits until it is gone.
    pub(crate) fn stop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    #[test]
    fn a_program_dies_when_nobody_holds_its_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new("sleep");
        program.arg("600");
        let mut process = Process::start(program, &[], &folder.path().join("log")).unwrap();
        assert!(!process.has_ended());
        drop(process.child.stdin.take());
        assert_eq!(process.child.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn the_last_words_of_a_program_that_ended_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new("sh");
        program.args(["-c", "echo no such flag >&2; exit 3"]);
        let mut process = Process::start(program, &[], &folder.path().join("log")).unwrap();
        // Waiting would close the pipe, and the guard might be quicker than the program.
        let pipe = process.child.stdin.take();
        assert_eq!(process.child.wait().unwrap().code(), Some(3));
        drop(pipe);
        assert!(process.has_ended());
        assert_eq!(process.last_words(), "no such flag");
    }
}
