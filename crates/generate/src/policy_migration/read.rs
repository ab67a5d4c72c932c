//! What a PodSecurityPolicy lets through, measured against the levels of the Pod Security Standards, and what it did
//! beyond refusing. What it leaves out means what the removed API made of it.

use plimsoll_snapshot::object::Object;
use plimsoll_yaml::{Kind, Node};

/// A range of ids, both ends included.
pub(super) type Range = (i64, i64);

/// The groups that a policy allowed in a field.
#[derive(Clone)]
pub(super) struct Groups {
    pub(super) field: &'static str,
    /// A pod that named none got one.
    pub(super) must: bool,
    pub(super) ranges: Vec<Range>,
}

/// What matters of a PodSecurityPolicy.
pub(super) struct Policy {
    pub(super) name: String,
    /// What it lets through that the baseline level refuses.
    pub(super) beyond_baseline: Vec<&'static str>,
    /// What it lets through that the restricted level refuses as well.
    pub(super) beyond_restricted: Vec<&'static str>,
    /// What it refused and labels cannot, with what to do.
    pub(super) lost: Vec<&'static str>,
    /// What it wrote into pods, which admission by labels never does.
    pub(super) written: Vec<&'static str>,
    /// It wanted a read-only root filesystem.
    pub(super) read_only: bool,
    /// The groups it allowed; a field that is not here may hold every group.
    pub(super) groups: Vec<Groups>,
}

/// Capabilities that the baseline level lets a container add.
const BASELINE: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// Volumes that the restricted level allows; `none` is how PSPs say that there are none.
const VOLUMES: [&str; 9] = [
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "none",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const SECCOMP: &str = "seccomp.security.alpha.kubernetes.io/allowedProfileNames";
const SECCOMP_DEFAULT: &str = "seccomp.security.alpha.kubernetes.io/defaultProfileName";
const APPARMOR: &str = "apparmor.security.beta.kubernetes.io/allowedProfileNames";
const APPARMOR_DEFAULT: &str = "apparmor.security.beta.kubernetes.io/defaultProfileName";

/// The spec of a policy, as one asks it.
struct Spec<'t> {
    node: Option<Node<'t>>,
    annotations: Option<Node<'t>>,
}

impl<'t> Spec<'t> {
    fn get(&self, key: &str) -> Option<Node<'t>> {
        self.node?.get(key).filter(|node| !node.is_null())
    }

    /// Is a switch on? `default` where it is left out.
    fn on(&self, key: &str, default: bool) -> bool {
        self.get(key).and_then(Node::as_bool).unwrap_or(default)
    }

    fn list(&self, key: &str) -> Vec<&'t str> {
        let items = self.get(key).into_iter().flat_map(Node::items);
        items.filter_map(Node::as_str).collect()
    }

    fn fills(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|node| node.kind() != Kind::Sequence || !node.is_empty())
    }

    fn rule(&self, key: &str) -> &'t str {
        let rule = self.get(key).and_then(|node| node.get("rule"));
        rule.and_then(Node::as_str).unwrap_or("RunAsAny")
    }

    fn ranges(&self, key: &str) -> Vec<Range> {
        let ranges = self.get(key).and_then(|node| node.get("ranges"));
        let range = |item: Node<'t>| {
            let end = |key| item.get(key).and_then(Node::as_int);
            Some((end("min")?, end("max")?))
        };
        ranges
            .into_iter()
            .flat_map(Node::items)
            .filter_map(range)
            .collect()
    }

    fn annotation(&self, key: &str) -> Option<&'t str> {
        self.annotations?.get(key).and_then(Node::as_str)
    }
}

impl Policy {
    /// Reads a policy. What is of the wrong type counts as left out, which lets more through.
    pub(super) fn read(object: &Object<'_>) -> Policy {
        let metadata = object.node.get("metadata");
        let spec = Spec {
            node: object.node.get("spec"),
            annotations: metadata.and_then(|metadata| metadata.get("annotations")),
        };
        Policy {
            name: object.name().unwrap_or("without a name").to_owned(),
            beyond_baseline: beyond_baseline(&spec),
            beyond_restricted: beyond_restricted(&spec),
            lost: lost(&spec),
            written: written(&spec),
            read_only: spec.on("readOnlyRootFilesystem", false),
            groups: ["runAsGroup", "fsGroup", "supplementalGroups"]
                .into_iter()
                .filter(|field| spec.rule(field) != "RunAsAny")
                .map(|field| Groups {
                    field,
                    must: spec.rule(field) == "MustRunAs",
                    ranges: spec.ranges(field),
                })
                .filter(|groups| !groups.ranges.is_empty())
                .collect(),
        }
    }

    /// The strictest level that refuses nothing which the policy lets through, save what the comments name.
    pub(super) fn level(&self) -> &'static str {
        if !self.beyond_baseline.is_empty() {
            "privileged"
        } else if !self.beyond_restricted.is_empty() {
            "baseline"
        } else {
            "restricted"
        }
    }
}

/// The reasons that hold.
fn holding<const N: usize>(reasons: [(bool, &'static str); N]) -> Vec<&'static str> {
    let holds = reasons.into_iter().filter(|(holds, _)| *holds);
    holds.map(|(_, reason)| reason).collect()
}

fn beyond_baseline(spec: &Spec<'_>) -> Vec<&'static str> {
    let volumes = spec.list("volumes");
    let added = [
        spec.list("allowedCapabilities"),
        spec.list("defaultAddCapabilities"),
    ]
    .concat();
    holding([
        (spec.on("privileged", false), "privileged containers"),
        (spec.on("hostPID", false), "the node's processes (hostPID)"),
        (
            spec.on("hostIPC", false),
            "the node's shared memory (hostIPC)",
        ),
        (
            spec.on("hostNetwork", false),
            "the node's network (hostNetwork)",
        ),
        (spec.fills("hostPorts"), "ports of the node (hostPorts)"),
        (
            volumes
                .iter()
                .any(|volume| ["*", "hostPath"].contains(volume)),
            "folders of the node (hostPath volumes)",
        ),
        (
            added.iter().any(|name| !BASELINE.contains(name)),
            "capabilities beyond the runtime's own",
        ),
        (
            spec.list("allowedProcMountTypes")
                .iter()
                .any(|kind| *kind != "Default"),
            "an unmasked /proc",
        ),
        (spec.fills("allowedUnsafeSysctls"), "unsafe sysctls"),
    ])
}

fn beyond_restricted(spec: &Spec<'_>) -> Vec<&'static str> {
    let dropped = spec.list("requiredDropCapabilities");
    let added = [
        spec.list("allowedCapabilities"),
        spec.list("defaultAddCapabilities"),
    ]
    .concat();
    let root = match spec.rule("runAsUser") {
        "MustRunAsNonRoot" => false,
        "MustRunAs" => spec.ranges("runAsUser").iter().any(|(min, _)| *min <= 0),
        _ => true,
    };
    let seccomp = spec.annotation(SECCOMP).unwrap_or_default();
    let profiles = || seccomp.split(',').map(str::trim);
    let confined =
        !seccomp.is_empty() && profiles().all(|name| name != "*" && name != "unconfined");
    holding([
        (root, "programs that run as root"),
        (
            spec.on("allowPrivilegeEscalation", true),
            "privilege escalation (allowPrivilegeEscalation)",
        ),
        (
            !dropped.iter().any(|name| ["ALL", "*"].contains(name))
                || added.iter().any(|name| *name != "NET_BIND_SERVICE"),
            "capabilities that are not dropped",
        ),
        (
            spec.list("volumes")
                .iter()
                .any(|volume| !VOLUMES.contains(volume)),
            "volume types of the node or the network",
        ),
        (!confined, "pods without a seccomp profile"),
    ])
}

fn lost(spec: &Spec<'_>) -> Vec<&'static str> {
    let bounded = |field| spec.rule(field) != "RunAsAny";
    let user = spec.rule("runAsUser") == "MustRunAs";
    holding([
        (
            user,
            "runAsUser had to be in a range; labels only keep root out. The range was mostly a default: write runAsUser into the workloads",
        ),
        (
            spec.fills("allowedHostPaths"),
            "allowedHostPaths: levels allow all paths or none. Put pods that need the node into a namespace of their own and list the paths in a ValidatingAdmissionPolicy",
        ),
        (
            spec.fills("allowedFlexVolumes") || spec.fills("allowedCSIDrivers"),
            "the list of volume drivers: use a ValidatingAdmissionPolicy, or do not install the others",
        ),
        (
            spec.fills("forbiddenSysctls"),
            "forbiddenSysctls: baseline allows the safe ones and no others",
        ),
        (
            spec.fills("runtimeClass"),
            "the list of runtime classes: use a ValidatingAdmissionPolicy on spec.runtimeClassName",
        ),
        (
            bounded("seLinux"),
            "the very SELinux options: baseline allows container types without user and role",
        ),
        (
            spec.annotation(APPARMOR)
                .is_some_and(|profiles| profiles != "*"),
            "the list of AppArmor profiles: baseline refuses unconfined and allows every other",
        ),
    ])
}

fn written(spec: &Spec<'_>) -> Vec<&'static str> {
    holding([
        (
            spec.rule("runAsUser") != "RunAsAny",
            "runAsNonRoot: true, and runAsUser",
        ),
        (
            spec.fills("requiredDropCapabilities"),
            "capabilities: {drop: [ALL]}",
        ),
        (
            !spec.on("allowPrivilegeEscalation", true)
                || !spec.on("defaultAllowPrivilegeEscalation", true),
            "allowPrivilegeEscalation: false",
        ),
        (
            spec.fills("defaultAddCapabilities"),
            "the capabilities of defaultAddCapabilities",
        ),
        (spec.rule("fsGroup") != "RunAsAny", "fsGroup"),
        (
            spec.rule("supplementalGroups") != "RunAsAny",
            "supplementalGroups",
        ),
        (spec.rule("runAsGroup") == "MustRunAs", "runAsGroup"),
        (
            spec.on("readOnlyRootFilesystem", false),
            "readOnlyRootFilesystem: true",
        ),
        (
            spec.annotation(SECCOMP_DEFAULT).is_some(),
            "seccompProfile: {type: RuntimeDefault} (docker/default and runtime/default mean this)",
        ),
        (
            spec.annotation(APPARMOR_DEFAULT).is_some(),
            "appArmorProfile: {type: RuntimeDefault}, a field since 1.30",
        ),
    ])
}
