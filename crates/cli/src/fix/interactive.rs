//! Questions about every hunk of a difference, answered like those of `git add --patch`. What was chosen is proved again before it is
//! written, because the parts of what was proved together need not fit together.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufRead, Lines, StdinLock};
use std::sync::Arc;

use plimsoll_fix::{Changed, Fixes, listed};
use plimsoll_render::{Difference, fix_hunk};
use plimsoll_snapshot::unit::KUSTOMIZATIONS;

use crate::output::{Output, complain};

const QUESTION: &str = "change this? [y]es, [n]o, [a]ll from here on in this file, [d]one with this file, [q]uit, [?]: ";

const HELP: &str = "\
y  make this change
n  leave it
a  make this change and all that follow in this file
d  leave this change and all that follow in this file
q  leave this change and all that follow";

/// An answer to a question.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    All,
    Done,
    Quit,
}

/// Asks about every change; gives those that are to be made. The end of the input leaves the rest.
pub(super) fn choose(
    fixes: &Fixes,
    output: &mut Output,
) -> Result<BTreeMap<Arc<str>, Changed>, Box<dyn Error>> {
    let mut answers = io::stdin().lock().lines();
    let mut chosen = BTreeMap::new();
    let mut quit = false;
    let changes = || {
        fixes
            .files
            .iter()
            .filter(|(name, _)| !is_kustomization(name))
    };
    for (name, changed) in changes() {
        let difference = Difference::new(name, changed);
        let mut taken = Vec::new();
        while !quit && taken.len() < difference.hunks() {
            let left = difference.hunks() - taken.len();
            match ask(&difference, taken.len(), &mut answers, output)? {
                Answer::Yes => taken.push(true),
                Answer::No => taken.push(false),
                Answer::All => taken.extend(vec![true; left]),
                Answer::Done => taken.extend(vec![false; left]),
                Answer::Quit => quit = true,
            }
        }
        if taken.contains(&true) {
            let new = difference.with(&taken);
            let changed = changed.clone();
            chosen.insert(name.clone(), Changed { new, ..changed });
        }
    }
    let new: Vec<&Arc<str>> = changes()
        .filter(|(_, it)| it.is_new)
        .map(|(name, _)| name)
        .collect();
    let kustomizations = fixes
        .files
        .iter()
        .filter(|(name, _)| is_kustomization(name));
    let named = kustomizations.filter_map(|(name, changed)| {
        let own = new
            .iter()
            .filter(|file| folder(file) == folder(name) && chosen.contains_key(**file));
        let text = own.fold(changed.old.clone(), |text, file| {
            listed(&text, file).unwrap_or(text)
        });
        let changed = changed.clone();
        (text != changed.old).then(|| {
            (
                name.clone(),
                Changed {
                    new: text,
                    ..changed
                },
            )
        })
    });
    let named: Vec<(Arc<str>, Changed)> = named.collect();
    chosen.extend(named);
    Ok(chosen)
}

/// Says why nothing is written.
pub(super) fn tell(troubles: &[String]) {
    complain("error: these changes need others that were left; nothing was written");
    let mut told: Vec<&String> = Vec::new();
    for trouble in troubles {
        if !told.contains(&trouble) {
            complain(&plimsoll_render::escape(&format!("  {trouble}")));
            told.push(trouble);
        }
    }
}

fn ask(
    difference: &Difference<'_>,
    number: usize,
    answers: &mut Lines<StdinLock<'_>>,
    output: &mut Output,
) -> Result<Answer, Box<dyn Error>> {
    let color = output.color;
    output.write(|out| fix_hunk(difference, number, color, out))?;
    loop {
        output.write(|out| out.write_all(QUESTION.as_bytes()))?;
        let Some(answer) = answers.next().transpose()? else {
            return Ok(Answer::Quit);
        };
        match answer.trim() {
            "y" => return Ok(Answer::Yes),
            "n" => return Ok(Answer::No),
            "a" => return Ok(Answer::All),
            "d" => return Ok(Answer::Done),
            "q" => return Ok(Answer::Quit),
            _ => output.write(|out| writeln!(out, "{HELP}"))?,
        }
    }
}

/// What is named in a kustomization follows from the files that are chosen.
fn is_kustomization(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or(name);
    KUSTOMIZATIONS.contains(&own)
}

fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}
