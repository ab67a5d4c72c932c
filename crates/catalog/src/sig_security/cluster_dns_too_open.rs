//! What CoreDNS is told in its Corefile: not to invent names of pods, not to hand out whole zones, not to ask in plain text.

use std::net::IpAddr;

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SIG_35};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use crate::corefile::{Line, lines};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "cluster-dns-too-open",
        formerly: &[],
        title: "cluster DNS answers or asks more openly than needed",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_35],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("what CoreDNS is told stands in a text, which has to be changed by hand"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "ConfigMap")],
        check,
        words: &["Corefile"],
        enforce: Enforce::Not("what CoreDNS is told stands in a text, which CEL does not parse"),
    })],
};

fn check(object: &Object<'_>, keys: Words, found: &mut Found<'_>) {
    for key in keys {
        let Some(node) = object.node.get("data").and_then(|data| data.get(key)) else {
            continue;
        };
        let text = node.as_str().unwrap_or_default();
        for line in lines(text) {
            if let Some((predicate, label)) = fault(&line) {
                found.on_object(At::node(node), predicate, label);
            }
        }
    }
}

fn fault(line: &Line<'_>) -> Option<(&'static str, &'static str)> {
    match (line.plugin, line.inside, line.words.as_slice()) {
        ("kubernetes", true, ["pods", "insecure"]) => Some((
            "answers for pods that do not exist",
            "a name with any address gets a certificate, and looks like a pod",
        )),
        ("transfer", true, ["to", targets @ ..]) if targets.contains(&"*") => Some((
            "hands whole zones to whoever asks",
            "one request tells the names of all Services",
        )),
        ("forward", false, [_, targets @ ..]) if targets.iter().any(|to| is_public(to)) => Some((
            "asks a public resolver in plain text",
            "everybody on the way reads and answers for it",
        )),
        _ => None,
    }
}

/// An address outside of private networks, asked without TLS. Files and names are the node's own.
fn is_public(target: &str) -> bool {
    let host = target.strip_prefix("dns://").unwrap_or(target);
    let host = host
        .trim_start_matches('[')
        .split(']')
        .next()
        .unwrap_or(host);
    let bare = host.rsplit_once(':').map_or(host, |(start, _)| start);
    let address = host.parse().or_else(|_| bare.parse());
    match address {
        Ok(IpAddr::V4(it)) => !(it.is_private() || it.is_loopback() || it.is_link_local()),
        Ok(IpAddr::V6(it)) => {
            !(it.is_unique_local() || it.is_loopback() || it.is_unicast_link_local())
        }
        Err(_) => false,
    }
}
