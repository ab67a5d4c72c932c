//! Namespaces and what their labels say.

use std::sync::Arc;

use thin_vec::ThinVec;

use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod_security::Level;
use crate::selector::{Labels, labels_of};
use crate::value::At;
use crate::version::Minor;

/// A namespace whose label pins the version of the Pod Security policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pin {
    /// The namespace.
    pub namespace: String,
    /// The policy's version.
    pub policy: Minor,
}

/// A Namespace object.
#[derive(Clone, Debug)]
pub struct DefinedNamespace {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Its `metadata.name`.
    pub place: Place,
    /// The level of the Pod Security Standards that its label enforces; `None` without a label that names one.
    pub enforces: Option<Level>,
    /// Its labels, with the one that the API server adds: its name.
    pub labels: Labels,
}

impl DefinedNamespace {
    /// Namespaces of Kubernetes' own that hold no pods.
    const WITHOUT_PODS: [&str; 2] = ["kube-public", "kube-node-lease"];

    /// May there be pods in it?
    pub fn holds_pods(&self) -> bool {
        !Self::WITHOUT_PODS.contains(&self.object.name.as_str())
    }
}

/// What is known about namespaces.
#[derive(Clone, Default, Debug)]
pub struct NamespaceFacts {
    /// Namespaces that pin the version of the Pod Security policy.
    pub pins: ThinVec<Pin>,
    /// Namespace objects.
    pub defined: ThinVec<DefinedNamespace>,
}

/// The label that chooses the enforced level.
const ENFORCE: &str = "pod-security.kubernetes.io/enforce";

/// The label that pins the version of the Pod Security policy of a namespace.
pub const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

impl NamespaceFacts {
    pub(super) fn note(&mut self, object: &Object<'_>) {
        if (object.group(), object.kind) == ("", "Namespace") {
            self.pins.extend(pin(object));
            self.defined.push(DefinedNamespace {
                object: object.id(),
                place: object
                    .source()
                    .place(At::nearest(object.node, &["metadata", "name"])),
                enforces: object.label(ENFORCE).and_then(Level::read),
                labels: labels(object),
            });
        }
    }

    pub(super) fn absorb(&mut self, other: NamespaceFacts) {
        self.pins.extend(other.pins);
        self.defined.extend(other.defined);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        for namespace in &mut self.defined {
            Arc::make_mut(&mut namespace.object).unit = unit.clone();
        }
    }
}

fn labels(object: &Object<'_>) -> Labels {
    const NAME: &str = "kubernetes.io/metadata.name";
    let mut labels = labels_of(object.document.file, object.node);
    labels.retain(|(key, _)| **key != *NAME);
    labels.extend(object.name().map(|name| (NAME.into(), name.into())));
    labels
}

fn pin(object: &Object<'_>) -> Option<Pin> {
    let policy = Minor::of_policy(object.label(ENFORCE_VERSION)?)?;
    Some(Pin {
        namespace: object.name()?.to_owned(),
        policy,
    })
}
