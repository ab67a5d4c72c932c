//! NetworkPolicies, the pods that they may select, and policies for the whole cluster. Answers who selects whom by labels
//! that selectors ask for, so that a run with many pods and policies stays linear.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use plimsoll_yaml::Node;

use super::namespaces::DefinedNamespace;
use super::{FactKind, Facts};
use crate::cidr::Cidr;
use crate::field::{HOST_NETWORK, Lit};
use crate::kinds::is_known;
use crate::network_policy::{
    Direction, METADATA, PeerKind, PolicyRule, is_network_policy, is_ruled, rules, selects,
};
use crate::object::{Object, ObjectId};
use crate::place::Place;
use crate::pod::Pod;
use crate::selector::{Labels, Selector, labels_of};
use crate::value::{At, Value};

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
    pub host_network: Option<Place>,
    /// The object's `metadata.namespace`, or where that would be.
    pub namespace: Place,
}

/// What a policy for all namespaces of the cluster denies.
#[derive(Clone, Debug)]
pub struct ClusterPolicy {
    /// The unit.
    pub unit: Arc<str>,
    /// Connections to all pods from all pods.
    pub ingress: bool,
    /// Connections from all pods to all addresses.
    pub egress: bool,
    /// Connections from all pods to the metadata service.
    pub metadata: bool,
}

/// What is known about networks.
#[derive(Default, Debug)]
pub struct NetworkFacts {
    /// NetworkPolicies.
    pub policies: Vec<Policy>,
    /// Pods.
    pub pods: Vec<NetworkPod>,
    /// Policies for the whole cluster.
    pub cluster: Vec<ClusterPolicy>,
    /// Units with custom resources, whose operators make pods that nobody wrote.
    pub operated: HashSet<Arc<str>>,
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
            self.operated = HashSet::from([unit.clone()]);
        }
    }

    /// The units in which a cluster's policy denies something to all pods.
    pub fn denied(&self, what: impl Fn(&ClusterPolicy) -> bool) -> HashSet<&str> {
        let denying = self.cluster.iter().filter(|policy| what(policy));
        denying.map(|policy| &*policy.unit).collect()
    }
}

fn network_pod(pod: &Pod<'_>) -> NetworkPod {
    let object = pod.object;
    let host = pod.read(&HOST_NETWORK);
    let place = |at| object.source().place(at);
    NetworkPod {
        object: object.id(),
        labels: labels_of(pod.template),
        place: place(At::nearest(pod.template, &["metadata", "labels"])),
        host_network: (host.value == Value::Is(Lit::Bool(true))).then(|| place(host.at)),
        namespace: place(At::nearest(object.node, &["metadata", "namespace"])),
    }
}

fn policy(object: &Object<'_>) -> Policy {
    let source = object.source();
    let egress = rules(object, Direction::Egress);
    let open = |rule: &PolicyRule<'_>| METADATA.into_iter().any(|address| rule.reaches(address));
    let open = egress
        .iter()
        .filter(|rule| rule.allows_port(80) && open(rule));
    let metadata = open
        .map(|rule| source.place(At::node(opening(rule))))
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
    }
}

/// The range that opens the way to the metadata service, or the rule.
fn opening<'t>(rule: &PolicyRule<'t>) -> Node<'t> {
    let range = rule.peers.iter().find_map(|peer| match &peer.what {
        PeerKind::Addresses {
            node,
            range,
            except,
        } => {
            let free = |address| !except.iter().any(|cut| cut.contains(address));
            let hit = |address| range.contains(address) && free(address);
            METADATA.into_iter().any(hit).then_some(*node)
        }
        _ => None,
    });
    range.unwrap_or(rule.node)
}

fn ruled(object: &Object<'_>, direction: Direction, rules: &[PolicyRule<'_>]) -> Option<Ruled> {
    is_ruled(object, direction).then(|| Ruled {
        allows_everything: rules.iter().any(PolicyRule::allows_everything),
        allows_dns: rules.iter().any(|rule| rule.allows_port(53)),
    })
}

/// AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy (v1alpha2), which replaces both.
/// `None` when it does not concern all namespaces.
fn cluster_policy(object: &Object<'_>) -> Option<ClusterPolicy> {
    const KINDS: [(&str, &str); 3] = [
        ("AdminNetworkPolicy", "policy.networking.k8s.io/v1alpha1"),
        (
            "BaselineAdminNetworkPolicy",
            "policy.networking.k8s.io/v1alpha1",
        ),
        ("ClusterNetworkPolicy", "policy.networking.k8s.io/v1alpha2"),
    ];
    if !KINDS.contains(&(object.kind, object.api_version)) {
        return None;
    }
    let spec = object.node.get("spec")?;
    spec.get("subject")?
        .get("namespaces")
        .filter(|node| is_every(*node))?;
    let denies = |direction, what: &dyn Fn(Node<'_>) -> bool| denies(spec, direction, what);
    let metadata = |range: Cidr| METADATA.into_iter().any(|address| range.contains(address));
    Some(ClusterPolicy {
        unit: object.document.file.unit.clone(),
        ingress: denies(Direction::Ingress, &is_everybody),
        egress: denies(Direction::Egress, &|peer| {
            in_networks(peer, Cidr::is_everything)
        }),
        metadata: denies(Direction::Egress, &|peer| in_networks(peer, metadata)),
    })
}

/// Is there a rule that denies such a peer before another one lets everybody through? Rules are tried in order.
fn denies(spec: Node<'_>, direction: Direction, what: &dyn Fn(Node<'_>) -> bool) -> bool {
    let rules = spec
        .get(direction.rules())
        .into_iter()
        .flat_map(Node::items);
    for rule in rules {
        let limited = |key| rule.get(key).is_some_and(|ports| !ports.is_empty());
        if limited("ports") || limited("protocols") {
            continue;
        }
        let mut peers = rule
            .get(direction.peers())
            .into_iter()
            .flat_map(Node::items);
        let denying = rule.get("action").and_then(Node::as_str) == Some("Deny");
        match denying {
            true if peers.any(what) => return true,
            false
                if peers
                    .any(|peer| is_everybody(peer) || in_networks(peer, Cidr::is_everything)) =>
            {
                return false;
            }
            _ => {}
        }
    }
    false
}

fn is_every(selector: Node<'_>) -> bool {
    let empty = |key| selector.get(key).is_none_or(Node::is_empty);
    selector.is_null() || (empty("matchLabels") && empty("matchExpressions"))
}

fn is_everybody(peer: Node<'_>) -> bool {
    peer.get("namespaces").is_some_and(is_every)
}

fn in_networks(peer: Node<'_>, holds: impl Fn(Cidr) -> bool) -> bool {
    let networks = peer.get("networks").into_iter().flat_map(Node::items);
    let mut ranges = networks.filter_map(|range| range.as_str().and_then(Cidr::parse));
    ranges.any(holds)
}

/// Finds the policies that select a pod, by one label that the policy asks for.
pub struct PolicyIndex<'f> {
    by_namespace: HashMap<(&'f str, Option<&'f str>, Handle<'f>), Vec<&'f Policy>>,
    by_unit: HashMap<(&'f str, Handle<'f>), Vec<&'f Policy>>,
}

/// A label that the selected pods have; none for policies that ask for none.
type Handle<'f> = Option<(&'f str, &'f str)>;

impl<'f> PolicyIndex<'f> {
    /// An index of all policies.
    pub fn new(facts: &'f NetworkFacts) -> PolicyIndex<'f> {
        let mut index = PolicyIndex {
            by_namespace: HashMap::new(),
            by_unit: HashMap::new(),
        };
        for policy in &facts.policies {
            let (unit, handle) = (&*policy.object.unit, policy.selects.handle());
            let key = (unit, policy.object.namespace.as_deref(), handle);
            index.by_namespace.entry(key).or_default().push(policy);
            index
                .by_unit
                .entry((unit, handle))
                .or_default()
                .push(policy);
        }
        index
    }

    /// The policies of the pod's unit and namespace that select it, or may: their selector is malformed. One that does
    /// not say its namespace may be in any, and so may a pod.
    pub fn selecting(&self, pod: &'f NetworkPod) -> Vec<&'f Policy> {
        let (unit, namespace) = (&*pod.object.unit, pod.object.namespace.as_deref());
        let labels = pod.labels.iter();
        let labels = labels.map(|(key, value)| Some((key.as_str(), value.as_str())));
        let mut found: Vec<&'f Policy> = Vec::new();
        for handle in labels.chain([None]) {
            let lists = match namespace {
                None => [self.by_unit.get(&(unit, handle)), None],
                Some(_) => [namespace, None].map(|one| self.by_namespace.get(&(unit, one, handle))),
            };
            found.extend(lists.into_iter().flatten().flatten());
        }
        found.retain(|policy| policy.selects.matches(&pod.labels) != Some(false));
        found
    }
}

/// What the policies of one namespace do together in one direction.
#[derive(Copy, Clone, Default, Debug)]
pub struct Coverage<'f> {
    /// A policy that rules the direction.
    pub ruled: Option<&'f Policy>,
    /// One that selects every pod and does not let everything through.
    pub catch_all: Option<&'f Policy>,
    /// One that selects every pod and lets everything through.
    pub opened: Option<&'f Policy>,
    /// Some policy lets DNS through.
    pub allows_dns: bool,
}

/// Per unit and namespace, `None` for policies that do not say theirs.
pub type Coverages<'f> = HashMap<(&'f str, Option<&'f str>), Coverage<'f>>;

impl NetworkFacts {
    /// What the policies of each namespace do together.
    pub fn coverage(&self, direction: Direction) -> Coverages<'_> {
        let mut all = Coverages::new();
        for policy in &self.policies {
            let Some(ruled) = policy.ruled(direction) else {
                continue;
            };
            let key = (&*policy.object.unit, policy.object.namespace.as_deref());
            let one = all.entry(key).or_default();
            one.ruled = one.ruled.or(Some(policy));
            one.allows_dns |= ruled.allows_dns;
            if policy.selects.is_empty() {
                let slot = match ruled.allows_everything {
                    true => &mut one.opened,
                    false => &mut one.catch_all,
                };
                *slot = slot.or(Some(policy));
            }
        }
        all
    }
}

/// Does anything deny what is not allowed, in one namespace and direction?
pub struct DefaultDeny<'f> {
    /// What to report on: the Namespace, a policy of it, or a pod.
    pub object: &'f Arc<ObjectId>,
    /// Where.
    pub place: &'f Place,
    /// The answer.
    pub verdict: DefaultDenyVerdict<'f>,
}

/// See [`DefaultDeny`].
pub enum DefaultDenyVerdict<'f> {
    /// Yes.
    Denied,
    /// No.
    Missing,
    /// This policy lets everything through for every pod.
    Opened(&'f Policy),
    /// What could answer is not there.
    Open(FactKind),
}

impl Facts {
    /// The verdict for every namespace that objects of the run name, once each. Where neither the Namespace nor one of its
    /// policies is there, and more may exist than was gathered, it stays open.
    pub fn default_deny(&self, direction: Direction) -> Vec<DefaultDeny<'_>> {
        let coverage = self.network.coverage(direction);
        let denied = self.network.denied(|policy| match direction {
            Direction::Ingress => policy.ingress,
            Direction::Egress => policy.egress,
        });
        let judge = |unit: &str, name: &str| {
            let of = |namespace| {
                coverage
                    .get(&(unit, namespace))
                    .copied()
                    .unwrap_or_default()
            };
            let (own, loose) = (of(Some(name)), of(None));
            let catches = own.catch_all.or(loose.catch_all).is_some();
            match own.opened {
                Some(policy) => DefaultDenyVerdict::Opened(policy),
                None if catches || denied.contains(unit) => DefaultDenyVerdict::Denied,
                None => DefaultDenyVerdict::Missing,
            }
        };
        let mut seen = HashSet::new();
        let mut verdicts = Vec::new();
        for (source, object, place, name) in self.mentions() {
            let unit = &*object.unit;
            if !seen.insert((unit, name)) {
                continue;
            }
            let known = self.complete || source != Mention::Pod;
            let verdict = match name {
                Some(name) if known => judge(unit, name),
                Some(_) => DefaultDenyVerdict::Open(FactKind::NetworkPolicy),
                None if denied.contains(unit) => DefaultDenyVerdict::Denied,
                None => match coverage
                    .get(&(unit, None))
                    .and_then(|loose| loose.catch_all)
                {
                    Some(_) => DefaultDenyVerdict::Denied,
                    None => DefaultDenyVerdict::Open(FactKind::Namespace),
                },
            };
            verdicts.push(DefaultDeny {
                object,
                place,
                verdict,
            });
        }
        verdicts
    }

    /// Namespaces that the run defines together with pods or policies that may go there, so that what governs them belongs
    /// here as well; all that hold pods, when everything was gathered.
    pub fn governed_namespaces(&self) -> impl Iterator<Item = &DefinedNamespace> {
        let pods = self.network.pods.iter().map(|one| &one.object);
        let policies = self.network.policies.iter().map(|one| &one.object);
        let members: HashSet<_> = pods
            .chain(policies)
            .map(|object| (&*object.unit, object.namespace.as_deref()))
            .collect();
        let defined = self
            .namespaces
            .defined
            .iter()
            .filter(|one| one.holds_pods());
        defined.filter(move |one| {
            let (unit, name) = (&*one.object.unit, Some(one.object.name.as_str()));
            self.complete || members.contains(&(unit, name)) || members.contains(&(unit, None))
        })
    }

    /// Namespaces as they are named: by their own objects first, then by policies, then by pods.
    fn mentions(&self) -> impl Iterator<Item = (Mention, &Arc<ObjectId>, &Place, Option<&str>)> {
        let defined = self.governed_namespaces().map(|one| {
            let name = Some(one.object.name.as_str());
            (Mention::Namespace, &one.object, &one.place, name)
        });
        let policies = self.network.policies.iter().map(|one| {
            let name = one.object.namespace.as_deref();
            (Mention::Policy, &one.object, &one.place, name)
        });
        let pods = self.network.pods.iter().map(|one| {
            let name = one.object.namespace.as_deref();
            (Mention::Pod, &one.object, &one.namespace, name)
        });
        defined.chain(policies).chain(pods)
    }
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Mention {
    Namespace,
    Policy,
    Pod,
}
