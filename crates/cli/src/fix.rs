//! `plimsoll fix`: scans, plans edits that are proved by scanning again, and shows or writes them. What an edit is and
//! whether it helps is decided in the engines; here are the files, the questions and the exit code.

mod alone;
mod companion;
mod interactive;
mod overlays;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use plimsoll_control::Finding;
use plimsoll_fix::{Bench, Fixes, Texts, fix};
use plimsoll_gather::{Found, InputFile, RevisionError, find, read, write_back};
use plimsoll_scan::Report;
use plimsoll_yaml::decode;

use crate::arguments::{FixFormat, FixOptions};
use crate::explain;
use crate::generate::target::write_new;
use crate::output::{Output, complain};
use crate::scan::remembered::Remembered;
use crate::scan::{Settings, again};
use crate::{Exit, Outcome};

pub(crate) use alone::edits;

/// Runs the command.
pub(crate) fn run(options: &FixOptions, output: &mut Output) -> Outcome {
    let here = [PathBuf::from(".")];
    let paths = match options.paths.as_slice() {
        [] => here.as_slice(),
        paths => paths,
    };
    let controls = controls(&options.control)?;
    let found = find(paths)?;
    let settings = Settings::read(&options.scan(), paths)?;
    let remembered = Remembered::some();
    let rendered = overlays::rendered(&settings, paths, &found, &remembered)?;
    let settings = settings.without_overlays();
    let shop = Shop::new(&settings, paths, found, remembered);
    let before = shop.scan(&Texts::new())?;
    let asks = |finding: &Finding| controls.is_empty() || controls.contains(finding.control.id);
    let mut fixes = shop.fix(options, &before, &asks)?;
    if options.interactive {
        let chosen = interactive::choose(&fixes, output)?;
        let troubles = shop.on_bench(&|name| shop.text(name), |bench| {
            fixes.keep(chosen, &before, bench)
        })?;
        if !troubles.is_empty() {
            interactive::tell(&troubles);
            return Ok(Exit::Findings);
        }
    }
    let mut gaps = before.gaps.len();
    if let Some(mut rendered) = rendered {
        overlays::without(&mut rendered, &before);
        fixes.tell(&rendered, &options.wanted(&asks), &|name| shop.text(name));
        gaps = rendered.gaps.len();
    }
    if options.format == FixFormat::Sarif {
        let log = shop.sarif(options, &before, &asks)?;
        output.write(|out| out.write_all(&log))?;
    }
    let refused = show(options, &shop, &before, &mut fixes, output)?;
    notes(options, gaps, &fixes, output)?;
    let writes = options.write || options.interactive;
    let something = match writes {
        true => refused || fixes.has_refusals(),
        false => !fixes.files.is_empty(),
    };
    Ok(if something {
        Exit::Findings
    } else {
        Exit::Fine
    })
}

/// The ids of the controls that were named.
fn controls(names: &[String]) -> Result<BTreeSet<&'static str>, Box<dyn Error>> {
    let named = names.iter().map(|name| Ok(explain::control(name)?.head.id));
    named.collect()
}

/// The files of a run, which can be scanned again with other texts.
struct Shop<'s> {
    settings: &'s Settings,
    paths: &'s [PathBuf],
    found: Found,
    files: BTreeMap<Arc<str>, InputFile>,
    remembered: Remembered,
}

impl<'s> Shop<'s> {
    fn new(
        settings: &'s Settings,
        paths: &'s [PathBuf],
        found: Found,
        remembered: Remembered,
    ) -> Shop<'s> {
        let files = found.files.iter();
        Shop {
            settings,
            paths,
            files: files
                .map(|file| (file.name.clone(), file.clone()))
                .collect(),
            found,
            remembered,
        }
    }

    /// Scans everything, with these texts in place of the files' own.
    fn scan(&self, texts: &Texts) -> Result<Report, RevisionError> {
        let mut found = self.found.clone();
        for file in &mut found.files {
            if let Some(text) = texts.get(&file.name) {
                *file = file.holding(text.as_bytes());
            }
        }
        let new = texts
            .iter()
            .filter(|(name, _)| !self.files.contains_key(*name));
        found
            .files
            .extend(new.filter_map(|(name, text)| self.new_file(name, text)));
        found.files.sort_by(|one, other| one.name.cmp(&other.name));
        again(self.settings, self.paths, found, &self.remembered)
    }

    /// A file that is not there yet, beside one of those that are.
    fn new_file(&self, name: &str, text: &str) -> Option<InputFile> {
        let folder = |name: &str| name.rfind('/').map(|at| name.split_at(at).0.to_owned());
        let mut files = self.files.values();
        let neighbour = files.find(|file| folder(&file.name) == folder(name))?;
        let own = name.rsplit('/').next().unwrap_or(name);
        neighbour.beside(own, text.as_bytes())
    }

    fn text(&self, name: &Arc<str>) -> Result<String, String> {
        let file = self.files.get(name).ok_or("its file is not there")?;
        let bytes = read(file).map_err(|problem| problem.message)?;
        let text = decode(bytes.clone()).map_err(|error| error.to_string())?;
        if text.as_bytes() == bytes {
            Ok(text)
        } else {
            Err("its file is not UTF-8: save it as that first".to_owned())
        }
    }

    fn fix(
        &self,
        options: &FixOptions,
        before: &Report,
        asks: &dyn Fn(&Finding) -> bool,
    ) -> Result<Fixes, RevisionError> {
        let wanted = options.wanted(asks);
        self.on_bench(&|name| self.text(name), |bench| fix(before, &wanted, bench))
    }

    /// Works with the texts of the files, as `read` gives them, and scans of all.
    fn on_bench<T>(
        &self,
        read: &dyn Fn(&Arc<str>) -> Result<String, String>,
        work: impl FnOnce(&Bench<'_, RevisionError>) -> T,
    ) -> T {
        let scan = self.settings.scan();
        work(&Bench {
            read,
            rescan: &|texts| self.scan(texts),
            target: scan.target(),
            vacant: &|beside, own| self.vacant(beside, own),
            near: &|file| self.near(file),
        })
    }

    /// Writes all that changes. What could not be written is told, and taken back from the fixes. True when there was some.
    fn write(&self, fixes: &mut Fixes) -> bool {
        let mut refused = false;
        let mut left = Vec::new();
        for (name, changed) in &fixes.files {
            if changed.is_new {
                refused |= !self.write_new(name, &changed.new);
                continue;
            }
            let Some(file) = self.files.get(name).filter(|file| !file.is_stream()) else {
                continue;
            };
            let (old, new) = (changed.old.as_bytes(), changed.new.as_bytes());
            if let Err(error) = write_back(file, old, new) {
                complain(&plimsoll_render::escape(&format!("error: {error}")));
                left.push((name.clone(), error.to_string()));
            }
        }
        refused |= !left.is_empty();
        for (name, reason) in left {
            fixes.leave(&name, &reason);
        }
        refused
    }
}

impl Shop<'_> {
    /// Writes a file that is not there yet. False when it could not be, which was told.
    fn write_new(&self, name: &str, text: &str) -> bool {
        let Some(file) = self.new_file(name, text) else {
            return false;
        };
        let written = write_new(&file.path, text);
        if let Err(error) = &written {
            complain(&plimsoll_render::escape(&format!("error: {error}")));
        }
        written.is_ok()
    }
}

/// Shows or writes what changes. True when something could not be written.
fn show(
    options: &FixOptions,
    shop: &Shop<'_>,
    before: &Report,
    fixes: &mut Fixes,
    output: &mut Output,
) -> Result<bool, Box<dyn Error>> {
    let writes = options.write || options.interactive;
    let refused = writes && shop.write(fixes);
    let color = output.color;
    match options.format {
        FixFormat::Json => {
            output.write(|out| plimsoll_render::fix_json(before, fixes, out))?;
        }
        FixFormat::Sarif => {}
        FixFormat::Text if !writes => {
            output.write(|out| plimsoll_render::fix_diff(fixes, color, out))?;
        }
        FixFormat::Text => {
            for file in shop.files.values().filter(|file| file.is_stream()) {
                let text = match fixes.files.get(&file.name) {
                    Some(changed) => changed.new.clone(),
                    None => shop.text(&file.name)?,
                };
                output.write(|out| out.write_all(text.as_bytes()))?;
            }
        }
    }
    Ok(refused)
}

/// Says on standard error what was left and why.
fn notes(options: &FixOptions, gaps: usize, fixes: &Fixes, output: &Output) -> io::Result<()> {
    let mut notes = Vec::new();
    let color = output.color && io::stderr().is_terminal();
    plimsoll_render::fix_notes(fixes, options.verbose, output.width, color, &mut notes)?;
    complain(String::from_utf8_lossy(&notes).trim_end());
    match gaps {
        0 => {}
        1 => complain("1 gap was left out: `plimsoll scan` says what could not be looked at"),
        gaps => complain(&format!(
            "{gaps} gaps were left out: `plimsoll scan` says what could not be looked at"
        )),
    }
    Ok(())
}
