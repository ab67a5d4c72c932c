//! Where an object says how a program of Kubernetes is run: its containers, and kubeadm's extra arguments. For rules that
//! weigh several flags against each other; what one flag must be is a description.

use plimsoll_control::{Finding, Found};
use plimsoll_snapshot::component::{Component, Given, Program};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::At;

/// A program that is run, with the container that runs it; kubeadm's configuration has none.
pub(crate) struct Run<'r, 'p, 't> {
    /// Its command line.
    pub(crate) component: &'r Component<'t>,
    container: Option<&'r Container<'p, 't>>,
}

/// Judges every run of a program of which an object speaks.
pub(crate) fn each<'t>(
    object: &'t Object<'t>,
    program: Program,
    found: &mut Found<'_>,
    judge: impl Fn(&Run<'_, '_, 't>, &mut Found<'_>),
) {
    if let Some(component) = Component::of_kubeadm(object, program) {
        let run = Run {
            component: &component,
            container: None,
        };
        return judge(&run, found);
    }
    let Some(pod) = object.pod() else { return };
    for container in pod.containers() {
        let component = Component::of_container(&container);
        if let Some(component) = component.filter(|component| component.program == program) {
            let run = Run {
                component: &component,
                container: Some(&container),
            };
            judge(&run, found);
        }
    }
}

impl<'r, 'p, 't> Run<'r, 'p, 't> {
    /// The flag as it counts: the last time that it is given with a value. `None` where it is not.
    pub(crate) fn flag(&self, flag: &str) -> Option<Given<'t>> {
        let given = self.component.given(flag, false);
        given
            .last()
            .copied()
            .filter(|given| !given.value.is_empty())
    }

    /// The container, if it is one that runs the program.
    pub(crate) fn container(&self) -> Option<&'r Container<'p, 't>> {
        self.container
    }

    /// A finding at any place of the object.
    pub(crate) fn report_at<'f>(
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
    pub(crate) fn report<'f>(
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
