//! Builds the control plane that tests start: etcd, API server, controller manager and kubectl of one version of
//! Kubernetes as one program, from their Go modules.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::Outcome;

/// The variable by which tests find it.
pub(crate) const VARIABLE: &str = "PLIMSOLL_CONTROL_PLANE";
/// The variable by which the field's test environments name a folder of such programs.
const FOLDER: &str = "KUBEBUILDER_ASSETS";

/// Provides it and says how to use it.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let (variable, path) = provide(project)?;
    println!("export {variable}={}", path.display());
    Ok(())
}

/// The variable that tests look at, and its value: the folder that is named already, or what was built below `target`.
/// A build takes about ten minutes on two cores; one for each version is kept.
pub(crate) fn provide(
    project: &Path,
) -> Result<(&'static str, PathBuf), Box<dyn std::error::Error>> {
    if let Some(folder) = env::var_os(FOLDER).filter(|folder| !folder.is_empty()) {
        return Ok((FOLDER, folder.into()));
    }
    let module = project.join("control-plane");
    let version = version(&fs::read_to_string(module.join("go.mod"))?)?;
    let program = project
        .join("target")
        .join(format!("control-plane-{version}"));
    if !is_newer(&program, &module) {
        build(&module, &program, &version)?;
    }
    Ok((VARIABLE, program))
}

/// The version of Kubernetes that the module requires.
fn version(module: &str) -> Result<String, &'static str> {
    let mut lines = module.lines().map(str::trim);
    let version = lines.find_map(|line| line.strip_prefix("k8s.io/kubernetes v"));
    version
        .map(str::to_owned)
        .ok_or("control-plane/go.mod does not require k8s.io/kubernetes")
}

/// Is the program newer than the module's files?
fn is_newer(program: &Path, module: &Path) -> bool {
    let changed = |path: PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    let files = ["go.mod", "go.sum", "main.go"].map(|name| changed(module.join(name)));
    changed(program.to_owned())
        .is_some_and(|built| files.into_iter().flatten().all(|file| file < built))
}

fn build(module: &Path, program: &Path, version: &str) -> Outcome {
    let mut numbers = version.split('.');
    let (major, minor) = (
        numbers.next().unwrap_or_default(),
        numbers.next().unwrap_or_default(),
    );
    let package = "k8s.io/component-base/version";
    let flags = format!(
        "-s -w -X {package}.gitVersion=v{version} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    );
    eprintln!("building Kubernetes {version}; this takes about ten minutes the first time");
    let status = Command::new("go")
        .args(["build", "-trimpath", "-ldflags", &flags, "-o"])
        .arg(program)
        .arg(".")
        .current_dir(module)
        .status()
        .map_err(|error| {
            format!("go could not be started: {error}; install Go to build the control plane")
        })?;
    match status.success() {
        true => Ok(()),
        false => Err("the control plane does not build".into()),
    }
}
