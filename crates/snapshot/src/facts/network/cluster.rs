//! Policies for the whole cluster, in both shapes that they have had: what they deny to every pod. Policies for some
//! namespaces are not kept.

use std::sync::Arc;

use plimsoll_yaml::Node;

use crate::cidr::Cidr;
use crate::network_policy::{AZURE_PLATFORM, Direction, METADATA};
use crate::object::Object;

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
    /// Connections from all pods to Azure's platform.
    pub platform: bool,
}

/// AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy (v1alpha2), which replaces both.
/// `None` when it does not concern all namespaces.
pub(super) fn cluster_policy(object: &Object<'_>) -> Option<ClusterPolicy> {
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
        platform: denies(Direction::Egress, &|peer| {
            in_networks(peer, |range| range.contains(AZURE_PLATFORM))
        }),
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
