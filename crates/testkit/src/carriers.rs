//! The same pod in every carrier, in every kind of container that the API allows, and in lists. Moves containers and
//! translates paths; the verdicts must stay.

use plimsoll_snapshot::carrier::{CARRIERS, Carrier};
use plimsoll_snapshot::field::{ContainerKind, Kinds};
use plimsoll_yaml::{Path, Segment};

use crate::block::{Block, Mark, Variant};
use crate::emit::{PLAIN, block as emit_block};
use crate::example::Example;
use crate::value::{Value, read};

/// Fields of a container that the API does not know for every kind.
const NOT_EVERYWHERE: [(&str, Kinds); 7] = [
    ("ports", Kinds::NOT_EPHEMERAL),
    ("resources", Kinds::NOT_EPHEMERAL),
    ("resizePolicy", Kinds::NOT_EPHEMERAL),
    ("livenessProbe", Kinds::RUNNING),
    ("readinessProbe", Kinds::RUNNING),
    ("startupProbe", Kinds::RUNNING),
    ("lifecycle", Kinds::RUNNING),
];

/// All variants of a block. None for an example whose text is its point: one that does not parse, or with a key twice.
pub(crate) fn variants(block: &Block) -> Vec<Variant> {
    let documents = &block.example.documents;
    let values: Option<Vec<Value>> = documents.iter().map(|text| read(text)).collect();
    let Some(values) = values.filter(|_| block.is_about_values()) else {
        return Vec::new();
    };
    let mut variants = lists(block, &values);
    for (document, value) in values.iter().enumerate() {
        let is = |key, text| value.get(key).and_then(Value::as_str) == Some(text);
        if is("kind", "Pod") && is("apiVersion", "v1") {
            for move_ in moves(value) {
                variants.push(move_.apply(block, document, value));
            }
        }
    }
    variants
}

/// A carrier and the container list that takes the pod's containers.
struct Move {
    carrier: &'static Carrier,
    kind: ContainerKind,
}

fn moves(pod: &Value) -> Vec<Move> {
    let mut moves = Vec::new();
    for carrier in &CARRIERS {
        for kind in ContainerKind::ALL {
            if fits(pod, carrier, kind) {
                moves.push(Move { carrier, kind });
            }
        }
    }
    moves
}

/// Does the API allow this pod in this form? Examples that fill other lists than `containers` keep their lists.
fn fits(pod: &Value, carrier: &Carrier, kind: ContainerKind) -> bool {
    let spec = pod.get("spec").unwrap_or(&Value::Null);
    let is_pod = carrier.pod.is_empty();
    let has_ephemeral = spec.get(ContainerKind::Ephemeral.list()).is_some();
    if kind == ContainerKind::Main {
        return is_pod || !has_ephemeral;
    }
    let containers = spec.get("containers").map(Value::items).unwrap_or_default();
    let only_main = spec.get("initContainers").is_none() && !has_ephemeral;
    let allowed = |container: &Value| {
        let mut limited = NOT_EVERYWHERE.iter();
        matches!(container, Value::Mapping(_))
            && limited.all(|(key, kinds)| container.get(key).is_none() || kinds.allow(kind))
    };
    only_main
        && !containers.is_empty()
        && containers.iter().all(allowed)
        && (is_pod || kind != ContainerKind::Ephemeral)
}

impl Move {
    fn apply(&self, block: &Block, document: usize, pod: &Value) -> Variant {
        let mut documents = block.example.documents.clone();
        if let Some(text) = documents.get_mut(document) {
            *text = emit_block(&self.carry(self.fill(pod)), PLAIN);
        }
        let example = Example { documents };
        let marks: Vec<Mark> = block
            .marks
            .iter()
            .map(|mark| match mark.document == document {
                true => Mark {
                    line: None,
                    path: self.translate(&mark.path),
                    ..mark.clone()
                },
                false => mark.clone(),
            })
            .collect();
        let name = format!("as {} with {}s", self.carrier.kind, self.kind.noun());
        block.variant(&name, &example, &marks)
    }

    /// The pod with its containers in the list of the kind, and a main container beside them that is fine.
    fn fill(&self, pod: &Value) -> Value {
        let mut pod = pod.clone();
        let Some(spec) = pod
            .get_mut("spec")
            .filter(|_| self.kind != ContainerKind::Main)
        else {
            return pod;
        };
        let mut containers = spec
            .get("containers")
            .map(Value::items)
            .unwrap_or_default()
            .to_vec();
        for container in &mut containers {
            match self.kind {
                ContainerKind::Sidecar => container.set("restartPolicy", Value::text("Always")),
                _ => container.remove("restartPolicy"),
            }
        }
        spec.set("containers", Value::Sequence(vec![spotless()]));
        spec.set(self.kind.list(), Value::Sequence(containers));
        pod
    }

    /// The pod in its carrier: the object takes name and namespace, the template everything else.
    fn carry(&self, mut pod: Value) -> Value {
        let Some((_, outer)) = self.carrier.pod.split_first() else {
            return pod;
        };
        let (mut metadata, mut left) = (Value::map([]), Value::map([]));
        for (key, value) in pod.get("metadata").map(Value::entries).unwrap_or_default() {
            let object = matches!(key.as_str(), "name" | "namespace");
            let into = if object { &mut metadata } else { &mut left };
            into.set(key, value.clone());
        }
        for key in ["apiVersion", "kind", "metadata"] {
            pod.remove(key);
        }
        if !left.entries().is_empty() {
            pod.set("metadata", left);
        }
        let mut inner = pod;
        for key in outer.iter().rev() {
            inner = Value::map([(key, inner)]);
        }
        let mut object = Value::map([
            ("apiVersion", Value::text(self.carrier.api_version)),
            ("kind", Value::text(self.carrier.kind)),
            ("metadata", metadata),
        ]);
        object.set(self.carrier.pod.first().copied().unwrap_or_default(), inner);
        object
    }

    /// Where a place of the pod is in the carrier.
    fn translate(&self, path: &Path) -> Path {
        let mut segments = path.segments().to_vec();
        let key = |text: &str| Segment::Key(text.into());
        if segments.starts_with(&[key("spec"), key("containers")])
            && let Some(list) = segments.get_mut(1)
            && path.segments().len() > 2
        {
            *list = key(self.kind.list());
        }
        let of_object = match segments.as_slice() {
            [first, second, ..] if *first == key("metadata") => {
                *second == key("name") || *second == key("namespace")
            }
            [first, ..] => *first != key("spec") && *first != key("metadata"),
            [] => true,
        };
        let prefix = self
            .carrier
            .pod
            .iter()
            .filter(|_| !of_object)
            .map(|step| key(step));
        Path::from(prefix.chain(segments).collect::<Vec<_>>())
    }
}

/// The image of the container with which no control finds fault, without tag and digest.
pub(crate) const SPOTLESS: &str = "registry.example.com/main";

/// A container with which no control finds fault.
fn spotless() -> Value {
    const TEXT: &str = "\
name: main
image: registry.example.com/main:1.0@sha256:0b7a9d0e1ce7f0ad2c1d5d1a6c3bb7b4ae8f6d1a3c4f5e60718293a4b5c6d7e8
imagePullPolicy: Always
securityContext:
  privileged: false
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  capabilities: {drop: [ALL]}
  seccompProfile: {type: RuntimeDefault}
resources:
  requests: {cpu: 100m, memory: 64Mi, ephemeral-storage: 64Mi}
  limits: {cpu: 100m, memory: 64Mi, ephemeral-storage: 64Mi}
readinessProbe: {exec: {command: [/bin/ready]}}
livenessProbe: {exec: {command: [/bin/alive]}}
";
    read(TEXT).unwrap_or(Value::Null)
}

/// All documents of the example as items of one list.
fn lists(block: &Block, values: &[Value]) -> Vec<Variant> {
    let list = |kind: &str, api_version: &str, items: Vec<Value>| {
        Value::map([
            ("apiVersion", Value::text(api_version)),
            ("kind", Value::text(kind)),
            ("items", Value::Sequence(items)),
        ])
    };
    let one = list("List", "v1", values.to_vec());
    let two = list("List", "v1", vec![one.clone()]);
    let mut variants = vec![
        listed(block, "in a List", &one, "items"),
        listed(block, "in a List in a List", &two, "items[0].items"),
    ];
    let member = |value: &Value, key| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let types: Vec<_> = values
        .iter()
        .map(|value| member(value, "apiVersion").zip(member(value, "kind")))
        .collect();
    if let Some(Some((api_version, kind))) = types.first()
        && types.windows(2).all(|pair| pair.first() == pair.last())
    {
        let mut items = values.to_vec();
        for item in &mut items {
            item.remove("apiVersion");
            item.remove("kind");
        }
        let kind = format!("{kind}List");
        let name = format!("in a {kind} whose items say no kind");
        variants.push(listed(
            block,
            &name,
            &list(&kind, api_version, items),
            "items",
        ));
    }
    variants
}

fn listed(block: &Block, name: &str, list: &Value, items: &str) -> Variant {
    let example = Example {
        documents: vec![emit_block(list, PLAIN)],
    };
    let marks: Vec<Mark> = block
        .marks
        .iter()
        .map(|mark| in_item(mark, items, mark.document))
        .collect();
    block.variant(name, &example, &marks)
}

/// A mark, once its document has become an item of a list that is the only document.
pub(crate) fn in_item(mark: &Mark, items: &str, index: usize) -> Mark {
    let prefix: Path = format!("{items}[{index}]").parse().unwrap_or_default();
    Mark {
        document: 0,
        line: None,
        path: prefix.join(&mark.path),
        severity: mark.severity,
    }
}
