//! Findings that only another object ends, which a namespace lacks: a proposal to make a file for it. What stands in that file
//! follows from the starting points; several findings that need the same object share one file, and the folder's kustomization names it.

mod file;

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_control::{Companion, Finding, How};
use plimsoll_scan::Report;
use plimsoll_snapshot::unit::KUSTOMIZATIONS;
use plimsoll_yaml::edit::{Edit, apply};
use plimsoll_yaml::{Path, Segment};

use crate::outcome::{Changed, Fate, Fixes, Wanted};
use crate::propose::Proposed;
use crate::{Bench, NewFile};
use file::Needed;

/// Gives the proposals that add an object their files, and drops those that cannot have one.
pub(crate) fn complete<E>(
    report: &Report,
    wanted: &Wanted<'_>,
    bench: &Bench<'_, E>,
    proposed: &mut Proposed,
) {
    let mut refused = BTreeSet::new();
    for proposal in &mut proposed.proposals {
        let Some(reported) = report.findings.get(proposal.finding) else {
            continue;
        };
        let file = new_file(&reported.finding, wanted, bench);
        let listed = file.map(|file| {
            let file = file?;
            match kustomization(&file.name, bench) {
                Some((_, text)) => listed(&text, &file.name).map(|_| file),
                None => Ok(file),
            }
        });
        match listed {
            None => {}
            Some(Ok(file)) => proposal.adds = Some(file),
            Some(Err(reason)) => {
                refused.insert(proposal.finding);
                let fate = Fate::Refused(reason);
                proposed.fates.insert(proposal.finding, fate);
            }
        }
    }
    let proposals = &mut proposed.proposals;
    proposals.retain(|proposal| !refused.contains(&proposal.finding));
}

/// The file that ends a finding; `None` where an edit does.
fn new_file<E>(
    finding: &Finding,
    wanted: &Wanted<'_>,
    bench: &Bench<'_, E>,
) -> Option<Result<NewFile, String>> {
    let remedy = wanted.remedy(finding).ok()?;
    let (How::Add(what) | How::AddAnd(what, _)) = remedy.how else {
        return None;
    };
    let object = &finding.subject.object;
    let namespace = match &*object.kind {
        "Namespace" => Some(object.name.as_str()),
        _ => object.namespace.as_deref(),
    };
    let beside = &finding.place.location.as_ref()?.file;
    Some(match namespace {
        None => Err("its namespace is not said, and the new object needs one".to_owned()),
        Some(namespace) if !is_name(namespace) => {
            Err("its namespace has a name that the API server refuses".to_owned())
        }
        Some(_) if what == Companion::ServiceAccount && !is_name(&object.name) => {
            Err("its name is none that a new account could have".to_owned())
        }
        Some(namespace) => {
            let needed = Needed {
                what,
                object,
                namespace,
                beside,
                extent: wanted.extent,
            };
            needed.file(bench)
        }
    })
}

/// Names the new files in the kustomizations of their folders: what is not named there is not applied.
pub(crate) fn list_all<E>(fixes: &mut Fixes, bench: &Bench<'_, E>) {
    let new = fixes.files.iter().filter(|(_, changed)| changed.is_new);
    let new: Vec<Arc<str>> = new.map(|(name, _)| name.clone()).collect();
    for file in new {
        let Some((name, old)) = kustomization(&file, bench) else {
            continue;
        };
        let changed = fixes.files.entry(name).or_insert_with(|| Changed {
            new: old.clone(),
            old,
            is_new: false,
        });
        if let Ok(text) = listed(&changed.new, &file) {
            changed.new = text;
        }
    }
}

/// The kustomization in the folder of a file, with its text.
fn kustomization<E>(file: &str, bench: &Bench<'_, E>) -> Option<(Arc<str>, String)> {
    let folder = file
        .rfind('/')
        .map_or("", |at| file.get(..=at).unwrap_or_default());
    KUSTOMIZATIONS.iter().find_map(|name| {
        let name: Arc<str> = format!("{folder}{name}").into();
        let text = (bench.read)(&name).ok()?;
        Some((name, text))
    })
}

/// The kustomization with a file of its folder among its resources.
///
/// # Errors
/// Why it cannot be named there.
pub fn listed(kustomization: &str, file: &str) -> Result<String, String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let mut resources = Path::root();
    resources.push(Segment::Key("resources".into()));
    apply(kustomization, 1, &[Edit::append(resources, name)]).map_err(|refusal| {
        format!("the kustomization of its folder cannot name a new file: {refusal}")
    })
}

/// Is it a name that a namespace may have? Nothing else may become part of a file's name.
fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = [name.bytes().next(), name.bytes().last()];
    name.len() <= 63
        && ends.iter().all(|byte| byte.is_some_and(plain))
        && name.bytes().all(|byte| plain(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn only_names_that_the_api_server_takes_become_part_of_a_file_name() {
        for good in ["shop", "a", "team-7-prod"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "..",
            "a/b",
            "-a",
            "a-",
            "A",
            "a.b",
            "a\\b",
            &"a".repeat(64),
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
