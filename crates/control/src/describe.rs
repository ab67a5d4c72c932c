//! "Field F of every container must (not) be V", as one value from which the check derives, and later edits, CEL and
//! the page's variants. It grows by closed enums, never by free conditionals.

use std::borrow::Cow;

use plimsoll_snapshot::field::{Field, Lit, Owner};
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::{At, Origin, Reading, Value};

use crate::Severity;
use crate::found::{Found, Tally};

/// A rule on fields of a pod or of its containers.
#[derive(Clone, Debug)]
pub struct Describe {
    /// What must hold, all of it. All fields have the same owner.
    pub clauses: &'static [Clause],
    /// The rule does not apply to pods for which one of these holds.
    pub unless: &'static [Guard],
}

/// One field and what it must be.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The field. Where it inherits, a bad value at the pod is one finding there, whatever the containers say, and
    /// a container is found only for its own value or for what it lacks when the pod says nothing either.
    pub field: &'static Field,
    /// What is fine.
    pub must: Must,
    /// What to say when it is not.
    pub says: Says,
    /// Cases that weigh more or less than the control's severity.
    pub weights: &'static [Weight],
}

/// What a field must be. An absent field is judged by the API's default; where there is none, `Be` fails;
/// `Hold`, `BeSet` and `BeOther` fail without looking at defaults.
#[derive(Copy, Clone, Debug)]
pub enum Must {
    /// One of these.
    Be(&'static [Lit<'static>]),
    /// One of these, or not there.
    BeOrAbsent(&'static [Lit<'static>]),
    /// Anything, as long as it is there.
    BeSet,
    /// There, and none of these.
    BeOther(&'static [Lit<'static>]),
    /// None of these.
    NotBe(&'static [Lit<'static>]),
    /// For a list: one item is this.
    Hold(Lit<'static>),
}

/// What to say. `{value}` is the value that was found, `{field}` its name within its owner.
#[derive(Copy, Clone, Debug)]
pub struct Says {
    /// Goes on after the subject's name when a bad value is there: "runs privileged".
    pub set: &'static str,
    /// The same when the field is not there; empty where that is never a fault.
    pub unset: &'static str,
    /// What to say at the place: the consequence.
    pub because: &'static str,
}

/// A case that weighs more or less than the control's severity. The first that applies counts.
#[derive(Copy, Clone, Debug)]
pub struct Weight {
    /// The case.
    pub when: When,
    /// Its severity.
    pub severity: Severity,
    /// Why.
    pub reason: &'static str,
}

/// When a fault weighs more or less.
#[derive(Copy, Clone, Debug)]
pub enum When {
    /// The value that was found is this one. Letters count in any case: runtimes take names such as capabilities so.
    Is(Lit<'static>),
    /// Another field of the same owner is, in effect, what it must be here.
    Beside(&'static Field, Must),
}

impl When {
    fn applies(self, site: Site<'_, '_>, value: Option<Lit<'_>>) -> bool {
        match (self, value) {
            (When::Is(Lit::Str(name)), Some(Lit::Str(value))) => name.eq_ignore_ascii_case(value),
            (When::Is(this), value) => value == Some(this),
            (When::Beside(field, must), _) => match site.effective(field) {
                Value::Is(value) => must.allows(value),
                Value::Absent | Value::Null => must.allows_unset(field.default),
                Value::Malformed(_) => false,
            },
        }
    }
}

/// A condition under which a rule does not apply to a pod.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Guard {
    /// `spec.os.name` is `windows`.
    Windows,
    /// `spec.hostUsers` is false.
    UserNamespace,
    /// `spec.hostUsers` is not false.
    NoUserNamespace,
}

impl Guard {
    /// Does it hold for the pod?
    pub fn holds(self, pod: &Pod<'_>) -> bool {
        match self {
            Guard::Windows => pod.is_windows(),
            Guard::UserNamespace => pod.has_user_namespace(),
            Guard::NoUserNamespace => !pod.has_user_namespace(),
        }
    }
}

impl Must {
    fn allows(self, value: Lit<'_>) -> bool {
        match self {
            Must::Be(good) | Must::BeOrAbsent(good) => good.contains(&value),
            Must::NotBe(bad) | Must::BeOther(bad) => !bad.contains(&value),
            Must::BeSet => true,
            Must::Hold(wanted) => value == wanted,
        }
    }

    /// Is it fine that nothing is written? `default` is what the API takes then, if anything.
    pub fn allows_unset(self, default: Option<Lit<'static>>) -> bool {
        match (self, default) {
            (Must::BeOrAbsent(_), _) => true,
            (Must::Hold(_) | Must::BeSet | Must::BeOther(_), _) => false,
            (_, Some(default)) => self.allows(default),
            (Must::Be(_), None) => false,
            (Must::NotBe(_), None) => true,
        }
    }
}

impl Describe {
    /// Judges a pod and counts its verdicts.
    pub fn judge(&self, pod: &Pod<'_>, found: &mut Found<'_>) -> Tally {
        if self.unless.iter().any(|guard| guard.holds(pod)) {
            return Tally::default();
        }
        match self.clauses.first().map(|clause| clause.field.owner) {
            Some(Owner::Container) => self.judge_containers(pod, found),
            _ => self.judge_pod(pod, found),
        }
    }

    fn judge_pod(&self, pod: &Pod<'_>, found: &mut Found<'_>) -> Tally {
        let before = found.len();
        pod.object.begin_subject();
        for clause in self.clauses {
            clause.judge(Site::Pod(pod), found);
        }
        Tally::of(found.len() > before, pod.object.met_malformed())
    }

    fn judge_containers(&self, pod: &Pod<'_>, found: &mut Found<'_>) -> Tally {
        let before = found.len();
        for clause in self.clauses {
            if let Some(twin) = clause.field.inherits {
                clause.judge_twin(pod, twin, found);
            }
        }
        let at_pod = found.len() > before;
        let mut tally = Tally::default();
        for container in pod.containers() {
            let before = found.len();
            pod.object.begin_subject();
            let mut inherits_fault = false;
            for clause in self.clauses {
                clause.judge(Site::Container(&container), found);
                inherits_fault |= at_pod && clause.fails_by_inheritance(&container);
            }
            tally.add(Tally::of(
                found.len() > before || inherits_fault,
                pod.object.met_malformed(),
            ));
        }
        if at_pod && tally.failed == 0 {
            tally.failed = 1;
            tally.passed = tally.passed.saturating_sub(1);
        }
        tally
    }
}

impl Tally {
    /// The verdict on one subject.
    pub fn of(failed: bool, malformed: bool) -> Tally {
        Tally {
            failed: usize::from(failed),
            waived: 0,
            passed: usize::from(!failed && !malformed),
            not_assessed: usize::from(!failed && malformed),
        }
    }
}

impl Clause {
    /// Judges the field where it is written, or what its absence means there.
    fn judge(&'static self, site: Site<'_, '_>, found: &mut Found<'_>) {
        let mut held = false;
        site.read_each(self.field, &mut |reading| match reading.value {
            Value::Is(value) if matches!(self.must, Must::Hold(_)) => {
                held |= self.must.allows(value)
            }
            Value::Is(value) => self.judge_value(site, reading.at, value, found),
            Value::Absent | Value::Null => self.judge_unset(site, reading.at, found),
            Value::Malformed(_) => {}
        });
        if matches!(self.must, Must::Hold(_)) && !held {
            let at = site.locate(self.field);
            let says = if at.missing.is_empty() {
                self.says.set
            } else {
                self.says.unset
            };
            self.report(site, at, says, None, found);
        }
    }

    /// Judges the pod-level twin, which is a fault of the pod even when every container overrides it.
    fn judge_twin(&'static self, pod: &Pod<'_>, twin: &'static Field, found: &mut Found<'_>) {
        let reading = pod.read(twin);
        if let Value::Is(value) = reading.value {
            self.judge_value(Site::Pod(pod), reading.at, value, found);
        }
    }

    fn judge_value(
        &'static self,
        site: Site<'_, '_>,
        at: At<'_>,
        value: Lit<'_>,
        found: &mut Found<'_>,
    ) {
        if self.must.allows(value) {
            return;
        }
        self.report(site, at, self.says.set, Some(value), found);
    }

    fn judge_unset(&'static self, site: Site<'_, '_>, at: At<'_>, found: &mut Found<'_>) {
        if !site.inherits(self.field) && !self.must.allows_unset(self.field.default) {
            self.report(site, at, self.says.unset, None, found);
        }
    }

    fn report(
        &'static self,
        site: Site<'_, '_>,
        at: At<'_>,
        says: &'static str,
        value: Option<Lit<'_>>,
        found: &mut Found<'_>,
    ) {
        let predicate = self.predicate(says, value);
        let finding = match site {
            Site::Pod(_) => found.on_object(at, &predicate, self.says.because),
            Site::Container(container) => {
                found.on_container(container, at, &predicate, self.says.because)
            }
        };
        finding.clause = Some(self);
        let mut weights = self.weights.iter();
        if let Some(weight) = weights.find(|weight| weight.when.applies(site, value)) {
            finding.weigh(weight.severity, weight.reason);
            finding.label = weight.reason.into();
        }
    }

    fn predicate(&self, says: &'static str, value: Option<Lit<'_>>) -> Cow<'static, str> {
        if !says.contains('{') {
            return says.into();
        }
        let shown = value.map(|value| value.to_string()).unwrap_or_default();
        let named = says.replace("{field}", &self.field.keys.join("."));
        named.replace("{value}", &shown).into()
    }

    /// Does the container take a bad value from its pod?
    fn fails_by_inheritance(&self, container: &Container<'_, '_>) -> bool {
        let effective = container.effective(self.field);
        let bad = matches!(effective.value, Value::Is(value) if !self.must.allows(value));
        bad && effective.origin == Origin::Inherited
    }
}

/// Where a clause reads its field and reports what it finds.
#[derive(Copy, Clone)]
enum Site<'s, 't> {
    Pod(&'s Pod<'t>),
    Container(&'s Container<'s, 't>),
}

impl<'t> Site<'_, 't> {
    fn read_each(self, field: &'static Field, seen: &mut dyn FnMut(Reading<'t>)) {
        match self {
            Site::Pod(pod) => pod.read_each(field, seen),
            Site::Container(container) => container.read_each(field, seen),
        }
    }

    fn locate(self, field: &'static Field) -> At<'t> {
        match self {
            Site::Pod(pod) => At::nearest(pod.spec, field.keys),
            Site::Container(container) => At::nearest(container.node, field.keys),
        }
    }

    /// What a field comes to; at a pod, a container's field is what the containers would inherit.
    fn effective(self, field: &'static Field) -> Value<Lit<'t>> {
        match (self, field.owner, field.inherits) {
            (Site::Container(container), Owner::Container, _) => container.effective(field).value,
            (Site::Container(container), Owner::Pod, _) => container.pod.read(field).value,
            (Site::Pod(pod), Owner::Pod, _) => pod.read(field).value,
            (Site::Pod(pod), Owner::Container, Some(twin)) => pod.read(twin).value,
            (Site::Pod(_), Owner::Container, None) => Value::Absent,
        }
    }

    /// Does the pod say something for a container's field that is not there?
    fn inherits(self, field: &'static Field) -> bool {
        match (self, field.inherits) {
            (Site::Container(container), Some(twin)) => {
                !matches!(container.pod.read(twin).value, Value::Absent | Value::Null)
            }
            _ => false,
        }
    }
}
