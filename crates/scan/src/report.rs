//! What a scan says: findings in a fixed order, gaps, what was not assessed, and counts of all that was looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_control::{Control, Finding, JoinedFound, Rule, Severity, Tally};
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::version::Minor;

use crate::fingerprint::Fingerprints;
use crate::gap::Gap;
use crate::judge::{Part, Scan};
use crate::units::Units;

/// What to do first, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Priority {
    /// From 1; unique within a report.
    pub rank: usize,
    /// The reason for the rank.
    pub why: String,
}

/// A finding as reported.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// Survives moved lines, reordered lists and renamed files.
    pub fingerprint: String,
    /// What to do first.
    pub priority: Priority,
}

/// A control that could not judge some subjects for want of evidence that was not asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotAssessed {
    /// The control's id.
    pub control: &'static str,
    /// What is missing.
    pub reason: &'static str,
    /// What would answer it.
    pub would_help: &'static str,
    /// How many subjects.
    pub subjects: usize,
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
    /// What was asked for, as given.
    pub sources: Vec<String>,
    /// By file, line, column, control.
    pub findings: Vec<Reported>,
    /// By file and line.
    pub gaps: Vec<Gap>,
    /// By control.
    pub not_assessed: Vec<NotAssessed>,
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
    pub fn report(&self, mut parts: Vec<Part>, gaps: Vec<Gap>, sources: Vec<String>) -> Report {
        let mut whole = Whole {
            gaps,
            tallies: vec![Tally::default(); self.controls().len()],
            ..Whole::default()
        };
        Units::of(&parts).apply(&mut parts);
        for part in parts {
            whole.take(part);
        }
        whole.facts.complete = self.target().complete;
        let mut not_assessed = Vec::new();
        for (control, tally) in self.controls().iter().zip(&mut whole.tallies) {
            let mut found = JoinedFound::new(&control.head);
            if let Some(Rule::Joined { check }) = control.rule(self.target().version) {
                check(&whole.facts, &mut found);
            }
            tally.add(found.tally);
            let (findings, open) = found.into_parts();
            whole.findings.extend(findings);
            let alone = whole
                .open
                .iter()
                .filter(|((id, _), _)| *id == control.head.id);
            let alone = alone.map(|((_, kind), subjects)| (*kind, *subjects));
            not_assessed.extend(
                open.into_iter()
                    .chain(alone)
                    .map(|(kind, subjects)| left_open(control, kind, subjects)),
            );
        }
        whole.gaps.sort_by_cached_key(|gap| {
            (
                gap.file.clone(),
                gap.location.as_ref().map(|at| at.start.line),
            )
        });
        Report {
            version: self.target().version,
            profile: "default",
            sources,
            summary: whole.summary(self.controls()),
            findings: order(whole.findings),
            gaps: whole.gaps,
            not_assessed,
        }
    }
}

#[derive(Default)]
struct Whole {
    findings: Vec<Finding>,
    gaps: Vec<Gap>,
    facts: Facts,
    open: BTreeMap<(&'static str, FactKind), usize>,
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
            "write metadata.namespace, or scan what is applied in the end",
        ),
        FactKind::NetworkPolicy => (
            "the namespace's NetworkPolicies may not be among what was scanned",
            "scan the Namespace and its NetworkPolicies together with the workloads",
        ),
        FactKind::ResourcePolicy => (
            "the namespace's LimitRanges and ResourceQuotas may not be among what was scanned",
            "scan the Namespace and its LimitRange and ResourceQuota together with the workloads",
        ),
        FactKind::Role => (
            "the role that the binding names is not among what was scanned",
            "scan the folder that holds the Role or ClusterRole as well",
        ),
    };
    NotAssessed {
        control: control.head.id,
        reason,
        would_help,
        subjects,
    }
}

/// File, line, column, control, path: nothing that depends on threads or the file system.
fn order(mut findings: Vec<Finding>) -> Vec<Reported> {
    findings.sort_by(|one, other| key(one).cmp(&key(other)));
    let mut ranks: Vec<usize> = (0..findings.len()).collect();
    ranks.sort_by_key(|&index| {
        findings
            .get(index)
            .map(|finding| std::cmp::Reverse(finding.severity))
    });
    let mut rank_of = vec![0; findings.len()];
    for (rank, index) in ranks.into_iter().enumerate() {
        if let Some(slot) = rank_of.get_mut(index) {
            *slot = rank + 1;
        }
    }
    let mut fingerprints = Fingerprints::default();
    let reported = |(finding, rank): (Finding, usize)| Reported {
        fingerprint: fingerprints.next(&finding),
        priority: Priority {
            rank,
            why: why(&finding),
        },
        finding,
    };
    findings.into_iter().zip(rank_of).map(reported).collect()
}

fn why(finding: &Finding) -> String {
    let reason = finding.severity_reason.unwrap_or(&finding.label);
    format!("{}: {reason}", finding.severity.as_str())
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
