//! A container with a read-only root filesystem should not mount a path of the node writable: `readOnly: true` in the mount.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_07};
use plimsoll_snapshot::field::{Lit, READ_ONLY_ROOT_FILESYSTEM};
use plimsoll_snapshot::pod::Container;
use plimsoll_snapshot::value::{At, Value};
use plimsoll_yaml::Node;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "writable-host-path-mount",
        formerly: &[],
        title: "container with a read-only root may write to its node",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_07],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Bool(true)),
            "a program that writes there fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Container {
        check,
        words: &["hostPath"],
        enforce: IN_CEL,
    })],
};

const MOUNTS: &str = "{c.volumeMounts}.filter(m, !(has(m.readOnly) && m.readOnly) && {spec.volumes}.exists(v, v.name == m.name && {has v}))";
const IN_CEL: Enforce = Enforce::Cel(&[
    "{containers}.filter(c, has(c.securityContext) && has(c.securityContext.readOnlyRootFilesystem) && \
     c.securityContext.readOnlyRootFilesystem && size(",
    MOUNTS,
    ") > 0) \
     .map(c, 'container ' + c.name + ' may write to its node through ' + ",
    MOUNTS,
    ".map(m, m.name + ' at ' + m.mountPath).join(', '))",
]);

const BECAUSE: &str = "what is written here stays on the node, outside of the read-only root";

fn check(container: &Container<'_, '_>, words: Words, found: &mut Found<'_>) {
    let read_only = container.read(&READ_ONLY_ROOT_FILESYSTEM).value;
    if read_only != Value::Is(Lit::Bool(true)) {
        return;
    }
    let object = container.pod.object;
    let is_of_node = |name: &str| {
        let volume = container.pod.volume(name);
        volume.is_some_and(|volume| words.iter().any(|source| is_there(volume, source)))
    };
    for mount in object.items(container.node, "volumeMounts") {
        let Some(name) = mount.get("name").and_then(Node::as_str) else {
            continue;
        };
        if !is_of_node(name) {
            continue;
        }
        let read_only = mount.get("readOnly").filter(|node| !node.is_null());
        match read_only.map(|node| (node, node.as_bool())) {
            Some((_, Some(true))) => {}
            Some((node, None)) => object.note_malformed(node, "a boolean"),
            _ => {
                let at = At::nearest(mount, &["readOnly"]);
                let predicate = format!("may write to its node through the volume {name}");
                found.on_container(container, at, &predicate, BECAUSE);
            }
        }
    }
}

fn is_there(volume: Node<'_>, source: &str) -> bool {
    volume.get(source).is_some_and(|source| !source.is_null())
}
