//! Services of type LoadBalancer or NodePort with a port for plain HTTP and none for TLS.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, NET_12};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "exposed-service-without-tls",
        formerly: &[],
        title: "service is exposed at a port for plain HTTP",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_12],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("a certificate is needed first"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Service")],
        check,
        words: CERTIFICATES,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object}.spec.type in ['LoadBalancer', 'NodePort'] && !{words}.exists(w, w in {annotations}) && \
     !{object.spec.ports}.exists(p, has(p.appProtocol) ? p.appProtocol.lowerAscii() in ['https', 'tls', 'kubernetes.io/wss'] : \
     p.port in [443, 8443] || has(p.name) && p.name.split('-')[0] in ['https', 'tls', 'kubernetes.io/wss']) ? \
     {object.spec.ports}.filter(p, has(p.appProtocol) ? p.appProtocol.lowerAscii() in ['http', 'kubernetes.io/h2c', 'kubernetes.io/ws'] : \
     p.port in [80, 8080] || has(p.name) && p.name.split('-')[0] in ['http', 'kubernetes.io/h2c', 'kubernetes.io/ws']) \
     .map(p, 'is reachable from outside by plain HTTP at port ' + string(p.port)) : []",
]);

/// Annotations by which a cloud's balancer ends TLS itself.
const CERTIFICATES: Words = &[
    "cloud.google.com/app-protocols",
    "service.beta.kubernetes.io/aws-load-balancer-ssl-cert",
    "service.beta.kubernetes.io/do-loadbalancer-certificate-id",
    "service.beta.kubernetes.io/oci-load-balancer-ssl-ports",
];
const PLAIN_PORTS: [i64; 2] = [80, 8080];
const TLS_PORTS: [i64; 2] = [443, 8443];
const PLAIN: [&str; 3] = ["http", "kubernetes.io/h2c", "kubernetes.io/ws"];
const TLS: [&str; 3] = ["https", "tls", "kubernetes.io/wss"];

fn check(object: &Object<'_>, certificates: Words, found: &mut Found<'_>) {
    let Some(spec) = object.node.get("spec") else {
        return;
    };
    let exposed = spec.get("type").and_then(Node::as_str);
    let annotations = object
        .node
        .get("metadata")
        .and_then(|node| node.get("annotations"));
    let has = |key: &&str| annotations.is_some_and(|node| node.get(key).is_some());
    if !matches!(exposed, Some("LoadBalancer" | "NodePort")) || certificates.iter().any(has) {
        return;
    }
    let ports = || spec.get("ports").into_iter().flat_map(Node::items);
    let numbers = ports().filter_map(|port| port.get("port"));
    for number in numbers.filter(|number| number.as_int().is_none()) {
        object.note_malformed(number, "a port number");
    }
    // Beside a port for TLS, a plain one usually sends clients there.
    if ports().any(|port| is(port, &TLS_PORTS, &TLS)) {
        return;
    }
    for port in ports().filter(|port| is(*port, &PLAIN_PORTS, &PLAIN)) {
        found.on_object(
            At::node(port),
            "is reachable from outside by plain HTTP",
            "whoever is on the way reads and changes what passes",
        );
    }
}

/// By what the port says that it speaks; else by its number or name.
fn is(port: Node<'_>, numbers: &[i64], names: &[&str]) -> bool {
    if let Some(protocol) = port.get("appProtocol").and_then(Node::as_str) {
        return names.iter().any(|name| name.eq_ignore_ascii_case(protocol));
    }
    let number = port.get("port").and_then(Node::as_int);
    let name = port.get("name").and_then(Node::as_str);
    number.is_some_and(|number| numbers.contains(&number))
        || name.is_some_and(|name| {
            let word = name.split('-').next().unwrap_or_default();
            names.contains(&word)
        })
}
