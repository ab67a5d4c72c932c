//! Judges one text while its trees are there. Documents are independent: one that is broken costs only itself.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use plimsoll_control::{Control, Found, Rule, Tally};
use plimsoll_snapshot::kept::Kept;
use plimsoll_snapshot::kinds::is_known;
use plimsoll_snapshot::object::{Carries, Content, Document, File, Object, objects};
use plimsoll_snapshot::place::Source;
use plimsoll_snapshot::provenance::Provenance;
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::waivers_of;
use plimsoll_yaml::{Chunk, Tree, parse, split};
use thin_vec::thin_vec;

use crate::dispatch::Judged;
use crate::effort::{Clock, Effort};
use crate::embedded;
use crate::gap::document::{incomplete, stray_duplicates, unparsable};
use crate::gap::object::{MalformedValues, panicked, undecided};
use crate::part::Part;
use crate::profile::Profile;
use crate::units::{Units, identity};
use crate::waiver::ConfiguredWaivers;

/// A text to judge.
pub struct SourceText<'t> {
    /// Its name as shown.
    pub name: Arc<str>,
    /// Its unit.
    pub unit: Arc<str>,
    /// The whole text.
    pub text: &'t str,
    /// Where the text comes from.
    pub provenance: Provenance,
}

/// A catalogue and a target.
pub struct Scan {
    controls: Vec<&'static Control>,
    pub(crate) off: Vec<(&'static Control, String)>,
    pub(crate) configured: ConfiguredWaivers,
    pub(crate) profile: Profile,
    target: Target,
    pins: Pins,
    clock: Option<Clock>,
    ignores_pins: bool,
    kept: Arc<Kept>,
}

/// Namespaces that pin the policy's version, by unit and name, and the units of files by which to look them up.
#[derive(Default)]
struct Pins {
    versions: HashMap<(Arc<str>, String), Minor>,
    units: Units,
}

impl Scan {
    /// A scan of these controls against a target.
    pub fn new(controls: impl IntoIterator<Item = &'static Control>, target: Target) -> Scan {
        Scan {
            controls: controls.into_iter().collect(),
            off: Vec::new(),
            configured: ConfiguredWaivers::default(),
            profile: Profile::DEFAULT,
            target,
            pins: Pins::default(),
            clock: None,
            ignores_pins: false,
            kept: Arc::default(),
        }
    }

    /// The scan by the policy of the target's version, whatever version namespaces pin: what holds once they pin that one.
    pub fn ignoring_pins(mut self) -> Scan {
        self.ignores_pins = true;
        self
    }

    /// The scan without the controls that were turned off, each with the reason; they are reported as not assessed.
    pub fn without(mut self, off: &BTreeMap<&'static str, String>) -> Scan {
        let controls = std::mem::take(&mut self.controls);
        for control in controls {
            match off.get(control.head.id) {
                Some(reason) => self.off.push((control, reason.clone())),
                None => self.controls.push(control),
            }
        }
        self
    }

    /// The scan with waivers from outside of what is judged.
    pub fn with_waivers(mut self, configured: ConfiguredWaivers) -> Scan {
        self.configured = configured;
        self
    }

    /// The scan whose findings are ranked for a profile.
    pub fn with_profile(mut self, profile: Profile) -> Scan {
        self.profile = profile;
        self
    }

    /// The scan that knows of other objects beforehand what is noted here.
    pub fn with_surroundings(mut self, surroundings: Surroundings) -> Scan {
        self.target.surroundings = Arc::new(surroundings);
        self
    }

    /// The scan that takes the time by a clock.
    pub fn with_clock(mut self, clock: Clock) -> Scan {
        self.clock = Some(clock);
        self
    }

    /// What is judged against.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The catalogue.
    pub fn controls(&self) -> &[&'static Control] {
        &self.controls
    }

    /// The scan that has to be done over again because namespaces among `parts` pin the version of the Pod Security
    /// policy; `None` when none pins another than the target.
    pub fn repinned(&self, parts: &[Box<Part>]) -> Option<Scan> {
        let mut facts = parts.iter().map(|part| &part.facts.namespaces);
        if self.ignores_pins || facts.all(|facts| facts.pins.is_empty()) {
            return None;
        }
        let units = Units::of(parts);
        let mut versions = HashMap::new();
        for part in parts {
            let unit = units.get(&part.file).unwrap_or(&part.unit);
            let pins = part
                .facts
                .namespaces
                .pins
                .iter()
                // A server takes a policy newer than itself for its own newest.
                .filter(|pin| pin.policy < self.target.version);
            versions.extend(pins.map(|pin| ((unit.clone(), pin.namespace.clone()), pin.policy)));
        }
        if versions.is_empty() {
            return None;
        }
        Some(Scan {
            controls: self.controls.clone(),
            off: self.off.clone(),
            configured: self.configured.clone(),
            profile: self.profile,
            target: self.target.clone(),
            pins: Pins { versions, units },
            clock: self.clock,
            ignores_pins: false,
            kept: self.kept.clone(),
        })
    }

    /// Judges one text.
    pub fn judge(&self, source: &SourceText<'_>) -> Box<Part> {
        let file = File::new(source.name.clone(), source.unit.clone(), source.text)
            .from(source.provenance.clone())
            .keeping(self.kept.clone());
        let mut part = Box::new(Part {
            tallies: thin_vec![Tally::default(); self.controls.len()],
            file: source.name.clone(),
            unit: source.unit.clone(),
            effort: Effort {
                bytes: source.text.len(),
                ..Effort::default()
            },
            ..Part::default()
        });
        let started = self.time();
        let chunks = split(source.text);
        part.effort.parsing = self.time() - started;
        for chunk in chunks {
            self.judge_chunk(&file, &chunk, &mut part);
        }
        if file.provenance.is_live() {
            part.gaps.iter_mut().for_each(|gap| gap.location = None);
        }
        part.facts.shrink();
        part.findings.shrink_to_fit();
        part.open.shrink_to_fit();
        part.identities.shrink_to_fit();
        part
    }

    fn judge_chunk(&self, file: &File<'_>, chunk: &Chunk, part: &mut Part) {
        let started = self.time();
        let parsed = parse(file.text, chunk);
        let between = self.time();
        match &parsed {
            Ok(tree) => {
                part.effort.documents += 1;
                part.effort.fast += usize::from(tree.fast());
                self.judge_document(file, chunk, tree, part);
            }
            Err(error) => part.gaps.extend(unparsable(file, chunk, error)),
        }
        part.effort.parsing += between - started;
        part.effort.judging += self.time() - between;
    }

    /// By the clock, if there is one.
    fn time(&self) -> Duration {
        self.clock.map_or(Duration::ZERO, |clock| clock())
    }

    fn judge_document<'t>(
        &self,
        file: &'t File<'t>,
        chunk: &Chunk,
        tree: &'t Tree<'t>,
        part: &mut Part,
    ) {
        let document = Document::new(file, chunk.number, tree);
        let source = Source {
            document: &document,
            object: tree.root(),
        };
        let Some(Content { objects, faults }) = objects(&document, &self.target) else {
            return;
        };
        part.gaps
            .extend(faults.iter().map(|fault| incomplete(&source, fault)));
        for object in &objects {
            self.judge_object(object, part);
        }
        part.gaps.extend(stray_duplicates(&source, &objects));
        part.waivers.extend(waivers_of(&document, &objects));
    }

    fn judge_object<'t>(&self, object: &'t Object<'t>, part: &mut Part) {
        part.objects += 1;
        part.identities.extend(identity(object));
        if !is_known(object.api_version, object.kind) {
            note_unknown_kind(object, part);
        }
        let judged = Judged::new(object);
        part.facts.note(object, judged.pod());
        self.judge_with_all(&judged, part);
        embedded::judge(self, object, part);
    }

    /// Every control's verdict on one object.
    pub(crate) fn judge_with_all<'t>(&self, judged: &Judged<'t>, part: &mut Part) {
        let object = judged.object;
        let mut malformed = MalformedValues::default();
        malformed.take(object, None);
        let policy = self.policy_version(object);
        for (index, control) in self.controls.iter().enumerate() {
            let version = match control.follows_policy_version() {
                true => policy,
                false => self.target.version,
            };
            let rule = control.rule(version);
            if let Some(rule) = rule.filter(|rule| judged.concerns(rule)) {
                apply(rule, (index, control), judged, part);
                malformed.take(object, Some(control.head.id));
            }
        }
        part.gaps.extend(malformed.into_gaps(object));
    }

    /// Do namespaces pin versions of the Pod Security policy in this scan?
    pub fn is_repinned(&self) -> bool {
        !self.pins.versions.is_empty()
    }

    /// The version of the Pod Security policy for an object: its namespace's label pins it, else it is the target's.
    fn policy_version(&self, object: &Object<'_>) -> Minor {
        if !self.is_repinned() {
            return self.target.version;
        }
        let file = object.document.file;
        let unit = self.pins.units.get(&file.name).unwrap_or(&file.unit);
        let key = object
            .namespace()
            .map(|namespace| (unit.clone(), namespace.to_owned()));
        key.and_then(|key| self.pins.versions.get(&key))
            .copied()
            .unwrap_or(self.target.version)
    }
}

/// Applies the rule of a control, `index` counted as in the tallies. A control that panics costs only its own verdict.
fn apply(
    rule: &'static Rule,
    (index, control): (usize, &'static Control),
    judged: &Judged<'_>,
    part: &mut Part,
) {
    let mut found = Found::new(&control.head, judged.object);
    let Ok(verdicts) = catch_unwind(AssertUnwindSafe(|| judged.apply(rule, &mut found))) else {
        return part.gaps.push(panicked(control, judged.object));
    };
    if let Some(tally) = part.tallies.get_mut(index) {
        tally.add(verdicts);
    }
    for missing in found.open() {
        part.left_open((control.head.id, *missing), 1);
    }
    for (place, why) in found.take_undecided() {
        part.gaps
            .push(undecided(control, judged.object, place, why));
    }
    let findings = found.into_findings().into_iter();
    part.findings.extend(findings.map(Box::new));
}

fn note_unknown_kind(object: &Object<'_>, part: &mut Part) {
    let kind = (object.api_version.to_owned(), object.kind.to_owned());
    let entry = part.unknown_kinds.entry(kind).or_default();
    entry.0 += 1;
    entry.1 |= object.carries != Carries::Nothing;
    embedded::note_unknown_version(object);
}
