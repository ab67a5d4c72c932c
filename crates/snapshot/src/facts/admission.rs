//! Validating admission policies and what binds them: without a binding that denies, a policy refuses nothing.

use std::sync::Arc;

use plimsoll_yaml::Node;

use crate::admission::GROUP;
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::shape::texts;
use crate::value::At;

/// A ValidatingAdmissionPolicy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Where its name stands, or would.
    pub place: Place,
}

/// A ValidatingAdmissionPolicyBinding.
#[derive(Clone, Debug)]
pub struct Binding {
    /// Which.
    pub object: Arc<ObjectId>,
    /// The policy that it binds.
    pub policy: String,
    /// Is `Deny` among its actions?
    pub denies: bool,
    /// Where its actions stand, or would.
    pub place: Place,
}

/// What is known about admission policies.
#[derive(Clone, Default, Debug)]
pub struct AdmissionFacts {
    /// The policies.
    pub policies: Vec<Policy>,
    /// The bindings that name a policy.
    pub bindings: Vec<Binding>,
}

impl AdmissionFacts {
    pub(super) fn note(&mut self, object: &Object<'_>) {
        match (object.group(), object.kind) {
            (GROUP, "ValidatingAdmissionPolicy") => self.policies.push(Policy {
                object: object.id(),
                place: object
                    .source()
                    .place(At::nearest(object.node, &["metadata", "name"])),
            }),
            (GROUP, "ValidatingAdmissionPolicyBinding") => self.bindings.extend(binding(object)),
            _ => {}
        }
    }

    pub(super) fn absorb(&mut self, other: AdmissionFacts) {
        self.policies.extend(other.policies);
        self.bindings.extend(other.bindings);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let policies = self.policies.iter_mut().map(|policy| &mut policy.object);
        let bindings = self.bindings.iter_mut().map(|binding| &mut binding.object);
        for object in policies.chain(bindings) {
            Arc::make_mut(object).unit = unit.clone();
        }
    }
}

/// `None` where the API server would refuse the binding, which is recorded as malformed.
fn binding(object: &Object<'_>) -> Option<Binding> {
    let spec = object.node.get("spec").unwrap_or(object.node);
    let Some(policy) = spec.get("policyName").and_then(Node::as_str) else {
        object.note_malformed(spec, "a binding that names a policy");
        return None;
    };
    let actions = texts(object, spec, "validationActions");
    if actions.is_empty() {
        object.note_malformed(spec, "a binding with validationActions");
        return None;
    }
    let known = ["Deny", "Warn", "Audit"];
    for (_, node) in actions.iter().filter(|(text, _)| !known.contains(text)) {
        object.note_malformed(*node, "Deny, Warn or Audit");
    }
    Some(Binding {
        object: object.id(),
        policy: policy.to_owned(),
        denies: actions.iter().any(|(text, _)| *text == "Deny"),
        place: object
            .source()
            .place(At::nearest(object.node, &["spec", "validationActions"])),
    })
}
