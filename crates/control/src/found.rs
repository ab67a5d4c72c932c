//! The only way to make a finding: it knows the control and the object already and asks for one primary place.

use std::borrow::Cow;
use std::sync::Arc;

use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::object::{Object, ObjectId};
use plimsoll_snapshot::place::{Excerpt, Place};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, Path, Segment};

use crate::Header;
use crate::finding::{Finding, Message, Related, Subject};

/// Verdicts by number of subjects: containers for controls on containers, otherwise objects.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Subjects with a finding.
    pub failed: usize,
    /// Subjects all of whose findings are waived.
    pub waived: usize,
    /// Subjects without.
    pub passed: usize,
    /// Subjects that could not be judged.
    pub not_assessed: usize,
}

impl Tally {
    /// Adds the counts of another part.
    pub fn add(&mut self, other: Tally) {
        self.failed += other.failed;
        self.waived += other.waived;
        self.passed += other.passed;
        self.not_assessed += other.not_assessed;
    }
}

/// Collects findings of one control on one object.
pub struct Found<'o> {
    head: &'static Header,
    object: &'o Object<'o>,
    findings: Vec<Finding>,
    open: Vec<FactKind>,
    undecided: Vec<(Place, String)>,
    is_undecided: bool,
}

impl<'o> Found<'o> {
    /// An empty collection.
    pub fn new(head: &'static Header, object: &'o Object<'o>) -> Found<'o> {
        Found {
            head,
            object,
            findings: Vec::new(),
            open: Vec::new(),
            undecided: Vec::new(),
            is_undecided: false,
        }
    }

    /// How many findings there are so far.
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Is there no finding so far?
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// The subject cannot be judged without evidence that was not given.
    pub fn not_assessed(&mut self, missing: FactKind) {
        self.open.push(missing);
    }

    /// What was missing so far, once for each subject that it left open.
    pub fn open(&self) -> &[FactKind] {
        &self.open
    }

    /// There is no verdict, although there should be; where, and the sentence that says why, unless that has been told.
    pub fn undecided(&mut self, why: Option<(Place, String)>) {
        self.is_undecided = true;
        self.undecided.extend(why);
    }

    /// Was there no verdict on something?
    pub fn is_undecided(&self) -> bool {
        self.is_undecided
    }

    /// Where and why there was no verdict.
    pub fn take_undecided(&mut self) -> Vec<(Place, String)> {
        std::mem::take(&mut self.undecided)
    }

    /// The findings so far.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The findings.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// A finding on the object as a whole. `predicate` goes on after the object's name ("shares the host's network").
    pub fn on_object(
        &mut self,
        at: At<'_>,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        let place = self.object.source().place(at);
        self.push(None, place, predicate, label.into())
    }

    /// A finding on a container.
    pub fn on_container(
        &mut self,
        container: &Container<'_, '_>,
        at: At<'_>,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        let place = self.object.source().place(at);
        self.push(Some(container), place, predicate, label.into())
    }

    /// A finding on a flag of the program that a container runs: `node` is the argument, or what lacks it.
    pub fn on_flag(
        &mut self,
        container: &Container<'_, '_>,
        node: Node<'_>,
        flag: &str,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        let inside = Path::from(vec![Segment::Flag(flag.into())]);
        let place = self.object.source().place_inside(node, &inside);
        self.push(Some(container), place, predicate, label.into())
    }

    /// A finding on the object as a whole, at a place that is known already.
    pub fn on_place(
        &mut self,
        place: Place,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        self.push(None, place, predicate, label.into())
    }

    fn push(
        &mut self,
        container: Option<&Container<'_, '_>>,
        place: Place,
        predicate: &str,
        label: Cow<'static, str>,
    ) -> &mut Finding {
        let object = self.object.id();
        let kept = self.object.document.file.kept();
        let mut message = Message::of(object.clone(), kept.text(predicate));
        if let Some(container) = container {
            message.narrow(kept.text(&name_of(container)));
        }
        let subject = Subject {
            object,
            container: container.map(|container| kept.text(container.name().unwrap_or_default())),
        };
        let finding = Finding::new(self.head, message, label, subject, place);
        self.findings.push_mut(finding)
    }
}

impl Finding {
    /// Shows `instead` in place of the line on which the finding is, for a value that nobody may see. What else
    /// stands on that line is left out as well: it may hold the value again, or another one.
    pub fn mask(&mut self, instead: &str) -> &mut Finding {
        if let Some(excerpt) = &mut self.place.excerpt {
            let line = excerpt.text.get(..excerpt.mark().start).unwrap_or_default();
            let harmless = line.chars().all(|lead| matches!(lead, ' ' | '\t' | '-'));
            let lead = if harmless { line } else { "" };
            let text = format!("{lead}{instead}");
            let mark = lead.len()..text.len();
            *excerpt = Excerpt::new(text.into(), mark);
        }
        if let Some((before, _)) = self.place.stable.split_once("[=") {
            self.place.stable = format!("{before}[]").into();
        }
        self
    }
}

fn name_of(container: &Container<'_, '_>) -> String {
    match container.name() {
        Some(name) => format!("{} \"{name}\"", container.kind.noun()),
        None => format!("unnamed {}", container.kind.noun()),
    }
}

/// Collects findings of one control across objects.
pub struct JoinedFound {
    head: &'static Header,
    findings: Vec<Finding>,
    open: Vec<(FactKind, usize)>,
    /// The verdicts by subject.
    pub tally: Tally,
}

impl JoinedFound {
    /// An empty collection.
    pub fn new(head: &'static Header) -> JoinedFound {
        JoinedFound {
            head,
            findings: Vec::new(),
            open: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// A subject is fine.
    pub fn pass(&mut self) {
        self.tally.passed += 1;
    }

    /// A subject cannot be judged without evidence that was not collected.
    pub fn not_assessed(&mut self, missing: FactKind) {
        self.tally.not_assessed += 1;
        match self.open.iter_mut().find(|(kind, _)| *kind == missing) {
            Some((_, count)) => *count += 1,
            None => self.open.push((missing, 1)),
        }
    }

    /// A finding on an object.
    pub fn on_object(
        &mut self,
        object: &Arc<ObjectId>,
        place: &Place,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        self.tally.failed += 1;
        let message = Message::of(object.clone(), predicate.into());
        let subject = Subject {
            object: object.clone(),
            container: None,
        };
        let place = place.clone();
        let finding = Finding::new(self.head, message, label.into(), subject, place);
        self.findings.push_mut(finding)
    }

    /// A finding on a container of an object. `noun` is its kind in words.
    pub fn on_container(
        &mut self,
        object: &Arc<ObjectId>,
        (noun, name): (&str, Option<&str>),
        place: &Place,
        predicate: &str,
        label: impl Into<Cow<'static, str>>,
    ) -> &mut Finding {
        let finding = self.on_object(object, place, predicate, label);
        let container = match name {
            Some(name) => format!("{noun} \"{name}\""),
            None => format!("unnamed {noun}"),
        };
        finding.message.narrow(container.into());
        finding.subject.container = Some(name.unwrap_or_default().into());
        finding
    }

    /// The findings, and per kind of missing evidence how many subjects it left open.
    pub fn into_parts(self) -> (Vec<Finding>, Vec<(FactKind, usize)>) {
        (self.findings, self.open)
    }
}

impl Related {
    /// A place in another object that explains the finding.
    pub fn new(message: impl Into<String>, object: &Arc<ObjectId>, place: &Place) -> Related {
        Related {
            message: message.into(),
            object: object.clone(),
            place: place.clone(),
        }
    }
}
