//! From proposals on one document to one list of edits. What two proposals want alike is done once. What they want
//! differently at the same place, or one inside of what the other writes, is done by neither; but a value that is set
//! settles a removal of the same value, and what is removed settles everything inside of it.
//!
//! Invariant: the result does not depend on the order of the proposals.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use plimsoll_yaml::Path;
use plimsoll_yaml::edit::{Change, Edit};

use crate::propose::Proposal;

/// The edits in the order in which they can be made, and the proposals that contradict each other, with the reason.
pub(crate) struct Merged {
    pub(crate) edits: Vec<Edit>,
    pub(crate) contradictions: BTreeMap<usize, String>,
}

/// Merges proposals on one document.
pub(crate) fn merge<'p>(proposals: impl Iterator<Item = &'p Proposal>) -> Merged {
    let proposals: Vec<&Proposal> = proposals.collect();
    let contradictions = contradictions(&proposals);
    let agreed = proposals
        .iter()
        .filter(|proposal| !contradictions.contains_key(&proposal.finding));
    let mut edits: Vec<Edit> = Vec::new();
    for edit in agreed.flat_map(|proposal| &proposal.edits) {
        if !edits.contains(edit) {
            edits.push(edit.clone());
        }
    }
    let settled: Vec<bool> = edits.iter().map(|edit| is_settled(edit, &edits)).collect();
    let mut settled = settled.into_iter();
    edits.retain(|_| settled.next() != Some(true));
    // Removed items make those behind them move up: they go last, from the end of the document to its start.
    edits.sort_by_cached_key(|edit| match &edit.change {
        Change::Remove => (1, None, Some(Reverse(edit.path.clone()))),
        change => (0, Some((edit.path.clone(), format!("{change:?}"))), None),
    });
    Merged {
        edits,
        contradictions,
    }
}

fn contradictions(proposals: &[&Proposal]) -> BTreeMap<usize, String> {
    let mut found = BTreeMap::new();
    // A value that is written, at each path; proposals on a document are few.
    let writes = || {
        proposals.iter().flat_map(|proposal| {
            let edits = proposal.edits.iter();
            let edits = edits.filter(|edit| edit.change != Change::Remove);
            edits.map(|edit| (proposal.finding, edit))
        })
    };
    let mut by_path: BTreeMap<&Path, Vec<(usize, &Edit)>> = BTreeMap::new();
    for (finding, edit) in writes() {
        by_path.entry(&edit.path).or_default().push((finding, edit));
    }
    for (path, edits) in &by_path {
        let mut around = edits.clone();
        let mut above = (*path).clone();
        while above.pop().is_some() {
            let whole = by_path.get(&above).into_iter().flatten();
            around.extend(whole.filter(|(_, edit)| matches!(edit.change, Change::Set(_))));
        }
        let set = around
            .iter()
            .find(|(_, edit)| matches!(edit.change, Change::Set(_)));
        let Some((_, first)) = set else { continue };
        if around.iter().any(|(_, edit)| edit != first) {
            for (finding, edit) in around {
                let reason = format!("another finding wants something else at {}", edit.path);
                found.insert(finding, reason);
            }
        }
    }
    found
}

/// Does another edit do this one's work?
fn is_settled(edit: &Edit, all: &[Edit]) -> bool {
    all.iter().any(|other| match (&edit.change, &other.change) {
        (Change::Remove, Change::Set(_)) => edit.path == other.path,
        (_, Change::Remove) => other.path != edit.path && edit.path.starts_with(&other.path),
        _ => false,
    })
}
