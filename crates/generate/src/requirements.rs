//! What the workloads of some texts ask for, added up: the ground for quotas and bounds. Counts what a text states;
//! what it leaves out counts with what [`crate::limit_range`] would give.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use plimsoll_snapshot::field::ContainerKind;
use plimsoll_snapshot::object::{Document, File, Object, objects};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::target::Target;
use plimsoll_yaml::{Node, parse, split};

use crate::{Request, RequestError, Text};

pub(crate) const MIB: u128 = 1 << 20;
pub(crate) const GIB: u128 = 1 << 30;

/// Amounts of the three resources that containers share.
#[derive(Copy, Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Amounts {
    /// Thousandths of a core.
    pub(crate) cpu: u128,
    /// Bytes.
    pub(crate) memory: u128,
    /// Bytes on the node.
    pub(crate) storage: u128,
}

impl Amounts {
    /// Each times a fraction, rounded up to what people write.
    pub(crate) fn times(self, numerator: u128, denominator: u128) -> Amounts {
        let scale = |amount: u128| (amount.saturating_mul(numerator)).div_ceil(denominator.max(1));
        Amounts {
            cpu: scale(self.cpu).next_multiple_of(50),
            memory: round(scale(self.memory)),
            storage: round(scale(self.storage)),
        }
    }

    fn plus(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.saturating_add(other.cpu),
            memory: self.memory.saturating_add(other.memory),
            storage: self.storage.saturating_add(other.storage),
        }
    }

    fn max(self, other: Amounts) -> Amounts {
        Amounts {
            cpu: self.cpu.max(other.cpu),
            memory: self.memory.max(other.memory),
            storage: self.storage.max(other.storage),
        }
    }

    /// As Kubernetes writes them: cpu, memory, storage. A whole number of cores is quoted, as API servers want.
    pub(crate) fn words(self) -> [String; 3] {
        let cpu = if self.cpu.is_multiple_of(1000) {
            format!("\"{}\"", self.cpu / 1000)
        } else {
            format!("{}m", self.cpu)
        };
        [cpu, bytes(self.memory), bytes(self.storage)]
    }
}

/// Bytes rounded up: to 16Mi below 1Gi, to a quarter of 1Gi above.
pub(crate) fn round(bytes: u128) -> u128 {
    let step = if bytes < GIB { 16 * MIB } else { GIB / 4 };
    bytes.checked_next_multiple_of(step).unwrap_or(bytes)
}

/// Bytes as Kubernetes writes them.
pub(crate) fn bytes(bytes: u128) -> String {
    match bytes {
        0 => "\"0\"".to_owned(),
        bytes if bytes.is_multiple_of(GIB) => format!("{}Gi", bytes / GIB),
        bytes => format!("{}Mi", bytes.div_ceil(MIB)),
    }
}

/// What a LimitRange of ours gives to a container that says nothing.
const REQUEST: Amounts = Amounts {
    cpu: 100,
    memory: 128 * MIB,
    storage: 64 * MIB,
};
const LIMIT: Amounts = Amounts {
    cpu: 500,
    memory: 256 * MIB,
    storage: 512 * MIB,
};

/// What all workloads of a namespace ask for.
#[derive(Default, Debug)]
pub(crate) struct Requirements {
    /// The namespace that all of them name; `None` when none does.
    pub(crate) namespace: Option<String>,
    /// All requests together.
    pub(crate) requests: Amounts,
    /// All limits together.
    pub(crate) limits: Amounts,
    /// The largest amounts of a single container.
    pub(crate) largest: Amounts,
    /// How many pods.
    pub(crate) pods: u128,
    /// How many claims.
    pub(crate) claims: u128,
    /// Bytes claimed.
    pub(crate) claimed: u128,
    /// The largest claim.
    pub(crate) largest_claim: u128,
    /// Containers that leave out a request or limit.
    pub(crate) unstated: usize,
    /// One line for each workload.
    pub(crate) workloads: Vec<String>,
    /// The most replicas that autoscalers make, by kind and name.
    scales: HashMap<(String, String), u128>,
    texts: usize,
}

impl Requirements {
    /// From how much this was read.
    pub(crate) fn origin(&self) -> String {
        let (workloads, texts) = (self.workloads.len(), self.texts);
        format!("{workloads} workloads in {texts} files")
    }
}

/// What the texts of a request ask for; `None` when it names none.
///
/// # Errors
/// When there is no workload, or when they are in several namespaces and the request names none of them.
pub(crate) fn read(request: &Request) -> Result<Option<Requirements>, RequestError> {
    let Some(texts) = &request.from else {
        return Ok(None);
    };
    let wrong = |message: String| RequestError::From {
        name: "--from".to_owned(),
        message,
    };
    let mut namespaces = BTreeSet::new();
    let target = Target::new(request.version);
    let mut read = Requirements {
        texts: texts.len(),
        ..Requirements::default()
    };
    each_object(texts, &target, &mut |object| read.note_scale(object));
    each_object(texts, &target, &mut |object| {
        let wanted = request.namespace.as_deref();
        let own = object.namespace();
        if wanted.is_some() && own.is_some() && own != wanted {
            return;
        }
        if read.add(object) {
            namespaces.extend(own.map(str::to_owned));
        }
    });
    if read.workloads.is_empty() {
        return Err(wrong(
            "there is no workload: name a folder with manifests, and the namespace that they name"
                .to_owned(),
        ));
    }
    if namespaces.len() > 1 {
        let names: Vec<_> = namespaces.into_iter().collect();
        let names = names.join(", ");
        return Err(wrong(format!(
            "the workloads are in several namespaces ({names}): choose one with --namespace"
        )));
    }
    let found = namespaces.into_iter().next();
    // The name goes into what is generated, where only a name may stand.
    read.namespace = found.filter(|name| crate::parameter::label(name).is_ok());
    Ok(Some(read))
}

/// Calls `seen` with every object of the texts; what does not parse is left out, a scan tells of it.
pub(crate) fn each_object(texts: &[Text], target: &Target, seen: &mut dyn FnMut(&Object<'_>)) {
    for text in texts {
        let name: Arc<str> = Arc::from(text.name.as_str());
        let file = File::new(name.clone(), name, &text.text);
        for chunk in split(&text.text) {
            let Ok(tree) = parse(&text.text, &chunk) else {
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            if let Some(content) = objects(&document, target) {
                content.objects.iter().for_each(&mut *seen);
            }
        }
    }
}

impl Requirements {
    /// Notes how far an autoscaler may go.
    fn note_scale(&mut self, object: &Object<'_>) {
        if object.kind != "HorizontalPodAutoscaler" {
            return;
        }
        let spec = object.node.get("spec");
        let target = spec.and_then(|spec| spec.get("scaleTargetRef"));
        let word = |key| {
            target
                .and_then(|target| target.get(key))
                .and_then(Node::as_str)
        };
        if let (Some(kind), Some(name)) = (word("kind"), word("name")) {
            let key = (kind.to_owned(), name.to_owned());
            self.scales
                .insert(key, number(object, "maxReplicas").unwrap_or(1));
        }
    }

    /// How many pods an object may make: its replicas, or as many as its autoscaler wants, and a quarter more while a
    /// Deployment is rolled out, rounded up, which is the default of maxSurge.
    fn pods(&self, object: &Object<'_>) -> u128 {
        let name = object.name().unwrap_or_default();
        let scale = self.scales.get(&(object.kind.to_owned(), name.to_owned()));
        let key = if object.kind == "Job" {
            "parallelism"
        } else {
            "replicas"
        };
        let replicas = number(object, key).unwrap_or(1);
        let replicas = scale.map_or(replicas, |most| replicas.max(*most));
        match object.kind {
            "Deployment" => replicas.saturating_add(replicas.div_ceil(4)),
            _ => replicas,
        }
    }

    /// Adds what an object asks for; `false` when it asks for nothing.
    fn add(&mut self, object: &Object<'_>) -> bool {
        if object.kind == "PersistentVolumeClaim" {
            self.add_claim(object.node, 1);
            return true;
        }
        let Some(pod) = object.pod() else {
            return false;
        };
        if object.kind == "PodTemplate" || object.kind == "ReplicaSet" && is_owned(object) {
            return false;
        }
        let pods = self.pods(object);
        let (mut requests, mut limits, mut init) =
            (Amounts::default(), Amounts::default(), Amounts::default());
        for container in pod.containers() {
            let (request, limit) = self.of_container(&container);
            match container.kind {
                ContainerKind::Init => init = init.max(request),
                ContainerKind::Ephemeral => {}
                ContainerKind::Main | ContainerKind::Sidecar => {
                    requests = requests.plus(request);
                    limits = limits.plus(limit);
                }
            }
        }
        // Init containers run before the others, one after the other.
        let requests = requests.max(init);
        self.requests = self.requests.plus(multiplied(requests, pods));
        self.limits = self.limits.plus(multiplied(limits.max(requests), pods));
        self.pods = self.pods.saturating_add(pods);
        let [cpu, memory, _] = requests.words();
        let name = object.name().unwrap_or("?");
        let cpu = cpu.trim_matches('"');
        let nodes = match object.kind {
            "DaemonSet" => "; one for each node: count your nodes in",
            _ => "",
        };
        self.workloads.push(format!(
            "{} {name}: {pods} x (cpu {cpu}, memory {memory}){nodes}",
            object.kind
        ));
        let spec = object.node.get("spec");
        let templates = spec.and_then(|spec| spec.get("volumeClaimTemplates"));
        for template in templates.into_iter().flat_map(Node::items) {
            self.add_claim(template, pods);
        }
        true
    }

    fn add_claim(&mut self, claim: Node<'_>, times: u128) {
        let asked = ["spec", "resources", "requests", "storage"]
            .iter()
            .try_fold(claim, |node, key| node.get(key));
        let asked = asked.and_then(Quantity::of).map_or(0, Quantity::whole);
        self.claims = self.claims.saturating_add(times);
        self.claimed = self.claimed.saturating_add(asked.saturating_mul(times));
        self.largest_claim = self.largest_claim.max(asked);
    }

    fn of_container(&mut self, container: &Container<'_, '_>) -> (Amounts, Amounts) {
        let read = |list: &str, name: &str| {
            let list = container
                .node
                .get("resources")
                .and_then(|node| node.get(list));
            list.and_then(|list| list.get(name)).and_then(Quantity::of)
        };
        let mut complete = true;
        let mut amount = |name: &str, value: fn(Quantity) -> u128, request: u128, limit: u128| {
            let (asked, bound) = (read("requests", name), read("limits", name));
            complete &= name == "ephemeral-storage" || bound.is_some() && (asked.is_some());
            let bound = bound.map(value);
            // The API server takes the limit for the request where only the limit is stated.
            let asked = asked.map(value).or(bound).unwrap_or(request);
            (asked, bound.unwrap_or(limit).max(asked))
        };
        let cpu = amount("cpu", Quantity::thousandths, REQUEST.cpu, LIMIT.cpu);
        let memory = amount("memory", Quantity::whole, REQUEST.memory, LIMIT.memory);
        let storage = amount(
            "ephemeral-storage",
            Quantity::whole,
            REQUEST.storage,
            LIMIT.storage,
        );
        self.unstated += usize::from(!complete);
        let pair = |choose: fn((u128, u128)) -> u128| Amounts {
            cpu: choose(cpu),
            memory: choose(memory),
            storage: choose(storage),
        };
        let (requests, limits) = (pair(|pair| pair.0), pair(|pair| pair.1));
        self.largest = self.largest.max(limits);
        (requests, limits)
    }
}

fn multiplied(amounts: Amounts, times: u128) -> Amounts {
    Amounts {
        cpu: amounts.cpu.saturating_mul(times),
        memory: amounts.memory.saturating_mul(times),
        storage: amounts.storage.saturating_mul(times),
    }
}

/// A number that stands directly in `spec`; `None` when there is none, or a negative one.
fn number(object: &Object<'_>, key: &str) -> Option<u128> {
    let stated = object.node.get("spec")?.get(key)?.as_int()?;
    u128::try_from(stated).ok()
}

/// Made by a Deployment, which counts itself.
fn is_owned(object: &Object<'_>) -> bool {
    let metadata = object.node.get("metadata");
    metadata
        .and_then(|metadata| metadata.get("ownerReferences"))
        .is_some_and(|owners| !owners.is_empty())
}
