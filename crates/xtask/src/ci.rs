//! The one gate: the same here and on every other machine. Stops at the first step that fails.

use std::path::Path;
use std::process::Command;

use crate::{
    Outcome, bench, browser, control_plane, fuzz, linear, programs, referee, schemas, tidy,
};

/// Runs every step.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    cargo(project, &["fmt", "--all", "--check"], &[])?;
    cargo(
        project,
        &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
        &[],
    )?;
    tidy::run(project, &[])?;
    let referee = referee::build(project)?;
    let referee = referee.to_string_lossy();
    let (control_plane, servers) = control_plane::provide(project)?;
    let servers = servers.to_string_lossy();
    let programs = programs::build(project)?;
    let programs = programs.to_string_lossy();
    let schemas = schemas::fetch(project)?;
    let schemas = schemas.to_string_lossy();
    let found = [
        (referee::VARIABLE, &*referee),
        (control_plane, &*servers),
        (programs::VARIABLE, &*programs),
        (schemas::VARIABLE, &*schemas),
    ];
    cargo(project, TEST, &found)?;
    cargo(
        project,
        &["doc", "--workspace", "--no-deps", "--locked"],
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    bench::run(project, &[])?;
    linear::run(project, &[])?;
    fuzz::smoke(project, smoke()?)?;
    match browser::find() {
        Some(_) => browser::run(project, &[]),
        None => {
            eprintln!("ci: left out, because there is no Chromium on PATH: cargo xtask browser");
            Ok(())
        }
    }
}

/// The README's test command.
const TEST: &[&str] = &["test", "--workspace"];

/// How long the fuzzing targets are tried, in seconds: all together, after their kept texts. Ten a target, unless the variable says more.
fn smoke() -> Result<u64, Box<dyn std::error::Error>> {
    match std::env::var("PLIMSOLL_SMOKE") {
        Ok(seconds) => Ok(seconds.parse()?),
        Err(_) => Ok(130),
    }
}

fn cargo(project: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome {
    eprintln!("ci: cargo {}", arguments.join(" "));
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(project);
    match command.status()?.success() {
        true => Ok(()),
        false => Err(format!("cargo {} failed", arguments.join(" ")).into()),
    }
}
