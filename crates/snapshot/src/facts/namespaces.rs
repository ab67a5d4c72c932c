//! Namespaces and what their labels say.

use std::sync::Arc;

use crate::object::Object;
use crate::version::Minor;

/// A namespace whose label pins the version of the Pod Security policy.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pin {
    /// The namespace.
    pub namespace: String,
    /// The policy's version.
    pub policy: Minor,
}

/// What is known about namespaces.
#[derive(Default, Debug)]
pub struct NamespaceFacts {
    /// Namespaces that pin the version of the Pod Security policy.
    pub pins: Vec<Pin>,
}

/// The label that pins the version of the Pod Security policy of a namespace.
pub const ENFORCE_VERSION: &str = "pod-security.kubernetes.io/enforce-version";

impl NamespaceFacts {
    pub(super) fn note(&mut self, object: &Object<'_>) {
        if (object.group(), object.kind) == ("", "Namespace") {
            self.pins.extend(pin(object));
        }
    }

    pub(super) fn absorb(&mut self, other: NamespaceFacts) {
        self.pins.extend(other.pins);
    }

    pub(super) fn move_to(&mut self, _: &Arc<str>) {}
}

fn pin(object: &Object<'_>) -> Option<Pin> {
    let policy = Minor::of_policy(object.label(ENFORCE_VERSION)?)?;
    Some(Pin {
        namespace: object.name()?.to_owned(),
        policy,
    })
}
