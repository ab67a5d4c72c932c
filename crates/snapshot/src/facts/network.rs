//! NetworkPolicies, the pods that they may select, and policies for the whole cluster. Answers who selects whom by labels
//! that selectors ask for, so that a run with many pods and policies stays linear.

mod cluster;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use plimsoll_yaml::Node;
use thin_vec::ThinVec;

use crate::field::{HOST_NETWORK, Lit};
use crate::kinds::is_known;
use crate::network_policy::{
    AZURE_PLATFORM, Direction, METADATA, PeerKind, PolicyRule, is_network_policy, is_ruled, rules,
    selects,
};
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::selector::{Handle, Labels, Selector, handles_of, labels_of};
use crate::value::{At, Value};

use cluster::cluster_policy;

pub use cluster::ClusterPolicy;

/// What a policy does in a direction that it rules.
#[derive(Copy, Clone, Default, Debug)]
pub struct Ruled {
    /// One of its rules lets everybody through at every port.
    pub allows_everything: bool,
    /// One of its rules lets DNS, port 53, through.
    pub allows_dns: bool,
}

/// A NetworkPolicy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Which.
    pub object: Arc<ObjectId>,
    /// Its `spec.podSelector`, or where that would be.
    pub place: Place,
    /// What it selects.
    pub selects: Selector,
    /// Connections to the pods, if it rules them.
    pub ingress: Option<Ruled>,
    /// Connections from the pods, if it rules them.
    pub egress: Option<Ruled>,
    /// Rules that let pods reach the metadata service of a cloud.
    pub metadata: Vec<Place>,
    /// Rules that let them reach Azure's platform, and no metadata service.
    pub platform: Vec<Place>,
}

impl Policy {
    /// What it does in a direction; `None` where it does not rule it.
    pub fn ruled(&self, direction: Direction) -> Option<Ruled> {
        match direction {
            Direction::Ingress => self.ingress,
            Direction::Egress => self.egress,
        }
    }
}

/// A pod, as far as policies see it.
#[derive(Clone, Debug)]
pub struct NetworkPod {
    /// The object that carries it.
    pub object: Arc<ObjectId>,
    /// Its labels.
    pub labels: Labels,
    /// Its labels' place, or where that would be.
    pub place: Place,
    /// Where it asks for the host's network, if it does.
    pub host_network: Option<Box<Place>>,
    /// The object's `metadata.namespace`, or where that would be.
    pub namespace: Place,
    /// See [`Object::is_placed_by_default`].
    pub placed_by_default: bool,
}

/// What is known about networks.
#[derive(Clone, Default, Debug)]
pub struct NetworkFacts {
    /// NetworkPolicies.
    pub policies: ThinVec<Policy>,
    /// Pods.
    pub pods: ThinVec<NetworkPod>,
    /// Policies for the whole cluster.
    pub cluster: ThinVec<ClusterPolicy>,
    /// Units with custom resources, whose operators make pods that nobody wrote.
    pub operated: BTreeSet<Arc<str>>,
}

impl NetworkFacts {
    pub(super) fn note(&mut self, object: &Object<'_>, pod: Option<&Pod<'_>>) {
        self.pods.extend(pod.map(network_pod));
        if is_network_policy(object) {
            self.policies.push(policy(object));
        } else if object.group() == "policy.networking.k8s.io" {
            self.cluster.extend(cluster_policy(object));
        } else if !is_known(object.api_version, object.kind) {
            self.operated.insert(object.document.file.unit.clone());
        }
    }

    pub(super) fn absorb(&mut self, other: NetworkFacts) {
        self.policies.extend(other.policies);
        self.pods.extend(other.pods);
        self.cluster.extend(other.cluster);
        self.operated.extend(other.operated);
    }

    pub(super) fn move_to(&mut self, unit: &Arc<str>) {
        let policies = self.policies.iter_mut().map(|policy| &mut policy.object);
        let pods = self.pods.iter_mut().map(|pod| &mut pod.object);
        for object in policies.chain(pods) {
            Arc::make_mut(object).unit = unit.clone();
        }
        for policy in &mut self.cluster {
            policy.unit = unit.clone();
        }
        if !self.operated.is_empty() {
            self.operated = BTreeSet::from([unit.clone()]);
        }
    }

    /// The units in which a cluster's policy denies something to all pods.
    pub fn denied(&self, what: impl Fn(&ClusterPolicy) -> bool) -> HashSet<&str> {
        let denying = self.cluster.iter().filter(|policy| what(policy));
        denying.map(|policy| &*policy.unit).collect()
    }
}

/// Which port a container listens on matters to no control, but the API server refuses what is no port.
fn note_ports(pod: &Pod<'_>) {
    for container in pod.containers() {
        for port in pod.object.items(container.node, "ports") {
            let port = port.get("containerPort").filter(|port| !port.is_null());
            let is_port = |port: &Node<'_>| {
                let number = port.as_int();
                number.is_some_and(|number| (1..=65535).contains(&number))
            };
            if let Some(wrong) = port.filter(|port| !is_port(port)) {
                pod.object.note_malformed(wrong, "a port number");
            }
        }
    }
}

fn network_pod(pod: &Pod<'_>) -> NetworkPod {
    let object = pod.object;
    note_ports(pod);
    let host = pod.read(&HOST_NETWORK);
    let place = |at| object.source().place(at);
    NetworkPod {
        object: object.id(),
        labels: labels_of(object.document.file, pod.template),
        place: place(At::nearest(pod.template, &["metadata", "labels"])),
        host_network: (host.value == Value::Is(Lit::Bool(true))).then(|| place(host.at).into()),
        namespace: place(At::nearest(object.node, &["metadata", "namespace"])),
        placed_by_default: object.is_placed_by_default(),
    }
}

fn policy(object: &Object<'_>) -> Policy {
    let source = object.source();
    let egress = rules(object, Direction::Egress);
    let web: Vec<_> = egress.iter().filter(|rule| rule.allows_port(80)).collect();
    let to = |rule: &PolicyRule<'_>, addresses: &[IpAddr]| {
        opening(rule, addresses).map(|range| source.place(At::node(range)))
    };
    let metadata = web.iter().filter_map(|rule| to(rule, &METADATA)).collect();
    let others = web.iter().filter(|rule| to(rule, &METADATA).is_none());
    let platform = others
        .filter_map(|rule| to(rule, &[AZURE_PLATFORM]))
        .collect();
    Policy {
        object: object.id(),
        place: source.place(At::nearest(object.node, &["spec", "podSelector"])),
        selects: selects(object),
        ingress: ruled(
            object,
            Direction::Ingress,
            &rules(object, Direction::Ingress),
        ),
        egress: ruled(object, Direction::Egress, &egress),
        metadata,
        platform,
    }
}

/// The range that opens the way to one of the addresses. A rule or range that lets through every address does so too, but
/// that is a fault of its own, which says more.
fn opening<'t>(rule: &PolicyRule<'t>, addresses: &[IpAddr]) -> Option<Node<'t>> {
    rule.peers.iter().find_map(|peer| match &peer.what {
        PeerKind::Addresses {
            node,
            range,
            except,
        } if !(range.is_everything() && except.is_empty()) => {
            let free = |address| !except.iter().any(|cut| cut.contains(address));
            let hit = |address: &IpAddr| range.contains(*address) && free(*address);
            addresses.iter().any(hit).then_some(*node)
        }
        _ => None,
    })
}

fn ruled(object: &Object<'_>, direction: Direction, rules: &[PolicyRule<'_>]) -> Option<Ruled> {
    is_ruled(object, direction).then(|| Ruled {
        allows_everything: rules.iter().any(PolicyRule::allows_everything),
        allows_dns: rules.iter().any(|rule| rule.allows_port(53)),
    })
}

/// Policies with equal selectors that may be in one namespace: they select the same pods.
#[derive(Clone, Default, Debug)]
pub struct Alike<'f> {
    /// All of them.
    pub policies: Vec<&'f Policy>,
    ingress: bool,
    egress: bool,
}

impl<'f> Alike<'f> {
    fn add(&mut self, policy: &'f Policy) {
        self.policies.push(policy);
        self.ingress |= policy.ingress.is_some();
        self.egress |= policy.egress.is_some();
    }

    /// Does one of them rule the direction?
    pub fn rules(&self, direction: Direction) -> bool {
        match direction {
            Direction::Ingress => self.ingress,
            Direction::Egress => self.egress,
        }
    }

    fn selects(&self, pod: &NetworkPod) -> bool {
        let mut policies = self.policies.iter();
        let selects = policies
            .next()
            .map(|policy| policy.selects.matches(&pod.labels));
        selects.is_some_and(|selects| selects != Some(false))
    }
}

/// Finds the policies that select a pod, by labels that they ask for.
pub struct PolicyIndex<'f> {
    alike: Vec<Alike<'f>>,
    by_handle: HashMap<(Whereabouts<'f>, Option<Handle<'f>>), Vec<usize>>,
}

/// A unit, and what is said of a namespace: this one, none, or whichever (the outer `None`).
type Whereabouts<'f> = (&'f str, Option<Option<&'f str>>);

impl<'f> PolicyIndex<'f> {
    /// An index of all policies.
    pub fn new(facts: &'f NetworkFacts) -> PolicyIndex<'f> {
        let mut index = PolicyIndex {
            alike: Vec::new(),
            by_handle: HashMap::new(),
        };
        let mut known = HashMap::new();
        for policy in &facts.policies {
            let (unit, namespace) = policy.object.whereabouts();
            for whereabouts in [(unit, Some(namespace)), (unit, None)] {
                let number = *known
                    .entry((whereabouts, &policy.selects))
                    .or_insert_with(|| index.open(whereabouts, &policy.selects));
                if let Some(alike) = index.alike.get_mut(number) {
                    alike.add(policy);
                }
            }
        }
        index
    }

    fn open(&mut self, whereabouts: Whereabouts<'f>, selector: &'f Selector) -> usize {
        let handles = selector.handles();
        let none = handles.is_empty().then_some(None);
        for handle in handles.into_iter().map(Some).chain(none) {
            let list = self.by_handle.entry((whereabouts, handle)).or_default();
            list.push(self.alike.len());
        }
        self.alike.push(Alike::default());
        self.alike.len() - 1
    }

    /// The policies of the pod's unit and namespace that select it, or may: their selector is malformed. One that does
    /// not say its namespace may be in any, and so may a pod.
    pub fn selecting(&self, pod: &NetworkPod) -> Vec<&Alike<'f>> {
        let (unit, namespace) = pod.object.whereabouts();
        match namespace {
            None => self.at((unit, None), pod),
            Some(_) => {
                let mut found = self.at((unit, Some(namespace)), pod);
                found.extend(self.at((unit, Some(None)), pod));
                found
            }
        }
    }

    /// A policy that surely selects the pod: it says the same of its namespace, and its selector is sound.
    pub fn sure(&self, pod: &NetworkPod) -> Option<&'f Policy> {
        let (unit, namespace) = pod.object.whereabouts();
        let alike = self.at((unit, Some(namespace)), pod).into_iter();
        let mut first = alike.filter_map(|alike| alike.policies.first().copied());
        first.find(|policy| !policy.selects.malformed)
    }

    fn at(&self, place: Whereabouts<'_>, pod: &NetworkPod) -> Vec<&Alike<'f>> {
        let handles = handles_of(&pod.labels);
        let lists = handles.filter_map(|handle| self.by_handle.get(&(place, handle)));
        let found = lists.flatten().filter_map(|number| self.alike.get(*number));
        found.filter(|alike| alike.selects(pod)).collect()
    }
}
