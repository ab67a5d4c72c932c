//! Every control against its page, and the catalogue against its own rules: names, lists, files. What a page has to
//! promise is testkit's; nothing here knows a control by name.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on fails best where it stands"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use plimsoll_catalog::all;
use plimsoll_control::Control;
use plimsoll_guide::Chapter;
use plimsoll_scan::GapReason;
use plimsoll_testkit::{fixes, mutant, page, whole};

/// Runs `ask` for every control on two threads; fails with all that it says.
#[track_caller]
fn every_control(ask: impl Fn(&'static Control) -> Vec<String> + Sync) {
    let controls: Vec<&'static Control> = all().collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut told = Vec::new();
        while let Some(control) = controls.get(next.fetch_add(1, Ordering::Relaxed)) {
            told.extend(ask(control));
        }
        told
    };
    let mut told: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        let told = threads.map(|thread| thread.join().expect("no control may panic"));
        told.concat()
    });
    told.sort();
    assert!(told.is_empty(), "\n{}\n", told.join("\n"));
}

#[test]
fn every_page_tells_the_truth() {
    let controls: Vec<&'static Control> = all().collect();
    every_control(|control| page::check(&controls, control).err().unwrap_or_default());
}

#[test]
fn every_fix_ends_what_its_page_shows_and_nothing_else() {
    let controls: Vec<&'static Control> = all().collect();
    every_control(|control| fixes::check(&controls, control).err().unwrap_or_default());
}

/// Every `PLIMSOLL_EVERY`th text; 1 takes minutes and tells the figures of all.
#[test]
fn fixing_everything_at_once_leaves_whole_texts() {
    let step = std::env::var("PLIMSOLL_EVERY").ok();
    let step = step.and_then(|step| step.parse().ok()).unwrap_or(40);
    let controls: Vec<&'static Control> = all().collect();
    let figures = std::sync::Mutex::new(whole::Figures::default());
    every_control(|control| match whole::check(&controls, control, step) {
        Ok(more) => {
            figures.lock().expect("no control may panic").add(more);
            Vec::new()
        }
        Err(complaints) => complaints,
    });
    let figures = figures.into_inner().expect("no control may panic");
    println!("{figures:#?}");
    assert!(
        figures.texts > 300 && figures.fixed > figures.texts,
        "{figures:?}"
    );
}

#[test]
fn every_page_notices_when_its_control_changes() {
    let controls: Vec<&'static Control> = all().collect();
    every_control(|control| mutant::survivors_among(&controls, control));
}

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = BTreeSet::new();
    for control in all() {
        let head = &control.head;
        for id in [head.id].iter().chain(head.formerly) {
            assert!(seen.insert(*id), "the id {id} is used twice");
            let word = |word: &str| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            };
            assert!(id.split('-').all(word), "the id {id} is not kebab-case");
        }
    }
}

#[test]
fn every_control_serves_somebody_or_says_that_it_goes_beyond() {
    for control in all() {
        let head = &control.head;
        let serves = !head.guide.is_empty() || !head.pss.is_empty();
        assert!(
            serves || head.chapter == Chapter::BeyondTheGuide,
            "{} names no recommendation and no Pod Security check; a control without either belongs to the chapter \
             beyond the guide",
            head.id
        );
    }
}

#[test]
fn every_control_has_its_two_files() {
    let files: BTreeMap<String, PathBuf> = chapters()
        .iter()
        .flat_map(|folder| {
            names(folder, "rs")
                .into_iter()
                .map(|name| (name, folder.clone()))
        })
        .collect();
    let mut unused: BTreeSet<&String> = files.keys().collect();
    for control in all() {
        let name = control.head.id.replace('-', "_");
        let folder = files
            .get(&name)
            .unwrap_or_else(|| panic!("there is no {name}.rs"));
        let page = fs::read_to_string(folder.join(format!("{name}.md")));
        assert_eq!(
            page.ok().as_deref(),
            Some(control.head.page.text()),
            "{name}.md is not the page"
        );
        unused.remove(&name);
    }
    assert!(
        unused.is_empty(),
        "no control of the catalogue comes from {unused:?}"
    );
}

#[test]
fn every_chapter_lists_its_files_alphabetically() {
    for folder in chapters() {
        let list = fs::read_to_string(folder.join("mod.rs")).expect("a chapter has its mod.rs");
        let between = |start: &str, end: &str| -> Vec<String> {
            let lines = list.lines().map(str::trim);
            let names = lines.filter_map(|line| line.strip_prefix(start)?.strip_suffix(end));
            names.map(str::to_owned).collect()
        };
        let named = names(&folder, "rs");
        let chapter = folder.display();
        assert_eq!(between("mod ", ";"), named, "modules of {chapter}");
        let listed = match between("&", "::CONTROL,") {
            several if several.len() != named.len() => {
                between("pub static CONTROLS: &[&Control] = &[&", "::CONTROL];")
            }
            several => several,
        };
        assert_eq!(listed, named, "controls of {chapter}");
        assert_eq!(names(&folder, "md"), named, "pages of {chapter}");
    }
}

#[test]
fn a_control_is_named_in_one_file_only() {
    let rooms = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = Vec::new();
    for room in fs::read_dir(rooms).expect("the rooms") {
        sources(&room.expect("a room").path().join("src"), &mut texts);
    }
    for control in all() {
        let id = control.head.id;
        let quoted = format!("\"{id}\"");
        let holds = texts.iter().filter(|(_, text)| text.contains(&quoted));
        let files: Vec<_> = holds.map(|(file, _)| file).collect();
        let is_gap = GapReason::ALL.iter().any(|reason| reason.as_str() == id);
        let allowed = 1 + usize::from(is_gap);
        assert_eq!(files.len(), allowed, "{quoted} stands in {files:?}");
    }
}

/// The folders of the chapters.
fn chapters() -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = fs::read_dir(source).expect("the catalogue's sources");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.is_dir()).collect()
}

/// The names of a folder's files with this extension, sorted, without `mod`.
fn names(folder: &Path, extension: &str) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a chapter");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let right = |path: &PathBuf| path.extension().is_some_and(|found| found == extension);
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    let mut names: Vec<String> = paths.filter(right).filter_map(stem).collect();
    names.retain(|name| name != "mod");
    names.sort();
    names
}

/// Every Rust file below a folder with its text as far as its tests, which may name real controls; nothing when the
/// folder is not there.
fn sources(folder: &Path, texts: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, texts);
        } else if path.extension().is_some_and(|found| found == "rs") && !path.ends_with("tests.rs")
        {
            let text = fs::read_to_string(&path).expect("a text");
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            texts.push((path, product.to_owned()));
        }
    }
}
