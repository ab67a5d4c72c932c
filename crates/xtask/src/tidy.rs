//! What no compiler checks: module headers, names of files, the table of rooms against `cargo metadata`, paths named in
//! the documents, licences. Each rule gives complete sentences; no output means tidy.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use crate::Outcome;

/// Runs every rule over the project.
pub(crate) fn run(project: &Path, _: &[String]) -> Outcome {
    let complaints = complaints(project)?;
    complaints
        .iter()
        .for_each(|complaint| eprintln!("tidy: {complaint}"));
    if complaints.is_empty() {
        Ok(())
    } else {
        Err("not tidy".into())
    }
}

fn complaints(project: &Path) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut complaints = Vec::new();
    sources(project, &mut complaints)?;
    rooms(project, &mut complaints)?;
    documents(project, &mut complaints)?;
    licences(project, &mut complaints)?;
    Ok(complaints)
}

const BANNED_NAMES: [&str; 8] = [
    "utils", "util", "helpers", "helper", "common", "misc", "manager", "handler",
];

/// Every Rust file opens with `//!`, is not named after nothing, and what it puts off carries an issue's number.
fn sources(project: &Path, complaints: &mut Vec<String>) -> Outcome {
    for file in files(&project.join("crates"), "rs")? {
        let text = fs::read_to_string(&file)?;
        let name = file.strip_prefix(project).unwrap_or(&file).display();
        if !text.starts_with("//!") {
            complaints.push(format!("{name} does not say with //! what lives in it"));
        }
        let stem = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default();
        if BANNED_NAMES.contains(&stem) {
            complaints.push(format!(
                "{name} is named after nothing: name it after its subject"
            ));
        }
        let mark = concat!("TO", "DO");
        for (number, line) in text.lines().enumerate() {
            if line.contains(mark) && !line.contains(&format!("{mark}(#")) {
                complaints.push(format!(
                    "{name}:{} has a {mark} without an issue's number",
                    number + 1
                ));
            }
        }
    }
    Ok(())
}

fn files(folder: &Path, extension: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The table in ARCHITECTURE.md and the manifests must say the same about who uses whom.
fn rooms(project: &Path, complaints: &mut Vec<String>) -> Outcome {
    let metadata = MetadataCommand::new()
        .current_dir(project)
        .no_deps()
        .exec()?;
    let table = fs::read_to_string(project.join("ARCHITECTURE.md"))?;
    let mut documented: BTreeMap<String, BTreeSet<String>> =
        table.lines().filter_map(row).collect();
    for package in &metadata.packages {
        let room = room(&package.name);
        let Some(said) = documented.remove(&room) else {
            complaints.push(format!("ARCHITECTURE.md has no row for the room {room}"));
            continue;
        };
        let used = uses(package);
        for extra in used.difference(&said) {
            complaints.push(format!(
                "{room} uses {extra}, which ARCHITECTURE.md does not say"
            ));
        }
        for missing in said.difference(&used) {
            complaints.push(format!(
                "ARCHITECTURE.md says that {room} uses {missing}, but it does not"
            ));
        }
    }
    complaints.extend(
        documented
            .keys()
            .map(|room| format!("ARCHITECTURE.md has a row for {room}, which does not exist")),
    );
    Ok(())
}

fn room(package: &str) -> String {
    package
        .strip_prefix("plimsoll-")
        .unwrap_or("cli")
        .to_owned()
}

fn uses(package: &Package) -> BTreeSet<String> {
    let normal = package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == DependencyKind::Normal);
    normal
        .map(|dependency| {
            dependency
                .name
                .strip_prefix("plimsoll-")
                .unwrap_or(&dependency.name)
                .to_owned()
        })
        .collect()
}

/// `| 2 | `snapshot` | holds … | `yaml`, `thiserror` | never … |` gives the room and what it uses.
fn row(line: &str) -> Option<(String, BTreeSet<String>)> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [_, room, _, uses, ..] = cells.as_slice() else {
        return None;
    };
    let name = room.strip_prefix('`')?.strip_suffix('`')?;
    Some((
        name.to_owned(),
        code_spans(uses).map(str::to_owned).collect(),
    ))
}

fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

const DOCUMENTS: [&str; 7] = [
    "README.md",
    "BENCHMARKS.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/sources.md",
];

/// Paths named in the documents exist, and ARCHITECTURE.md stays short enough to be read.
fn documents(project: &Path, complaints: &mut Vec<String>) -> Outcome {
    for document in DOCUMENTS {
        let text = fs::read_to_string(project.join(document))?;
        for path in code_spans(&text).filter(|span| looks_like_a_path(span)) {
            if !project.join(path).exists() {
                complaints.push(format!("{document} names {path}, which does not exist"));
            }
        }
        if document == "ARCHITECTURE.md" && text.lines().count() > 250 {
            complaints.push("ARCHITECTURE.md is longer than 250 lines".to_owned());
        }
    }
    Ok(())
}

/// A path of the project: starts with one of its folders, or is a file at its top.
fn looks_like_a_path(span: &str) -> bool {
    let folders = [
        "crates/",
        "examples/",
        "docs/",
        "packaging/",
        "referee/",
        ".ci/",
        ".cargo/",
    ];
    let plain = !span.contains([' ', '*', '<', '…', '{']);
    plain && folders.iter().any(|folder| span.starts_with(folder))
}

const LICENCES: [&str; 12] = [
    "Apache-2.0",
    "CC0-1.0",
    // Of the list of root certificates, which is data.
    "CDLA-Permissive-2.0",
    "MIT",
    "MIT-0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "Unlicense",
    "Apache-2.0 WITH LLVM-exception",
];

/// Every dependency may be used under a licence of the list.
fn licences(project: &Path, complaints: &mut Vec<String>) -> Outcome {
    let metadata = MetadataCommand::new().current_dir(project).exec()?;
    for package in &metadata.packages {
        let licence = package
            .license
            .clone()
            .unwrap_or_default()
            .replace('/', " OR ");
        let allowed = licence.split(" OR ").any(|choice| {
            choice
                .split(" AND ")
                .all(|part| LICENCES.contains(&part.trim_matches(['(', ')', ' '])))
        });
        if !allowed {
            complaints.push(format!(
                "{} {} comes under \"{licence}\"",
                package.name, package.version
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_tidy() {
        assert_eq!(complaints(crate::project()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_row_names_its_room_and_what_it_uses() {
        let (room, uses) =
            row("| 2 | `snapshot` | objects | `yaml`, `thiserror` | clocks |").unwrap();
        assert_eq!(room, "snapshot");
        assert_eq!(
            uses,
            BTreeSet::from(["yaml".to_owned(), "thiserror".to_owned()])
        );
        assert_eq!(
            row("| floor | crate | holds | uses | must never know |"),
            None
        );
    }

    #[test]
    fn only_paths_of_the_project_are_taken_for_paths() {
        assert!(looks_like_a_path("crates/yaml/src/lib.rs"));
        assert!(!looks_like_a_path("crates/*"));
        assert!(!looks_like_a_path("deploy/api.yaml"));
    }
}
