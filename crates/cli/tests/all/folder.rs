//! A folder to run the binary in, and what it answered.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// A pod with one container that is privileged, and nothing around it.
pub(crate) const PRIVILEGED: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: agent}
spec:
  containers:
    - name: main
      image: registry.example.com/agent@sha256:0000000000000000000000000000000000000000000000000000000000000000
      securityContext:
        privileged: true
";

/// A config map, which no control has anything against.
pub(crate) const HARMLESS: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {colour: blue}
";

/// A temporary folder with files in it.
pub(crate) struct Folder(TempDir);

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A folder with one file, `a.yaml`.
    pub(crate) fn with(text: impl AsRef<[u8]>) -> Folder {
        Folder::new().file("a.yaml", text)
    }

    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Folder {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The binary, to be run here with a plain environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_plimsoll")));
        for name in [
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "PLIMSOLL_BACKTRACE",
            "GITHUB_SERVER_URL",
            "CI_PROJECT_URL",
        ] {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .env("PATH", git_alone())
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        ended(self.command(arguments).output().unwrap())
    }

    /// Runs with this on standard input.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        let command = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        ended(child.wait_with_output().unwrap())
    }

    /// Scans the whole folder: exit code and report.
    pub(crate) fn scan(&self) -> Scan {
        self.scan_with(&["."])
    }

    pub(crate) fn scan_with(&self, arguments: &[&str]) -> Scan {
        let arguments = [&["scan", "--format", "json"], arguments].concat();
        Scan::of(&self.run(&arguments))
    }
}

/// A PATH with git and nothing else, so that no Helm or Kustomize of this machine takes part unasked.
pub(crate) fn git_alone() -> &'static Path {
    static FOLDER: OnceLock<TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let git = std::env::split_paths(&path).map(|folder| folder.join("git"));
        if let Some(git) = git.into_iter().find(|git| git.is_file()) {
            std::os::unix::fs::symlink(git, folder.path().join("git")).unwrap();
        }
        folder
    });
    folder.path()
}

pub(crate) fn ended(output: Output) -> Run {
    Run {
        code: output.status.code().expect("ends by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A report with the exit code.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) code: i32,
    pub(crate) report: Value,
}

impl Scan {
    pub(crate) fn of(run: &Run) -> Scan {
        assert_eq!(run.err, "", "a scan that ends well has no complaints");
        Scan {
            code: run.code,
            report: serde_json::from_str(&run.out).expect("valid JSON"),
        }
    }

    /// `file:line` of each finding of a control.
    pub(crate) fn found(&self, control: &str) -> Vec<String> {
        let findings = self.report["findings"].as_array().unwrap().iter();
        let of_control = findings.filter(|finding| finding["control"] == control);
        of_control
            .map(|finding| place(&finding["location"]))
            .collect()
    }

    /// The gaps, as `reason file:line`.
    pub(crate) fn gaps(&self) -> Vec<String> {
        let gaps = self.report["gaps"].as_array().unwrap().iter();
        let gap = |gap: &Value| {
            format!(
                "{} {}",
                gap["reason"].as_str().unwrap(),
                place(&gap["location"])
            )
        };
        gaps.map(gap).collect()
    }

    /// The message of the only gap.
    pub(crate) fn gap_message(&self) -> &str {
        assert_eq!(self.gaps().len(), 1, "{:?}", self.gaps());
        self.report["gaps"][0]["message"].as_str().unwrap()
    }

    pub(crate) fn summary(&self, key: &str) -> u64 {
        self.report["summary"][key]
            .as_u64()
            .unwrap_or_else(|| panic!("no number {key}"))
    }

    /// Neither findings nor gaps.
    pub(crate) fn is_clean(&self) -> bool {
        self.code == 0
            && self.report["findings"] == Value::Array(Vec::new())
            && self.gaps().is_empty()
    }
}

fn place(location: &Value) -> String {
    let file = location["file"].as_str().unwrap_or("?");
    match location["line"].as_u64() {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}
