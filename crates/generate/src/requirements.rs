//! What the workloads of some texts ask for, added up: the ground for quotas and bounds. Counts what a text states;
//! what it leaves out counts with what [`crate::limit_range`] would give.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use plimsoll_snapshot::field::ContainerKind;
use plimsoll_snapshot::object::{Document, File, Object, objects};
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::quantity::Quantity;
use plimsoll_snapshot::target::Target;
use plimsoll_yaml::{Node, parse, split};

use crate::amounts::{Amounts, MIB};
use crate::scalar::in_comment;
use crate::{Request, RequestError, Text};

/// What a LimitRange of ours gives to a container that says nothing.
pub(crate) const REQUEST: Amounts = Amounts {
    cpu: 100,
    memory: 128 * MIB,
    storage: 64 * MIB,
};
pub(crate) const LIMIT: Amounts = Amounts {
    cpu: 500,
    memory: 256 * MIB,
    storage: 512 * MIB,
};

/// What all workloads of a namespace ask for.
#[derive(Default, Debug)]
pub(crate) struct Requirements {
    /// The namespace that all of them name; `None` when none does.
    pub(crate) namespace: Option<String>,
    /// By kind and name. Overlays and variants hold the same workload again: it counts once, as its largest.
    workloads: BTreeMap<(String, String), Workload>,
    /// Bytes claimed and how often, by the claim's name, or the workload's and the template's.
    claims: BTreeMap<(String, String), (u128, u128)>,
    /// The largest limits of a single container, stated or given.
    pub(crate) largest: Amounts,
    /// The largest limits of a single pod.
    pub(crate) largest_pod: Amounts,
    /// The largest requests beside which no limit is stated: a default limit below refuses the pod.
    pub(crate) unlimited: Amounts,
    /// The smallest cpu and memory that a container requests; `None` when none states any.
    pub(crate) smallest: Option<(u128, u128)>,
    /// The most replicas that autoscalers make, by kind and name.
    scales: HashMap<(String, String), u128>,
    texts: usize,
    unread: usize,
}

/// A workload: what one of its pods asks for, and how many there may be.
#[derive(Copy, Clone, Default, Debug)]
struct Workload {
    requests: Amounts,
    limits: Amounts,
    pods: u128,
    /// Containers that leave out a request or limit.
    unstated: usize,
}

impl Requirements {
    /// From how much this was read.
    pub(crate) fn origin(&self) -> String {
        let several = |count: usize, noun: &str| match count {
            1 => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        };
        let workloads = several(self.workloads.len(), "workload");
        let read = format!("{workloads} in {}", several(self.texts, "file"));
        match self.unread {
            0 => read,
            1 => format!("{read}, without 1 document that does not parse"),
            unread => format!("{read}, without {unread} documents that do not parse"),
        }
    }

    /// All requests together.
    pub(crate) fn requests(&self) -> Amounts {
        let each = self.workloads.values();
        each.fold(Amounts::default(), |sum, one| {
            sum.plus(one.requests.multiplied(one.pods))
        })
    }

    /// All limits together.
    pub(crate) fn limits(&self) -> Amounts {
        let each = self.workloads.values();
        each.fold(Amounts::default(), |sum, one| {
            sum.plus(one.limits.multiplied(one.pods))
        })
    }

    /// How many pods there may be.
    pub(crate) fn pods(&self) -> u128 {
        let each = self.workloads.values();
        each.fold(0, |sum, one| sum.saturating_add(one.pods))
    }

    /// How many claims, the bytes of all of them, and of the largest.
    pub(crate) fn claims(&self) -> (u128, u128, u128) {
        let each = self.claims.values();
        each.fold((0, 0, 0), |(count, sum, largest), (bytes, times)| {
            let all: u128 = bytes.saturating_mul(*times);
            (
                times.saturating_add(count),
                all.saturating_add(sum),
                largest.max(*bytes),
            )
        })
    }

    /// How many containers leave something out.
    pub(crate) fn unstated(&self) -> usize {
        self.workloads.values().map(|one| one.unstated).sum()
    }

    /// One line for each workload, with its untrusted name made harmless.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.workloads.iter().map(|((kind, name), workload)| {
            let Workload { requests, pods, .. } = workload;
            let [cpu, memory, _] = requests.words();
            let cpu = cpu.trim_matches('"');
            let nodes = match kind.as_str() {
                "DaemonSet" => "; one for each node: count your nodes in",
                _ => "",
            };
            in_comment(&format!(
                "{kind} {name}: {pods} x (cpu {cpu}, memory {memory}){nodes}"
            ))
        })
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
    let unread = each_object(texts, &target, &mut |object| read.note_scale(object));
    read.unread = unread;
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
        let names = in_comment(&names.join(", "));
        return Err(wrong(format!(
            "the workloads are in several namespaces ({names}): choose one with --namespace"
        )));
    }
    let found = namespaces.into_iter().next();
    // The name goes into what is generated, where only a name may stand.
    read.namespace = found.filter(|name| crate::parameter::label(name).is_ok());
    Ok(Some(read))
}

/// Calls `seen` with every object of the texts. Gives how many documents do not parse, and so were left out.
pub(crate) fn each_object(
    texts: &[Text],
    target: &Target,
    seen: &mut dyn FnMut(&Object<'_>),
) -> usize {
    let mut unread = 0;
    for text in texts {
        let name: Arc<str> = Arc::from(text.name.as_str());
        let file = File::new(name.clone(), name, &text.text);
        for chunk in split(&text.text) {
            let Ok(tree) = parse(&text.text, &chunk) else {
                unread += 1;
                continue;
            };
            let document = Document::new(&file, chunk.number, &tree);
            if let Some(content) = objects(&document, target) {
                content.objects.iter().for_each(&mut *seen);
            }
        }
    }
    unread
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
    fn pods_of(&self, object: &Object<'_>) -> u128 {
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
        let name = object.name().unwrap_or("?");
        if object.kind == "PersistentVolumeClaim" {
            self.add_claim((name.to_owned(), String::new()), object.node, 1);
            return true;
        }
        // What a Deployment made counts with it, and a template makes nothing by itself.
        if object.kind == "PodTemplate" || object.kind == "ReplicaSet" && is_owned(object) {
            return false;
        }
        let Some(pod) = object.pod() else {
            return false;
        };
        let pods = self.pods_of(object);
        let asked = self.of_pod(&pod);
        let key = (object.kind.to_owned(), name.to_owned());
        let known = self.workloads.entry(key).or_default();
        *known = Workload {
            requests: known.requests.max(asked.requests),
            limits: known.limits.max(asked.limits),
            pods: known.pods.max(pods),
            unstated: known.unstated.max(asked.unstated),
        };
        let spec = object.node.get("spec");
        let templates = spec.and_then(|spec| spec.get("volumeClaimTemplates"));
        for (index, template) in templates.into_iter().flat_map(Node::items).enumerate() {
            self.add_claim((name.to_owned(), index.to_string()), template, pods);
        }
        true
    }

    fn add_claim(&mut self, key: (String, String), claim: Node<'_>, times: u128) {
        let asked = ["spec", "resources", "requests", "storage"]
            .iter()
            .try_fold(claim, |node, key| node.get(key));
        let asked = asked.and_then(Quantity::of).map_or(0, Quantity::whole);
        let (bytes, count) = self.claims.entry(key).or_default();
        (*bytes, *count) = (asked.max(*bytes), times.max(*count));
    }

    /// What one pod asks for; init containers run before the others, one after the other.
    fn of_pod(&mut self, pod: &Pod<'_>) -> Workload {
        let (mut sum, mut init) = (Workload::default(), Workload::default());
        for container in pod.containers() {
            let asked = self.of_container(&container);
            match container.kind {
                ContainerKind::Init => {
                    init.requests = init.requests.max(asked.requests);
                    init.limits = init.limits.max(asked.limits);
                    init.unstated += asked.unstated;
                }
                ContainerKind::Ephemeral => {}
                ContainerKind::Main | ContainerKind::Sidecar => {
                    sum.requests = sum.requests.plus(asked.requests);
                    sum.limits = sum.limits.plus(asked.limits);
                    sum.unstated += asked.unstated;
                }
            }
        }
        let limits = sum.limits.max(init.limits);
        self.largest_pod = self.largest_pod.max(limits);
        Workload {
            requests: sum.requests.max(init.requests),
            limits,
            pods: 1,
            unstated: sum.unstated + init.unstated,
        }
    }

    fn of_container(&mut self, container: &Container<'_, '_>) -> Workload {
        let cpu = Asked::of(container, "cpu", Quantity::thousandths);
        let memory = Asked::of(container, "memory", Quantity::whole);
        let storage = Asked::of(container, "ephemeral-storage", Quantity::whole);
        let amounts = |of: fn(&Asked, u128) -> u128, given: Amounts| Amounts {
            cpu: of(&cpu, given.cpu),
            memory: of(&memory, given.memory),
            storage: of(&storage, given.storage),
        };
        let requests = amounts(Asked::request, REQUEST);
        let limits = amounts(Asked::limit, LIMIT).max(requests);
        self.largest = self.largest.max(limits);
        self.unlimited = self
            .unlimited
            .max(amounts(Asked::unlimited, Amounts::default()));
        if cpu.request.or(memory.request).is_some() {
            let (least_cpu, least_memory) = self.smallest.unwrap_or((u128::MAX, u128::MAX));
            self.smallest = Some((
                requests.cpu.min(least_cpu),
                requests.memory.min(least_memory),
            ));
        }
        let complete = [&cpu, &memory]
            .iter()
            .all(|one| one.request.is_some() && one.limit.is_some());
        Workload {
            requests,
            limits,
            pods: 1,
            unstated: usize::from(!complete),
        }
    }
}

/// What a container states of one resource.
struct Asked {
    request: Option<u128>,
    limit: Option<u128>,
}

impl Asked {
    fn of(container: &Container<'_, '_>, name: &str, amount: fn(Quantity) -> u128) -> Asked {
        let resources = container.node.get("resources");
        let stated = |list| {
            let list = resources.and_then(|resources| resources.get(list));
            let stated = list.and_then(|list| list.get(name)).and_then(Quantity::of);
            stated.map(amount)
        };
        let (request, limit) = (stated("requests"), stated("limits"));
        Asked {
            // The API server takes the limit for the request where only the limit is stated.
            request: request.or(limit),
            limit,
        }
    }

    fn request(&self, given: u128) -> u128 {
        self.request.unwrap_or(given)
    }

    fn limit(&self, given: u128) -> u128 {
        self.limit.unwrap_or(given)
    }

    /// The request beside which no limit stands.
    fn unlimited(&self, none: u128) -> u128 {
        match self.limit {
            Some(_) => none,
            None => self.request.unwrap_or(none),
        }
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
