//! `cargo xtask linear`: twice the input must not cost more than 2.3 times as much, for every shape of input that a careless loop
//! makes quadratic. Counts instructions, so that the verdict is the same on a busy machine. Needs valgrind; charts
//! are rendered by a real Helm, which is not counted.
//!
//! What the shapes are stands in `shapes` and `joined`. What every run costs whatever it reads is taken off first.

mod joined;
mod shapes;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::{Outcome, bench, programs};
use joined::JOINED;
use shapes::{SHAPES, Shape};

/// How much more twice as much may cost.
const LIMIT: f64 = 2.3;

/// Below so many instructions the start of the program hides what is measured.
const LEAST: u64 = 300_000;

/// Measures the shapes whose names are given, or all, and fails when one is not linear.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    let program = bench::build(project)?;
    let folder = project.join("target").join("linear");
    let helm = programs::build(project)?.join("helm4");
    let measure = |shape: &Shape, n| -> Result<u64, Box<dyn std::error::Error>> {
        let input = write(&folder, shape, n)?;
        let helm: &[&OsStr] = match shape.command == bench::SCAN {
            true => &["--helm".as_ref(), helm.as_ref()],
            false => &[],
        };
        bench::instructions(&program, shape.command, helm, &input)
    };
    let idle = measure(&shapes::NOTHING, 1)?;
    let asked = |shape: &&Shape| arguments.is_empty() || arguments.iter().any(|a| a == shape.name);
    let mut bad = Vec::new();
    for shape in SHAPES.iter().chain(JOINED).filter(asked) {
        let count = |n| -> Result<u64, Box<dyn std::error::Error>> {
            Ok(measure(shape, n)?.saturating_sub(idle))
        };
        let (once, twice) = (count(shape.n)?, count(2 * shape.n)?);
        let ratio = twice as f64 / once as f64;
        println!(
            "{:<22} {:>8} {once:>12} {:>8} {twice:>12} {ratio:>6.2}",
            shape.name,
            shape.n,
            2 * shape.n
        );
        bad.extend(verdict(shape, once, ratio));
    }
    match bad.is_empty() {
        true => Ok(()),
        false => Err(bad.join("; ").into()),
    }
}

fn verdict(shape: &Shape, once: u64, ratio: f64) -> Option<String> {
    let name = shape.name;
    if once < LEAST {
        return Some(format!("{name} is too small to tell: make n larger"));
    }
    (ratio > LIMIT).then(|| format!("{name} costs {ratio:.2} times as much for twice the input"))
}

/// Writes a shape and gives the folder that holds it alone.
fn write(folder: &Path, shape: &Shape, n: usize) -> io::Result<PathBuf> {
    let folder = folder.join(shape.name).join(n.to_string());
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (path, text) in (shape.files)(n) {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, text)?;
    }
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_grows_faster_than_its_input_is_told() {
        let shape = &SHAPES[0];
        assert_eq!(verdict(shape, LEAST, 2.29), None);
        let said = verdict(shape, LEAST, 4.0).unwrap();
        assert!(said.contains("4.00 times"), "{said}");
        assert!(verdict(shape, LEAST - 1, 2.0).is_some());
    }

    #[test]
    fn shapes_have_names_of_their_own_and_grow_with_n() {
        let size = |files: Vec<(String, String)>| files.iter().map(|(_, text)| text.len()).sum();
        let shapes: Vec<&Shape> = SHAPES.iter().chain(JOINED).collect();
        for (index, shape) in shapes.iter().enumerate() {
            let others = shapes.iter().skip(index + 1);
            assert!(others.into_iter().all(|other| other.name != shape.name));
            let (once, twice): (usize, usize) = (size((shape.files)(50)), size((shape.files)(100)));
            let growth = twice as f64 / once as f64;
            assert!((1.3..2.2).contains(&growth), "{}: {growth}", shape.name);
        }
    }
}
