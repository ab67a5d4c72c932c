//! Combinations that the API server, or in the end the kubelet, refuses, as far as edits of single fields could make them.
//! Only what was not there before counts: the rest is its owner's.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_snapshot::field::{
    ALLOW_PRIVILEGE_ESCALATION, CAPABILITIES_ADD, HOST_NETWORK, HOST_PROCESS, HOST_USERS, Lit,
    PRIVILEGED, PROC_MOUNT, RUN_AS_NON_ROOT, RUN_AS_USER,
};
use plimsoll_snapshot::object::{Document, File, Object, ObjectId, objects};
use plimsoll_snapshot::pod::{Container, Pod};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::value::Value;
use plimsoll_yaml::{Node, parse, split};

/// What is refused of which object: document, object, sentence; and how often.
pub(crate) type Refused = BTreeMap<(u32, Arc<ObjectId>, &'static str), usize>;

/// What is refused of the objects of a text.
pub(crate) fn refused(name: &Arc<str>, text: &str, target: &Target) -> Refused {
    let mut found = Refused::new();
    let file = File::new(name.clone(), name.clone(), text);
    for chunk in split(text) {
        let Ok(tree) = parse(text, &chunk) else {
            continue;
        };
        let document = Document::new(&file, chunk.number, &tree);
        let Some(content) = objects(&document, target) else {
            continue;
        };
        for object in &content.objects {
            on_object(object, chunk.number, &mut found);
        }
    }
    found
}

fn on_object<'t>(object: &'t Object<'t>, document: u32, found: &mut Refused) {
    let Some(pod) = object.pod() else { return };
    let mut says = |sentence| {
        let key = (document, object.id(), sentence);
        *found.entry(key).or_default() += 1;
    };
    let templates = object
        .node
        .get("spec")
        .and_then(|spec| spec.get("volumeClaimTemplates"));
    let claims = templates.into_iter().flat_map(Node::items);
    let claims = claims.filter_map(|claim| claim.get("metadata")?.get("name")?.as_str());
    let volumes = pod
        .volumes()
        .filter_map(|volume| volume.get("name")?.as_str());
    let volumes: Vec<&str> = volumes.chain(claims).collect();
    for container in pod.containers() {
        on_container(&pod, &container, &mut says);
        let mounts = container.node.get("volumeMounts").into_iter();
        for mount in mounts.flat_map(Node::items) {
            let name = mount.get("name").and_then(Node::as_str);
            if name.is_some_and(|name| !volumes.contains(&name)) {
                says("a volume is mounted that is not there");
            }
        }
    }
    if pod.is_windows() && has_linux_fields(&pod) {
        says("a pod for Windows may not have fields that only Linux knows");
    }
}

fn on_container(pod: &Pod<'_>, container: &Container<'_, '_>, says: &mut dyn FnMut(&'static str)) {
    const TRUE: Value<Lit<'static>> = Value::Is(Lit::Bool(true));
    let mut adds_admin = false;
    container.read_each(&CAPABILITIES_ADD, &mut |reading| {
        adds_admin |= reading.value == Value::Is(Lit::Str("CAP_SYS_ADMIN"));
    });
    let stays = container.read(&ALLOW_PRIVILEGE_ESCALATION).value == Value::Is(Lit::Bool(false));
    if stays && container.read(&PRIVILEGED).value == TRUE {
        says("allowPrivilegeEscalation cannot be false beside privileged: true");
    }
    if stays && adds_admin {
        says("allowPrivilegeEscalation cannot be false beside the capability CAP_SYS_ADMIN");
    }
    let root = container.effective(&RUN_AS_USER).value == Value::Is(Lit::Int(0));
    if root && container.effective(&RUN_AS_NON_ROOT).value == TRUE {
        says("runAsNonRoot beside runAsUser: 0 keeps the container from starting");
    }
    let host_process = container.effective(&HOST_PROCESS).value == TRUE;
    if host_process && pod.read(&HOST_NETWORK).value != TRUE {
        says("hostProcess needs hostNetwork");
    }
    let unmasked = container.read(&PROC_MOUNT).value == Value::Is(Lit::Str("Unmasked"));
    if unmasked && pod.read(&HOST_USERS).value != Value::Is(Lit::Bool(false)) {
        says("procMount: Unmasked needs hostUsers: false");
    }
}

/// Fields of security contexts that a pod with `os.name: windows` may not have.
const LINUX_ONLY: [&str; 14] = [
    "allowPrivilegeEscalation",
    "appArmorProfile",
    "capabilities",
    "fsGroup",
    "fsGroupChangePolicy",
    "privileged",
    "procMount",
    "readOnlyRootFilesystem",
    "runAsGroup",
    "runAsUser",
    "seLinuxOptions",
    "seccompProfile",
    "supplementalGroups",
    "sysctls",
];

fn has_linux_fields(pod: &Pod<'_>) -> bool {
    let of = |node: Node<'_>| {
        node.get("securityContext")
            .is_some_and(|context| LINUX_ONLY.iter().any(|key| context.get(key).is_some()))
    };
    of(pod.spec) || pod.containers().any(|container| of(container.node))
}
