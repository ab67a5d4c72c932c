//! `--watch`: a scan for each change, until somebody ends it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::folder::{Folder, HARMLESS, PRIVILEGED};

/// Longer than any scan here takes; only a test that fails waits as long.
const PATIENCE: Duration = Duration::from_secs(60);

struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn start(folder: &Folder, arguments: &[&str]) -> Watching {
        let mut command = folder.command(&[&["scan", "--watch"], arguments].concat());
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (sender, lines) = channel();
        let out = BufReader::new(child.stdout.take().unwrap()).lines();
        let err = BufReader::new(child.stderr.take().unwrap()).lines();
        let also = sender.clone();
        std::thread::spawn(move || {
            out.map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        std::thread::spawn(move || {
            err.map_while(Result::ok)
                .try_for_each(|line| also.send(line))
        });
        Watching { child, lines }
    }

    /// The lines up to one that starts like this.
    fn until(&self, start: &str) -> String {
        let mut all = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("no line {start} after: {all}"));
            all += &format!("{line}\n");
            if line.starts_with(start) {
                return all;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_change_tells_what_is_new_and_what_is_gone() {
    let folder = Folder::with(HARMLESS);
    let watching = Watching::start(&folder, &["."]);
    assert!(watching.until("watching").contains("looked at"));
    fs::write(folder.path("b.yaml"), PRIVILEGED).unwrap();
    let more = watching.until("watching");
    assert!(
        more.contains("new  b.yaml:9:9: critical[privileged-container]"),
        "{more}"
    );
    fs::remove_file(folder.path("b.yaml")).unwrap();
    let less = watching.until("watching");
    assert!(
        less.contains("gone b.yaml:9:9: critical[privileged-container]"),
        "{less}"
    );
    fs::write(folder.path("plimsoll.yaml"), "version: 2\n").unwrap();
    watching.until("error: plimsoll.yaml:1:10: this is not a version known here");
    fs::write(folder.path("plimsoll.yaml"), "version: 1\n").unwrap();
    watching.until("watching");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_at_once_and_quietly() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::with(PRIVILEGED);
    let mut watching = Watching::start(&folder, &["a.yaml"]);
    watching.until("watching");
    let id = watching.child.id().to_string();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &id])
        .status();
    assert!(killed.unwrap().success());
    let ended = watching.child.wait().unwrap();
    assert_eq!(ended.signal(), Some(2), "as shells expect it");
    assert_eq!(watching.lines.iter().collect::<String>(), "");
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let folder = Folder::with(PRIVILEGED);
    for (arguments, says) in [
        (
            ["scan", "--watch", "-"].as_slice(),
            "standard input cannot be watched",
        ),
        (
            &["scan", "--watch", "--format", "json"],
            "leave out --format",
        ),
        (
            &["scan", "--watch", "nowhere"],
            "there is no file or folder nowhere",
        ),
    ] {
        let run = folder.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{arguments:?}");
        assert!(run.err.contains(says), "{}", run.err);
    }
}
