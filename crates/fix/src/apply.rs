//! Makes the edits of proposals in the texts. A proposal whose edit the editor refuses is left out with the reason, and
//! the others of its document are made without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_yaml::edit::{Edit, apply};
use plimsoll_yaml::split;

use crate::Texts;
use crate::merge::merge;
use crate::propose::Proposal;

/// The texts that the proposals touch, edited, and the proposals that could not be made.
pub(crate) struct Applied {
    pub(crate) texts: Texts,
    pub(crate) refused: BTreeMap<usize, String>,
}

/// Makes all edits of `proposals`.
pub(crate) fn apply_all(texts: &Texts, proposals: &[&Proposal]) -> Applied {
    let mut applied = Applied {
        texts: Texts::new(),
        refused: BTreeMap::new(),
    };
    let mut files: BTreeMap<&Arc<str>, BTreeMap<u32, Vec<&Proposal>>> = BTreeMap::new();
    for proposal in proposals {
        let documents = files.entry(&proposal.file).or_default();
        documents
            .entry(proposal.document)
            .or_default()
            .push(proposal);
    }
    for (file, documents) in files {
        let Some(text) = texts.get(file) else {
            continue;
        };
        let mut edited = String::with_capacity(text.len() + 1024);
        let mut done = 0;
        for chunk in split(text) {
            let Some(proposals) = documents.get(&chunk.number) else {
                continue;
            };
            let (start, end) = (chunk.span.start as usize, chunk.span.end as usize);
            let document = text.get(start..end).unwrap_or_default();
            edited.push_str(text.get(done..start).unwrap_or_default());
            edited.push_str(&on_document(document, proposals, &mut applied.refused));
            done = end;
        }
        edited.push_str(text.get(done..).unwrap_or_default());
        applied.texts.insert(file.clone(), edited);
    }
    applied
}

/// The text of one document with the edits made that can be.
fn on_document(
    text: &str,
    proposals: &[&Proposal],
    refused: &mut BTreeMap<usize, String>,
) -> String {
    let mut out: BTreeSet<usize> = BTreeSet::new();
    loop {
        let left = || {
            let proposals = proposals.iter().copied();
            proposals.filter(|proposal| !out.contains(&proposal.finding))
        };
        let merged = merge(left());
        match attempt(text, &merged.edits) {
            Ok(edited) => {
                refused.extend(merged.contradictions);
                return edited;
            }
            Err((edit, reason)) => {
                let losers: Vec<usize> = left()
                    .filter(|proposal| proposal.edits.contains(&edit))
                    .map(|proposal| proposal.finding)
                    .collect();
                // Every round leaves one out; without a loser nothing would ever change.
                if losers.is_empty() {
                    return text.to_owned();
                }
                for finding in losers {
                    out.insert(finding);
                    refused.insert(finding, reason.clone());
                }
            }
        }
    }
}

fn attempt(text: &str, edits: &[Edit]) -> Result<String, (Edit, String)> {
    let mut edited = text.to_owned();
    for edit in edits {
        edited = apply(&edited, 1, std::slice::from_ref(edit))
            .map_err(|refusal| (edit.clone(), refusal.to_string()))?;
    }
    Ok(edited)
}
