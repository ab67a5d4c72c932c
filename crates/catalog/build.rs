//! Packs the pages of all controls into one file that the program carries: they are a sixth of their size then, and only
//! `explain` and the formats that hold pages read them. `src/page.rs` unpacks.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src");
    let packed = PathBuf::from(std::env::var("OUT_DIR")?).join("pages");
    let mut packed = DeflateEncoder::new(File::create(packed)?, Compression::best());
    for page in pages(Path::new("src"))? {
        let name = page.file_stem().unwrap_or_default().to_string_lossy();
        write!(packed, "\0{name}\0{}", fs::read_to_string(&page)?)?;
    }
    packed.finish()?;
    Ok(())
}

/// Every page below a folder, in an order that does not depend on the file system.
fn pages(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(pages(&entry)?);
        } else if entry.extension().is_some_and(|extension| extension == "md") {
            found.push(entry);
        }
    }
    Ok(found)
}
