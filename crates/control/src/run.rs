//! Where an object says how a program of Kubernetes is run: its containers, and kubeadm's extra arguments. For rules that
//! weigh several flags against each other; what one flag must be is a description.

use plimsoll_snapshot::component::{Component, Given, Program};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::At;

use crate::Words;
use crate::finding::Finding;
use crate::found::{Found, Tally};
use crate::settings::leave_open;

/// A program that is run, with the container that runs it; kubeadm's configuration has none.
pub struct Run<'r, 'p, 't> {
    /// Its command line.
    pub component: &'r Component<'t>,
    /// The object that says so.
    pub object: &'r Object<'t>,
    container: Option<&'r Container<'p, 't>>,
}

/// Looks at one run of a program.
pub type RunCheck = fn(&Run<'_, '_, '_>, Words, &mut Found<'_>);

/// Judges every run of a program of which an object speaks, each a subject of its own; an object that speaks of none is
/// no subject.
pub fn judge_runs<'t>(
    object: &'t Object<'t>,
    pod: Option<&Pod<'t>>,
    (program, check, words): (Program, RunCheck, Words),
    found: &mut Found<'t>,
) -> Tally {
    let mut tally = Tally::default();
    let mut judge = |component: &Component<'t>, container: Option<&Container<'_, 't>>| {
        let run = Run {
            component,
            object,
            container,
        };
        let before = found.len();
        object.begin_subject();
        check(&run, words, found);
        tally.add(Tally::of(found.len() > before, object.met_malformed()));
    };
    if let Some(component) = Component::of_kubeadm(object, program) {
        judge(&component, None);
    }
    for container in pod.into_iter().flat_map(|pod| pod.containers()) {
        let component = Component::of_container(&container);
        if let Some(component) = component.filter(|component| component.program == program) {
            judge(&component, Some(&container));
        }
    }
    let containers = pod.into_iter().flat_map(|pod| pod.containers());
    for _ in containers.filter(|container| Program::of_script(container) == Some(program)) {
        object.begin_subject();
        leave_open(object, found);
        tally.add(Tally::of(false, true));
    }
    tally
}

impl<'r, 'p, 't> Run<'r, 'p, 't> {
    /// The flag as it counts: the last time that it is given with a value. `None` where it is not.
    pub fn flag(&self, flag: &str) -> Option<Given<'t>> {
        let given = self.component.given(flag, false);
        given
            .last()
            .copied()
            .filter(|given| !given.value.is_empty())
    }

    /// The container that runs it; `None` in kubeadm's configuration.
    pub fn container(&self) -> Option<&'r Container<'p, 't>> {
        self.container
    }

    /// A finding at any place of the object.
    pub fn report_at<'f>(
        &self,
        at: At<'_>,
        predicate: &str,
        label: &'static str,
        found: &'f mut Found<'_>,
    ) -> &'f mut Finding {
        match self.container {
            Some(container) => found.on_container(container, at, predicate, label),
            None => found.on_object(at, predicate, label),
        }
    }

    /// A finding at a flag as given, or where it is missing.
    pub fn report<'f>(
        &self,
        flag: &str,
        given: Option<Given<'t>>,
        predicate: &str,
        label: &'static str,
        found: &'f mut Found<'_>,
    ) -> &'f mut Finding {
        let node = given.map_or(self.component.node, |given| given.node);
        let inside = given.is_none_or(|given| given.inside);
        match self.container.filter(|_| inside) {
            Some(container) => found.on_flag(container, node, flag, predicate, label),
            None => {
                let missing = match given {
                    Some(_) => &[],
                    None => self.component.missing,
                };
                found.on_object(At { node, missing }, predicate, label)
            }
        }
    }
}
