//! Pods that say how strongly they must be kept apart from their node, and the runtimes that could do it.

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_yaml::Node;
use thin_vec::ThinVec;

use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::value::At;

/// The label by which a pod says what it needs.
pub const LABEL: &str = "plimsoll.dev/isolation";

/// A pod that says what it needs.
#[derive(Clone, Debug)]
pub struct IsolatedPod {
    /// The object that carries it.
    pub object: Arc<ObjectId>,
    /// What it needs: the label's value.
    pub needs: String,
    /// Its RuntimeClass.
    pub runtime_class: Option<String>,
    /// Does it have a user namespace of its own?
    pub user_namespace: bool,
    /// Where it names its RuntimeClass, or would.
    pub place: Place,
}

/// A RuntimeClass.
#[derive(Clone, Debug)]
pub struct RuntimeClass {
    /// Which.
    pub object: Arc<ObjectId>,
    /// The name by which the node's runtime knows the handler.
    pub handler: String,
}

/// What is known about isolation.
#[derive(Clone, Default, Debug)]
pub struct IsolationFacts {
    /// Pods that say what they need.
    pub pods: ThinVec<IsolatedPod>,
    /// RuntimeClasses.
    pub classes: ThinVec<RuntimeClass>,
    /// Handlers that nodes say they have, if any node says so (since 1.30).
    pub handlers: BTreeSet<String>,
}

impl IsolationFacts {
    pub(super) fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.pods.extend(pod.and_then(isolated));
        match (object.group(), object.kind) {
            ("node.k8s.io", "RuntimeClass") => self.classes.extend(class(object)),
            ("", "Node") => self.handlers.extend(handlers(object)),
            _ => {}
        }
    }

    pub(super) fn absorb(&mut self, other: IsolationFacts) {
        self.pods.extend(other.pods);
        self.classes.extend(other.classes);
        self.handlers.extend(other.handlers);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let pods = self.pods.iter_mut().map(|one| &mut one.object);
        let classes = self.classes.iter_mut().map(|one| &mut one.object);
        for object in pods.chain(classes) {
            Arc::make_mut(object).unit = unit.clone();
        }
    }
}

fn isolated(pod: &Pod<'_>) -> Option<IsolatedPod> {
    let labels = pod.template.get("metadata")?.get("labels")?;
    let needs = labels.get(LABEL)?.as_str()?;
    let object = pod.object;
    let own = pod.spec.get("hostUsers").and_then(Node::as_bool);
    let class = pod.spec.get("runtimeClassName").and_then(Node::as_str);
    Some(IsolatedPod {
        object: object.id(),
        needs: needs.to_owned(),
        runtime_class: class.filter(|name| !name.is_empty()).map(str::to_owned),
        user_namespace: own == Some(false),
        place: object
            .source()
            .place(At::nearest(pod.spec, &["runtimeClassName"])),
    })
}

fn class(object: &Object<'_>) -> Option<RuntimeClass> {
    let Some(handler) = object.node.get("handler").and_then(Node::as_str) else {
        object.note_malformed(object.node, "a RuntimeClass with a handler");
        return None;
    };
    Some(RuntimeClass {
        object: object.id(),
        handler: handler.to_owned(),
    })
}

fn handlers(object: &Object<'_>) -> Vec<String> {
    let status = object.node.get("status");
    let list = status.and_then(|status| status.get("runtimeHandlers"));
    let names = list.into_iter().flat_map(Node::items);
    let names = names.filter_map(|handler| handler.get("name")?.as_str());
    names
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
