//! LimitRanges and ResourceQuotas, containers that leave out what those could give them, and what uses storage.

mod stated;

use std::collections::BTreeSet;
use std::sync::Arc;

use plimsoll_yaml::{Kind, Node};
use thin_vec::ThinVec;

use super::together::Together;
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::quantity::Quantity;
use crate::value::At;

use stated::{states, unstated};

pub use stated::{Lack, Stated, Unstated};

/// What the API wants where an amount stands.
pub const QUANTITY: &str = "a quantity such as 500m or 1Gi";

/// What the items of one type in a LimitRange say.
#[derive(Clone, Default, Debug)]
pub struct Limits {
    /// `type`: `Container`, `Pod` or `PersistentVolumeClaim`.
    pub kind: String,
    /// Resources that may not be used without bound.
    pub max: BTreeSet<String>,
    /// Resources of which a container gets a limit that does not state one: `default`, else `max`.
    pub default: BTreeSet<String>,
    /// Resources of which a container gets a request that does not state one: `defaultRequest`, else the above, else `min`.
    pub default_request: BTreeSet<String>,
    /// Does it write `default` or `defaultRequest` itself?
    pub writes_defaults: bool,
}

impl Limits {
    /// Does a container get it from here?
    fn gives(&self, lack: Lack) -> bool {
        let given = match lack {
            Lack::MemoryLimit => self.default.contains("memory"),
            Lack::CpuRequest => self.default_request.contains("cpu"),
        };
        self.kind == "Container" && given
    }
}

/// A LimitRange.
#[derive(Clone, Debug)]
pub struct LimitRange {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Its `spec.limits`, or where that would be.
    pub place: Place,
    /// Its items.
    pub limits: Vec<Limits>,
}

/// A ResourceQuota.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Its `spec.hard`, or where that would be.
    pub place: Place,
    /// What it bounds, under the names that the API prefers: `cpu` is `requests.cpu`.
    pub bounds: BTreeSet<String>,
    /// Does it count only some pods?
    pub scoped: bool,
}

/// Something that claims storage.
#[derive(Clone, Debug)]
pub struct StorageUser {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Where it does.
    pub place: Place,
}

/// What is known about resources.
#[derive(Clone, Default, Debug)]
pub struct ResourceFacts {
    /// LimitRanges.
    pub limit_ranges: ThinVec<LimitRange>,
    /// ResourceQuotas.
    pub quotas: ThinVec<Quota>,
    /// Containers that leave something out.
    pub unstated: ThinVec<Unstated>,
    /// How many containers state it.
    pub stated: Stated,
    /// What claims storage.
    pub storage: ThinVec<StorageUser>,
}

impl ResourceFacts {
    pub(super) fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        match (object.group(), object.kind) {
            ("", "LimitRange") => self.limit_ranges.push(limit_range(object)),
            ("", "ResourceQuota") => self.quotas.push(quota(object)),
            ("", "PersistentVolumeClaim") => self.uses_storage(object, object.node, &["spec"]),
            ("apps", "StatefulSet") => {
                let spec = object.node.get("spec");
                let templates = spec.and_then(|spec| spec.get("volumeClaimTemplates"));
                if let Some(templates) = templates.filter(|list| !list.is_empty()) {
                    self.uses_storage(object, templates, &[]);
                }
            }
            _ => {}
        }
        if let Some(pod) = pod {
            self.note_pod(pod);
        }
    }

    fn uses_storage<'t>(
        &mut self,
        object: &Object<'t>,
        node: Node<'t>,
        keys: &'static [&'static str],
    ) {
        self.storage.push(StorageUser {
            object: object.id(),
            place: object.source().place(At::nearest(node, keys)),
        });
    }

    fn note_pod(&mut self, pod: &Pod<'_>) {
        let volumes = pod.spec.get("volumes").into_iter().flat_map(Node::items);
        if let Some(volume) = volumes
            .into_iter()
            .find_map(|volume| volume.get("ephemeral"))
        {
            self.uses_storage(pod.object, volume, &[]);
        }
        for container in pod.containers() {
            if container.kind == crate::field::ContainerKind::Ephemeral {
                continue;
            }
            // What no control reads is refused by the API server all the same.
            if let Some(resources) = container.node.get("resources") {
                for list in ["requests", "limits"] {
                    amounts(pod.object, resources, list).for_each(drop);
                }
            }
            for lack in Lack::ALL {
                let stated = match lack {
                    Lack::MemoryLimit => &mut self.stated.memory_limit,
                    Lack::CpuRequest => &mut self.stated.cpu_request,
                };
                match states(&container, lack) {
                    Some(true) => *stated += 1,
                    Some(false) => self.unstated.push(unstated(&container, lack)),
                    None => {}
                }
            }
        }
    }

    pub(super) fn absorb(&mut self, other: ResourceFacts) {
        self.limit_ranges.extend(other.limit_ranges);
        self.quotas.extend(other.quotas);
        self.unstated.extend(other.unstated);
        self.storage.extend(other.storage);
        self.stated.memory_limit += other.stated.memory_limit;
        self.stated.cpu_request += other.stated.cpu_request;
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let ranges = self.limit_ranges.iter_mut().map(|one| &mut one.object);
        let quotas = self.quotas.iter_mut().map(|one| &mut one.object);
        let unstated = self.unstated.iter_mut().map(|one| &mut one.object);
        let storage = self.storage.iter_mut().map(|one| &mut one.object);
        for object in ranges.chain(quotas).chain(unstated).chain(storage) {
            Arc::make_mut(object).unit = unit.clone();
        }
    }

    /// How many containers state it.
    pub fn stating(&self, lack: Lack) -> usize {
        match lack {
            Lack::MemoryLimit => self.stated.memory_limit,
            Lack::CpuRequest => self.stated.cpu_request,
        }
    }

    /// The containers that do not state it, each with whether a LimitRange that may be in its namespace gives it one.
    pub fn lacking(&self, lack: Lack) -> impl Iterator<Item = (&Unstated, bool)> {
        let mut given: Together<'_, &str, bool> = Together::default();
        for range in &self.limit_ranges {
            let gives = range.limits.iter().any(|limits| limits.gives(lack));
            let (unit, namespace) = range.object.whereabouts();
            given.add(unit, namespace, |given| *given |= gives);
        }
        let lacking = self.unstated.iter().filter(move |one| one.lack == lack);
        lacking.map(move |one| {
            let (unit, namespace) = one.object.whereabouts();
            (one, given.of(unit, namespace).any(|given| *given))
        })
    }
}

fn limit_range(object: &Object<'_>) -> LimitRange {
    let at = At::nearest(object.node, &["spec", "limits"]);
    let list = Some(at.node).filter(|_| at.missing.is_empty());
    if let Some(list) = list.filter(|list| list.kind() != Kind::Sequence && !list.is_null()) {
        object.note_malformed(list, "a list of limits");
    }
    let items = list.into_iter().flat_map(Node::items);
    LimitRange {
        object: object.id(),
        place: object.source().place(at),
        limits: items.map(|item| limits(object, item)).collect(),
    }
}

fn limits<'t>(object: &Object<'t>, item: Node<'t>) -> Limits {
    let names =
        |key| -> BTreeSet<String> { amounts(object, item, key).map(str::to_owned).collect() };
    let (max, mut default) = (names("max"), names("default"));
    let mut default_request = names("defaultRequest");
    let writes_defaults = !default.is_empty() || !default_request.is_empty();
    default.extend(max.iter().cloned());
    default_request.extend(default.iter().cloned());
    default_request.extend(names("min"));
    let kind = item.get("type").and_then(Node::as_str);
    if kind.is_none() {
        object.note_malformed(item, "a limit with a type");
    }
    Limits {
        kind: kind.unwrap_or_default().to_owned(),
        max,
        default,
        default_request,
        writes_defaults,
    }
}

/// The names of a map from resources to amounts, where null is an amount of zero, as the API server takes it; what is no
/// amount is recorded and left out.
fn amounts<'t>(object: &Object<'t>, node: Node<'t>, key: &str) -> impl Iterator<Item = &'t str> {
    let map = node.get(key).filter(|map| !map.is_null());
    if let Some(map) = map.filter(|map| map.kind() != Kind::Mapping) {
        object.note_malformed(map, "amounts by resource");
    }
    let entries = map.into_iter().flat_map(Node::entries);
    entries.filter_map(move |(name, amount)| {
        let is_amount = amount.is_null() || Quantity::of(amount).is_some();
        let name = name.key_text().filter(|_| is_amount);
        if name.is_none() {
            object.note_malformed(amount, QUANTITY);
        }
        name
    })
}

fn quota(object: &Object<'_>) -> Quota {
    let at = At::nearest(object.node, &["spec", "hard"]);
    let spec = object.node.get("spec");
    let bounds = spec
        .into_iter()
        .flat_map(|spec| amounts(object, spec, "hard"));
    let preferred = |name: &str| match name {
        "cpu" | "memory" | "ephemeral-storage" => format!("requests.{name}"),
        _ => name.to_owned(),
    };
    let scoped = |key| {
        spec.and_then(|spec| spec.get(key))
            .is_some_and(|node| !node.is_empty())
    };
    Quota {
        object: object.id(),
        place: object.source().place(at),
        bounds: bounds.map(preferred).collect(),
        scoped: scoped("scopes") || scoped("scopeSelector"),
    }
}
