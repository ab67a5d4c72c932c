//! No entry of the pod's `volumes` may have `hostPath`. How bad it is depends on the path, and on whether every container
//! that mounts it does so read-only.

use std::cell::LazyCell;
use std::collections::HashMap;

use plimsoll_control::remedy::item;
use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, Header, How, PssCheck, Remedy, Revision, Rule, Severity,
    Words,
};
use plimsoll_guide::{BEY_30, Chapter, POD_25, PSC_05, SIG_18};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;
use plimsoll_yaml::edit::Edit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-path",
        formerly: &[],
        title: "pod mounts a path of its node",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_05, &POD_25, &SIG_18, &BEY_30],
        pss: &[
            PssCheck::baseline("hostPathVolumes"),
            PssCheck::restricted("restrictedVolumes"),
        ],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(without_volume),
            "a program that uses the node's files fails",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{spec.volumes}.filter(v, has(v.hostPath)).map(v, 'mounts ' + v.hostPath.path + ' of its node')",
]);

/// What a path of the node gives away.
struct Target {
    /// The path; what lies below it counts too.
    path: &'static str,
    /// Severity when it can be written to.
    writable: Severity,
    /// Severity when every mount is read-only.
    read_only: Severity,
    because: &'static str,
}

const fn target(
    path: &'static str,
    writable: Severity,
    read_only: Severity,
    because: &'static str,
) -> Target {
    Target {
        path,
        writable,
        read_only,
        because,
    }
}

/// The first that matches decides. Sockets are as good as write access however they are mounted: `readOnly` does not
/// stop anybody from connecting.
static TARGETS: &[Target] = {
    use Severity::{Critical, High, Low, Medium};
    const SOCKET: &str = "whoever reaches the container runtime's socket is root on the node";
    const AGENT: &str =
        "whoever reaches the kubelet's sockets sees and steers what the node hands to pods";
    const KUBELET: &str = "holds the tokens and secrets of every pod of the node";
    const KUBERNETES: &str = "holds the keys and manifests of the control plane or the kubelet";
    const RUNTIME: &str = "holds the files of every container of the node";
    const PROGRAMS: &str = "holds programs that the node runs as root";
    const LOGS: &str =
        "shows the logs of every pod; if writable, a planted link fetches any file of the node";
    &[
        target("/var/run/docker.sock", Critical, Critical, SOCKET),
        target("/run/docker.sock", Critical, Critical, SOCKET),
        target("/var/run/containerd", Critical, Critical, SOCKET),
        target("/run/containerd", Critical, Critical, SOCKET),
        target("/run/k3s/containerd", Critical, Critical, SOCKET),
        target("/var/run/crio", Critical, Critical, SOCKET),
        target("/run/crio", Critical, Critical, SOCKET),
        target("/var/run/cri-dockerd.sock", Critical, Critical, SOCKET),
        target("/run/cri-dockerd.sock", Critical, Critical, SOCKET),
        target("/var/run/podman", Critical, Critical, SOCKET),
        target("/run/podman", Critical, Critical, SOCKET),
        target("/pipe/docker_engine", Critical, Critical, SOCKET),
        target("/pipe/containerd-containerd", Critical, Critical, SOCKET),
        target("/var/lib/kubelet/device-plugins", High, High, AGENT),
        target("/var/lib/kubelet/pod-resources", High, High, AGENT),
        target("/var/lib/kubelet", Critical, High, KUBELET),
        target("/etc/kubernetes", Critical, Critical, KUBERNETES),
        target(
            "/var/lib/etcd",
            Critical,
            Critical,
            "holds the whole state of the cluster, secrets included",
        ),
        target("/var/lib/docker", Critical, High, RUNTIME),
        target("/var/lib/containerd", Critical, High, RUNTIME),
        target("/var/lib/containers", Critical, High, RUNTIME),
        target(
            "/root",
            Critical,
            High,
            "holds what the node's administrator keeps, such as SSH keys",
        ),
        target(
            "/home",
            Critical,
            High,
            "holds what the node's users keep, such as SSH keys",
        ),
        target(
            "/etc",
            Critical,
            High,
            "holds the accounts and settings of the node",
        ),
        target(
            "/proc",
            Critical,
            Medium,
            "shows, and if writable changes, the node's kernel and processes",
        ),
        target(
            "/sys",
            Critical,
            Low,
            "shows, and if writable changes, the node's kernel and devices",
        ),
        target(
            "/dev",
            Critical,
            High,
            "gives the node's devices, disks included",
        ),
        target(
            "/boot",
            Critical,
            Medium,
            "holds the kernel that the node starts with",
        ),
        target(
            "/lib/modules",
            Critical,
            Low,
            "holds what the node's kernel loads",
        ),
        target(
            "/usr/lib/modules",
            Critical,
            Low,
            "holds what the node's kernel loads",
        ),
        target("/usr/share/zoneinfo", High, Low, "holds public data only"),
        target("/usr", Critical, Medium, PROGRAMS),
        target("/bin", Critical, Medium, PROGRAMS),
        target("/sbin", Critical, Medium, PROGRAMS),
        target("/lib", Critical, Medium, PROGRAMS),
        target("/lib64", Critical, Medium, PROGRAMS),
        target("/opt/cni", Critical, Medium, PROGRAMS),
        target("/var/log", High, Medium, LOGS),
    ]
};

/// Folders above a target, or the root itself.
const WHOLE: &str = "holds everything that the node has below it, secrets and sockets included";
const OTHER: &str = "what the pod does there is done to the node";

fn check(pod: &Pod<'_>, _: Words, found: &mut Found<'_>) {
    let read_only = LazyCell::new(|| read_only_volumes(pod));
    for volume in pod.volumes() {
        let Some(source) = volume.get("hostPath").filter(|source| !source.is_null()) else {
            continue;
        };
        let name = volume
            .get("name")
            .and_then(Node::as_str)
            .unwrap_or_default();
        let path = source.get("path");
        let at = At::node(path.unwrap_or(source));
        let shown = path.and_then(Node::text).unwrap_or("an unnamed path");
        let read_only = read_only.get(name) == Some(&true);
        let (severity, because) = weigh(&clean(shown), read_only);
        let finding = found.on_object(at, &format!("mounts {shown} of its node"), because);
        if severity != finding.severity {
            finding.weigh(severity, because);
        }
    }
}

/// The severity and reason of a path.
fn weigh(path: &str, read_only: bool) -> (Severity, &'static str) {
    known(path, read_only).unwrap_or(match read_only {
        true => (Severity::Medium, OTHER),
        false => (Severity::High, OTHER),
    })
}

/// The severity and reason of a path of which it is known what it gives away.
pub(super) fn known(path: &str, read_only: bool) -> Option<(Severity, &'static str)> {
    let above = |target: &Target| path == "/" || below(target.path, path) && target.path != path;
    if let Some(target) = TARGETS.iter().find(|target| below(path, target.path)) {
        let severity = if read_only {
            target.read_only
        } else {
            target.writable
        };
        return Some((severity, target.because));
    }
    TARGETS
        .iter()
        .any(above)
        .then_some((Severity::Critical, WHOLE))
}

/// Is `path` the folder or something in it?
fn below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Of each volume that somebody mounts: are all its mounts read-only?
fn read_only_volumes<'t>(pod: &Pod<'t>) -> HashMap<&'t str, bool> {
    let by_volume = mounts_by_volume(pod).into_iter();
    let read_only = by_volume.map(|(name, mounts)| (name, mounts.into_iter().all(is_read_only)));
    read_only.collect()
}

/// The mounts of each volume. A volume that nobody mounts is only a promise, judged as written.
fn mounts_by_volume<'t>(pod: &Pod<'t>) -> HashMap<&'t str, Vec<Node<'t>>> {
    let mut by_volume: HashMap<_, Vec<_>> = HashMap::new();
    for container in pod.containers() {
        let mounts = container.node.get("volumeMounts").into_iter();
        for mount in mounts.flat_map(Node::items) {
            if let Some(name) = mount.get("name").and_then(Node::as_str) {
                by_volume.entry(name).or_default().push(mount);
            }
        }
    }
    by_volume
}

fn is_read_only(mount: Node<'_>) -> bool {
    mount.get("readOnly").and_then(Node::as_bool) == Some(true)
}

/// The path without empty, `.` and `..` steps, as the kubelet's cleaning leaves it; a Windows path without its drive.
pub(super) fn clean(path: &str) -> String {
    let path = path.replace('\\', "/");
    let path = match path.as_bytes() {
        [drive, b':', ..] if drive.is_ascii_alphabetic() => path.get(2..).unwrap_or_default(),
        _ => &path,
    };
    let mut steps = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    format!("/{}", steps.join("/"))
}

/// Takes the volume away, and every mount of it: the API server refuses a mount without its volume.
fn without_volume<'t>(
    object: &'t Object<'t>,
    finding: &Finding,
) -> Result<Vec<Edit>, &'static str> {
    let root = object.document.tree.root();
    let volume = item(finding.place.path.clone()).and_then(|path| path.resolve(root));
    let (Some(volume), Some(pod)) = (volume, object.pod()) else {
        return Err("its volume is not there");
    };
    let name = volume.get("name").and_then(Node::as_str);
    let mounts = mounts_by_volume(&pod);
    let mounts = name.and_then(|name| mounts.get(name)).into_iter().flatten();
    let gone = mounts.copied().chain([volume]);
    Ok(gone.map(|node| Edit::remove(node.path())).collect())
}
