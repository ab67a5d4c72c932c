//! An `emptyDir` that a container with a read-only root writes to must have a `sizeLimit`. Without one it takes what the node has,
//! unless the containers that write to it have a limit for ephemeral storage.

use std::collections::HashMap;

use plimsoll_control::{Control, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, POD_07};
use plimsoll_snapshot::field::{Lit, READ_ONLY_ROOT_FILESYSTEM};
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::value::{At, Value};
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unlimited-scratch-volume",
        formerly: &[],
        title: "scratch volume may fill its node",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_07],
        pss: &[],
        severity: Severity::Low,
        page: include_str!("unlimited_scratch_volume.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &["Memory"],
    })],
};

const BECAUSE: &str = "grows until the node evicts pods, those of others among them";

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    let written = written_volumes(pod);
    for volume in pod.object.items(pod.spec, "volumes") {
        let name = volume.get("name").and_then(Node::as_str);
        let Some(name) = name.filter(|_| is_scratch(volume)) else {
            continue;
        };
        let Some(is_limited) = written.get(name) else {
            continue;
        };
        let source = volume.get("emptyDir");
        let medium = source
            .and_then(|source| source.get("medium"))
            .and_then(Node::as_str);
        let in_memory = medium.is_some_and(|medium| words.contains(&medium));
        let limit = source.and_then(|source| source.get("sizeLimit"));
        if *is_limited && !in_memory || has_limit(pod, limit) {
            continue;
        }
        let at = At::nearest(volume, &["emptyDir", "sizeLimit"]);
        let predicate = format!("has no limit for its scratch volume {name}");
        found.on_object(at, &predicate, BECAUSE);
    }
}

/// The volumes that some container with a read-only root mounts without `readOnly: true`, and whether all that do so
/// have a limit for ephemeral storage.
fn written_volumes<'t>(pod: &Pod<'t>) -> HashMap<&'t str, bool> {
    let mut written = HashMap::new();
    for container in pod.containers() {
        if container.read(&READ_ONLY_ROOT_FILESYSTEM).value != Value::Is(Lit::Bool(true)) {
            continue;
        }
        let is_limited = limits_storage(&container);
        for mount in pod.object.items(container.node, "volumeMounts") {
            let read_only = mount.get("readOnly").and_then(Node::as_bool) == Some(true);
            if let Some(name) = mount
                .get("name")
                .and_then(Node::as_str)
                .filter(|_| !read_only)
            {
                *written.entry(name).or_insert(true) &= is_limited;
            }
        }
    }
    written
}

/// A volume without any source is an `emptyDir` as well: the API server fills that in.
fn is_scratch(volume: Node<'_>) -> bool {
    let sources = volume.entries().filter(|(_, source)| !source.is_null());
    let mut sources = sources.filter_map(|(key, _)| key.key_text());
    sources.all(|key| matches!(key, "name" | "emptyDir"))
}

fn limits_storage(container: &Container<'_, '_>) -> bool {
    let limits = container
        .node
        .get("resources")
        .and_then(|node| node.get("limits"));
    let limit = limits.and_then(|limits| limits.get("ephemeral-storage"));
    limit.is_some_and(|limit| !limit.is_null())
}

/// Is there a limit greater than zero? The kubelet takes zero for none; what is no quantity is recorded as malformed.
fn has_limit<'t>(pod: &Pod<'t>, limit: Option<Node<'t>>) -> bool {
    let Some(node) = limit.filter(|node| !node.is_null()) else {
        return false;
    };
    let text = node.as_str().or_else(|| node.text());
    match text.and_then(number) {
        Some(number) => number.bytes().any(|digit| (b'1'..=b'9').contains(&digit)),
        None => {
            pod.object.note_malformed(node, "a quantity");
            true
        }
    }
}

/// The number of a quantity, without its suffix. `None`: no quantity.
fn number(quantity: &str) -> Option<&str> {
    const SUFFIXES: [&str; 16] = [
        "", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei",
    ];
    let unsigned = quantity.strip_prefix('+').unwrap_or(quantity);
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, suffix) = unsigned.split_at(end.unwrap_or(unsigned.len()));
    let exponent = suffix
        .strip_prefix(['e', 'E'])
        .map(|rest| rest.trim_start_matches(['+', '-']));
    let is_exponent = exponent.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let is_number =
        number.bytes().any(|byte| byte.is_ascii_digit()) && number.matches('.').count() < 2;
    (is_number && (is_exponent || SUFFIXES.contains(&suffix))).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn quantities_are_told_from_other_text() {
        for fine in ["1", "64Mi", "0.5Gi", "+1k", "1e3", "2E", "1e-3", ".5G"] {
            assert!(number(fine).is_some(), "{fine}");
        }
        for wrong in ["", "Mi", "1.2.3", "64 Mi", "64MB", "1e", "-1", "lots"] {
            assert_eq!(number(wrong), None, "{wrong}");
        }
    }
}
