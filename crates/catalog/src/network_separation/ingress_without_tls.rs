//! Ingresses whose hosts no entry of `tls` covers, and Gateways that listen for HTTP alone.

use std::collections::HashSet;

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, GroupKind, Header, How, Remedy, Revision, Rule,
    Severity, Words,
};
use plimsoll_guide::{Chapter, NET_12};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::edit::{Edit, Value};
use plimsoll_yaml::{Node, Segment};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "ingress-without-tls",
        formerly: &[],
        title: "ingress or gateway serves plain HTTP",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_12],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(with_tls),
            "the Secret that it names has to hold a certificate for the hosts, and clients are sent to HTTPS",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: KINDS,
        check,
        words: CERTIFICATES,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&["{object}.kind == 'Gateway' ? \
     ({object.spec.listeners}.exists(l, l.protocol in ['HTTPS', 'TLS']) ? [] : \
     {object.spec.listeners}.filter(l, l.protocol == 'HTTP').map(l, 'serves plain HTTP by the listener ' + l.name)) : \
     {words}.exists(w, w in {annotations}) ? [] : \
     size({object.spec.tls}) == 0 ? ['serves plain HTTP'] : \
     {object.spec.tls}.exists(t, size({t.hosts}) == 0) ? [] : \
     {object.spec.rules}.filter(r, has(r.host) && r.host != '' && !{object.spec.tls}.exists(t, {t.hosts}.exists(h, h == r.host || \
     h.startsWith('*.') && r.host.contains('.') && r.host.substring(r.host.indexOf('.')) == h.substring(1)))) \
     .map(r, 'serves ' + r.host + ' by plain HTTP')"]);

const KINDS: &[GroupKind] = &[
    ("networking.k8s.io", "Ingress"),
    ("extensions", "Ingress"),
    ("gateway.networking.k8s.io", "Gateway"),
];
/// Annotations by which an ingress controller gets its certificate in another way, or hands TLS on.
const CERTIFICATES: Words = &[
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "networking.gke.io/managed-certificates",
    "networking.gke.io/v1beta1.FrontendConfig",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "traefik.ingress.kubernetes.io/router.tls",
];
const BECAUSE: &str = "passwords and sessions cross the network in the clear";

fn check(object: &Object<'_>, certificates: Words, found: &mut Found<'_>) {
    let annotations = object
        .node
        .get("metadata")
        .and_then(|node| node.get("annotations"));
    let has = |key: &&str| annotations.is_some_and(|node| node.get(key).is_some());
    let Some(spec) = object.node.get("spec") else {
        return;
    };
    match object.kind {
        "Gateway" => gateway(spec, found),
        _ if certificates.iter().any(has) => {}
        _ => ingress(spec, found),
    }
}

fn ingress(spec: Node<'_>, found: &mut Found<'_>) {
    let entries: Vec<Node<'_>> = spec.get("tls").into_iter().flat_map(Node::items).collect();
    if entries.is_empty() {
        let at = At::nearest(spec, &["tls"]);
        found.on_object(at, "serves plain HTTP", BECAUSE);
        return;
    }
    let hosts = entries
        .iter()
        .map(|entry| entry.get("hosts").filter(|hosts| !hosts.is_empty()));
    // An entry without hosts is for all of them.
    let Some(covered) = hosts.collect::<Option<Vec<_>>>() else {
        return;
    };
    let covered: HashSet<&str> = covered
        .into_iter()
        .flat_map(Node::items)
        .filter_map(Node::as_str)
        .collect();
    let rules = spec.get("rules").into_iter().flat_map(Node::items);
    for host in rules.filter_map(|rule| rule.get("host")) {
        let name = host.as_str().unwrap_or_default();
        if !name.is_empty() && !covers(&covered, name) {
            let says = format!("serves {name} by plain HTTP");
            found.on_object(At::node(host), &says, "no entry of tls names this host");
        }
    }
}

/// `*.example.com` covers one more label in front.
fn covers(patterns: &HashSet<&str>, name: &str) -> bool {
    let wildcard = name
        .split_once('.')
        .map(|(_, parent)| format!("*.{parent}"));
    patterns.contains(name) || wildcard.is_some_and(|pattern| patterns.contains(&*pattern))
}

fn gateway(spec: Node<'_>, found: &mut Found<'_>) {
    let listeners = || spec.get("listeners").into_iter().flat_map(Node::items);
    // Beside a listener for TLS, a plain one usually sends clients there.
    if listeners().any(|one| matches!(protocol(one), Some("HTTPS" | "TLS"))) {
        return;
    }
    for listener in listeners().filter(|one| protocol(*one) == Some("HTTP")) {
        let finding = found.on_object(At::node(listener), "serves plain HTTP", BECAUSE);
        finding.without_fix("how its clients are to be served only its owner knows");
    }
}

fn protocol(listener: Node<'_>) -> Option<&str> {
    listener.get("protocol").and_then(Node::as_str)
}

/// An entry of `tls` for the hosts that lack one, with a Secret named after the Ingress or the host.
fn with_tls<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let spec = object
        .node
        .get("spec")
        .ok_or("its spec is not there any more")?;
    let mut tls = spec.path();
    tls.push(Segment::Key("tls".into()));
    if finding.place.path != tls {
        let host = finding.place.path.resolve(object.document.tree.root());
        let host = host
            .and_then(Node::as_str)
            .ok_or("its host is not there any more")?;
        let named = host
            .strip_prefix("*.")
            .map(|rest| format!("wildcard.{rest}"));
        return Ok(vec![Edit::append(
            tls,
            entry(&[host], named.as_deref().unwrap_or(host)),
        )]);
    }
    let name = object
        .node
        .get("metadata")
        .and_then(|metadata| metadata.get("name"));
    let name = name
        .and_then(Node::as_str)
        .ok_or("it has no name after which a Secret could be named")?;
    let mut seen = HashSet::new();
    let rules = spec.get("rules").into_iter().flat_map(Node::items);
    let hosts = rules.filter_map(|rule| rule.get("host")?.as_str());
    let hosts = hosts.filter(|host| !host.is_empty() && seen.insert(*host));
    let hosts: Vec<&str> = hosts.collect();
    Ok(vec![Edit::set(tls, Value::List(vec![entry(&hosts, name)]))])
}

fn entry(hosts: &[&str], secret: &str) -> Value {
    let mut members = Vec::new();
    if !hosts.is_empty() {
        let hosts = hosts.iter().map(|host| Value::from(*host)).collect();
        members.push(("hosts".to_owned(), Value::List(hosts)));
    }
    members.push((
        "secretName".to_owned(),
        Value::from(format!("{secret}-tls")),
    ));
    Value::Map(members)
}
