//! Ends findings by editing the texts in which they were found. Remedies become proposals, proposals that want the same
//! are merged, those that contradict each other are refused, and what is left is proved: the edited texts are scanned
//! again with everything else of the run. Reads and writes no files, and knows no control by name.
//!
//! Invariant: no edit is given out that leaves its finding, causes another one, or makes what the API server refuses.
//! The result depends neither on the order of the findings nor on threads.

mod alone;
mod apply;
mod companion;
mod compare;
mod keep;
mod merge;
mod outcome;
mod propose;
mod prove;
mod rendered;
mod stretch;
mod trial;
mod trouble;
mod validity;

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_scan::Report;
use plimsoll_snapshot::target::Target;

pub use alone::{Alone, Replaced, alone};
pub use companion::listed;
pub use outcome::{Changed, Count, Fate, Fixes, Outcome, Wanted};

/// Texts by the name of their file.
pub type Texts = BTreeMap<Arc<str>, String>;

/// Gives the name of a file that is not there yet, beside another one and made from what it should be called; or why there can
/// be none.
pub type Vacant<'v> = dyn Fn(&Arc<str>, &str) -> Result<Arc<str>, String> + 'v;

/// Where texts come from, and how all files of the run are scanned once more.
pub struct Bench<'b, E> {
    /// The text of a file; or why it cannot be edited.
    pub read: &'b dyn Fn(&Arc<str>) -> Result<String, String>,
    /// Scans everything again as before, with these texts in place of the files' own.
    pub rescan: &'b dyn Fn(&Texts) -> Result<Report, E>,
    /// What the objects are judged against.
    pub target: &'b Target,
    /// Names files that are not there yet.
    pub vacant: &'b Vacant<'b>,
    /// The texts in the folder of a file and below.
    pub near: &'b dyn Fn(&Arc<str>) -> Texts,
}

/// A file that is not there yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFile {
    /// Its name as shown.
    pub name: Arc<str>,
    /// What is to stand in it.
    pub text: String,
}

/// Plans and proves the edits for the findings of a report that are asked for.
///
/// # Errors
/// What scanning again gives.
pub fn fix<E>(report: &Report, wanted: &Wanted<'_>, bench: &Bench<'_, E>) -> Result<Fixes, E> {
    let (texts, unreadable) = propose::texts(report, wanted, bench.read);
    let mut proposed = propose::propose(report, wanted, &texts, bench.target);
    proposed.fates.extend(unreadable);
    companion::complete(report, wanted, bench, &mut proposed);
    let proved = prove::prove(report, &texts, proposed.proposals, bench)?;
    let mut fixes = outcome::gather(report, wanted, texts, proposed.fates, proved);
    companion::list_all(&mut fixes, bench);
    Ok(fixes)
}
