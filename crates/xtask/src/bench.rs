//! The size of the released program, and instruction counts of the whole program on generated input, held against
//! `benches/instructions.txt`. Counts do not depend on how busy the machine is; they move when the code, the compiler or a
//! dependency does. Needs valgrind.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Outcome, corpus};

/// How far a count may be from the accepted one, in percent.
const TOLERANCE: f64 = 3.0;

/// How large the program may be, stripped, in bytes.
const LARGEST: u64 = 12 << 20;

/// The accepted counts: a name and a number a line.
const ACCEPTED: &str = "benches/instructions.txt";

/// What is measured: a name, and the arguments of the program.
struct Case {
    name: &'static str,
    input: PathBuf,
}

/// Measures every case and compares; `--accept` writes the counts down instead.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    let program = build(project)?;
    let bytes = program.metadata()?.len();
    println!("{:<16} {bytes:>14} bytes", "program");
    fits(bytes)?;
    let mut measured = BTreeMap::new();
    for case in cases(project)? {
        let count = instructions(&program, SCAN, &[], &case.input)?;
        let bytes = size(&case.input)?;
        println!(
            "{:<16} {count:>14} instructions, {:>7.1} a byte",
            case.name,
            count as f64 / bytes as f64
        );
        measured.insert(case.name.to_owned(), count);
    }
    let accepted = project.join(ACCEPTED);
    if arguments.iter().any(|argument| argument == "--accept") {
        let lines: String = measured
            .iter()
            .map(|(name, count)| format!("{name} {count}\n"))
            .collect();
        std::fs::create_dir_all(project.join("benches"))?;
        return Ok(std::fs::write(accepted, lines)?);
    }
    compare(&std::fs::read_to_string(accepted)?, &measured)
}

fn fits(bytes: u64) -> Outcome {
    match bytes <= LARGEST {
        true => Ok(()),
        false => Err(format!(
            "the program has {bytes} bytes, more than the {LARGEST} that it may have: `[profile.release.package]` in Cargo.toml \
             says what is built for size"
        )
        .into()),
    }
}

fn compare(accepted: &str, measured: &BTreeMap<String, u64>) -> Outcome {
    let mut moved = Vec::new();
    for (name, count) in measured {
        let before = accepted
            .lines()
            .find_map(|line| line.strip_prefix(name.as_str())?.trim().parse::<u64>().ok());
        let Some(before) = before else {
            return Err(format!("{ACCEPTED} does not have {name}").into());
        };
        let change = (*count as f64 / before as f64 - 1.0) * 100.0;
        if change.abs() > TOLERANCE {
            moved.push(format!(
                "{name} moved by {change:+.1} % ({before} to {count})"
            ));
        }
    }
    match moved.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}; if that is meant, `cargo xtask bench --accept`",
            moved.join("; ")
        )
        .into()),
    }
}

/// Builds the program as it is released, and says where it is.
pub(crate) fn build(project: &Path) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--package", "plimsoll"])
        .current_dir(project)
        .status()?;
    if !status.success() {
        return Err("the program does not build".into());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project.join("target"), PathBuf::from);
    Ok(target.join("release").join("plimsoll"))
}

fn cases(project: &Path) -> Result<Vec<Case>, Box<dyn std::error::Error>> {
    let folder = project.join("target").join("bench");
    let files = folder.join("files-300");
    corpus::write_files(&files, 300, corpus::SEED)?;
    let platform = folder.join("platform-325");
    corpus::write_platform(&platform, 325, corpus::SEED)?;
    Ok(vec![
        Case {
            name: "three-objects",
            input: project.join("examples/shop/storefront.yaml"),
        },
        Case {
            name: "shop",
            input: project.join("examples/shop"),
        },
        Case {
            name: "files-300",
            input: files,
        },
        Case {
            name: "platform-325",
            input: platform,
        },
    ])
}

/// A scan that only counts.
pub(crate) const SCAN: &[&str] = &[
    "scan",
    "--format",
    "json",
    "--fail-on",
    "never",
    "--allow-gaps",
];

/// Instructions that one run over `input` takes, on one thread.
pub(crate) fn instructions(
    program: &Path,
    command: &[&str],
    options: &[&OsStr],
    input: &Path,
) -> Result<u64, Box<dyn std::error::Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(command)
        .args(options)
        .arg(input)
        .env("RAYON_NUM_THREADS", "1")
        .stdout(Stdio::null())
        .output()
        .map_err(|error| {
            format!("valgrind could not be started: {error}; install it to measure")
        })?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind counted nothing: {said}").into())
}

fn size(input: &Path) -> std::io::Result<u64> {
    if input.is_file() {
        return Ok(input.metadata()?.len());
    }
    let mut total = 0;
    for entry in std::fs::read_dir(input)? {
        total += size(&entry?.path())?;
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(count: u64) -> BTreeMap<String, u64> {
        BTreeMap::from([("shop".to_owned(), count)])
    }

    #[test]
    fn a_program_that_grew_too_large_is_told() {
        assert!(fits(LARGEST).is_ok());
        let said = fits(LARGEST + 1).unwrap_err().to_string();
        assert!(said.contains("has 12582913 bytes"), "{said}");
    }

    #[test]
    fn a_count_within_the_tolerance_is_fine() {
        assert!(compare("shop 1000\n", &measured(1029)).is_ok());
        assert!(compare("shop 1000\n", &measured(971)).is_ok());
    }

    #[test]
    fn a_count_that_moved_either_way_is_told() {
        let said = compare("shop 1000\n", &measured(1031))
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("shop moved by +3.1 % (1000 to 1031)"),
            "{said}"
        );
        assert!(compare("shop 1000\n", &measured(969)).is_err());
        assert!(compare("other 1\n", &measured(1)).is_err());
    }
}
