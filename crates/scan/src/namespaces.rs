//! The namespaces of a run: how many objects with pods each has, and what its label enforces. What a level would refuse there
//! is told by the findings.

use std::collections::BTreeMap;

use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::pod_security::Level;

/// A namespace that has pods or is defined.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub struct NamespaceSeen {
    /// How many objects with pods say that they are in it.
    pub workloads: usize,
    /// The level of the Pod Security Standards that its label enforces; the weakest where it is defined several times.
    pub enforces: Option<Level>,
}

/// All of them, by name. Objects that do not say where they are stand under the empty name.
pub(crate) fn seen(facts: &Facts) -> BTreeMap<String, NamespaceSeen> {
    let mut seen = BTreeMap::<&str, NamespaceSeen>::new();
    for namespace in &facts.namespaces.defined {
        let entry = seen.entry(&namespace.object.name);
        let enforces = namespace.enforces;
        entry
            .and_modify(|known| known.enforces = known.enforces.min(enforces))
            .or_insert(NamespaceSeen {
                workloads: 0,
                enforces,
            });
    }
    for pod in &facts.network.pods {
        let name = pod.object.namespace.as_deref().unwrap_or_default();
        seen.entry(name).or_default().workloads += 1;
    }
    let owned = seen.into_iter().map(|(name, seen)| (name.to_owned(), seen));
    owned.collect()
}
