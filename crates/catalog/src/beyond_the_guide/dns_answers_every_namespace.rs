//! Cluster DNS tells every pod the names of every namespace, unless something in the Corefile keeps tenants apart.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{BEY_18, Chapter};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;

use crate::corefile::lines;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "dns-answers-every-namespace",
        formerly: &[],
        title: "cluster DNS tells every tenant the names of all others",
        chapter: Chapter::BeyondTheGuide,
        guide: &[&BEY_18],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("who may see whose names is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "ConfigMap")],
        check,
        words: APART,
        enforce: Enforce::Not("what CoreDNS is told stands in a text, which CEL does not parse"),
    })],
};

/// Plugins that answer some and not others.
const APART: Words = &["acl", "firewall", "opa", "view"];

fn check(object: &Object<'_>, apart: Words, found: &mut Found<'_>) {
    let Some(node) = object
        .node
        .get("data")
        .and_then(|data| data.get("Corefile"))
    else {
        return;
    };
    let lines = lines(node.as_str().unwrap_or_default());
    let serves = lines
        .iter()
        .any(|line| line.plugin == "kubernetes" && !line.inside);
    let chosen = |line: &&crate::corefile::Line<'_>| {
        line.plugin == "kubernetes" && line.words.first() == Some(&"namespaces")
    };
    let divides = lines.iter().any(|line| apart.contains(&line.plugin));
    if serves && !divides && lines.iter().find(chosen).is_none() {
        found.on_object(
            At::node(node),
            "answers every pod about every namespace",
            "a tenant learns the Services of all others by asking for names",
        );
    }
}
