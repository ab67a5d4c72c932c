//! From findings to proposals: the edits that a remedy asks for on the object as it is in the text. Where one field of the
//! pod settles all containers, it is set once there instead of in each of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use plimsoll_control::Finding;
use plimsoll_scan::Report;
use plimsoll_snapshot::field::Field;
use plimsoll_snapshot::object::{Document, File, Object, ObjectId, objects};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::value::Value;
use plimsoll_yaml::edit::{Change, Edit};
use plimsoll_yaml::{Path, Segment, parse, split};

use crate::outcome::{Fate, Wanted};
use crate::rendered::{advice, template};
use crate::{NewFile, Texts};

/// The edits for one finding.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Proposal {
    /// The finding's index in the report.
    pub(crate) finding: usize,
    /// The file.
    pub(crate) file: Arc<str>,
    /// The document within it, from 1.
    pub(crate) document: u32,
    /// The object.
    pub(crate) object: Arc<ObjectId>,
    /// What to change, with paths from the top of the document.
    pub(crate) edits: Vec<Edit>,
    /// What to change instead where that does not do, because others are touched as well.
    pub(crate) fallback: Option<Vec<Edit>>,
    /// The file that is to be made.
    pub(crate) adds: Option<NewFile>,
}

impl Proposal {
    /// Turns to the fallback. False when there is none, or none any more.
    pub(crate) fn fall_back(&mut self) -> bool {
        let fallback = self.fallback.take();
        let is_there = fallback.is_some();
        self.edits = fallback.unwrap_or(std::mem::take(&mut self.edits));
        is_there
    }

    /// Is this one of its edits?
    pub(crate) fn wants(&self, edit: &Edit) -> bool {
        self.edits.contains(edit)
    }
}

/// What was proposed, and the fate of findings for which nothing is.
#[derive(Default)]
pub(crate) struct Proposed {
    pub(crate) proposals: Vec<Proposal>,
    pub(crate) fates: BTreeMap<usize, Fate>,
}

/// Findings with their indices in the report.
type Asked<'f> = Vec<(usize, &'f Finding)>;

/// The findings that are asked for, with their indices.
fn asked<'r>(
    report: &'r Report,
    wanted: &'r Wanted<'_>,
) -> impl Iterator<Item = (usize, &'r Finding)> {
    let findings = report.findings.iter().map(|reported| &*reported.finding);
    findings
        .enumerate()
        .filter(|(_, finding)| (wanted.asks)(finding))
}

/// The texts that hold findings with a remedy, and the fate of those whose text cannot be had.
pub(crate) fn texts(
    report: &Report,
    wanted: &Wanted<'_>,
    read: &dyn Fn(&Arc<str>) -> Result<String, String>,
) -> (Texts, BTreeMap<usize, Fate>) {
    let (mut texts, mut failed) = (Texts::new(), BTreeMap::new());
    let (mut templates, mut fates) = (BTreeMap::new(), BTreeMap::new());
    for (index, finding) in asked(report, wanted) {
        let (Some(location), Ok(remedy)) = (&finding.place.location, wanted.remedy(finding)) else {
            continue;
        };
        let name = &location.file;
        let template = templates
            .entry(name)
            .or_insert_with(|| template(name, read));
        if let Some(text) = template {
            let advice = advice(finding, remedy, Some(text.as_str()));
            fates.insert(index, Fate::Refused(advice));
            continue;
        }
        if !texts.contains_key(name) && !failed.contains_key(name) {
            match read(name) {
                Ok(text) => drop(texts.insert(name.clone(), text)),
                Err(reason) => drop(failed.insert(name.clone(), reason)),
            }
        }
        if let Some(reason) = failed.get(name) {
            // A member of an archive that is no file of the run belongs to a packed chart.
            let reason = match name.contains('!') {
                true => advice(finding, remedy, None),
                false => reason.clone(),
            };
            fates.insert(index, Fate::Refused(reason));
        }
    }
    (texts, fates)
}

/// The proposals for all findings that are asked for.
pub(crate) fn propose(
    report: &Report,
    wanted: &Wanted<'_>,
    texts: &Texts,
    target: &Target,
) -> Proposed {
    let mut proposed = Proposed::default();
    let mut files: BTreeMap<&Arc<str>, BTreeMap<u32, Asked<'_>>> = BTreeMap::new();
    for (index, finding) in asked(report, wanted) {
        match (wanted.remedy(finding), &finding.place.location) {
            (Err(fate), _) => drop(proposed.fates.insert(index, fate)),
            (Ok(_), Some(at)) if at.exact && texts.contains_key(&at.file) => {
                let documents = files.entry(&at.file).or_default();
                let asked = documents.entry(at.document).or_default();
                asked.push((index, finding));
            }
            (Ok(remedy), at) => {
                let written = at.as_ref().and_then(|at| texts.get(&at.file));
                proposed.refuse(index, advice(finding, remedy, written.map(String::as_str)));
            }
        }
    }
    for (file, documents) in files {
        let text = texts.get(file).map_or("", String::as_str);
        let file = File::new(file.clone(), file.clone(), text);
        for chunk in split(text) {
            let Some(findings) = documents.get(&chunk.number) else {
                continue;
            };
            let Ok(tree) = parse(text, &chunk) else {
                for (index, finding) in findings {
                    if let Ok(remedy) = wanted.remedy(finding) {
                        proposed.refuse(*index, advice(finding, remedy, Some(text)));
                    }
                }
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            proposed.in_document(&document, findings, wanted, target);
        }
    }
    proposed
}

impl Proposed {
    fn refuse(&mut self, finding: usize, reason: impl Into<String>) {
        self.fates.insert(finding, Fate::Refused(reason.into()));
    }

    fn in_document<'t>(
        &mut self,
        document: &'t Document<'t>,
        findings: &[(usize, &Finding)],
        wanted: &Wanted<'_>,
        target: &'t Target,
    ) {
        let Some(content) = objects(document, target) else {
            return;
        };
        let mut by_object: BTreeMap<usize, Asked<'_>> = BTreeMap::new();
        let paths = content.objects.iter().map(|it| it.node.path());
        let numbers = paths.enumerate().map(|(at, path)| (path, at));
        let numbers: HashMap<Path, usize> = numbers.collect();
        for (index, finding) in findings {
            match holder(&numbers, &finding.place.path) {
                Some(at) => by_object.entry(at).or_default().push((*index, finding)),
                None => self.refuse(*index, "its object is not there any more"),
            }
        }
        for (at, findings) in by_object {
            if let Some(object) = content.objects.get(at) {
                self.on_object(object, &findings, wanted);
            }
        }
    }

    fn on_object<'t>(
        &mut self,
        object: &'t Object<'t>,
        findings: &[(usize, &Finding)],
        wanted: &Wanted<'_>,
    ) {
        let mut proposals = Vec::new();
        for (index, finding) in findings {
            let Ok(remedy) = wanted.remedy(finding) else {
                continue;
            };
            match remedy.edits(object, finding) {
                Ok(edits) => proposals.push(Proposal {
                    finding: *index,
                    file: object.document.file.name.clone(),
                    document: object.document.number,
                    object: finding.subject.object.clone(),
                    edits,
                    fallback: None,
                    adds: None,
                }),
                Err(reason) => self.refuse(*index, reason),
            }
        }
        if let Some(pod) = object.pod() {
            let mut fields: Vec<&'static Field> = Vec::new();
            for (_, finding) in findings {
                let field = finding.clause.map(|clause| clause.field);
                fields.extend(field.filter(|field| !fields.contains(field)));
            }
            for field in fields {
                settle_at_pod(&pod, field, findings, &mut proposals);
            }
        }
        self.proposals.extend(proposals);
    }
}

/// Sets the pod's twin of a container's field instead of the field in each container, where all want the same and no
/// container is touched that does not: each has a value of its own or is one of those.
fn settle_at_pod(
    pod: &Pod<'_>,
    field: &'static Field,
    findings: &[(usize, &Finding)],
    proposals: &mut [Proposal],
) {
    let unset = |value| matches!(value, Value::Absent | Value::Null);
    let Some(twin) = field.inherits.filter(|twin| unset(pod.read(twin).value)) else {
        return;
    };
    let sets = |finding: &Finding, proposal: &Proposal| match proposal.edits.as_slice() {
        [
            Edit {
                path,
                change: Change::Set(value),
            },
        ] if *path == finding.place.path => Some(value.clone()),
        _ => None,
    };
    let (mut open, mut values) = (BTreeSet::new(), Vec::new());
    let mut settled = Vec::new();
    for (index, finding) in findings {
        let mine = finding.clause.is_some_and(|clause| clause.field == field);
        let at = proposals.iter().position(|it| it.finding == *index);
        let proposal = at.and_then(|at| Some((at, proposals.get(at)?)));
        let Some((at, proposal)) = proposal.filter(|_| mine) else {
            continue;
        };
        if let Some(value) = sets(finding, proposal) {
            open.insert(finding.place.path.clone());
            settled.push(at);
            values.push(value);
        }
    }
    let wants = |node: plimsoll_yaml::Node<'_>| open.contains(&below(node.path(), field.keys));
    let untouched = pod.containers().all(|container| {
        let own = !unset(container.read(field).value);
        own != wants(container.node)
    });
    let (Some(value), true) = (values.first().cloned(), untouched) else {
        return;
    };
    if values.iter().any(|other| *other != value) {
        return;
    }
    let path = below(pod.spec.path(), twin.keys);
    for at in settled {
        if let Some(proposal) = proposals.get_mut(at) {
            let at_pod = vec![Edit::set(path.clone(), value.clone())];
            proposal.fallback = Some(std::mem::replace(&mut proposal.edits, at_pod));
        }
    }
}

/// The innermost of the objects in which a place is.
fn holder(objects: &HashMap<Path, usize>, place: &Path) -> Option<usize> {
    let mut path = place.clone();
    loop {
        if let Some(number) = objects.get(&path) {
            return Some(*number);
        }
        path.pop()?;
    }
}

fn below(mut path: Path, keys: &[&str]) -> Path {
    for key in keys {
        path.push(Segment::Key((*key).into()));
    }
    path
}
