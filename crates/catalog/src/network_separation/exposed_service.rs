//! Services of type LoadBalancer without source ranges, of type NodePort, and with externalIPs.

use plimsoll_control::{
    Control, Enforce, Extent, Finding, Fix, Found, Header, How, Remedy, Revision, Rule, Severity,
    Words,
};
use plimsoll_guide::{Chapter, NET_13};
use plimsoll_snapshot::cidr::Cidr;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::edit::Edit;
use plimsoll_yaml::{Node, Segment};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "exposed-service",
        formerly: &[],
        title: "service is open to everybody outside of the cluster",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_13],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(inside),
            "clients outside of the cluster need another way in, such as an Ingress or Gateway",
        )
        .to(Extent::Strict)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Service")],
        check,
        words: INTERNAL,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "({object}.spec.type == 'NodePort' ? ['opens a port on every node'] : []) + \
     ({object}.spec.type == 'LoadBalancer' && \
     !{words}.exists(w, w.split('=')[0] in {annotations} && {annotations}[w.split('=')[0]].lowerAscii() == w.split('=')[1].lowerAscii()) && \
     (size({object.spec.loadBalancerSourceRanges}) == 0 ? !('service.beta.kubernetes.io/load-balancer-source-ranges' in {annotations}) : \
     {object.spec.loadBalancerSourceRanges}.exists(range, range.trim().endsWith('/0'))) ? \
     ['is published by a load balancer to everybody'] : []) + \
     {object.spec.externalIPs}.map(address, 'sets the external address ' + address)",
]);

/// Annotations, with their values, by which a cloud makes the balancer an internal one.
const INTERNAL: Words = &[
    "cloud.google.com/load-balancer-type=Internal",
    "networking.gke.io/load-balancer-type=Internal",
    "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type=intranet",
    "service.beta.kubernetes.io/aws-load-balancer-internal=true",
    // What examples said before the annotation became a switch; AWS takes anything but false.
    "service.beta.kubernetes.io/aws-load-balancer-internal=0.0.0.0/0",
    "service.beta.kubernetes.io/aws-load-balancer-scheme=internal",
    "service.beta.kubernetes.io/azure-load-balancer-internal=true",
    "service.beta.kubernetes.io/cce-load-balancer-internal-vpc=true",
    "service.beta.kubernetes.io/oci-load-balancer-internal=true",
    "service.beta.kubernetes.io/openstack-internal-load-balancer=true",
    "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type=private",
];
/// The older way to limit who may use a balancer.
const RANGES_ANNOTATION: &str = "service.beta.kubernetes.io/load-balancer-source-ranges";
const EVERYBODY: &str = "everybody who reaches the balancer may connect";
const NODES: &str = "every node listens for it, past the balancer and its firewall";
const EXTERNAL: &str = "takes traffic for addresses that it need not own (CVE-2020-8554)";

fn check(object: &Object<'_>, internal: Words, found: &mut Found<'_>) {
    let Some(spec) = object.node.get("spec") else {
        return;
    };
    match spec.get("type").and_then(Node::as_str) {
        Some("LoadBalancer") if !is_internal(object, internal) => balancer(object, spec, found),
        Some("NodePort") => {
            let at = At::nearest(spec, &["type"]);
            found
                .on_object(at, "opens a port on every node", NODES)
                .weigh(Severity::Low, NODES);
        }
        _ => {}
    }
    let external = spec.get("externalIPs").filter(|list| !list.is_empty());
    if let Some(addresses) = external {
        found.on_object(At::node(addresses), "sets external addresses", EXTERNAL);
    }
}

fn is_internal(object: &Object<'_>, internal: Words) -> bool {
    internal.iter().any(|one| {
        let (key, value) = one.split_once('=').unwrap_or((one, ""));
        annotation(object, key).is_some_and(|found| found.eq_ignore_ascii_case(value))
    })
}

fn annotation<'t>(object: &Object<'t>, key: &str) -> Option<&'t str> {
    object
        .node
        .get("metadata")?
        .get("annotations")?
        .get(key)?
        .text()
}

fn balancer<'t>(object: &Object<'t>, spec: Node<'t>, found: &mut Found<'_>) {
    let ranges = spec
        .get("loadBalancerSourceRanges")
        .filter(|list| !list.is_empty());
    let Some(ranges) = ranges else {
        if annotation(object, RANGES_ANNOTATION).is_none() {
            let at = At::nearest(spec, &["loadBalancerSourceRanges"]);
            found.on_object(
                at,
                "is published by a load balancer to everybody",
                EVERYBODY,
            );
        }
        return;
    };
    for item in ranges.items() {
        match item.as_str().and_then(|range| Cidr::parse(range.trim())) {
            Some(range) if range.is_everything() => {
                found.on_object(
                    At::node(item),
                    "is published by a load balancer to everybody",
                    EVERYBODY,
                );
            }
            Some(_) => {}
            None => object.note_malformed(item, "a range of addresses such as 10.0.0.0/8"),
        }
    }
}

/// What the API server allows only in Services that are reached from outside.
const OUTSIDE: [&str; 7] = [
    "type",
    "allocateLoadBalancerNodePorts",
    "externalTrafficPolicy",
    "healthCheckNodePort",
    "loadBalancerClass",
    "loadBalancerIP",
    "loadBalancerSourceRanges",
];

/// Keeps the Service inside of the cluster: `ClusterIP` is what no type means. External addresses of a Service of another
/// type go alone.
fn inside<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let path = &finding.place.path;
    let last =
        |key: &str| matches!(path.segments().last(), Some(Segment::Key(last)) if &**last == key);
    if last("externalIPs") {
        return Ok(vec![Edit::remove(path.clone())]);
    }
    let spec = object
        .node
        .get("spec")
        .ok_or("its spec is not there any more")?;
    let own = OUTSIDE.iter().filter_map(|key| spec.get(key));
    let ports = spec.get("ports").into_iter().flat_map(Node::items);
    let ports = ports.filter_map(|port| port.get("nodePort"));
    Ok(own
        .chain(ports)
        .map(|node| Edit::remove(node.path()))
        .collect())
}
