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

use plimsoll_control::{Companion, Extent};
use plimsoll_scan::Report;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::target::Target;

pub use alone::{Alone, Replaced, alone};
pub use companion::listed;
pub use outcome::{Changed, Count, Fate, Fixes, Outcome, Wanted};

/// Texts by the name of their file.
pub type Texts = BTreeMap<Arc<str>, String>;

/// Where texts come from, and how all files of the run are scanned once more.
pub struct Bench<'b, E> {
    /// The text of a file; or why it cannot be edited.
    pub read: &'b dyn Fn(&Arc<str>) -> Result<String, String>,
    /// Scans everything again as before, with these texts in place of the files' own.
    pub rescan: &'b dyn Fn(&Texts) -> Result<Report, E>,
    /// What the objects are judged against.
    pub target: &'b Target,
    /// The file that a namespace needs, beside the one in which the finding is; or why there is none.
    pub companion: &'b dyn Fn(&Needed<'_>) -> Result<NewFile, String>,
}

/// An object that a namespace needs in a file of its own.
#[derive(Debug)]
pub struct Needed<'n> {
    /// What.
    pub what: Companion,
    /// The object for which it is needed.
    pub object: &'n ObjectId,
    /// The namespace: a name that the API server takes.
    pub namespace: &'n str,
    /// The file beside which it belongs.
    pub beside: &'n Arc<str>,
    /// How far to go.
    pub extent: Extent,
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
