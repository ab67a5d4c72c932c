//! Which rules look at an object, and what each makes of it. Most rules concern few objects: whether one does is settled
//! before anything is set up for it.

use std::collections::BTreeSet;

use plimsoll_control::{Found, Judge, Rule, Tally, judge_runs};
use plimsoll_snapshot::component::Program;
use plimsoll_snapshot::kinds::is_settings;
use plimsoll_snapshot::object::{Carries, Object};
use plimsoll_snapshot::pod::Pod;

/// An object with what rules ask about it first.
pub(crate) struct Judged<'t> {
    /// The object.
    pub(crate) object: &'t Object<'t>,
    kind: (&'t str, &'t str),
    pod: Option<Pod<'t>>,
    has_settings: bool,
}

impl<'t> Judged<'t> {
    /// Reads the object's pod, once for all rules.
    pub(crate) fn new(object: &'t Object<'t>) -> Judged<'t> {
        let pod = object.pod();
        let runs_program = |pod: &Pod<'t>| {
            let mut containers = pod.containers();
            containers.any(|container| {
                Program::of_container(&container).is_some()
                    || Program::of_script(&container).is_some()
            })
        };
        let has_settings =
            is_settings(object.group(), object.kind) || pod.as_ref().is_some_and(runs_program);
        Judged {
            object,
            kind: (object.group(), object.kind),
            pod,
            has_settings,
        }
    }

    /// The pod that the object carries.
    pub(crate) fn pod(&self) -> Option<&Pod<'t>> {
        self.pod.as_ref()
    }

    /// Does the rule look at such an object? One that does not has no verdict on it.
    pub(crate) fn concerns(&self, rule: &Rule) -> bool {
        match rule {
            Rule::Derived(_) | Rule::Pod { .. } | Rule::Container { .. } => {
                self.object.carries != Carries::Nothing
            }
            Rule::Settings(_) | Rule::Program { .. } => self.has_settings,
            Rule::Object { kinds, .. } => kinds.is_empty() || kinds.contains(&self.kind),
            Rule::Policy(judge) => judge.concerns(self.object),
            Rule::Joined { .. } | Rule::JoinedInPart { .. } | Rule::Audit { .. } => false,
        }
    }

    /// Applies a rule that concerns the object, and counts the verdicts. A carrier without a pod cannot be judged.
    pub(crate) fn apply(&self, rule: &'static Rule, found: &mut Found<'t>) -> Tally {
        let object = self.object;
        match (rule, self.pod()) {
            (Rule::Derived(describe), Some(pod)) => describe.judge(pod, found),
            (Rule::Settings(settings), pod) => settings.judge(object, pod, found),
            (
                &Rule::Program {
                    program,
                    check,
                    words,
                },
                pod,
            ) => judge_runs(object, pod, (program, check, words), found),
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
            (Rule::Object { check, words, .. }, _) => {
                judged(object, found, |found| check(object, words, found))
            }
            (Rule::Policy(judge), _) => by_policy(*judge, object, found),
            (Rule::Derived(_) | Rule::Pod { .. } | Rule::Container { .. }, None) => Tally {
                not_assessed: 1,
                ..Tally::default()
            },
            (Rule::Joined { .. } | Rule::JoinedInPart { .. } | Rule::Audit { .. }, _) => {
                Tally::default()
            }
        }
    }
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

/// Subjects that fail are the containers at which findings are, and the object where they are at none.
fn by_policy<'t>(judge: &dyn Judge, object: &'t Object<'t>, found: &mut Found<'t>) -> Tally {
    if !judge.judge(object, found) {
        return Tally::default();
    }
    let findings = found.findings().iter();
    let subjects: BTreeSet<_> = findings.map(|finding| &finding.subject.container).collect();
    match subjects.len() {
        0 => Tally::of(false, found.is_undecided()),
        failed => Tally {
            failed,
            ..Tally::default()
        },
    }
}
