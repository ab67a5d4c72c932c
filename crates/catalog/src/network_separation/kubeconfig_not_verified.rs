//! A connection to the API server on which nobody checks who answers, as a kubeconfig describes it.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{AUD_09, CP_01, Chapter, KCFG_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::shape::items;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "kubeconfig-not-verified",
        formerly: &[],
        title: "kubeconfig connects without checking who answers",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CP_01, &KCFG_01, &AUD_09],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "the certificate of the authority has to be fetched over a way that is trusted",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Config")],
        check,
        words: AUTHORITY,
        enforce: Enforce::NO_OBJECT,
    })],
};

/// The keys that hold or name the certificate of the authority.
const AUTHORITY: Words = &["certificate-authority", "certificate-authority-data"];

const BECAUSE: &str = "whoever stands between takes the credentials and answers as he likes";

fn check(object: &Object<'_>, authority: Words, found: &mut Found<'_>) {
    for entry in items(object, object.node, "clusters") {
        if let Some(cluster) = entry.get("cluster") {
            judge(object, cluster, authority, found);
        }
    }
}

fn judge<'t>(object: &Object<'t>, cluster: Node<'t>, authority: Words, found: &mut Found<'_>) {
    let at = At::nearest(cluster, &["server"]);
    let server = cluster.get("server").and_then(Node::as_str);
    if server.is_some_and(|server| server.starts_with("http://")) {
        found.on_object(at, "talks to its server without TLS", BECAUSE);
        return;
    }
    let skip = cluster
        .get("insecure-skip-tls-verify")
        .filter(|node| !node.is_null());
    match skip.map(|node| (node, node.as_bool())) {
        Some((node, Some(true))) => {
            found.on_object(At::node(node), "does not check who its server is", BECAUSE);
            return;
        }
        Some((node, None)) => object.note_malformed(node, "true or false"),
        _ => {}
    }
    let named = |key: &&&str| cluster.get(key).is_some_and(|node| !node.is_null());
    if server.is_some() && authority.iter().find(named).is_none() {
        let label = "the name in the certificate is all that is checked";
        let finding = found.on_object(at, "trusts its server with any public certificate", label);
        finding.weigh(
            Severity::Low,
            "a certificate of a public authority is needed for it",
        );
    }
}
