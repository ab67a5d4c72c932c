//! `cargo xtask scale mock|real [PODS] [--alone] [--program FILE]`: what reading a large cluster costs. `mock` serves any number of
//! pods from here, so that nothing but the program is measured; `real` fills a real API server and asks kubectl for the same
//! pods. Needs GNU time, and for `real` a control plane.
//!
//! The figures are told, not judged: they go into BENCHMARKS.md by hand.

mod cluster;
mod mock;
mod real;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, bench};

/// What is asked for.
struct Asked {
    pods: usize,
    /// Does every pod stand for itself, instead of one in a hundred?
    alone: bool,
    program: PathBuf,
}

/// What a command took.
struct Took {
    /// Seconds by the wall clock, of the processor for the program, and of the processor for the system.
    seconds: [f64; 3],
    /// The most memory, in MiB.
    memory: f64,
    /// What it said on standard error.
    said: String,
}

/// Measures one of the two.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    let usage = "usage: cargo xtask scale mock|real [PODS] [--alone] [--program FILE]";
    let (how, rest) = arguments.split_first().ok_or(usage)?;
    let mut rest = rest.iter();
    let (mut pods, mut alone, mut program) = (None, false, None);
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--alone" => alone = true,
            "--program" => program = Some(PathBuf::from(rest.next().ok_or(usage)?)),
            number => pods = Some(number.parse().map_err(|_| usage)?),
        }
    }
    let program = program.map_or_else(|| bench::build(project), Ok)?;
    let asked = |usual| Asked {
        pods: pods.unwrap_or(usual),
        alone,
        program,
    };
    match how.as_str() {
        "mock" => mock::measure(&asked(100_000)),
        "real" => real::measure(&asked(10_000)),
        _ => Err(usage.into()),
    }
}

/// Runs a command under GNU time; its standard output is not kept.
fn time(command: &Command) -> Result<Took, Box<dyn Error>> {
    let mut timed = Command::new("/usr/bin/time");
    timed.args(["-f", "%e %U %S %M"]);
    timed.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            timed.env(name, value);
        }
    }
    let output = timed.stdout(Stdio::null()).output().map_err(|error| {
        format!("GNU time could not be started: {error}; install it to measure")
    })?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let (said, figures) = said.trim_end().rsplit_once('\n').unwrap_or(("", &said));
    let figures: Vec<f64> = figures
        .split_whitespace()
        .filter_map(|figure| figure.parse().ok())
        .collect();
    match figures.as_slice() {
        [wall, user, system, memory] => Ok(Took {
            seconds: [*wall, *user, *system],
            memory: memory / 1024.0,
            said: said.to_owned(),
        }),
        _ => Err(format!("GNU time said something else: {said}").into()),
    }
}

/// Runs a command, and tells what it took.
fn tell(name: &str, command: &Command) -> Result<Took, Box<dyn Error>> {
    let took = time(command)?;
    let [wall, user, system] = took.seconds;
    println!(
        "{name:<34} {wall:>7.1} s, {user:>6.2} s CPU and {system:>5.2} s of the system, {:>6.0} MiB",
        took.memory
    );
    Ok(took)
}

/// The commands of the program that are measured, each with its name.
fn commands(asked: &Asked, kubeconfig: &Path, snapshot: &Path) -> [(&'static str, Command); 3] {
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&asked.program);
        command.args(arguments);
        command
    };
    let mut save = command(&["snapshot", "-o"]);
    save.arg(snapshot).arg("--kubeconfig").arg(kubeconfig);
    let judge = ["scan", "--fail-on=never", "--format=json"];
    let mut live = command(&judge);
    live.arg("--cluster").arg("--kubeconfig").arg(kubeconfig);
    let mut saved = command(&judge);
    saved.arg(snapshot);
    [
        ("plimsoll snapshot -o FILE", save),
        ("plimsoll scan --cluster", live),
        ("plimsoll scan FILE", saved),
    ]
}
