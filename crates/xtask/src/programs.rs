//! Builds the programs with which charts and kustomizations are rendered in tests, from their Go modules. Each is built once
//! for a version; a newer version here replaces it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;

/// The variable by which tests find the folder with the programs.
pub(crate) const VARIABLE: &str = "PLIMSOLL_PROGRAMS";

/// A program: its name in the folder, the name that Go gives it, and its module with the version.
const PROGRAMS: [(&str, &str, &str); 3] = [
    ("helm3", "helm", "helm.sh/helm/v3/cmd/helm@v3.22.0"),
    ("helm4", "helm", "helm.sh/helm/v4/cmd/helm@v4.3.1"),
    (
        "kustomize",
        "kustomize",
        "sigs.k8s.io/kustomize/kustomize/v5@v5.8.2",
    ),
];

/// Builds them and says how to use them.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let folder = build(project)?;
    println!("export {VARIABLE}={}", folder.display());
    Ok(())
}

/// Builds what is missing or of another version below `target/programs`.
pub(crate) fn build(project: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = project.join("target").join("programs");
    fs::create_dir_all(&folder)?;
    for (name, binary, module) in PROGRAMS {
        let stamp = folder.join(format!("{name}.version"));
        let program = folder.join(name);
        if program.is_file() && fs::read_to_string(&stamp).is_ok_and(|built| built == module) {
            continue;
        }
        eprintln!("programs: go install {module}");
        let status = Command::new("go")
            .args(["install", module])
            .env("GOBIN", folder.join("new"))
            .env("GOTOOLCHAIN", "local")
            .current_dir(&folder)
            .status();
        let status = status.map_err(|error| {
            format!("go could not be started: {error}; install Go to build {name}")
        })?;
        if !status.success() {
            return Err(format!("{module} does not build").into());
        }
        fs::rename(folder.join("new").join(binary), &program)?;
        fs::write(&stamp, module)?;
    }
    Ok(folder)
}
