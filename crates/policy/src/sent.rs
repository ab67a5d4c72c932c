//! What reaches admission because of an object in a file: the object itself, and for what makes pods from a template also such
//! a pod. Whatever the API server, its admission plugins or controllers would make up is unknown.

use plimsoll_cel::Value;
use plimsoll_snapshot::carrier::TEMPLATE;
use plimsoll_snapshot::kinds::is_known;
use plimsoll_snapshot::object::{Carries, Object};
use plimsoll_snapshot::selector::Labels;
use plimsoll_snapshot::surroundings::{Surroundings, labels_of};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::Node;

use crate::filled::{self, Seen};
use crate::resource::{Scope, is_judged, resources, scope};

/// An object as it is sent to the API server.
pub(crate) struct Sent<'t> {
    pub(crate) group: &'t str,
    pub(crate) version: &'t str,
    pub(crate) kind: &'t str,
    /// The names that its resource may have, the likeliest first.
    pub(crate) resources: Vec<String>,
    pub(crate) scope: Scope,
    /// `None` where it is not said, or where there is none.
    pub(crate) namespace: Option<&'t str>,
    /// `None` where the server or a controller makes it up.
    pub(crate) name: Option<&'t str>,
    pub(crate) labels: Labels,
    /// The version of the API server.
    pub(crate) server: Minor,
    /// Is it a pod made from the object's template?
    pub(crate) is_made: bool,
    surroundings: [&'t Surroundings; 2],
    unit: &'t str,
    /// The mapping that holds its `metadata` and `spec`.
    node: Node<'t>,
    /// The kind of what makes the pod; for an object that is sent itself, its own.
    maker: &'t str,
}

/// What gives containers limits and requests, by apiVersion and kind.
pub(crate) const LIMIT_RANGE: (&str, &str) = ("v1", "LimitRange");

/// The labels by which a namespace is selected.
pub(crate) enum Labeled {
    /// It is in no namespace.
    Not,
    With(Labels),
    /// There may be others; why they are not known.
    Partly(Labels, String),
}

/// What is sent because of an object: itself, and a pod where it makes pods. Nothing for what admission never sees.
pub(crate) fn sent<'t>(object: &'t Object<'t>, known: &'t Surroundings) -> Vec<Sent<'t>> {
    if !is_judged(object.api_version, object.kind) {
        return Vec::new();
    }
    let itself = Sent::itself(object, known);
    let pod = itself.pod(object);
    std::iter::once(itself).chain(pod).collect()
}

impl<'t> Sent<'t> {
    fn itself(object: &'t Object<'t>, known: &'t Surroundings) -> Sent<'t> {
        let (group, version) = object
            .api_version
            .split_once('/')
            .unwrap_or(("", object.api_version));
        let metadata = object.node.get("metadata");
        let name = metadata.and_then(|metadata| metadata.get("name"));
        Sent {
            group,
            version,
            kind: object.kind,
            resources: resources(object.api_version, object.kind),
            scope: scope(
                object.api_version,
                object.kind,
                object.namespace().is_some(),
            ),
            namespace: object.namespace(),
            name: name.and_then(Node::as_str).filter(|name| !name.is_empty()),
            labels: labels_of(object.node),
            server: object.target.version,
            is_made: false,
            surroundings: [known, &object.target.surroundings],
            unit: &object.document.file.unit,
            node: object.node,
            maker: object.kind,
        }
    }

    /// The pod that a controller makes of the object. `None` for pods themselves and for templates that nobody follows.
    fn pod(&self, object: &Object<'t>) -> Option<Sent<'t>> {
        let keys = match object.carries {
            Carries::Known(carrier) if !matches!(carrier.kind, "Pod" | "PodTemplate") => {
                carrier.pod
            }
            Carries::ByShape => TEMPLATE,
            Carries::Known(_) | Carries::Nothing => return None,
        };
        let mut keys = keys.iter();
        let node = keys.try_fold(object.node, |node, key| node.get(key))?;
        node.get("spec")?;
        Some(Sent {
            group: "",
            version: "v1",
            kind: "Pod",
            resources: vec!["pods".to_owned()],
            scope: Scope::Namespaced,
            namespace: self.namespace,
            name: None,
            labels: labels_of(node),
            server: self.server,
            is_made: true,
            surroundings: self.surroundings,
            unit: self.unit,
            node,
            maker: self.maker,
        })
    }

    /// `apiVersion`.
    pub(crate) fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// Is it a Namespace, which the API server takes for something in itself?
    pub(crate) fn is_namespace(&self) -> bool {
        (self.group, self.kind) == ("", "Namespace")
    }

    /// Is it a kind of Kubernetes' own, of which the fields are known?
    pub(crate) fn is_known(&self) -> bool {
        is_known(&self.api_version(), self.kind)
    }

    /// What there is beside it.
    pub(crate) fn surroundings(&self) -> &[&'t Surroundings; 2] {
        &self.surroundings
    }

    /// May a LimitRange of its namespace give its containers what they do not say?
    pub(crate) fn is_limited(&self) -> bool {
        let known = self.surroundings.iter().flat_map(|known| known.kept());
        let mut ranges = known.filter(|kept| (&*kept.api_version, &*kept.kind) == LIMIT_RANGE);
        ranges.any(|range| match (&range.namespace, self.namespace) {
            (Some(of), Some(namespace)) => of == namespace,
            _ => true,
        })
    }

    /// The labels of its namespace.
    pub(crate) fn namespace_labels(&self) -> Labeled {
        let own = |name| with_name(self.labels.clone(), name);
        let unsaid = "the object does not say its namespace".to_owned();
        match (self.is_namespace(), self.namespace, self.scope) {
            (true, ..) => match self.name {
                Some(name) => Labeled::With(own(name)),
                None => Labeled::Partly(self.labels.clone(), unsaid),
            },
            (_, None, Scope::Cluster) => Labeled::Not,
            (_, None, Scope::Namespaced) => Labeled::Partly(Vec::new(), unsaid),
            (_, None, Scope::Unknown) => {
                let kind = self.kind;
                let why = format!("nobody says whether a {kind} lives in a namespace");
                Labeled::Partly(Vec::new(), why)
            }
            (_, Some(name), _) => match self.namespace_object(name) {
                Some(known) => Labeled::With(with_name(known.labels.clone(), name)),
                None => Labeled::Partly(
                    with_name(Vec::new(), name),
                    format!(
                        "the labels of the namespace {name} are not known: scan its Namespace as well"
                    ),
                ),
            },
        }
    }

    /// The Namespace object of this name.
    pub(crate) fn namespace_object(
        &self,
        name: &str,
    ) -> Option<&'t plimsoll_snapshot::surroundings::KnownNamespace> {
        let mut known = self.surroundings.iter().rev();
        known.find_map(|known| known.namespace(self.unit, name))
    }

    /// The object as a policy sees it.
    pub(crate) fn seen(&self) -> Seen<'t> {
        filled::seen(self, self.node)
    }

    /// The kind of its maker, where a controller makes it.
    pub(crate) fn maker(&self) -> Option<&'t str> {
        self.is_made.then_some(self.maker)
    }
}

/// The API server gives every namespace a label with its name.
fn with_name(mut labels: Labels, name: &str) -> Labels {
    const NAME: &str = "kubernetes.io/metadata.name";
    labels.retain(|(key, _)| **key != *NAME);
    labels.push((NAME.into(), name.into()));
    labels
}

/// `namespaceObject`, as far as its Namespace tells.
pub(crate) fn namespace_value<'t>(sent: &Sent<'t>) -> Value<'t> {
    let unknown = |what: &str| Value::Unknown(what.into());
    let name = match (sent.is_namespace(), sent.namespace, sent.scope) {
        (true, ..) | (_, None, Scope::Cluster) => return Value::Null,
        (_, Some(name), _) => name,
        (_, None, _) => return unknown("the object does not say its namespace"),
    };
    let Some(known) = sent.namespace_object(name) else {
        return unknown("the namespace is not known: scan its Namespace as well");
    };
    let texts = |pairs: &'t Labels| {
        let pairs = pairs.iter();
        Value::map(pairs.map(|(key, value)| (&**key, Value::text(&**value))))
    };
    let mut labels: Vec<(&str, Value<'t>)> = Vec::new();
    for (key, value) in &known.labels {
        labels.push((key, Value::text(&**value)));
    }
    labels.retain(|(key, _)| *key != "kubernetes.io/metadata.name");
    labels.push(("kubernetes.io/metadata.name", Value::text(name)));
    let mut metadata = vec![("name", Value::text(name)), ("labels", Value::map(labels))];
    if !known.annotations.is_empty() {
        metadata.push(("annotations", texts(&known.annotations)));
    }
    const MADE_UP: [&str; 5] = [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "generation",
        "finalizers",
    ];
    metadata.extend(MADE_UP.map(|key| (key, unknown("what the API server gives a namespace"))));
    Value::map([
        ("metadata", Value::map(metadata)),
        ("spec", unknown("the namespace's spec")),
        ("status", unknown("the namespace's status")),
    ])
}
