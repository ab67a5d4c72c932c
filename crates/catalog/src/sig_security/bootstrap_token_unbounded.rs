//! A bootstrap token lets a machine join: it must end, and soon. Read from its Secret and from kubeadm's configuration.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SIG_25};
use plimsoll_snapshot::date::Date;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::base64::decode;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "bootstrap-token-unbounded",
        formerly: &[],
        title: "bootstrap token does not end",
        chapter: Chapter::SigSecurity,
        guide: &[&SIG_25],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("how long machines go on joining is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Secret"), ("kubeadm.k8s.io", "InitConfiguration")],
        check,
        words: &["bootstrap.kubernetes.io/token"],
        enforce: Enforce::Not("kubeadm makes these Secrets, and must not be refused"),
    })],
};

const BECAUSE: &str = "whoever has it joins as a node for as long as it is there";

fn check(object: &Object<'_>, kinds: Words, found: &mut Found<'_>) {
    if object.kind == "InitConfiguration" {
        for token in object.items(object.node, "bootstrapTokens") {
            judge_request(token, found);
        }
        return;
    }
    let kind = object.node.get("type").and_then(Node::as_str);
    if kind.is_some_and(|kind| kinds.contains(&kind)) {
        judge_secret(object, found);
    }
}

/// `ttl` is 24 hours where it is absent; zero means for ever.
fn judge_request(token: Node<'_>, found: &mut Found<'_>) {
    let is_zero = |text: &str| {
        text.contains('0')
            && text
                .chars()
                .all(|part| matches!(part, '0' | 'h' | 'm' | 's'))
    };
    let ttl = token.get("ttl");
    if let Some(ttl) = ttl.filter(|ttl| ttl.as_str().is_some_and(is_zero)) {
        let predicate = "makes a bootstrap token that never ends";
        found.on_object(At::node(ttl), predicate, BECAUSE);
    }
}

fn judge_secret<'t>(object: &Object<'t>, found: &mut Found<'_>) {
    let logs_in =
        read(object, "usage-bootstrap-authentication").is_some_and(|(_, text)| text == "true");
    let Some((node, text)) = read(object, "expiration") else {
        let at = match object.node.get("stringData") {
            Some(_) => At::nearest(object.node, &["stringData", "expiration"]),
            None => At::nearest(object.node, &["data", "expiration"]),
        };
        let finding = found.on_object(at, "holds a bootstrap token that never ends", BECAUSE);
        if !logs_in {
            finding.weigh(Severity::Low, "it signs, and lets nobody log in");
        }
        return;
    };
    let day = text.get(..10).and_then(|day| day.parse::<Date>().ok());
    match (day, object.target.today) {
        (None, _) => object.note_malformed(node, "a time such as 2027-01-31T00:00:00Z"),
        (Some(day), Some(today)) if day < today => {
            let predicate = format!("holds a bootstrap token that ended on {day}");
            let label = "nobody needs it any more, and the cleaner that deletes it is off";
            found
                .on_object(At::node(node), &predicate, label)
                .weigh(Severity::Low, "a token that has ended lets nobody in");
        }
        _ => {}
    }
}

/// A value of the Secret in plain text, from `stringData` or else `data`.
fn read<'t>(object: &Object<'t>, key: &str) -> Option<(Node<'t>, String)> {
    let of = |map| object.node.get(map)?.get(key);
    if let Some(node) = of("stringData") {
        return Some((node, node.as_str()?.to_owned()));
    }
    let node = of("data")?;
    let bytes = node.as_str().and_then(decode)?;
    Some((node, String::from_utf8(bytes).ok()?))
}
