//! Rules without peers or ports, selectors of every namespace, and ranges of every address. What is malformed is not judged.

use plimsoll_control::{
    Control, Enforce, Fix, Found, GroupKind, Header, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{CLD_01, Chapter, NET_06, NET_09, NET_11, SIG_30};
use plimsoll_snapshot::network_policy::{Direction, Peer, PeerKind, PolicyRule, rules};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "broad-network-policy",
        formerly: &[],
        title: "network policy lets more through than it names",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_06, &NET_09, &NET_11, &CLD_01, &SIG_30],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("who has to talk to whom is for the owner of the program to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "('Ingress' in {object.spec.policyTypes} ? \
     {object.spec.ingress}.filter(r, size({r.from}) == 0).map(r, 'lets everybody in at ' + ",
    PORTS,
    ") + {object.spec.ingress}.filter(r, size({r.from}) > 0 && size({r.ports}) == 0)\
     .map(r, 'lets ' + string(size({r.from})) + ' peers reach every port') + \
     {object.spec.ingress}.filter(r, {r.from}.exists(p, ",
    EVERY_NAMESPACE,
    ")).map(r, 'lets in every namespace at ' + ",
    PORTS,
    ") + {object.spec.ingress}.filter(r, {r.from}.exists(p, ",
    EVERY_ADDRESS,
    ")).map(r, 'lets in every address at ' + ",
    PORTS,
    ") : []) + ('Egress' in {object.spec.policyTypes} ? {object.spec.egress}.filter(r, size({r.to}) == 0 && !",
    DNS,
    ").map(r, 'lets the pods reach everything at ' + ",
    PORTS,
    ") + {object.spec.egress}.filter(r, size({r.to}) > 0 && size({r.ports}) == 0)\
     .map(r, 'lets the pods reach ' + string(size({r.to})) + ' peers at every port') + \
     {object.spec.egress}.filter(r, !",
    DNS,
    " && {r.to}.exists(p, ",
    EVERY_NAMESPACE,
    ")).map(r, 'lets the pods reach every namespace at ' + ",
    PORTS,
    ") + {object.spec.egress}.filter(r, !",
    DNS,
    " && {r.to}.exists(p, ",
    EVERY_ADDRESS,
    ")).map(r, 'lets the pods reach every address at ' + ",
    PORTS,
    ") : [])",
]);
const PORTS: &str = "(size({r.ports}) == 0 ? 'every port' : {r.ports}.map(p, has(p.port) ? string(p.port) : 'any').join(', '))";
const DNS: &str = "(size({r.ports}) > 0 && {r.ports}.all(p, has(p.port) && string(p.port) == '53' && (!has(p.endPort) || p.endPort == 53)))";
const EVERY_NAMESPACE: &str = "has(p.namespaceSelector) && size({p.namespaceSelector.matchExpressions}) == 0 && \
     !(has(p.namespaceSelector.matchLabels) && size(p.namespaceSelector.matchLabels) > 0)";
const EVERY_ADDRESS: &str =
    "has(p.ipBlock) && p.ipBlock.cidr.endsWith('/0') && size({p.ipBlock.except}) == 0";

const KINDS: &[GroupKind] = &[
    ("networking.k8s.io", "NetworkPolicy"),
    ("extensions", "NetworkPolicy"),
];
const PORTS_ONLY: &str = "anybody, but only at these ports";
const ANY_PORT: &str = "only some peers, but at every port";
const SOME_PODS: &str = "only pods with these labels, but whoever makes a namespace can set them";

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    for direction in Direction::BOTH {
        for rule in rules(object, direction) {
            if rule.malformed {
                continue;
            }
            if is_dns(&rule) {
                continue;
            }
            if rule.peers.is_empty() {
                anybody(&rule, found);
                continue;
            }
            if rule.ports.is_empty() {
                let at = At::node(rule.node);
                let finding = found.on_object(at, "lets its peers reach every port", ANY_PORT);
                finding.weigh(Severity::Low, ANY_PORT);
            }
            rule.peers.iter().for_each(|peer| judge(&rule, peer, found));
        }
    }
}

/// The usual companion of a default deny: port 53, and nothing else, to whoever answers.
fn is_dns(rule: &PolicyRule<'_>) -> bool {
    let port = |node: &Node<'_>| {
        let number = |key| node.get(key).and_then(Node::as_int);
        number("port") == Some(53) && number("endPort").is_none_or(|end| end == 53)
    };
    rule.direction == Direction::Egress && !rule.ports.is_empty() && rule.ports.iter().all(port)
}

fn anybody(rule: &PolicyRule<'_>, found: &mut Found<'_>) {
    let says = match rule.direction {
        Direction::Ingress => "lets everybody in",
        Direction::Egress => "lets the pods reach everything",
    };
    let at = At::node(rule.node);
    let finding = found.on_object(at, says, match rule.direction {
        Direction::Ingress => "this rule names no peer, which means all of them",
        Direction::Egress => "this rule names no peer, which means all of them, the cloud's metadata service included",
    });
    if !rule.ports.is_empty() {
        finding.weigh(Severity::Low, PORTS_ONLY);
        finding.label = PORTS_ONLY.into();
    }
}

fn judge(rule: &PolicyRule<'_>, peer: &Peer<'_>, found: &mut Found<'_>) {
    let at = At::node(peer.node);
    let lets = match rule.direction {
        Direction::Ingress => "lets in",
        Direction::Egress => "lets the pods reach",
    };
    match &peer.what {
        PeerKind::Nothing => {
            let says = format!("{lets} everybody by an empty peer");
            found.on_object(at, &says, "names nobody; the API server refuses it");
        }
        PeerKind::Pods {
            pods,
            namespaces: Some(namespaces),
        } if namespaces.is_empty() => {
            let says = format!("{lets} every namespace");
            let finding =
                found.on_object(at, &says, "an empty namespaceSelector selects all of them");
            if pods.as_ref().is_some_and(|pods| !pods.is_empty()) {
                finding.weigh(Severity::Low, SOME_PODS);
                finding.label = SOME_PODS.into();
            } else if !rule.ports.is_empty() {
                finding.weigh(Severity::Low, PORTS_ONLY);
            }
        }
        PeerKind::Addresses {
            node,
            range,
            except,
        } if range.is_everything() && except.is_empty() => {
            let says = format!("{lets} every address");
            found.on_object(
                At::node(*node),
                &says,
                "the whole address space, pods and nodes included",
            );
        }
        _ => {}
    }
}
