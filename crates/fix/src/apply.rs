//! Makes the edits of proposals in the texts. A proposal whose edit the editor refuses is left out with the reason, and
//! the others of its document are made without it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_yaml::edit::{Refusal, attempt};
use plimsoll_yaml::{Path, split};

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
        if let Some(new) = &proposal.adds {
            applied.texts.insert(new.name.clone(), new.text.clone());
        }
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
        let (mut done, mut first_line) = (0, 0);
        for chunk in split(text) {
            let Some(proposals) = documents.get(&chunk.number) else {
                continue;
            };
            let (start, end) = (chunk.span.start as usize, chunk.span.end as usize);
            let document = text.get(start..end).unwrap_or_default();
            edited.push_str(text.get(done..start).unwrap_or_default());
            first_line += text.get(done..start).map_or(0, lines);
            let here = Document {
                text: document,
                first_line,
            };
            edited.push_str(&here.with(proposals, &mut applied.refused));
            first_line += lines(document);
            done = end;
        }
        edited.push_str(text.get(done..).unwrap_or_default());
        applied.texts.insert(file.clone(), edited);
    }
    applied
}

/// How many lines end in a text.
fn lines(text: &str) -> usize {
    text.matches('\n').count()
}

/// One document of a file.
struct Document<'t> {
    text: &'t str,
    /// How many lines of the file stand before it.
    first_line: usize,
}

impl Document<'_> {
    /// The text with the edits made that can be.
    fn with(&self, proposals: &[&Proposal], refused: &mut BTreeMap<usize, String>) -> String {
        let mut out: BTreeSet<usize> = BTreeSet::new();
        loop {
            let left = proposals.iter().copied();
            let left = left.filter(|proposal| !out.contains(&proposal.finding));
            let left: Vec<&Proposal> = left.collect();
            let merged = merge(left.iter().copied());
            let problems = match attempt(self.text, 1, &merged.edits) {
                Ok(edited) => {
                    refused.extend(merged.contradictions);
                    return edited;
                }
                Err(problems) => problems,
            };
            let before = out.len();
            let mut wanting: BTreeMap<&Path, Vec<&Proposal>> = BTreeMap::new();
            for proposal in &left {
                for edit in &proposal.edits {
                    wanting.entry(&edit.path).or_default().push(proposal);
                }
            }
            for (index, refusal) in &problems {
                let Some(edit) = merged.edits.get(*index) else {
                    continue;
                };
                let losers = wanting.get(&edit.path).into_iter().flatten();
                for loser in losers.filter(|proposal| proposal.wants(edit)) {
                    out.insert(loser.finding);
                    refused.insert(loser.finding, self.reason(refusal));
                }
            }
            // Every round leaves one out; without a loser nothing would ever change.
            if out.len() == before {
                return self.text.to_owned();
            }
        }
    }

    /// A refusal in words, with the line of the file instead of a byte of the document.
    fn reason(&self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Shared { anchor, .. } => {
                let before = self.text.get(..anchor.start as usize).map_or(0, lines);
                let line = self.first_line + before + 1;
                format!(
                    "its text stands behind an anchor on line {line}: change it there, for all that use it"
                )
            }
            other => other.to_string(),
        }
    }
}
