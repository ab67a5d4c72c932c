//! The texts that are kept: `kept/TARGET.jsonl` from fuzzing, minimised, and `found/TARGET.jsonl`, each of which showed a bug
//! once. One JSON string a line, so that they can be read and compared.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders, below this package.
pub const FOLDERS: [&str; 2] = ["kept", "found"];

/// The kept texts of a target; none where nothing is kept.
pub fn texts(target: &str) -> Vec<String> {
    FOLDERS
        .iter()
        .flat_map(|folder| read(&file(folder, target)))
        .collect()
}

fn file(folder: &str, target: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.join(folder).join(format!("{target}.jsonl"))
}

fn read(file: &Path) -> Vec<String> {
    let lines = fs::read_to_string(file).unwrap_or_default();
    let text = |line: &str| serde_json::from_str(line).expect("a JSON string a line");
    lines.lines().map(text).collect()
}

/// Writes every kept text of a target into a folder, for an engine to begin with.
///
/// # Errors
/// What writing gives.
pub fn unpack(target: &str, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for (number, text) in texts(target).iter().enumerate() {
        fs::write(folder.join(format!("kept-{number}")), text)?;
    }
    Ok(())
}

/// Makes the texts in a folder the kept ones of a target, the shortest first; those that are no text are left out.
///
/// # Errors
/// What reading and writing gives.
pub fn pack(target: &str, folder: &Path) -> std::io::Result<usize> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        texts.extend(String::from_utf8(fs::read(entry?.path())?));
    }
    texts.sort_by(|one, other| (one.len(), one).cmp(&(other.len(), other)));
    texts.dedup();
    let lines = texts
        .iter()
        .map(|text| serde_json::json!(text).to_string() + "\n");
    let kept = file("kept", target);
    fs::create_dir_all(kept.parent().unwrap_or(&kept))?;
    fs::write(kept, lines.collect::<String>())?;
    Ok(texts.len())
}
