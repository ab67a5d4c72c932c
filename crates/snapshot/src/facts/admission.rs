//! Validating admission policies and what binds them: without a binding that denies, a policy refuses nothing. And what may
//! refuse a new pod for its image, in which namespaces.

use std::collections::HashMap;
use std::sync::Arc;

use plimsoll_yaml::Node;
use thin_vec::ThinVec;

use crate::admission::{GROUP, Gate, gates};
use crate::component::{Component, Program};
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::selector::{Handle, Labels, Selector, handles_of};
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
    pub policies: ThinVec<Policy>,
    /// The bindings that name a policy.
    pub bindings: ThinVec<Binding>,
    /// What may refuse new pods.
    pub judges: ThinVec<Judge>,
}

/// What may refuse a new pod for its image.
#[derive(Clone, Debug)]
pub struct Judge {
    /// Its object's unit.
    pub unit: Arc<str>,
    /// What it is.
    pub how: JudgeKind,
    /// The namespaces at which it looks.
    pub namespaces: Selector,
}

/// What judges pods.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum JudgeKind {
    /// A webhook, or the API server's own plugin: what it asks for is not known.
    Asked,
    /// A policy of this name that speaks of images.
    Policy(String),
    /// A binding that puts the policy of this name into force.
    Binding(String),
}

impl AdmissionFacts {
    pub(super) fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.judges.extend(judges(object));
        if pod.is_some_and(asks_about_images) {
            self.judges.push(Judge {
                unit: object.document.file.unit.clone(),
                how: JudgeKind::Asked,
                namespaces: Selector::default(),
            });
        }
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
        self.judges.extend(other.judges);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let policies = self.policies.iter_mut().map(|policy| &mut policy.object);
        let bindings = self.bindings.iter_mut().map(|binding| &mut binding.object);
        for object in policies.chain(bindings) {
            Arc::make_mut(object).unit = unit.clone();
        }
        for judge in &mut self.judges {
            judge.unit = unit.clone();
        }
    }

    /// What judges images in which namespaces, found by labels that selectors ask for. Of policies of one name the first counts.
    pub fn image_judges(&self) -> ImageJudges<'_> {
        let mut policies: HashMap<(&str, &str), &Judge> = HashMap::new();
        for judge in &self.judges {
            if let JudgeKind::Policy(name) = &judge.how {
                policies.entry((&judge.unit, name)).or_insert(judge);
            }
        }
        let mut index = ImageJudges::default();
        for judge in &self.judges {
            match &judge.how {
                JudgeKind::Asked => index.add(judge, judge),
                JudgeKind::Binding(name) => {
                    let bound = policies.get(&(&*judge.unit, name.as_str()));
                    bound
                        .into_iter()
                        .for_each(|policy| index.add(judge, policy));
                }
                JudgeKind::Policy(_) => {}
            }
        }
        index
    }
}

/// Pairs of a judge and what it puts into force, each with its own selector; by unit and handle.
#[derive(Clone, Default, Debug)]
pub struct ImageJudges<'f>(HashMap<(&'f str, Option<Handle<'f>>), Vec<[&'f Selector; 2]>>);

impl<'f> ImageJudges<'f> {
    fn add(&mut self, judge: &'f Judge, policy: &'f Judge) {
        let selectors = [&judge.namespaces, &policy.namespaces];
        let handles = selectors.map(Selector::handles);
        let handles = handles.into_iter().find(|handles| !handles.is_empty());
        let handles =
            handles.map_or_else(|| vec![None], |found| found.into_iter().map(Some).collect());
        for handle in handles {
            let key = (&*judge.unit, handle);
            self.0.entry(key).or_default().push(selectors);
        }
    }

    /// Does anything judge the images of new pods in a namespace with these labels? A selector that the API server would
    /// refuse may select it.
    pub fn judge(&self, unit: &str, namespace: &Labels) -> bool {
        handles_of(namespace).any(|handle| {
            let mut pairs = self.0.get(&(unit, handle)).into_iter().flatten();
            pairs.any(|pair| {
                let mut selectors = pair.iter();
                selectors.all(|selector| selector.matches(namespace) != Some(false))
            })
        })
    }
}

/// What of an object may refuse new pods, and does not let them pass when it fails.
fn judges(object: &Object<'_>) -> Vec<Judge> {
    let of = |gate: Gate<'_>| {
        let closed = gate.node.get("failurePolicy").and_then(Node::as_str) != Some("Ignore");
        let watches = gate.watches("pods", &["CREATE"]) || gate.binds && gate.may_watch("pods");
        let how = match object.kind {
            "ValidatingWebhookConfiguration" => JudgeKind::Asked,
            "ValidatingAdmissionPolicy" if speaks_of_images(gate.node) => {
                JudgeKind::Policy(object.name()?.to_owned())
            }
            "ValidatingAdmissionPolicyBinding" if binding(object)?.denies => {
                JudgeKind::Binding(gate.node.get("policyName")?.as_str()?.to_owned())
            }
            _ => return None,
        };
        let selector = gate.scope.and_then(|scope| scope.get("namespaceSelector"));
        (closed && watches).then(|| Judge {
            unit: object.document.file.unit.clone(),
            how,
            namespaces: selector
                .map_or_else(Selector::default, |node| Selector::read(object, node)),
        })
    };
    gates(object).into_iter().filter_map(of).collect()
}

/// Does an expression of the policy read the field `image`?
fn speaks_of_images(spec: Node<'_>) -> bool {
    let lists = ["validations", "variables"].into_iter();
    let mut items = lists.flat_map(|key| spec.get(key).into_iter().flat_map(Node::items));
    items.any(|item| {
        let expression = item.get("expression").and_then(Node::as_str);
        expression.is_some_and(|text| {
            let mut rest = text.split(".image").skip(1);
            rest.any(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
        })
    })
}

/// Does the pod run an API server with the plugin that asks about images?
fn asks_about_images(pod: &Pod<'_>) -> bool {
    pod.containers().any(|container| {
        if Program::of_container(&container) != Some(Program::ApiServer) {
            return false;
        }
        let component = Component::of_container(&container);
        component.is_some_and(|component| {
            let given = component
                .given("enable-admission-plugins", false)
                .into_iter();
            let mut plugins = given.flat_map(|given| given.value.split(','));
            plugins.any(|plugin| plugin.trim() == "ImagePolicyWebhook")
        })
    })
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
