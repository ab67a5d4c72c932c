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
    let mut known: BTreeMap<&Path, Vec<&Change>> = BTreeMap::new();
    for edit in agreed.flat_map(|proposal| &proposal.edits) {
        let changes = known.entry(&edit.path).or_default();
        if !changes.contains(&&edit.change) {
            changes.push(&edit.change);
            edits.push(edit.clone());
        }
    }
    edits.retain(|edit| !is_settled(edit, &known));
    // Removed items make those behind them move up: they go last, from the end of the document to its start.
    edits.sort_by_cached_key(|edit| match &edit.change {
        Change::Remove | Change::Withdraw => (1, None, Some(Reverse(edit.path.clone()))),
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
            let edits = edits.filter(|edit| !is_removal(&edit.change));
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
fn is_settled(edit: &Edit, all: &BTreeMap<&Path, Vec<&Change>>) -> bool {
    let at = |path: &Path, is: fn(&Change) -> bool| {
        let changes = all.get(path).into_iter().flatten();
        changes.copied().any(is)
    };
    if is_removal(&edit.change) && at(&edit.path, |change| matches!(change, Change::Set(_))) {
        return true;
    }
    let mut above = edit.path.clone();
    while above.pop().is_some() {
        if at(&above, |change| *change == Change::Remove) {
            return true;
        }
    }
    false
}

fn is_removal(change: &Change) -> bool {
    matches!(change, Change::Remove | Change::Withdraw)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use plimsoll_snapshot::object::ObjectId;

    use super::*;

    fn proposal(finding: usize, edits: &[Edit]) -> Proposal {
        Proposal {
            finding,
            file: "a.yaml".into(),
            document: 1,
            object: Arc::new(ObjectId {
                api_version: "v1".to_owned(),
                kind: "Pod".to_owned(),
                namespace: None,
                name: "a".to_owned(),
                unit: "a".into(),
            }),
            edits: edits.to_vec(),
            adds: None,
            fallback: None,
        }
    }

    fn set(path: &str, value: i64) -> Edit {
        Edit::set(path.parse().expect("a path"), value)
    }

    fn remove(path: &str) -> Edit {
        Edit::remove(path.parse().expect("a path"))
    }

    fn append(path: &str, value: &str) -> Edit {
        Edit::append(path.parse().expect("a path"), value)
    }

    /// The edits in words, and who is refused.
    fn merged(proposals: &[Proposal]) -> (Vec<String>, Vec<usize>) {
        let merged = merge(proposals.iter());
        let edits = merged.edits.iter().map(ToString::to_string).collect();
        (edits, merged.contradictions.into_keys().collect())
    }

    #[test]
    fn what_is_wanted_twice_is_done_once() {
        let both = [proposal(1, &[set("a", 1)]), proposal(2, &[set("a", 1)])];
        assert_eq!(merged(&both), (vec!["set a".to_owned()], vec![]));
    }

    #[test]
    fn different_values_at_one_place_are_both_refused() {
        let proposals = [
            proposal(1, &[set("a.b", 1)]),
            proposal(2, &[set("a.b", 2)]),
            proposal(3, &[set("a.c", 1)]),
        ];
        assert_eq!(merged(&proposals), (vec!["set a.c".to_owned()], vec![1, 2]));
    }

    #[test]
    fn a_value_inside_of_one_that_is_written_is_refused_with_it() {
        let proposals = [
            proposal(1, &[set("a", 1)]),
            proposal(2, &[append("a.b", "x")]),
            proposal(3, &[append("c", "x")]),
            proposal(4, &[append("c", "y")]),
        ];
        let (edits, refused) = merged(&proposals);
        assert_eq!(edits, ["append to c", "append to c"]);
        assert_eq!(refused, [1, 2]);
    }

    #[test]
    fn what_is_set_is_not_removed_and_what_is_removed_is_not_edited() {
        let proposals = [
            proposal(1, &[remove("a"), set("b[1].c", 2)]),
            proposal(2, &[set("a", 1)]),
            proposal(3, &[remove("b[1]")]),
        ];
        let (edits, refused) = merged(&proposals);
        assert_eq!(edits, ["set a", "remove b[1]"]);
        assert!(refused.is_empty());
    }

    #[test]
    fn items_are_removed_from_the_last_to_the_first_and_after_all_else() {
        let proposals = [
            proposal(1, &[remove("a[2]"), remove("a[10]")]),
            proposal(2, &[set("z", 1), remove("a[3].x")]),
        ];
        let (edits, _) = merged(&proposals);
        assert_eq!(
            edits,
            ["set z", "remove a[10]", "remove a[3].x", "remove a[2]"]
        );
    }

    #[test]
    fn the_order_of_proposals_does_not_matter() {
        let mut proposals = vec![
            proposal(1, &[set("a.b", 1), remove("c[0]")]),
            proposal(2, &[set("a.b", 2)]),
            proposal(3, &[remove("c[0]"), remove("c[1].x")]),
            proposal(4, &[append("d", "x"), set("a.c", 3)]),
            proposal(5, &[append("d", "y"), remove("a.c")]),
            proposal(6, &[set("c[0].y", 1)]),
        ];
        let wanted = merged(&proposals);
        // Heap's walk through all orders of six.
        let mut counters = [0; 6];
        let mut at = 0;
        while at < counters.len() {
            if counters[at] < at {
                let other = if at % 2 == 0 { 0 } else { counters[at] };
                proposals.swap(other, at);
                assert_eq!(merged(&proposals), wanted);
                counters[at] += 1;
                at = 0;
            } else {
                counters[at] = 0;
                at += 1;
            }
        }
    }
}
