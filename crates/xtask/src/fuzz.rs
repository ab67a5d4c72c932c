//! Drives the targets of `crates/fuzz` with libFuzzer, on stable Rust: coverage comes from LLVM's own pass, which stable can be told
//! to run. The texts that are kept are replayed by plain `cargo test`; this finds new ones.
//!
//! Nothing is written into the project but by `keep`.

mod round;

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Outcome;
use round::Round;

/// Counters at every edge, and what is compared with what.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
     -Cllvm-args=-sanitizer-coverage-trace-compares";

const USAGE: &str = "usage: cargo xtask fuzz TARGET|all [SECONDS] | settle TARGET|all [SECONDS [MOST]] | \
     smoke [SECONDS] | keep TARGET|all | planted [SECONDS]";

/// How long a target is tried unless told, in seconds.
const SECONDS: u64 = 60;
/// How long nothing new may come until a target counts as settled.
const QUIET: u64 = 600;
/// How long all targets together are tried by a smoke.
const SMOKE: u64 = 600;

/// `TARGET [SECONDS]`, `settle TARGET [SECONDS [MOST]]`, `smoke [SECONDS]`, `keep TARGET`, `planted [SECONDS]`.
pub(crate) fn run(project: &Path, arguments: &[String]) -> Outcome {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let seconds =
        |word: Option<&&str>, usual| word.map_or(Ok::<u64, _>(usual), |word| word.parse());
    let lab = || Lab::build(project, project, &project.join("target"));
    match words.as_slice() {
        ["keep", name] => {
            let lab = lab()?;
            lab.each(name, |target| lab.keep(target))
        }
        ["planted", rest @ ..] if rest.len() < 2 => {
            planted(project, seconds(rest.first(), SECONDS)?)
        }
        ["smoke", rest @ ..] if rest.len() < 2 => smoke(project, seconds(rest.first(), SMOKE)?),
        ["settle", name, rest @ ..] if rest.len() < 3 => {
            let quiet = seconds(rest.first(), QUIET)?;
            let most = seconds(rest.get(1), u64::MAX)?;
            let lab = lab()?;
            lab.each(name, |target| lab.settle(target, quiet, most))
        }
        [name, rest @ ..] if rest.len() < 2 => {
            let seconds = seconds(rest.first(), SECONDS)?;
            let lab = lab()?;
            lab.each(name, |target| lab.search(target, seconds).map(drop))
        }
        _ => Err(USAGE.into()),
    }
}

/// Tries every target for its share of the time, from the kept texts alone and by the same chances each time: a gate is to judge a
/// change, not luck. What only other chances find is for `settle`.
pub(crate) fn smoke(project: &Path, seconds: u64) -> Outcome {
    let lab = Lab::build(project, project, &project.join("target"))?;
    let share = seconds / lab.targets()?.len().max(1) as u64;
    lab.each("all", |target| {
        fs::remove_dir_all(lab.below(target, "smoke")?)?;
        let new = lab.below(target, "smoke")?;
        lab.look(target, share, &new, &["-seed=1"]).map(drop)
    })
}

/// A target as the package lists it.
struct Target {
    name: String,
    dictionary: String,
    longest: String,
}

/// The built programs, and the folder where texts are tried.
struct Lab {
    project: PathBuf,
    programs: PathBuf,
    folder: PathBuf,
}

impl Lab {
    /// Builds the engine with the sources of the project, or of a copy of it, which needs a target folder of its own: Cargo does not tell
    /// the crates of the two apart.
    fn build(project: &Path, sources: &Path, target: &Path) -> Result<Lab, Box<dyn Error>> {
        let host = host()?;
        let status = Command::new(env!("CARGO"))
            .args(["build", "--profile", "fuzz", "--locked", "--target", &host])
            .args(["--package", "plimsoll-fuzz", "--features", "engine"])
            .args(["--bin", "plimsoll-fuzz"])
            .env("RUSTFLAGS", FLAGS)
            .env("CARGO_TARGET_DIR", target)
            .current_dir(sources)
            .status()?;
        if !status.success() {
            return Err("the targets do not build".into());
        }
        Ok(Lab {
            project: project.to_owned(),
            programs: target.join(host).join("fuzz"),
            folder: target.join("fuzzing"),
        })
    }

    fn targets(&self) -> Result<Vec<Target>, Box<dyn Error>> {
        let list = self.teller().arg("list").output()?;
        let target = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            Some(Target {
                name: words.next()?,
                dictionary: words.next()?,
                longest: words.next()?,
            })
        };
        let list = String::from_utf8(list.stdout)?;
        Ok(list.lines().filter_map(target).collect())
    }

    /// Does something with the target of this name, or with all. What fails does not keep the others from their turn.
    fn each(&self, name: &str, mut act: impl FnMut(&Target) -> Outcome) -> Outcome {
        let targets = self.targets()?;
        let chosen = targets
            .iter()
            .filter(|it| name == "all" || it.name == name)
            .collect::<Vec<_>>();
        if chosen.is_empty() {
            let names: Vec<&str> = targets.iter().map(|it| it.name.as_str()).collect();
            return Err(format!(
                "there is no target {name}: choose from {}",
                names.join(", ")
            )
            .into());
        }
        let failed = chosen.into_iter().filter_map(|target| act(target).err());
        let failed: Vec<String> = failed.map(|error| error.to_string()).collect();
        match failed.is_empty() {
            true => Ok(()),
            false => Err(failed.join("\n").into()),
        }
    }

    /// [`Lab::look`], going on from what was met before.
    fn search(&self, target: &Target, seconds: u64) -> Result<Round, Box<dyn Error>> {
        self.look(target, seconds, &self.below(target, "corpus")?, &[])
    }

    /// Looks for a text for which the target does not hold; finding none in the time is success. What reaches something new goes
    /// into a folder.
    fn look(
        &self,
        target: &Target,
        seconds: u64,
        new: &Path,
        chances: &[&str],
    ) -> Result<Round, Box<dyn Error>> {
        let (found, kept) = (self.below(target, "found")?, self.below(target, "kept")?);
        self.kept("unpack", target, &kept)?;
        eprintln!("fuzz: {} for {seconds} s", target.name);
        let mut engine = self
            .engine(target)
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-artifact_prefix={}/", found.display()))
            .args(chances)
            .args([new, &kept])
            .stderr(Stdio::piped())
            .spawn()?;
        let mut round = Round::default();
        let said = engine.stderr.take().ok_or("the engine says nothing")?;
        for line in BufReader::new(said).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            eprintln!("{line}");
            round.hear(&line);
        }
        let held = engine.wait()?.success();
        eprintln!("fuzz: {}: {round}", target.name);
        match held {
            true => Ok(round),
            false => Err(format!(
                "{} does not hold for the text in {}: fix it, and add the text to crates/fuzz/found/{}.jsonl",
                target.name,
                found.display(),
                target.name
            )
            .into()),
        }
    }

    /// Searches in rounds of so many seconds until one reaches nothing new, or until the next would end after the most.
    fn settle(&self, target: &Target, seconds: u64, most: u64) -> Outcome {
        let begun = Instant::now();
        let mut whole = Round::default();
        loop {
            let round = self.search(target, seconds)?;
            whole = whole.then(round);
            let elapsed = begun.elapsed().as_secs();
            if round.is_quiet() || elapsed.saturating_add(seconds) > most {
                let still = match round.is_quiet() {
                    true => format!("settled: nothing new in {seconds} s"),
                    false => format!("not settled after {elapsed} s"),
                };
                eprintln!("fuzz: {}: {whole}, {still}", target.name);
                return Ok(());
            }
        }
    }

    /// Keeps the fewest and shortest texts, of those kept and those new, that reach as many edges as all of them. How often an edge is
    /// taken counts while searching, and would keep four times as many.
    fn keep(&self, target: &Target) -> Outcome {
        let (corpus, kept) = (self.below(target, "corpus")?, self.below(target, "kept")?);
        let least = self.below(target, "least")?;
        fs::remove_dir_all(&least)?;
        fs::create_dir_all(&least)?;
        self.kept("unpack", target, &kept)?;
        let merged = self
            .engine(target)
            .args(["-merge=1", "-use_counters=0"])
            .args([&least, &kept, &corpus])
            .status()?;
        if !merged.success() {
            return Err(format!("the texts of {} cannot be merged", target.name).into());
        }
        self.kept("pack", target, &least)
    }

    fn engine(&self, target: &Target) -> Command {
        let dictionaries = self.project.join("crates/fuzz/dictionaries");
        let dictionary = dictionaries.join(format!("{}.dict", target.dictionary));
        let mut engine = Command::new(self.programs.join("plimsoll-fuzz"));
        engine
            .env("PLIMSOLL_FUZZ", &target.name)
            .arg(format!("-dict={}", dictionary.display()))
            .arg(format!("-max_len={}", target.longest))
            .args([
                "-timeout=10",
                "-rss_limit_mb=2000",
                "-verbosity=1",
                "-print_final_stats=1",
            ]);
        engine
    }

    fn kept(&self, act: &str, target: &Target, folder: &Path) -> Outcome {
        let status = self
            .teller()
            .args([act, &target.name])
            .arg(folder)
            .status()?;
        status
            .success()
            .then_some(())
            .ok_or_else(|| "the kept texts cannot be read or written".into())
    }

    /// What knows the targets. It is not built with counters, which only the engine has a place for.
    fn teller(&self) -> Command {
        let mut teller = Command::new(env!("CARGO"));
        teller
            .args(["run", "--quiet", "--locked", "--package", "plimsoll-fuzz"])
            .args(["--bin", "kept", "--"])
            .current_dir(&self.project);
        teller
    }

    fn below(&self, target: &Target, name: &str) -> Result<PathBuf, Box<dyn Error>> {
        let folder = self.folder.join(&target.name).join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn host() -> Result<String, Box<dyn Error>> {
    let said = Command::new("rustc").arg("-vV").output()?;
    let said = String::from_utf8(said.stdout)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.ok_or("rustc does not name its host")?.to_owned())
}

/// Plants the bugs of `crates/fuzz/planted` in a copy of the last commit; each target has to find its own.
fn planted(project: &Path, seconds: u64) -> Outcome {
    let target = project.join("target").join("planted");
    let copy = target.join("sources");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    git(project, &["worktree", "prune"], &[])?;
    git(
        project,
        &["worktree", "add", "--detach", "--force"],
        &[&copy, Path::new("HEAD")],
    )?;
    for bug in planted_bugs(project)? {
        git(&copy, &["apply"], &[&bug])?;
    }
    let lab = Lab::build(project, &copy, &target)?;
    lab.each("all", |target| match lab.search(target, seconds) {
        Ok(_) => Err(format!("{} does not find its bug", target.name).into()),
        Err(_) => Ok(()),
    })?;
    git(project, &["worktree", "remove", "--force"], &[&copy])
}

fn planted_bugs(project: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(project.join("crates/fuzz/planted"))?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn git(folder: &Path, arguments: &[&str], paths: &[&Path]) -> Outcome {
    let status = Command::new("git")
        .args(arguments)
        .args(paths)
        .current_dir(folder)
        .status()?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| format!("git {} failed", arguments.join(" ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bug that cannot be planted any more is found by nobody.
    #[test]
    fn every_planted_bug_fits_the_sources() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let bugs = planted_bugs(&project).unwrap();
        assert!(!bugs.is_empty());
        for bug in bugs {
            git(&project, &["apply", "--check"], &[&bug]).unwrap();
        }
    }
}
