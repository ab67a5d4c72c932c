//! Builds the Pod Security referee, the small Go program around the evaluator of Kubernetes' own admission plugin.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The variable by which tests find the referee.
pub(crate) const VARIABLE: &str = "PLIMSOLL_REFEREE";

/// Builds it and says how to use it.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let program = build(project)?;
    println!("export {VARIABLE}={}", program.display());
    Ok(())
}

/// Builds it below `target`; Go's own cache makes a second build cheap.
pub(crate) fn build(project: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let program = project.join("target").join("referee");
    let status = Command::new("go")
        .args(["build", "-trimpath", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(project.join("referee"))
        .status()
        .map_err(|error| {
            format!("go could not be started: {error}; install Go to build the referee")
        })?;
    if status.success() {
        Ok(program)
    } else {
        Err("the referee does not build".into())
    }
}
