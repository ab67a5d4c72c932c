//! The edits that end one finding when nothing else is changed, as editors and code scanning offer them: each is taken or left
//! by itself.
//!
//! Invariant: what is given out was proved with no other edit on its object. Objects are tried side by side, so that a run
//! needs as many scans as its worst object has different fixes. New files are no edits and are not given out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_control::{Finding, How, Remedy};
use plimsoll_scan::{Report, Reported};
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::Location;
use plimsoll_snapshot::target::Target;
use plimsoll_yaml::{Chunk, Lines, split};

use crate::apply::apply_all;
use crate::outcome::Wanted;
use crate::propose::{Proposal, propose, texts};
use crate::prove::prove;
use crate::stretch::{Stretch, stretches};
use crate::{Bench, Texts};

/// The edits that end a finding by themselves.
#[derive(Clone, Debug)]
pub struct Alone {
    /// The finding's index in the report.
    pub finding: usize,
    /// The remedy that they make.
    pub remedy: &'static Remedy,
    /// In the order of the text, apart from each other, all in the finding's file.
    pub edits: Vec<Replaced>,
}

/// A stretch of a file and what takes its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replaced {
    /// What is replaced; empty to insert.
    pub location: Location,
    /// What stands there afterwards.
    pub text: String,
}

/// How many findings get edits, the most urgent ones: as many as GitHub shows of an analysis.
const FINDINGS: usize = 5_000;
/// How many different fixes of one object are tried.
const ROUNDS: usize = 100;
/// How many bytes of text are edited: a document counts once for each of its findings, since each has it parsed anew.
const BYTES: usize = 64 << 20;

/// Plans and proves edits for each finding of a report that is asked for, by itself. What cannot be done is left out.
///
/// # Errors
/// What scanning again gives.
pub fn alone<E>(
    report: &Report,
    wanted: &Wanted<'_>,
    bench: &Bench<'_, E>,
) -> Result<Vec<Alone>, E> {
    let (texts, _) = texts(report, wanted, bench.read);
    let files: BTreeMap<Arc<str>, Layout<'_>> = texts
        .iter()
        .map(|(name, text)| (name.clone(), Layout::of(text)))
        .collect();
    let documents = affordable(report, &files);
    let asks = |finding: &Finding| {
        let at = finding.place.location.as_ref();
        at.is_some_and(|at| documents.contains(&(at.file.clone(), at.document)))
            && (wanted.asks)(finding)
    };
    let wanted = &Wanted {
        asks: &asks,
        ..*wanted
    };
    let mut proposals = by_control(report, wanted, &texts, bench.target);
    let urgent = |finding: usize| report.findings.get(finding).is_some_and(is_urgent);
    // Edits that use a new object are nothing without its file.
    let adds = |finding: usize| {
        let finding = report.findings.get(finding).map(|it| &*it.finding);
        let remedy = finding.and_then(|finding| wanted.remedy(finding).ok());
        remedy.is_some_and(|remedy| matches!(remedy.how, How::Add(_) | How::AddAnd(..)))
    };
    proposals.retain(|it| !adds(it.finding) && !it.edits.is_empty() && urgent(it.finding));
    let mut found = Vec::new();
    for round in rounds(proposals) {
        let proved = prove(report, &edited(&texts, &round), round.clone(), bench)?;
        for mut proposal in round {
            let finding = report.findings.get(proposal.finding);
            let remedy = finding.and_then(|it| wanted.remedy(&it.finding).ok());
            let edits = proved.edits.get(&proposal.finding);
            let (Some(remedy), Some(edits)) = (remedy, edits) else {
                continue;
            };
            proposal.edits.clone_from(edits);
            let layout = files.get(&proposal.file);
            found.extend(layout.and_then(|layout| layout.made(proposal, remedy)));
        }
    }
    found.sort_by_key(|alone| alone.finding);
    Ok(found)
}

/// The proposals for each control by itself: what settles several of its findings at once may not depend on other controls.
fn by_control(
    report: &Report,
    wanted: &Wanted<'_>,
    texts: &Texts,
    target: &Target,
) -> Vec<Proposal> {
    let findings = report.findings.iter();
    let controls: BTreeSet<_> = findings.map(|it| it.finding.control.id).collect();
    let proposals = controls.into_iter().flat_map(|control| {
        let asks = |finding: &Finding| finding.control.id == control && (wanted.asks)(finding);
        let wanted = Wanted {
            asks: &asks,
            ..*wanted
        };
        propose(report, &wanted, texts, target).proposals
    });
    proposals.collect()
}

/// The texts that proposals edit.
fn edited(texts: &Texts, proposals: &[Proposal]) -> Texts {
    let names: BTreeSet<_> = proposals.iter().map(|proposal| &proposal.file).collect();
    let text = |name: &Arc<str>| Some((name.clone(), texts.get(name)?.clone()));
    names.into_iter().filter_map(text).collect()
}

fn is_urgent(reported: &Reported) -> bool {
    reported.priority.rank <= FINDINGS
}

/// The documents whose findings get edits: those that cost least first, as many as [`BYTES`] allow.
fn affordable(
    report: &Report,
    files: &BTreeMap<Arc<str>, Layout<'_>>,
) -> BTreeSet<(Arc<str>, u32)> {
    let mut counts: BTreeMap<(Arc<str>, u32), usize> = BTreeMap::new();
    let urgent = report.findings.iter().filter(|it| is_urgent(it));
    for at in urgent.filter_map(|it| it.finding.place.location.as_ref()) {
        *counts.entry((at.file.clone(), at.document)).or_default() += 1;
    }
    let cost = |(at, count): ((Arc<str>, u32), usize)| {
        let (_, text) = files.get(&at.0)?.document(at.1)?;
        Some((text.len() * count, at))
    };
    let mut costs: Vec<_> = counts.into_iter().filter_map(cost).collect();
    costs.sort_unstable();
    let mut spent = 0;
    let affordable = costs.into_iter().take_while(|(cost, _)| {
        spent += cost;
        spent <= BYTES
    });
    affordable.map(|(_, at)| at).collect()
}

/// The proposals in rounds, in each of which an object is changed by one fix only. Findings that want the very same share it.
fn rounds(proposals: Vec<Proposal>) -> Vec<Vec<Proposal>> {
    type Site = (Arc<str>, u32, Arc<ObjectId>);
    let mut sites: BTreeMap<Site, Vec<Vec<Proposal>>> = BTreeMap::new();
    for proposal in proposals {
        let site = (
            proposal.file.clone(),
            proposal.document,
            proposal.object.clone(),
        );
        let fixes = sites.entry(site).or_default();
        let same = fixes.iter_mut().find(|fix| {
            let mut alike = fix.iter();
            alike.any(|it| it.edits == proposal.edits)
        });
        match same {
            Some(fix) => fix.push(proposal),
            None => fixes.push(vec![proposal]),
        }
    }
    let mut rounds: Vec<Vec<Proposal>> = Vec::new();
    for fixes in sites.into_values() {
        for (number, fix) in fixes.into_iter().take(ROUNDS).enumerate() {
            match rounds.get_mut(number) {
                Some(round) => round.extend(fix),
                None => rounds.push(fix),
            }
        }
    }
    rounds
}

/// A file's text with its documents and lines.
struct Layout<'t> {
    text: &'t str,
    lines: Lines,
    documents: Vec<Chunk>,
}

impl<'t> Layout<'t> {
    fn of(text: &'t str) -> Layout<'t> {
        Layout {
            text,
            lines: Lines::new(text),
            documents: split(text),
        }
    }

    /// Where a document starts, and its text.
    fn document(&self, number: u32) -> Option<(usize, &'t str)> {
        let mut documents = self.documents.iter();
        let span = documents.find(|chunk| chunk.number == number)?.span;
        let text = self.text.get(span.start as usize..span.end as usize)?;
        Some((span.start as usize, text))
    }

    /// The edits of a proposal, made in its document alone.
    fn made(&self, proposal: Proposal, remedy: &'static Remedy) -> Option<Alone> {
        let (start, old) = self.document(proposal.document)?;
        let (file, number) = (proposal.file.clone(), proposal.document);
        let single = Proposal {
            document: 1,
            ..proposal
        };
        let text = Texts::from([(file.clone(), old.to_owned())]);
        let applied = apply_all(&text, &[&single]);
        let new = applied
            .texts
            .get(&file)
            .filter(|_| applied.refused.is_empty())?;
        let at = |offset: usize| {
            let offset = u32::try_from(start + offset).unwrap_or(u32::MAX);
            self.lines.position(self.text, offset)
        };
        let replaced = |stretch: Stretch| Replaced {
            location: Location {
                file: file.clone(),
                document: number,
                start: at(stretch.bytes.start),
                end: at(stretch.bytes.end),
                exact: true,
            },
            text: stretch.text,
        };
        let edits: Vec<_> = stretches(old, new).into_iter().map(replaced).collect();
        (!edits.is_empty()).then_some(Alone {
            finding: single.finding,
            remedy,
            edits,
        })
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_yaml::edit::Edit;

    use super::*;

    fn proposal(finding: usize, document: u32, object: &str, path: &str) -> Proposal {
        Proposal {
            finding,
            file: "a.yaml".into(),
            document,
            object: Arc::new(ObjectId {
                api_version: "v1".to_owned(),
                kind: "Pod".to_owned(),
                namespace: None,
                name: object.to_owned(),
                unit: "a".into(),
            }),
            edits: vec![Edit::remove(path.parse().expect("a path"))],
            adds: None,
            fallback: None,
        }
    }

    fn findings(proposals: &[Proposal]) -> Vec<usize> {
        proposals.iter().map(|it| it.finding).collect()
    }

    #[test]
    fn an_object_is_changed_by_one_fix_a_round() {
        let proposals = vec![
            proposal(1, 1, "a", "x"),
            proposal(2, 1, "a", "y"),
            proposal(3, 1, "b", "x"),
            proposal(4, 2, "a", "x"),
            proposal(5, 1, "a", "x"),
        ];
        let rounds: Vec<_> = rounds(proposals).iter().map(|it| findings(it)).collect();
        assert_eq!(rounds, [vec![1, 5, 3, 4], vec![2]]);
    }
}
