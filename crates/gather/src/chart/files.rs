//! The files of a chart, from its folder or its archive, bounded; and a copy of them to be rendered. A copy leaves out the
//! schema of the values, which may make Helm fetch other schemas from the network.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::archive;
use flate2::read::GzDecoder;
use plimsoll_yaml::{Node, parse, split};

/// The most that a chart may hold, in bytes.
const LIMIT: u64 = 128 << 20;
/// How far charts may name each other by paths.
const LOCAL: usize = 4;
/// How deep its folders may lie.
const DEPTH: usize = 32;

/// The files of a chart by their path within it, `/` on every system; those of an archive among them by the archive's
/// name, `!` and the path in it.
pub(crate) type Files = Vec<ChartFile>;

/// A file of a chart.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ChartFile {
    /// Where Helm wants it, such as `charts/db/templates/a.yaml`.
    pub(crate) path: String,
    /// As shown behind the chart's folder, such as `/charts/db-1.0.tgz!templates/a.yaml`.
    pub(crate) shown: String,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
}

/// Is this the name of an archive?
pub fn is_archive(name: &str) -> bool {
    archive::is_archive(Path::new(name))
}

/// The files of a chart's folder or archive. Links are followed only to what lies below one of `bounds`.
pub(crate) fn read(chart: &Path, bounds: &[PathBuf]) -> io::Result<Files> {
    read_chart(chart, bounds, LOCAL)
}

fn read_chart(chart: &Path, bounds: &[PathBuf], depth: usize) -> io::Result<Files> {
    if !chart.is_dir() {
        return unpack(File::open(chart)?, LIMIT);
    }
    let mut files = Files::new();
    let mut left = LIMIT;
    read_folder(chart, "", bounds, &mut files, &mut left)?;
    let mut files = unpack_subcharts(files)?;
    for (name, path) in local_dependencies(&files) {
        let place = format!("charts/{name}/");
        let folder = chart.join(&path);
        let found = folder.canonicalize();
        let found = found.is_ok_and(|found| bounds.iter().any(|bound| found.starts_with(bound)));
        if !found || depth == 0 || files.iter().any(|file| file.path.starts_with(&place)) {
            continue;
        }
        for member in read_chart(&folder, bounds, depth - 1)? {
            files.push(ChartFile {
                path: format!("{place}{}", member.path),
                shown: format!("/{path}{}", member.shown),
                bytes: member.bytes,
            });
        }
    }
    Ok(files)
}

/// The charts that a chart names by a path, `repository: file://../db`: name and path. They are put where Helm wants
/// them, for which it would otherwise have to be asked.
fn local_dependencies(files: &Files) -> Vec<(String, String)> {
    let description = files.iter().find(|file| file.path == "Chart.yaml");
    let text = description.and_then(|file| std::str::from_utf8(&file.bytes).ok());
    let text = text.unwrap_or_default();
    let Some(Ok(tree)) = split(text).first().map(|chunk| parse(text, chunk)) else {
        return Vec::new();
    };
    let dependencies = tree
        .root()
        .get("dependencies")
        .into_iter()
        .flat_map(Node::items);
    let local = dependencies.filter_map(|dependency| {
        let said = |key| dependency.get(key).and_then(Node::as_str);
        let path = said("repository")?.strip_prefix("file://")?;
        Some((
            said("name")?.to_owned(),
            path.trim_end_matches('/').to_owned(),
        ))
    });
    local.collect()
}

fn read_folder(
    folder: &Path,
    below: &str,
    bounds: &[PathBuf],
    files: &mut Files,
    left: &mut u64,
) -> io::Result<()> {
    if below.matches('/').count() > DEPTH {
        return Err(io::Error::other("its folders lie too deep"));
    }
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let (Some(name), Ok(target)) = (name.to_str(), entry.path().canonicalize()) else {
            continue;
        };
        let stays = bounds.iter().any(|bound| target.starts_with(bound));
        if name == ".git" || !stays {
            continue;
        }
        let path = format!("{below}{name}");
        if target.is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), bounds, files, left)?;
        } else if target.is_file() {
            let mut bytes = Vec::new();
            File::open(&target)?
                .take(*left + 1)
                .read_to_end(&mut bytes)?;
            *left = left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
            let shown = format!("/{path}");
            files.push(ChartFile { path, shown, bytes });
        }
    }
    Ok(())
}

fn too_large() -> io::Error {
    io::Error::other(format!("it holds more than {} MiB", LIMIT >> 20))
}

/// The regular files of a gzipped archive whose files all lie in one folder, below that folder.
fn unpack(archive: impl Read, limit: u64) -> io::Result<Files> {
    let mut left = limit;
    let mut files = Files::new();
    let mut archive = tar::Archive::new(GzDecoder::new(archive).take(limit));
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path()?.into_owned();
        let Some(path) = below_top(&path) else {
            continue;
        };
        let mut bytes = Vec::new();
        entry.by_ref().take(left + 1).read_to_end(&mut bytes)?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        let shown = format!("!{path}");
        files.push(ChartFile { path, shown, bytes });
    }
    Ok(files)
}

/// A path in an archive without its first folder; `None` for one that leads elsewhere.
fn below_top(path: &Path) -> Option<String> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => names.push(name.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    let (_, below) = names.split_first()?;
    (!below.is_empty()).then(|| below.join("/"))
}

/// Puts what is in the archives of `charts/` in their place. One that does not read is left to Helm's own judgement.
fn unpack_subcharts(files: Files) -> io::Result<Files> {
    let mut whole = Files::new();
    let mut left = LIMIT;
    for file in files {
        let is_subchart = file.path.starts_with("charts/")
            && file.path.matches('/').count() == 1
            && is_archive(&file.path);
        let members = is_subchart.then(|| unpack(file.bytes.as_slice(), left));
        let Some(Ok(members)) = members else {
            whole.push(file);
            continue;
        };
        for member in members {
            left = left
                .checked_sub(member.bytes.len() as u64)
                .ok_or_else(too_large)?;
            let name = file
                .path
                .trim_end_matches(".tgz")
                .trim_end_matches(".tar.gz");
            whole.push(ChartFile {
                path: format!("{name}/{}", member.path),
                shown: format!("{}{}", file.shown, member.shown),
                bytes: member.bytes,
            });
        }
    }
    Ok(whole)
}

/// The names of the charts among a chart's files, by folder.
pub(crate) fn subcharts(files: &Files) -> HashMap<&str, String> {
    let named = |file: &ChartFile| {
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let tree = parse(text, split(text).first()?).ok()?;
        Some(tree.root().get("name")?.as_str()?.to_owned())
    };
    let charts = files.iter().filter_map(|file| {
        let folder = file.path.strip_suffix("/Chart.yaml")?;
        Some((folder, named(file)?))
    });
    charts.collect()
}

/// A path as Helm prints it, which names charts, whatever their folders are called.
pub(crate) fn printed(path: &str, subcharts: &HashMap<&str, String>) -> String {
    let ends = path.match_indices('/').map(|(end, _)| end);
    let folders = ends.chain([path.len()]).filter_map(|end| path.get(..end));
    let steps = folders.zip(path.split('/'));
    let names = steps.map(|(folder, step)| subcharts.get(folder).map_or(step, String::as_str));
    names.collect::<Vec<_>>().join("/")
}

/// Writes a copy of a chart into a new folder.
pub(crate) fn write(files: &Files, folder: &Path) -> io::Result<()> {
    for file in files {
        let path = folder.join(&file.path);
        let name = path.file_name().unwrap_or_default();
        if name == "values.schema.json" {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &file.bytes)?;
    }
    Ok(())
}
