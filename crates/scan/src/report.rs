//! What a scan says: findings in a fixed order, gaps, what was not assessed, and counts of all that was looked at.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use plimsoll_control::{Control, Finding, JoinedFound, Rule, Severity, Tally};
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::{Audited, Waiver};
use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::baseline::Compared;
use crate::fingerprint::{Fingerprint, fingerprints};
use crate::fold::fold;
use crate::gap::Gap;
use crate::gap::object::panicked_on_all;
use crate::judge::Scan;
use crate::namespaces::{self, NamespaceSeen};
use crate::part::Part;
use crate::profile::Profile;
use crate::units::Units;
use crate::waiver::{Waivers, current_id, is_policy_elsewhere, meant};

/// What to do first, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Priority {
    /// From 1; unique within a report.
    pub rank: usize,
    /// How much more it weighs than others of its severity because of the profile.
    pub weight: u32,
    /// The reason for the rank. Shared: there are few.
    pub why: Arc<str>,
}

/// A finding as reported.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The finding.
    pub finding: Box<Finding>,
    /// Survives moved lines, reordered lists and renamed files.
    pub fingerprint: Fingerprint,
    /// What to do first.
    pub priority: Priority,
}

/// A finding that somebody has decided to live with.
#[derive(Clone, Debug)]
pub struct Waived {
    /// The finding.
    pub reported: Reported,
    /// The decision.
    pub waiver: Arc<Waiver>,
}

/// A control that could not judge some subjects for want of evidence that was not asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAssessed {
    /// The control's id.
    pub control: &'static str,
    /// What is missing.
    pub reason: Cow<'static, str>,
    /// What would answer it.
    pub would_help: &'static str,
    /// How many subjects; 0 where they were not counted because the control was turned off.
    pub subjects: usize,
}

impl NotAssessed {
    /// Was the control turned off?
    pub fn is_off(&self) -> bool {
        self.subjects == 0
    }
}

/// A kind that is not Kubernetes' own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KindSeen {
    /// As written.
    pub api_version: String,
    /// As written.
    pub kind: String,
    /// How many objects.
    pub objects: usize,
    /// Was it judged as a carrier, because it has a pod template where workloads keep theirs?
    pub judged_as_carrier: bool,
}

/// What was looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Summary {
    /// Files that hold Kubernetes objects, or should.
    pub files: usize,
    /// Files that hold none.
    pub other_files: usize,
    /// Files that patch objects; they are no objects themselves.
    pub patches: usize,
    /// Files that the configuration excludes.
    pub excluded: usize,
    /// Waivers that do not count because they are not in the revision from which waivers are taken.
    pub foreign_waivers: usize,
    /// Objects.
    pub objects: usize,
    /// Units with objects.
    pub units: usize,
    /// Kinds that are not Kubernetes' own.
    pub unknown_kinds: Vec<KindSeen>,
    /// Verdicts per control, by id; every control of the catalogue is here.
    pub controls: BTreeMap<&'static str, Tally>,
}

/// What a scan says.
#[derive(Clone, Debug)]
pub struct Report {
    /// The target version.
    pub version: Minor,
    /// The name of the threat profile.
    pub profile: &'static str,
    /// The date by which waivers were judged. `None` when nobody said.
    pub today: Option<Date>,
    /// What was asked for, as given.
    pub sources: Vec<String>,
    /// Where the files can be looked at: an address to which the name of a file is added. `None` when nobody said.
    pub files_at: Option<String>,
    /// By file, line, column, control. Only new ones if there is a baseline.
    pub findings: Vec<Reported>,
    /// In the same order; those that are in the baseline as well. They do not fail a scan.
    pub known: Vec<Reported>,
    /// The baseline, if there is one.
    pub compared: Option<Compared>,
    /// In the same order; they count for nothing.
    pub waived: Vec<Waived>,
    /// By file and line.
    pub gaps: Vec<Gap>,
    /// By control.
    pub not_assessed: Vec<NotAssessed>,
    /// The namespaces that have pods or are defined, by name.
    pub namespaces: BTreeMap<String, NamespaceSeen>,
    /// What was looked at.
    pub summary: Summary,
}

impl Report {
    /// How many findings of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|reported| reported.finding.severity == severity)
            .count()
    }
}

impl Scan {
    /// Judges what needs all objects, and puts everything into its order.
    pub fn report(
        &self,
        mut parts: Vec<Box<Part>>,
        gaps: Vec<Gap>,
        sources: Vec<String>,
    ) -> Report {
        let mut whole = Whole {
            gaps,
            tallies: vec![Tally::default(); self.controls().len()],
            ..Whole::default()
        };
        // Of objects that say the same twice, the first counts: which that is must not depend on who was ready first.
        parts.sort_by(|one, other| one.file.cmp(&other.file));
        Units::of(&parts).apply(&mut parts);
        whole
            .findings
            .reserve(parts.iter().map(|part| part.findings.len()).sum());
        for part in parts {
            whole.take(*part);
        }
        whole.facts.complete = self.target().complete;
        let mut not_assessed: Vec<NotAssessed> = self.off.iter().map(turned_off).collect();
        self.judge_jointly(&mut whole, &mut not_assessed, &sources);
        let (mut findings, audited) = self.hold_against_waivers(&mut whole);
        for (control, tally) in self.controls().iter().zip(&mut whole.tallies) {
            if let Some(Rule::Audit { check }) = control.rule(self.target().version) {
                match jointly(control, &sources, |found| check(&audited, found)) {
                    Ok(found) => {
                        let found = settle(control, tally, found, &mut not_assessed);
                        findings.extend(found.map(|finding| (finding, None)));
                    }
                    Err(gap) => whole.gaps.push(gap),
                }
            }
        }
        not_assessed.sort_by_key(|open| open.control);
        whole.gaps.sort_by_cached_key(|gap| {
            (
                gap.file.clone(),
                gap.location.as_ref().map(|at| at.start.line),
            )
        });
        let (findings, waived) = order(findings, self.profile);
        Report {
            version: self.target().version,
            profile: self.profile.name,
            today: self.target().today,
            sources,
            namespaces: namespaces::seen(&whole.facts),
            files_at: None,
            summary: whole.summary(self.controls()),
            findings,
            known: Vec::new(),
            compared: None,
            waived,
            gaps: whole.gaps,
            not_assessed,
        }
    }

    fn judge_jointly(
        &self,
        whole: &mut Whole,
        not_assessed: &mut Vec<NotAssessed>,
        sources: &[String],
    ) {
        let named = |id: &str| {
            let mut controls = self.controls().iter();
            controls.find(|control| control.head.id == id)
        };
        for (&(id, kind), &subjects) in &whole.open {
            not_assessed.extend(named(id).map(|control| left_open(control, kind, subjects)));
        }
        let facts = &whole.facts;
        let judge = |(control, tally): (&&'static Control, _)| {
            let check = control.rule(self.target().version)?.joined()?;
            let found = jointly(control, sources, |found| check(facts, found));
            Some((*control, tally, found))
        };
        let controls = self.controls().par_iter().zip(&mut whole.tallies);
        let judged: Vec<_> = controls.filter_map(judge).collect();
        for (control, tally, found) in judged {
            match found {
                Ok(found) => {
                    let found = settle(control, tally, found, not_assessed);
                    whole.findings.extend(found);
                }
                Err(gap) => whole.gaps.push(gap),
            }
        }
    }

    /// Finds the waiver of each finding, and what becomes of every waiver.
    fn hold_against_waivers(&self, whole: &mut Whole) -> (Vec<Judged>, Vec<Audited>) {
        let off: Vec<&'static Control> = self.off.iter().map(|(control, _)| *control).collect();
        let named = |id: &str| current_id(self.controls(), id).or_else(|| current_id(&off, id));
        let elsewhere = |waiver: &Waiver| {
            let id = &waiver.control;
            is_policy_elsewhere(self.controls(), id) && is_policy_elsewhere(&off, id)
        };
        let mut inline = std::mem::take(&mut whole.waivers);
        inline.retain(|waiver| !elsewhere(waiver));
        let mut configured = self.configured.waivers.clone();
        configured.retain(|waiver| !elsewhere(waiver));
        let mut waivers = Waivers::new(
            inline,
            &configured,
            // What could not be looked at may hold what a waiver covers.
            self.configured.all_scanned && whole.gaps.is_empty(),
            self.target().today,
            named,
            |id| meant(self.controls(), id).or_else(|| meant(&off, id)),
        );
        let findings = std::mem::take(&mut whole.findings).into_iter();
        let findings: Vec<Judged> = findings
            .map(|finding| {
                let waiver = waivers.of(&finding);
                (finding, waiver)
            })
            .collect();
        let subjects = waived_subjects(&findings);
        for (control, tally) in self.controls().iter().zip(&mut whole.tallies) {
            let waived = subjects
                .get(control.head.id)
                .copied()
                .unwrap_or(0)
                .min(tally.failed);
            tally.waived += waived;
            tally.failed -= waived;
        }
        (
            findings,
            waivers.audited(|id| current_id(&off, id).is_some()),
        )
    }
}

/// A finding with the waiver that hides it.
type Judged = (Box<Finding>, Option<Arc<Waiver>>);

/// How many subjects of each control have findings all of which are waived.
fn waived_subjects(findings: &[Judged]) -> HashMap<&'static str, usize> {
    let subject = |finding: &Finding| {
        let place = finding
            .place
            .location
            .as_ref()
            .map(|at| (at.file.clone(), at.document));
        let subject = &finding.subject;
        (
            finding.control.id,
            subject.object.clone(),
            subject.container.clone(),
            place,
        )
    };
    let (waived, open): (Vec<&Judged>, Vec<&Judged>) =
        findings.iter().partition(|(_, waiver)| waiver.is_some());
    if waived.is_empty() {
        return HashMap::new();
    }
    let open: HashSet<_> = open.iter().map(|(finding, _)| subject(finding)).collect();
    let waived: HashSet<_> = waived.iter().map(|(finding, _)| subject(finding)).collect();
    let mut counts = HashMap::new();
    for (control, ..) in waived.difference(&open) {
        *counts.entry(*control).or_insert(0) += 1;
    }
    counts
}

/// What a control finds when all objects have been seen; a gap where it panicked, which costs only its own verdicts.
fn jointly(
    control: &'static Control,
    sources: &[String],
    check: impl FnOnce(&mut JoinedFound),
) -> Result<JoinedFound, Gap> {
    let mut found = JoinedFound::new(&control.head);
    match catch_unwind(AssertUnwindSafe(|| check(&mut found))) {
        Ok(()) => Ok(found),
        Err(_) => Err(panicked_on_all(control, sources)),
    }
}

/// Adds up what a control found when all objects had been seen.
fn settle(
    control: &Control,
    tally: &mut Tally,
    found: JoinedFound,
    not_assessed: &mut Vec<NotAssessed>,
) -> impl Iterator<Item = Box<Finding>> {
    tally.add(found.tally);
    let (findings, open) = found.into_parts();
    let open = open.into_iter();
    not_assessed.extend(open.map(|(kind, subjects)| left_open(control, kind, subjects)));
    findings.into_iter().map(Box::new)
}

fn turned_off((control, reason): &(&'static Control, String)) -> NotAssessed {
    NotAssessed {
        control: control.head.id,
        reason: format!("the configuration turns it off: {reason}").into(),
        would_help: "remove it from controls.off of the configuration",
        subjects: 0,
    }
}

#[derive(Default)]
struct Whole {
    findings: Vec<Box<Finding>>,
    gaps: Vec<Gap>,
    facts: Facts,
    open: BTreeMap<(&'static str, FactKind), usize>,
    waivers: Vec<Waiver>,
    tallies: Vec<Tally>,
    units: BTreeSet<Arc<str>>,
    unknown_kinds: BTreeMap<(String, String), (usize, bool)>,
    files: usize,
    other_files: usize,
    objects: usize,
}

impl Whole {
    fn take(&mut self, part: Part) {
        let holds_kubernetes = part.objects > 0 || !part.gaps.is_empty();
        self.files += usize::from(holds_kubernetes);
        self.other_files += usize::from(!holds_kubernetes);
        self.objects += part.objects;
        if part.objects > 0 {
            self.units.insert(part.unit);
        }
        self.findings.extend(part.findings);
        self.gaps.extend(part.gaps);
        self.facts.absorb(part.facts);
        for (missing, subjects) in part.open {
            *self.open.entry(missing).or_default() += subjects;
        }
        self.waivers.extend(part.waivers);
        for (sum, tally) in self.tallies.iter_mut().zip(part.tallies) {
            sum.add(tally);
        }
        for (kind, (count, carrier)) in part.unknown_kinds {
            let entry = self.unknown_kinds.entry(kind).or_default();
            entry.0 += count;
            entry.1 |= carrier;
        }
    }

    fn summary(&mut self, controls: &[&'static Control]) -> Summary {
        let kinds = std::mem::take(&mut self.unknown_kinds).into_iter();
        Summary {
            files: self.files,
            other_files: self.other_files,
            patches: 0,
            excluded: 0,
            foreign_waivers: 0,
            objects: self.objects,
            units: self.units.len(),
            unknown_kinds: kinds
                .map(
                    |((api_version, kind), (objects, judged_as_carrier))| KindSeen {
                        api_version,
                        kind,
                        objects,
                        judged_as_carrier,
                    },
                )
                .collect(),
            controls: controls
                .iter()
                .map(|control| control.head.id)
                .zip(self.tallies.iter().copied())
                .collect(),
        }
    }
}

fn left_open(control: &Control, kind: FactKind, subjects: usize) -> NotAssessed {
    let (reason, would_help) = match kind {
        FactKind::ServiceAccount => (
            "the ServiceAccount that the pod names is not among what was scanned",
            "scan the folder that holds the ServiceAccount as well",
        ),
        FactKind::AdmissionPolicyBinding => (
            "no binding of the admission policy is among what was scanned",
            "scan the folder that holds the ValidatingAdmissionPolicyBinding as well",
        ),
        FactKind::TrustedRegistries => (
            "nobody said which registries are trusted",
            "name the trusted registries in the configuration",
        ),
        FactKind::Namespace => (
            "nothing that was scanned says which namespace the object goes to",
            "write metadata.namespace, name a chart's with --namespace, or scan what is applied in the end",
        ),
        FactKind::NetworkPolicy => (
            "the namespace's NetworkPolicies may not be among what was scanned",
            "scan the Namespace and its NetworkPolicies together with the workloads",
        ),
        FactKind::ResourcePolicy => (
            "the namespace's LimitRanges and ResourceQuotas may not be among what was scanned",
            "scan the Namespace and its LimitRange and ResourceQuota together with the workloads",
        ),
        FactKind::AllBelowConfiguration => (
            "not everything below the configuration was looked at; its other waivers may cover the rest",
            "scan the whole folder of the configuration, without gaps",
        ),
        FactKind::Everything => (
            "what was scanned may not be everything that the cluster holds",
            "scan all objects of the cluster together, with --complete",
        ),
        FactKind::Role => (
            "the role that the binding names is not among what was scanned",
            "scan the folder that holds the Role or ClusterRole as well",
        ),
        FactKind::CommandLine => (
            "a script or a variable gives the program its settings",
            "write the program and its flags into command and args",
        ),
    };
    NotAssessed {
        control: control.head.id,
        reason: reason.into(),
        would_help,
        subjects,
    }
}

/// File, line, column, control, path: nothing that depends on threads or the file system. Waived findings are ranked
/// behind all others, and have the fingerprints that they would have without a waiver.
fn order(mut findings: Vec<Judged>, profile: Profile) -> (Vec<Reported>, Vec<Waived>) {
    findings.par_sort_by(|(one, _), (other, _)| key(one).cmp(&key(other)));
    let findings = fold(findings);
    // What a finding weighs depends on its control alone.
    let mut weights = HashMap::new();
    let mut weigh = |finding: &Finding| -> Rc<(u32, Vec<&'static str>)> {
        let known = weights.entry(finding.control.id);
        known
            .or_insert_with(|| Rc::new(profile.weigh(finding)))
            .clone()
    };
    let fingerprints = fingerprints(&findings, |(finding, _)| finding);
    let mut whys = HashSet::new();
    let mut open = Vec::with_capacity(findings.len());
    let mut waived = Vec::new();
    for ((finding, waiver), fingerprint) in findings.into_iter().zip(fingerprints) {
        let weighed = weigh(&finding);
        let (weight, reasons) = &*weighed;
        let reported = Reported {
            fingerprint,
            priority: Priority {
                rank: 0,
                weight: *weight,
                why: shared(&mut whys, why(&finding, reasons)),
            },
            finding,
        };
        match waiver {
            Some(waiver) => waived.push(Waived { reported, waiver }),
            None => open.push(reported),
        }
    }
    rank(open.iter_mut(), 1);
    let behind = waived.iter_mut().map(|waived| &mut waived.reported);
    rank(behind, open.len() + 1);
    (open, waived)
}

/// Ranks findings, which come in report order, from `first` on: what is more severe, then what weighs more.
pub(crate) fn rank<'r>(findings: impl Iterator<Item = &'r mut Reported>, first: usize) {
    let mut ranked: Vec<&mut Reported> = findings.collect();
    ranked.sort_by_key(|reported| {
        std::cmp::Reverse((reported.finding.severity, reported.priority.weight))
    });
    for (rank, reported) in ranked.into_iter().enumerate() {
        reported.priority.rank = first + rank;
    }
}

fn why(finding: &Finding, reasons: &[&str]) -> String {
    let reason = finding.severity_reason().unwrap_or(&finding.label);
    let here: String = reasons.iter().map(|reason| format!("; {reason}")).collect();
    format!("{}: {reason}{here}", finding.severity.as_str())
}

fn shared(known: &mut HashSet<Arc<str>>, text: String) -> Arc<str> {
    if let Some(known) = known.get(text.as_str()) {
        return known.clone();
    }
    let new: Arc<str> = text.into();
    known.insert(new.clone());
    new
}

type OrderKey<'f> = (
    Option<(&'f str, u32, u32, u32)>,
    &'static str,
    &'f str,
    &'f str,
);

fn key(finding: &Finding) -> OrderKey<'_> {
    let place = finding.place.location.as_ref();
    let place = place.map(|at| (&*at.file, at.document, at.start.line, at.start.column));
    (
        place,
        finding.control.id,
        &finding.subject.object.name,
        &finding.place.stable,
    )
}
