//! `env` values, `command` and `args` of every container must hold no credential. What looks like a placeholder weighs
//! little. The credential itself is never shown.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, SEC_01};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::credential::{Suspect, argument, masked, named};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "credential-in-container",
        formerly: &[],
        title: "container is given a credential in plain text",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SEC_01],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "where the credential is to be kept instead is for its owner to say, and it has to be replaced because it was seen",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &["command", "args"],
        enforce: Enforce::CREDENTIAL,
    })],
};

const BECAUSE: &str = "whoever can read this object, or the repository it comes from, has it";
const PLACEHOLDER: &str = "looks like a placeholder; where nobody replaces it, everybody knows it";

fn check(container: &Container<'_, '_>, words: Words, found: &mut Found<'_>) {
    for entry in container.pod.object.items(container.node, "env") {
        let name = entry.get("name").and_then(Node::as_str).unwrap_or_default();
        let Some(node) = entry.get("value").filter(|node| !node.is_null()) else {
            continue;
        };
        let Some(value) = node.as_str() else {
            container.pod.object.note_malformed(node, "a string");
            continue;
        };
        if let Some(suspect) = named(name, value) {
            let shown = format!("value: {}", masked(suspect.secret));
            report(
                container,
                node,
                suspect,
                (&format!("in {name}"), &shown),
                found,
            );
        }
    }
    for list_name in words {
        let mut flag = None;
        for node in container.pod.object.items(container.node, list_name) {
            if node.as_str().is_none() && !node.is_null() {
                container.pod.object.note_malformed(node, "a string");
            }
            let text = node.as_str().unwrap_or_default();
            let after_flag = flag.filter(|_| !text.starts_with('-'));
            let suspect = argument(after_flag, text);
            if let Some(suspect) = suspect {
                let shown = match text.strip_suffix(suspect.secret).map(str::trim_start) {
                    Some(name) if name.len() < 64 => format!("{name}{}", masked(suspect.secret)),
                    _ => format!("… {} …", masked(suspect.secret)),
                };
                report(
                    container,
                    node,
                    suspect,
                    (&format!("in {list_name}"), &shown),
                    found,
                );
            }
            flag = text.starts_with('-').then(|| text.trim_start_matches('-'));
        }
    }
}

fn report(
    container: &Container<'_, '_>,
    node: Node<'_>,
    suspect: Suspect<'_>,
    (place, shown): (&str, &str),
    found: &mut Found<'_>,
) {
    let predicate = format!("is given {} as plain text {place}", suspect.what);
    let finding = found.on_container(container, At::node(node), &predicate, BECAUSE);
    finding.mask(shown);
    if suspect.is_placeholder {
        finding.weigh(Severity::Low, PLACEHOLDER);
        finding.label = PLACEHOLDER.into();
    }
}
