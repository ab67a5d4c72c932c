//! "Setting S of program P must (not) be V", as one value for its flag, for kubeadm's extra argument and for its twin in a
//! configuration file. It grows by closed enums, never by free conditionals.

mod edits;

use plimsoll_snapshot::component::{Component, Given, Program};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Kind, Node, Scalar};

use crate::Says;
use crate::finding::Finding;
use crate::found::{Found, Tally};
use crate::remedy::Fix;

/// A rule on settings of Kubernetes' own programs. What runs none of the programs is no subject of it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What must hold, all of it.
    pub clauses: &'static [Setting],
}

/// One setting and what it must be.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The program.
    pub program: Program,
    /// The flag without its dashes; empty where there is none.
    pub flag: &'static str,
    /// Its twin in the program's configuration file; empty where there is none.
    pub twin: &'static [&'static str],
    /// What is fine.
    pub want: Want,
    /// What the program takes when nothing is said; empty where that is nothing. A kubelet's flags are never judged by
    /// their absence: its file decides.
    pub default: &'static str,
    /// Other flags that take the matter away from this one when they are given, such as one that names a file.
    pub unless: &'static [&'static str],
    /// Does kubeadm set the flag by itself, to something fine?
    pub kubeadm: bool,
    /// What to say; `{value}` is what was found.
    pub says: Says,
}

/// What a setting must be. Lists are split at commas in a flag.
#[derive(Copy, Clone, Debug)]
pub enum Want {
    /// One of these. Where they are `true` or `false`, it is a switch.
    Be(&'static [&'static str]),
    /// None of these.
    NotBe(&'static [&'static str]),
    /// Anything but nothing.
    BeSet,
    /// Not there.
    BeUnset,
    /// A list with all of these.
    HoldAll(&'static [&'static str]),
    /// A list with none of these.
    HoldNone(&'static [&'static str]),
    /// A list whose items all begin like one of these.
    Begin(&'static [&'static str]),
    /// A number no smaller.
    AtLeast(i64),
    /// A time with its unit, as Go reads it: `5s`, `1h30m`.
    Duration,
}

/// The value in a finding's predicate.
enum Verdict {
    Fine,
    Bad,
    /// Not of the type that the setting has.
    Malformed(&'static str),
}

impl Want {
    fn is_switch(self) -> bool {
        match self {
            Want::Be(values) | Want::NotBe(values) => values
                .iter()
                .all(|value| matches!(*value, "true" | "false")),
            _ => false,
        }
    }

    fn is_number(self) -> bool {
        match self {
            Want::Be(values) => values.iter().all(|value| value.parse::<i64>().is_ok()),
            Want::AtLeast(_) => true,
            _ => false,
        }
    }

    fn is_list(self) -> bool {
        matches!(self, Want::HoldAll(_) | Want::HoldNone(_) | Want::Begin(_))
    }

    fn judge(self, value: &str) -> Verdict {
        let mut items = value
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty());
        let fine = match self {
            Want::Be(_) | Want::NotBe(_) if self.is_switch() => match switch(value) {
                Some(value) => self.allows(value),
                None => return Verdict::Malformed("true or false"),
            },
            Want::Be(_) | Want::NotBe(_) => self.allows(value),
            Want::BeSet => !value.is_empty(),
            Want::BeUnset => false,
            Want::HoldAll(wanted) => {
                let items: Vec<&str> = items.collect();
                wanted.iter().all(|wanted| items.contains(wanted))
            }
            Want::HoldNone(bad) => !items.any(|item| bad.contains(&item)),
            Want::Begin(starts) => {
                items.all(|item| starts.iter().any(|start| item.starts_with(start)))
            }
            Want::Duration => is_duration(value),
            Want::AtLeast(least) => match value.parse::<i64>() {
                Ok(value) => value >= least,
                Err(_) => return Verdict::Malformed("a number"),
            },
        };
        if fine { Verdict::Fine } else { Verdict::Bad }
    }

    fn allows(self, value: &str) -> bool {
        match self {
            Want::Be(good) => good.contains(&value),
            Want::NotBe(bad) => !bad.contains(&value),
            _ => true,
        }
    }

    fn allows_unset(self, default: &str) -> bool {
        match self {
            Want::BeUnset
            | Want::Duration
            | Want::NotBe(_)
            | Want::HoldNone(_)
            | Want::Begin(_)
                if default.is_empty() =>
            {
                true
            }
            Want::BeUnset => true,
            Want::Be(_) | Want::BeSet | Want::HoldAll(_) | Want::AtLeast(_)
                if default.is_empty() =>
            {
                false
            }
            _ => matches!(self.judge(default), Verdict::Fine),
        }
    }
}

/// Numbers, each with a unit behind it; `0` alone needs none.
fn is_duration(value: &str) -> bool {
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let is_unit = |unit: &str| matches!(unit, "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h");
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut rest = value;
    while !rest.is_empty() {
        let unit = rest.trim_start_matches(is_number);
        let end = unit.find(is_number).unwrap_or(unit.len());
        let (unit, next) = unit.split_at_checked(end).unwrap_or((unit, ""));
        if !rest.starts_with(is_number) || !is_unit(unit) {
            return value == "0";
        }
        rest = next;
    }
    !value.is_empty()
}

/// A switch as Go reads it.
fn switch(value: &str) -> Option<&'static str> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some("true"),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some("false"),
        _ => None,
    }
}

impl Settings {
    /// Judges what an object says about the programs, and counts its verdicts.
    pub fn judge<'t>(
        &self,
        object: &'t Object<'t>,
        pod: Option<&Pod<'t>>,
        found: &mut Found<'t>,
    ) -> Tally {
        let mut tally = Tally::default();
        for container in pod.iter().flat_map(|pod| pod.containers()) {
            if let Some(component) = Component::of_container(&container) {
                tally.add(self.judge_component(object, &component, Some(&container), found));
            } else if let Some(program) = Program::of_script(&container) {
                let mine = self.clauses.iter().any(|clause| clause.is_flag_of(program));
                tally.add(judged(object, found, mine, |found| {
                    leave_open(object, found)
                }));
            }
        }
        for program in Program::ALL {
            if let Some(component) = Component::of_kubeadm(object, program) {
                tally.add(self.judge_component(object, &component, None, found));
            }
            if program.file() == Some((object.group(), object.kind)) {
                tally.add(self.judge_file(object, program, found));
            }
        }
        tally
    }

    fn judge_component<'t>(
        &self,
        object: &Object<'t>,
        component: &Component<'t>,
        container: Option<&Container<'_, 't>>,
        found: &mut Found<'t>,
    ) -> Tally {
        let mine = |clause: &&Setting| clause.is_flag_of(component.program);
        let clauses: Vec<&'static Setting> = self.clauses.iter().filter(mine).collect();
        judged(object, found, !clauses.is_empty(), |found| {
            for clause in &clauses {
                clause.judge_flag(object, component, container, found);
            }
        })
    }

    fn judge_file<'t>(
        &self,
        object: &Object<'t>,
        program: Program,
        found: &mut Found<'t>,
    ) -> Tally {
        let mine = |clause: &&Setting| clause.program == program && !clause.twin.is_empty();
        let clauses: Vec<&'static Setting> = self.clauses.iter().filter(mine).collect();
        judged(object, found, !clauses.is_empty(), |found| {
            for clause in &clauses {
                clause.judge_twin(object, found);
            }
        })
    }
}

fn judged<'t>(
    object: &Object<'_>,
    found: &mut Found<'t>,
    any: bool,
    judge: impl FnOnce(&mut Found<'t>),
) -> Tally {
    if !any {
        return Tally::default();
    }
    let before = found.len();
    object.begin_subject();
    judge(found);
    Tally::of(found.len() > before, object.met_malformed())
}

/// A setting of the subject at hand comes from elsewhere: it cannot be judged, which is told once.
pub(crate) fn leave_open(object: &Object<'_>, found: &mut Found<'_>) {
    if !object.met_malformed() {
        found.not_assessed(FactKind::CommandLine);
    }
    object.leave_open();
}

impl Setting {
    fn is_flag_of(&self, program: Program) -> bool {
        self.program == program && !self.flag.is_empty()
    }

    fn judge_flag<'t>(
        &'static self,
        object: &Object<'t>,
        component: &Component<'t>,
        container: Option<&Container<'_, 't>>,
        found: &mut Found<'t>,
    ) {
        if self
            .unless
            .iter()
            .any(|flag| !component.given(flag, false).is_empty())
        {
            return;
        }
        if component.is_malformed(self.flag) {
            // Of what kubeadm's configuration holds, the gap tells.
            return match component.is_kubeadm() {
                true => object.leave_open(),
                false => leave_open(object, found),
            };
        }
        let given = component.given(self.flag, self.want.is_switch());
        let Some(&last) = given.last() else {
            return self.judge_unset_flag(component, container, found);
        };
        let values: Vec<&str> = given.iter().map(|given| given.value).collect();
        let value = if self.want.is_list() {
            values.join(",")
        } else {
            last.value.to_owned()
        };
        if value.contains("$(") {
            return leave_open(object, found);
        }
        match self.want.judge(&value) {
            Verdict::Fine => {}
            Verdict::Malformed(wanted) => object.note_malformed(last.node, wanted),
            Verdict::Bad => self.report_flag(container, last, &value, found),
        }
    }

    fn report_flag(
        &'static self,
        container: Option<&Container<'_, '_>>,
        given: Given<'_>,
        value: &str,
        found: &mut Found<'_>,
    ) {
        let predicate = self.predicate(self.says.set, value);
        let finding = match container {
            Some(container) if given.inside => found.on_flag(
                container,
                given.node,
                self.flag,
                &predicate,
                self.says.because,
            ),
            Some(container) => {
                let at = At::node(given.node);
                found.on_container(container, at, &predicate, self.says.because)
            }
            None => found.on_object(At::node(given.node), &predicate, self.says.because),
        };
        self.mark(finding, value);
    }

    fn judge_unset_flag<'t>(
        &'static self,
        component: &Component<'t>,
        container: Option<&Container<'_, 't>>,
        found: &mut Found<'t>,
    ) {
        let kubelet = self.program == Program::Kubelet;
        let in_file = !self.twin.is_empty()
            && (component.is_kubeadm() || !component.given("config", false).is_empty());
        let by_kubeadm = self.kubeadm && component.is_kubeadm();
        if kubelet || in_file || by_kubeadm || self.want.allows_unset(self.default) {
            return;
        }
        let predicate = self.predicate(self.says.unset, self.default);
        let finding = match container {
            Some(container) => found.on_flag(
                container,
                component.node,
                self.flag,
                &predicate,
                self.says.because,
            ),
            None => {
                let at = At {
                    node: component.node,
                    missing: component.missing,
                };
                found.on_object(at, &predicate, self.says.because)
            }
        };
        self.mark(finding, self.default);
    }

    /// Notes at a finding from which setting its fix follows, or why none does.
    fn mark(&'static self, finding: &mut Finding, value: &str) {
        finding.setting = Some(self);
        if let (Fix::Edits(_), Some(reason)) = (finding.fix(), self.obstacle(value)) {
            finding.without_fix(reason);
        }
    }

    fn judge_twin<'t>(&'static self, object: &Object<'t>, found: &mut Found<'t>) {
        let at = At::nearest(object.node, self.twin);
        if !at.missing.is_empty() || at.node.is_null() {
            if at.node.kind() != Kind::Mapping && !at.node.is_null() {
                return object.note_malformed(at.node, "an object");
            }
            if !self.want.allows_unset(self.default) {
                let predicate = self.predicate(self.says.unset, self.default);
                let finding = found.on_object(at, &predicate, self.says.because);
                self.mark(finding, self.default);
            }
            return;
        }
        let value = match self.read(at.node) {
            Ok(value) => value,
            Err(wanted) => return object.note_malformed(at.node, wanted),
        };
        match self.want.judge(&value) {
            Verdict::Fine => {}
            Verdict::Malformed(wanted) => object.note_malformed(at.node, wanted),
            Verdict::Bad => {
                let predicate = self.predicate(self.says.set, &value);
                let finding = found.on_object(at, &predicate, self.says.because);
                self.mark(finding, &value);
            }
        }
    }

    /// The text of a value in a file, if it has the type of the setting.
    fn read(&self, node: Node<'_>) -> Result<String, &'static str> {
        if self.want.is_list() {
            if let (Want::Begin(_), Some(text)) = (self.want, node.as_str()) {
                return Ok(text.to_owned());
            }
            if node.kind() != Kind::Sequence {
                return Err("a list of strings");
            }
            let strings: Option<Vec<&str>> = node.items().map(Node::as_str).collect();
            return strings
                .map(|strings| strings.join(","))
                .ok_or("a list of strings");
        }
        let wanted = match self.want {
            _ if self.want.is_switch() => "true or false",
            _ if self.want.is_number() => "a number",
            _ => "a string",
        };
        match (node.scalar(), wanted) {
            (Some(Scalar::Bool(value)), "true or false") => Ok(value.to_string()),
            (Some(Scalar::Int(value)), "a number") => Ok(value.to_string()),
            (Some(Scalar::Str(value)), "a string") => Ok(value.to_owned()),
            _ if matches!(self.want, Want::BeSet | Want::BeUnset) => Ok("something".to_owned()),
            _ => Err(wanted),
        }
    }

    fn predicate(&self, says: &str, value: &str) -> String {
        says.replace("{value}", value)
    }
}
