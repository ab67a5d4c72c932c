//! `cargo xtask corpus DIR`: writes manifests of any size, to measure with and to try things on.
//!
//! Here lives what is asked for and how documents become files; the documents themselves live in the modules.
//! Invariants: the same request gives the same bytes on every machine; an API server accepts every object; the
//! files together have the size that was asked for, within 5 %.

mod author;
mod companion;
mod container;
mod definition;
mod platform;
mod pod;
mod random;
mod request;
mod value;
mod workload;
mod write;

use std::path::Path;
use std::{fs, io};

use crate::Outcome;
use author::Author;
use request::{Request, Shape};

/// The seed unless asked otherwise.
pub(crate) const SEED: u64 = 1;

/// A file of the corpus, its path relative to the corpus' folder.
struct File {
    path: String,
    text: String,
}

/// How much was written.
#[derive(Default)]
struct Size {
    files: usize,
    lines: usize,
    bytes: usize,
}

/// Writes the corpus into an empty or a new folder and tells its size.
pub(crate) fn run(_project: &Path, arguments: &[String]) -> Outcome {
    let request = Request::parse(arguments)?;
    let folder = &request.folder;
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("{} is not empty: name a new folder", folder.display()).into());
    }
    let Size {
        files,
        lines,
        bytes,
    } = write_all(&request)?;
    println!("{files} files, {lines} lines, {bytes} bytes");
    Ok(())
}

/// Writes `count` files of the usual size into `folder`, which need not be there. Files of the same names are
/// replaced, others stay.
pub(crate) fn write_files(folder: &Path, count: u32, seed: u64) -> io::Result<()> {
    write_all(&Request::files(folder, count, seed)).map(|_| ())
}

/// Writes what a platform's repository of so many objects holds into `folder`, as [`write_files`] does.
pub(crate) fn write_platform(folder: &Path, objects: u32, seed: u64) -> io::Result<()> {
    write_all(&Request::platform(folder, objects, seed)).map(|_| ())
}

fn write_all(request: &Request) -> io::Result<Size> {
    let mut size = Size::default();
    for File { path, text } in generate(request) {
        write(&request.folder.join(path), &text)?;
        size.files += 1;
        size.lines += text.lines().count();
        size.bytes += text.len();
    }
    Ok(size)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Every file, made one at a time so that a large corpus needs little memory.
fn generate(request: &Request) -> Box<dyn Iterator<Item = File>> {
    let mut author = Author::new(request.seed);
    match request.shape {
        Shape::Files { count, bytes } => Box::new(author.files(count, bytes)),
        Shape::Pods {
            count,
            single: true,
        } => Box::new(std::iter::once(author.pods("pods.yaml", count))),
        Shape::Pods {
            count,
            single: false,
        } => {
            let each = move |number| author.pods(&format!("pod-{number:05}.yaml"), 1);
            Box::new((0..count).map(each))
        }
        Shape::Platform { objects } => Box::new(author.platform(objects)),
        Shape::Definitions { bytes } => Box::new(std::iter::once(author.definitions(bytes))),
    }
}

#[cfg(test)]
mod tests;
