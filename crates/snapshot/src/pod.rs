//! Pods in all their carriers, and their containers. Effective values are resolved here, once, for everyone.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

use plimsoll_yaml::{Kind, Node};

use crate::field::{ContainerKind, Field, HOST_USERS, IMAGE, Lit, OS_NAME, Owner};
use crate::image::Reference;
use crate::object::Object;
use crate::value::{At, Effective, Origin, Reading, Value, read_each};

/// A pod, wherever it is carried.
pub struct Pod<'t> {
    /// The object that carries it.
    pub object: &'t Object<'t>,
    /// The mapping with the pod's `metadata` and `spec`: the object itself for a Pod, otherwise the template.
    pub template: Node<'t>,
    /// The pod's `spec`.
    pub spec: Node<'t>,
    containers: Vec<(ContainerKind, Node<'t>)>,
    /// What was read of the pod: all containers ask for the same.
    known: RefCell<Vec<(&'static Field, Reading<'t>)>>,
    volumes: OnceCell<HashMap<&'t str, Node<'t>>>,
}

/// A container of a pod.
#[derive(Copy, Clone)]
pub struct Container<'p, 't> {
    /// Its pod.
    pub pod: &'p Pod<'t>,
    /// Which kind.
    pub kind: ContainerKind,
    /// Its mapping.
    pub node: Node<'t>,
}

impl<'t> Pod<'t> {
    /// `None` when there is no `spec` that could be judged; that is recorded as malformed.
    pub(crate) fn new(object: &'t Object<'t>, template: Node<'t>) -> Option<Pod<'t>> {
        let Some(spec) = template
            .get("spec")
            .filter(|spec| spec.kind() == Kind::Mapping)
        else {
            object.note_malformed(template, "an object with a pod's spec");
            return None;
        };
        let mut containers = Vec::new();
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            collect_containers(object, spec, list, &mut containers);
        }
        if spec.get("containers").is_none_or(Node::is_null) {
            object.note_malformed(spec, "a pod's spec with containers");
        }
        Some(Pod {
            object,
            template,
            spec,
            containers,
            known: RefCell::default(),
            volumes: OnceCell::new(),
        })
    }

    /// All containers: init and sidecar, then main, then ephemeral, each in the order of the text.
    pub fn containers(&self) -> impl Iterator<Item = Container<'_, 't>> {
        self.containers.iter().map(|&(kind, node)| Container {
            pod: self,
            kind,
            node,
        })
    }

    /// The mappings of `volumes`. Anything else there is recorded as malformed.
    pub fn volumes(&self) -> impl Iterator<Item = Node<'t>> {
        let volumes = self.spec.get("volumes").filter(|node| !node.is_null());
        if let Some(node) = volumes.filter(|node| node.kind() != Kind::Sequence) {
            self.object.note_malformed(node, "a list of volumes");
        }
        let items = volumes.into_iter().flat_map(Node::items);
        items.filter(|item| {
            let fine = item.kind() == Kind::Mapping;
            if !fine {
                self.object.note_malformed(*item, "a volume");
            }
            fine
        })
    }

    /// The volume of a name; the first of several, which the API server refuses. What is no list of volumes is recorded as malformed.
    pub fn volume(&self, name: &str) -> Option<Node<'t>> {
        let by_name = || {
            let volumes = self.volumes().collect::<Vec<_>>().into_iter().rev();
            let named = volumes.filter_map(|volume| Some((volume.get("name")?.as_str()?, volume)));
            named.collect()
        };
        self.volumes.get_or_init(by_name).get(name).copied()
    }

    /// A pod-level field that is not below a list.
    pub fn read(&self, field: &'static Field) -> Reading<'t> {
        debug_assert!(
            field.owner == Owner::Pod,
            "a container's field was asked of a pod"
        );
        let is_it = |(known, _): &&(&'static Field, Reading<'t>)| std::ptr::eq(*known, field);
        let known = self.known.borrow().iter().find(is_it).map(|it| it.1);
        let Some(reading) = known else {
            let reading = read_one(self.object, self.spec, field);
            self.known.borrow_mut().push((field, reading));
            return reading;
        };
        if let Value::Malformed(wanted) = reading.value {
            self.object.note_malformed(reading.at.node, wanted);
        }
        reading
    }

    /// Calls `seen` for each place of a pod-level field; see [`Container::read_each`].
    pub fn read_each(&self, field: &'static Field, seen: &mut dyn FnMut(Reading<'t>)) {
        read_and_note(self.object, self.spec, field, seen);
    }

    /// The keys and values of `metadata.annotations` of the pod. A value that is not a string, which the API server
    /// refuses, is recorded as malformed.
    pub fn annotations(&self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        let annotations = self
            .template
            .get("metadata")
            .and_then(|node| node.get("annotations"))
            .filter(|node| !node.is_null());
        if let Some(node) = annotations.filter(|node| node.kind() != Kind::Mapping) {
            self.object.note_malformed(node, "a mapping of annotations");
        }
        let entries = annotations.into_iter().flat_map(Node::entries);
        entries.filter_map(|(key, value)| {
            if value.as_str().is_none() && !value.is_null() {
                self.object.note_malformed(value, "a string");
            }
            Some((key.key_text()?, value))
        })
    }

    /// Does the pod say that it runs on Windows?
    pub fn is_windows(&self) -> bool {
        self.read(&OS_NAME).value == Value::Is(Lit::Str("windows"))
    }

    /// Does the pod run in a user namespace of its own?
    pub fn has_user_namespace(&self) -> bool {
        self.read(&HOST_USERS).value == Value::Is(Lit::Bool(false))
    }
}

/// What an image has to be. The API server takes any text; it is the nodes that cannot pull it.
pub const IMAGE_REFERENCE: &str = "an image reference";

/// What `ko` replaces, the whole reference, by the digest of what it builds.
const KO: &str = "ko://";

impl<'t> Container<'_, 't> {
    /// The container's name, if it has one.
    pub fn name(&self) -> Option<&'t str> {
        self.node.get("name").and_then(Node::as_str)
    }

    /// The image's reference and where it is. `None` when there is none that a runtime could resolve, which is recorded as
    /// malformed, and when there is none yet: whoever deploys a template fills it in later, and the verdict stays open.
    pub fn image(&self) -> Option<(Reference<'t>, At<'t>)> {
        let Reading { value, at } = self.read(&IMAGE);
        match value {
            Value::Is(Lit::Str(text)) if !text.is_empty() && !text.starts_with(KO) => {
                let reference = Reference::parse(text);
                if reference.is_none() {
                    self.pod.object.note_malformed(at.node, IMAGE_REFERENCE);
                }
                reference.map(|reference| (reference, at))
            }
            Value::Malformed(_) => None,
            _ => {
                self.pod.object.leave_open();
                None
            }
        }
    }

    /// A container's field that is not below a list, as written.
    pub fn read(&self, field: &'static Field) -> Reading<'t> {
        debug_assert!(
            field.owner == Owner::Container,
            "a pod's field was asked of a container"
        );
        read_one(self.pod.object, self.node, field)
    }

    /// Calls `seen` for each place that the field names: once for a plain field, once per item below a list,
    /// never for a list that is not there.
    pub fn read_each(&self, field: &'static Field, seen: &mut dyn FnMut(Reading<'t>)) {
        read_and_note(self.pod.object, self.node, field, seen);
    }

    /// What counts for the container: its own value, else the pod's, else the API's default.
    pub fn effective(&self, field: &'static Field) -> Effective<'t> {
        let own = self.read(field);
        if !matches!(own.value, Value::Absent | Value::Null) {
            return Effective {
                value: own.value,
                origin: Origin::Here,
                at: own.at,
            };
        }
        if let Some(twin) = field.inherits {
            let pod = self.pod.read(twin);
            if !matches!(pod.value, Value::Absent | Value::Null) {
                return Effective {
                    value: pod.value,
                    origin: Origin::Inherited,
                    at: pod.at,
                };
            }
        }
        match field.default {
            Some(default) => Effective {
                value: Value::Is(default),
                origin: Origin::Default,
                at: own.at,
            },
            None => Effective {
                value: Value::Absent,
                origin: Origin::Unset,
                at: own.at,
            },
        }
    }
}

fn collect_containers<'t>(
    object: &Object<'t>,
    spec: Node<'t>,
    list: &'static str,
    containers: &mut Vec<(ContainerKind, Node<'t>)>,
) {
    let Some(node) = spec.get(list).filter(|node| !node.is_null()) else {
        return;
    };
    if node.kind() != Kind::Sequence {
        return object.note_malformed(node, "a list of containers");
    }
    for item in node.items() {
        if item.kind() != Kind::Mapping {
            object.note_malformed(item, "a container");
            continue;
        }
        let always = item.get("restartPolicy").and_then(Node::as_str) == Some("Always");
        let kind = match list {
            "initContainers" if always => ContainerKind::Sidecar,
            "initContainers" => ContainerKind::Init,
            "ephemeralContainers" => ContainerKind::Ephemeral,
            _ => ContainerKind::Main,
        };
        containers.push((kind, item));
    }
}

fn read_one<'t>(object: &Object<'t>, base: Node<'t>, field: &'static Field) -> Reading<'t> {
    let mut reading = Reading {
        value: Value::Absent,
        at: At {
            node: base,
            missing: field.keys,
        },
    };
    read_and_note(object, base, field, &mut |found| reading = found);
    reading
}

fn read_and_note<'t>(
    object: &Object<'t>,
    base: Node<'t>,
    field: &'static Field,
    seen: &mut dyn FnMut(Reading<'t>),
) {
    read_each(base, field, object.target.version, &mut |reading| {
        if let Value::Malformed(wanted) = reading.value {
            object.note_malformed(reading.at.node, wanted);
        }
        seen(reading);
    });
}
