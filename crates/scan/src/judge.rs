//! Judges one text while its trees are there. Documents are independent: one that is broken costs only itself.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use plimsoll_control::{Control, Finding, Found, Rule, Tally};
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::kinds::{is_known, is_settings};
use plimsoll_snapshot::object::{
    Carries, Content, Document, Fault, FaultKind, File, Object, objects,
};
use plimsoll_snapshot::place::{Location, Source};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_snapshot::waiver::{Waiver, waivers_of};
use plimsoll_yaml::{Chunk, Node, NodeId, ParseError, Path, Span, Tree, looks_like, parse, split};

use crate::gap::{Gap, GapReason};
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
}

/// A catalogue and a target.
pub struct Scan {
    controls: Vec<&'static Control>,
    pub(crate) off: Vec<(&'static Control, String)>,
    pub(crate) configured: ConfiguredWaivers,
    pub(crate) profile: Profile,
    target: Target,
    pins: Pins,
}

/// Namespaces that pin the policy's version, by unit and name, and the units of files by which to look them up.
#[derive(Default)]
struct Pins {
    versions: HashMap<(Arc<str>, String), Minor>,
    units: Units,
}

/// What one text gave.
#[derive(Default)]
pub struct Part {
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) facts: Facts,
    pub(crate) open: BTreeMap<(&'static str, FactKind), usize>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) tallies: Vec<Tally>,
    pub(crate) file: Arc<str>,
    pub(crate) unit: Arc<str>,
    pub(crate) identities: Vec<u64>,
    pub(crate) objects: usize,
    pub(crate) unknown_kinds: BTreeMap<(String, String), (usize, bool)>,
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
        }
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
    pub fn repinned(&self, parts: &[Part]) -> Option<Scan> {
        if parts
            .iter()
            .all(|part| part.facts.namespaces.pins.is_empty())
        {
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
        })
    }

    /// Judges one text.
    pub fn judge(&self, source: &SourceText<'_>) -> Part {
        let file = File::new(source.name.clone(), source.unit.clone(), source.text);
        let mut part = Part {
            tallies: vec![Tally::default(); self.controls.len()],
            file: source.name.clone(),
            unit: source.unit.clone(),
            ..Part::default()
        };
        for chunk in split(source.text) {
            match parse(source.text, &chunk) {
                Ok(tree) => self.judge_document(&file, &chunk, &tree, &mut part),
                Err(error) => part.gaps.extend(unparsable(&file, &chunk, &error)),
            }
        }
        part
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
        let is_carrier = object.carries != Carries::Nothing;
        if !is_known(object.api_version, object.kind) {
            let kind = (object.api_version.to_owned(), object.kind.to_owned());
            let entry = part.unknown_kinds.entry(kind).or_default();
            entry.0 += 1;
            entry.1 |= is_carrier;
            if is_settings(object.group(), object.kind) {
                let version = object.node.get("apiVersion").unwrap_or(object.node);
                object.note_malformed(version, "a version of this kind that is known here");
            }
        }
        let pod = object.pod();
        part.facts.note(object, pod.as_ref());
        let mut malformed = MalformedValues::default();
        malformed.take(object, None);
        let policy = self.policy_version(object);
        for (control, tally) in self.controls.iter().zip(&mut part.tallies) {
            let version = if control.follows_policy_version() {
                policy
            } else {
                self.target.version
            };
            let Some(rule) = control.rule(version) else {
                continue;
            };
            let mut found = Found::new(&control.head, object);
            match catch_unwind(AssertUnwindSafe(|| {
                apply(rule, object, pod.as_ref(), &mut found)
            })) {
                Ok(verdicts) => {
                    tally.add(verdicts);
                    for missing in found.open() {
                        *part.open.entry((control.head.id, *missing)).or_default() += 1;
                    }
                    part.findings.extend(found.into_findings());
                }
                Err(_) => part.gaps.push(panicked(control, object)),
            }
            malformed.take(object, Some(control.head.id));
        }
        part.gaps.extend(malformed.into_gaps(object));
    }

    /// The version of the Pod Security policy for an object: its namespace's label pins it, else it is the target's.
    fn policy_version(&self, object: &Object<'_>) -> Minor {
        if self.pins.versions.is_empty() {
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

impl Part {
    /// The file's name as shown.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Do waivers stand in the file?
    pub fn has_waivers(&self) -> bool {
        !self.waivers.is_empty()
    }

    /// Drops the waivers that `earlier`, which is made from another version of the same file, does not have; `None` is
    /// a file that did not exist. Gives how many were dropped.
    pub fn keep_waivers_of(&mut self, earlier: Option<&Part>) -> usize {
        let before = self.waivers.len();
        let mut known = HashMap::new();
        for waiver in earlier.iter().flat_map(|part| &part.waivers) {
            *known.entry(waiver.identity()).or_insert(0_usize) += 1;
        }
        self.waivers
            .retain(|waiver| match known.get_mut(&waiver.identity()) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    true
                }
                _ => false,
            });
        before - self.waivers.len()
    }

    /// Moves all that the part holds to another unit.
    pub(crate) fn move_to(&mut self, unit: &Arc<str>) {
        self.unit = unit.clone();
        for finding in &mut self.findings {
            Arc::make_mut(&mut finding.subject.object).unit = unit.clone();
        }
        for waiver in &mut self.waivers {
            Arc::make_mut(&mut waiver.object).unit = unit.clone();
        }
        self.facts.move_to(unit);
    }
}

/// Applies a rule to one object and counts the verdicts.
fn apply<'t>(
    rule: &'static Rule,
    object: &'t Object<'t>,
    pod: Option<&Pod<'t>>,
    found: &mut Found<'t>,
) -> Tally {
    match (rule, pod) {
        (Rule::Derived(describe), Some(pod)) => describe.judge(pod, found),
        (Rule::Settings(settings), _) => settings.judge(object, pod, found),
        (Rule::Pod { check, words, .. }, Some(pod)) => {
            judged(object, found, |found| check(pod, words, found))
        }
        (Rule::Container { check, words, .. }, Some(pod)) => {
            let mut tally = Tally::default();
            for container in pod.containers() {
                tally.add(judged(object, found, |found| {
                    check(&container, words, found)
                }));
            }
            tally
        }
        (
            Rule::Object {
                kinds,
                check,
                words,
                ..
            },
            _,
        ) if concerns(kinds, object) => judged(object, found, |found| check(object, words, found)),
        (Rule::Derived(_) | Rule::Pod { .. } | Rule::Container { .. }, None)
            if object.carries != Carries::Nothing =>
        {
            Tally {
                not_assessed: 1,
                ..Tally::default()
            }
        }
        _ => Tally::default(),
    }
}

fn concerns(kinds: &[plimsoll_control::GroupKind], object: &Object<'_>) -> bool {
    kinds.is_empty() || kinds.contains(&(object.group(), object.kind))
}

fn judged<'t>(
    object: &Object<'_>,
    found: &mut Found<'t>,
    check: impl FnOnce(&mut Found<'t>),
) -> Tally {
    let before = (found.len(), found.open().len());
    object.begin_subject();
    check(found);
    let is_open = object.met_malformed() || found.open().len() > before.1;
    Tally::of(found.len() > before.0, is_open)
}

/// Values of the wrong type in one object, and which controls stumbled over each.
#[derive(Default)]
struct MalformedValues {
    values: BTreeMap<NodeId, (&'static str, Vec<&'static str>)>,
}

impl MalformedValues {
    fn take(&mut self, object: &Object<'_>, control: Option<&'static str>) {
        for (node, wanted) in object.take_malformed() {
            let (_, controls) = self.values.entry(node).or_insert((wanted, Vec::new()));
            controls.extend(control);
        }
    }

    fn into_gaps(self, object: &Object<'_>) -> impl Iterator<Item = Gap> {
        self.values
            .into_iter()
            .filter_map(move |(node, (wanted, controls))| {
                let node = object.document.tree.node(node)?;
                let place = object
                    .source()
                    .place(plimsoll_snapshot::value::At::node(node));
                Some(Gap {
                    reason: GapReason::Malformed,
                    message: format!(
                        "{}{} {} is not {wanted}; the API server refuses it, so it was not judged",
                        within(&place.path),
                        object.kind,
                        object.name().unwrap_or("without a name"),
                    ),
                    file: object.document.file.name.clone(),
                    location: place.location,
                    controls,
                })
            })
    }
}

/// A path, to go before the name of its object.
fn within(path: &Path) -> String {
    if path.segments().is_empty() {
        String::new()
    } else {
        format!("{path} of ")
    }
}

fn incomplete(source: &Source<'_>, fault: &Fault<'_>) -> Gap {
    let file = source.document.file;
    let message = match fault.what {
        FaultKind::Lacks(key) => {
            format!(
                "this looks like a Kubernetes object without {key}; add it, kubectl refuses it too"
            )
        }
        FaultKind::NotAnObject => {
            "this item of a list is not a Kubernetes object; kubectl refuses the whole list"
                .to_owned()
        }
        FaultKind::NotItems => {
            "the items of this List are not a list, so nothing in it was judged".to_owned()
        }
    };
    Gap {
        reason: GapReason::Incomplete,
        message,
        file: file.name.clone(),
        location: Some(source.location(first_line(file.text, fault.node.span()))),
        controls: Vec::new(),
    }
}

fn panicked(control: &Control, object: &Object<'_>) -> Gap {
    let source = object.source();
    Gap {
        reason: GapReason::ControlPanicked,
        message: format!(
            "the control {} failed on {} {}; this is a fault of plimsoll, please report it",
            control.head.id,
            object.kind,
            object.name().unwrap_or("without a name"),
        ),
        file: object.document.file.name.clone(),
        location: Some(source.location(first_line(object.document.file.text, object.node.span()))),
        controls: vec![control.head.id],
    }
}

/// Keys that stand twice above the objects of a list: the earlier one hides objects.
fn stray_duplicates(source: &Source<'_>, objects: &[Object<'_>]) -> Vec<Gap> {
    let tree = source.document.tree;
    let objects: HashSet<_> = objects.iter().map(|object| object.node.id()).collect();
    let in_object = |key: &Node<'_>| {
        let mut above = std::iter::successors(Some(*key), |node| node.parent());
        above.any(|node| objects.contains(&node.id()))
    };
    let keys = tree
        .duplicates()
        .iter()
        .filter_map(|duplicate| tree.node(duplicate.key));
    let stray = keys.filter(|key| !in_object(key));
    stray
        .map(|key| Gap {
            reason: GapReason::DuplicateKey,
            message: format!(
                "{} stands twice here and the last one wins; objects below this one were not judged",
                key.key_text().unwrap_or("a key")
            ),
            file: source.document.file.name.clone(),
            location: Some(source.location(key.span())),
            controls: Vec::new(),
        })
        .collect()
}

/// A gap, if the text shows that it is meant for Kubernetes.
fn unparsable(file: &File<'_>, chunk: &Chunk, error: &ParseError) -> Option<Gap> {
    let text = file
        .text
        .get(chunk.span.start as usize..chunk.span.end as usize)
        .unwrap_or_default();
    if !looks_like(text, &["apiVersion", "kind"]) {
        return None;
    }
    let template = text.contains("{{");
    let (reason, message) = if template {
        let advice =
            "this is a template: render it first, as in `helm template CHART | plimsoll scan -`";
        (GapReason::Template, advice.to_owned())
    } else {
        (GapReason::Unparsable, error.message.clone())
    };
    let lines = file.lines();
    let location = Location {
        file: file.name.clone(),
        document: chunk.number,
        start: lines.position(file.text, error.span.start),
        end: lines.position(file.text, error.span.end),
        exact: true,
    };
    Some(Gap {
        reason,
        message,
        file: file.name.clone(),
        location: Some(location),
        controls: Vec::new(),
    })
}

/// The span, cut at the end of its first line.
fn first_line(text: &str, span: Span) -> Span {
    let whole = text
        .get(span.start as usize..span.end as usize)
        .unwrap_or_default();
    let length = whole.find(['\r', '\n']).unwrap_or(whole.len());
    Span {
        start: span.start,
        end: span.start + u32::try_from(length).unwrap_or_default(),
    }
}
