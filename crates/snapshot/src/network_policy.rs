//! A NetworkPolicy as the API server reads it: what it selects, which directions it rules, and what its rules let through.
//! Borrows the text. What the API refuses is recorded as malformed and lets nothing through.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use plimsoll_yaml::{Kind, Node};

use crate::cidr::Cidr;
use crate::object::Object;
use crate::selector::Selector;

/// Into the pod, or out of it.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Direction {
    /// Connections to the pod.
    Ingress,
    /// Connections from the pod.
    Egress,
}

impl Direction {
    /// Both.
    pub const BOTH: [Direction; 2] = [Direction::Ingress, Direction::Egress];

    /// The key of the rules in `spec`.
    pub fn rules(self) -> &'static str {
        match self {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        }
    }

    /// The key of the peers in a rule.
    pub fn peers(self) -> &'static str {
        match self {
            Direction::Ingress => "from",
            Direction::Egress => "to",
        }
    }

    /// The word in `policyTypes`.
    pub fn policy_type(self) -> &'static str {
        match self {
            Direction::Ingress => "Ingress",
            Direction::Egress => "Egress",
        }
    }
}

/// A rule of a policy.
pub struct PolicyRule<'t> {
    /// Its direction.
    pub direction: Direction,
    /// The rule.
    pub node: Node<'t>,
    /// Whom it lets through; nothing means everybody.
    pub peers: Vec<Peer<'t>>,
    /// The ports; nothing means every port.
    pub ports: Vec<Node<'t>>,
    /// Is some part of it not what the API takes?
    pub malformed: bool,
}

/// One entry of `from` or `to`.
pub struct Peer<'t> {
    /// The entry.
    pub node: Node<'t>,
    /// What it says.
    pub what: PeerKind<'t>,
}

/// What an entry of `from` or `to` says.
pub enum PeerKind<'t> {
    /// Pods by their labels and those of their namespaces; `None` for a selector that is not there.
    Pods {
        /// `podSelector`
        pods: Option<Selector>,
        /// `namespaceSelector`; not there means the policy's own namespace.
        namespaces: Option<Selector>,
    },
    /// A range of addresses and what is cut out of it.
    Addresses {
        /// `ipBlock.cidr` as written.
        node: Node<'t>,
        /// The same, parsed.
        range: Cidr,
        /// `ipBlock.except`
        except: Vec<Cidr>,
    },
    /// The entry is empty. The API server refuses it; a plugin that reads it takes it for everybody.
    Nothing,
    /// Not what the API takes.
    Malformed,
}

/// The addresses at which clouds serve metadata and credentials to whoever asks from a node.
/// `metadata.google.internal` is the first of them, and the last.
pub const METADATA: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

/// The public address at which Azure serves its virtual machines, certificates and settings of extensions included.
pub const AZURE_PLATFORM: IpAddr = IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16));

/// Is the object a NetworkPolicy of Kubernetes' own API?
pub fn is_network_policy(object: &Object<'_>) -> bool {
    object.kind == "NetworkPolicy" && matches!(object.group(), "networking.k8s.io" | "extensions")
}

/// What the policy selects. A `podSelector` that is not there selects every pod.
pub fn selects<'t>(object: &Object<'t>) -> Selector {
    let selector = object
        .node
        .get("spec")
        .and_then(|spec| spec.get("podSelector"));
    selector.map_or_else(Selector::default, |node| Selector::read(object, node))
}

/// Does the policy rule this direction? Without `policyTypes` it rules ingress, and egress where it has rules for it.
pub fn is_ruled<'t>(object: &Object<'t>, direction: Direction) -> bool {
    let Some(spec) = object.node.get("spec") else {
        return direction == Direction::Ingress;
    };
    match spec.get("policyTypes") {
        Some(types) if types.kind() == Kind::Sequence && !types.is_empty() => {
            let mut types = types.items().map(Node::as_str);
            types.any(|one| one == Some(direction.policy_type()))
        }
        Some(types) if !types.is_null() && types.kind() != Kind::Sequence => {
            object.note_malformed(types, "a list of Ingress and Egress");
            false
        }
        _ => {
            let has_rules = spec
                .get(direction.rules())
                .is_some_and(|rules| !rules.is_empty());
            direction == Direction::Ingress || has_rules
        }
    }
}

/// The rules of a direction; none where the policy does not rule it.
pub fn rules<'t>(object: &Object<'t>, direction: Direction) -> Vec<PolicyRule<'t>> {
    if !is_ruled(object, direction) {
        return Vec::new();
    }
    let spec = object.node.get("spec");
    let list = spec.and_then(|spec| items(object, spec, direction.rules()));
    let rules = list.into_iter().flatten();
    rules.map(|node| rule(object, direction, node)).collect()
}

fn rule<'t>(object: &Object<'t>, direction: Direction, node: Node<'t>) -> PolicyRule<'t> {
    let is_rule = node.kind() == Kind::Mapping || node.is_null();
    if !is_rule {
        object.note_malformed(node, "a rule with peers and ports");
    }
    let peers = items(object, node, direction.peers());
    let ports = items(object, node, "ports");
    for port in ports.iter().flatten() {
        note_port(object, *port);
    }
    let malformed = !is_rule || peers.is_none() || ports.is_none();
    let peers = peers.into_iter().flatten();
    PolicyRule {
        direction,
        node,
        peers: peers.map(|node| peer(object, node)).collect(),
        ports: ports.unwrap_or_default(),
        malformed,
    }
}

/// Records a port that is neither a number nor a name: a name has a letter.
fn note_port<'t>(object: &Object<'t>, entry: Node<'t>) {
    let Some(port) = entry.get("port").filter(|port| !port.is_null()) else {
        return;
    };
    let is_name = |text: &str| text.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_number = port
        .as_int()
        .is_some_and(|number| (1..=65535).contains(&number));
    if !is_number && !port.as_str().is_some_and(is_name) {
        object.note_malformed(port, "a port: a number, or a name with a letter");
    }
}

/// The items of a list; empty when it is not there, `None` (and recorded) when it is no list.
fn items<'t>(object: &Object<'t>, node: Node<'t>, key: &str) -> Option<Vec<Node<'t>>> {
    match node.get(key) {
        Some(list) if list.kind() == Kind::Sequence => Some(list.items().collect()),
        Some(other) if !other.is_null() => {
            object.note_malformed(other, "a list");
            None
        }
        _ => Some(Vec::new()),
    }
}

fn peer<'t>(object: &Object<'t>, node: Node<'t>) -> Peer<'t> {
    let selector = |key| {
        let node = node.get(key).filter(|node: &Node<'t>| !node.is_null())?;
        Some(Selector::read(object, node))
    };
    let (pods, namespaces) = (selector("podSelector"), selector("namespaceSelector"));
    let block = node.get("ipBlock").filter(|node| !node.is_null());
    let what = match (block, &pods, &namespaces) {
        _ if node.kind() != Kind::Mapping && !node.is_null() => {
            object.note_malformed(node, "a peer");
            PeerKind::Malformed
        }
        (Some(block), None, None) => addresses(object, block),
        (Some(block), ..) => {
            object.note_malformed(block, "alone: an ipBlock cannot stand beside selectors");
            PeerKind::Malformed
        }
        (None, None, None) => PeerKind::Nothing,
        (None, ..) => PeerKind::Pods { pods, namespaces },
    };
    Peer { node, what }
}

fn addresses<'t>(object: &Object<'t>, block: Node<'t>) -> PeerKind<'t> {
    const WANTED: &str = "a range of addresses such as 10.0.0.0/8";
    let Some(node) = block.get("cidr") else {
        object.note_malformed(block, "an ipBlock with a cidr");
        return PeerKind::Malformed;
    };
    let Some(range) = node.as_str().and_then(Cidr::parse) else {
        object.note_malformed(node, WANTED);
        return PeerKind::Malformed;
    };
    let mut except = Vec::new();
    for item in items(object, block, "except").into_iter().flatten() {
        match item.as_str().and_then(Cidr::parse) {
            Some(cut) if range.covers(cut) && cut != range => except.push(cut),
            Some(_) => object.note_malformed(item, "a range within the block's cidr"),
            None => object.note_malformed(item, WANTED),
        }
    }
    PeerKind::Addresses {
        node,
        range,
        except,
    }
}

impl PolicyRule<'_> {
    /// Does it let everybody through, at every port?
    pub fn allows_everything(&self) -> bool {
        !self.malformed && self.peers.is_empty() && self.ports.is_empty()
    }

    /// Does it let this port through? A port with a name may be any.
    pub fn allows_port(&self, port: i64) -> bool {
        let holds = |entry: &Node<'_>| {
            let number = |key| entry.get(key).and_then(Node::as_int);
            match (
                entry.get("port").filter(|port| !port.is_null()),
                number("port"),
            ) {
                (None, _) => true,
                (Some(_), None) => true,
                (Some(_), Some(first)) => {
                    (first..=number("endPort").unwrap_or(first)).contains(&port)
                }
            }
        };
        !self.malformed && (self.ports.is_empty() || self.ports.iter().any(holds))
    }

    /// The peer or the rule by which connections to this address are let through.
    pub fn reaches(&self, address: IpAddr) -> bool {
        let holds = |peer: &Peer<'_>| match &peer.what {
            PeerKind::Addresses { range, except, .. } => {
                range.contains(address) && !except.iter().any(|cut| cut.contains(address))
            }
            _ => false,
        };
        !self.malformed && (self.peers.is_empty() || self.peers.iter().any(holds))
    }
}
