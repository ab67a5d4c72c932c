//! One row per API field of a pod: type, default, first version, where the API allows it, and its pod-level twin.
//! Accessors, paths, and the variants that pages are tested in all come from these rows.

use crate::version::Minor;

/// What a field hangs on.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Owner {
    /// The pod's `spec`.
    Pod,
    /// An entry of one of the container lists.
    Container,
}

/// The JSON type that the API wants.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A string.
    String,
}

impl Type {
    /// The type with its article, for messages.
    pub fn article(self) -> &'static str {
        match self {
            Type::Bool => "a boolean",
            Type::Int => "a whole number",
            Type::String => "a string",
        }
    }
}

/// A scalar as the API sees it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Lit<'a> {
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string.
    Str(&'a str),
}

impl std::fmt::Display for Lit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Lit::Bool(value) => value.fmt(f),
            Lit::Int(value) => value.fmt(f),
            Lit::Str(value) => f.write_str(value),
        }
    }
}

/// The kinds of containers in a pod.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum ContainerKind {
    /// An entry of `containers`.
    Main,
    /// An entry of `initContainers` that ends before the next starts.
    Init,
    /// An entry of `initContainers` with `restartPolicy: Always` (since 1.28).
    Sidecar,
    /// An entry of `ephemeralContainers`; exists only in Pods, never in templates.
    Ephemeral,
}

impl ContainerKind {
    /// All kinds.
    pub const ALL: [ContainerKind; 4] = [Self::Main, Self::Init, Self::Sidecar, Self::Ephemeral];

    /// The list of the pod's `spec` in which such containers stand.
    pub fn list(self) -> &'static str {
        match self {
            ContainerKind::Main => "containers",
            ContainerKind::Init | ContainerKind::Sidecar => "initContainers",
            ContainerKind::Ephemeral => "ephemeralContainers",
        }
    }

    /// The kind in words.
    pub fn noun(self) -> &'static str {
        match self {
            ContainerKind::Main => "container",
            ContainerKind::Init => "init container",
            ContainerKind::Sidecar => "sidecar container",
            ContainerKind::Ephemeral => "ephemeral container",
        }
    }
}

/// The container kinds for which the API allows a field.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Kinds(&'static [ContainerKind]);

impl Kinds {
    /// Every kind of container.
    pub const ALL: Kinds = Kinds(&ContainerKind::ALL);
    /// Ephemeral containers have no ports and no resources.
    pub const NOT_EPHEMERAL: Kinds = Kinds(&[
        ContainerKind::Main,
        ContainerKind::Init,
        ContainerKind::Sidecar,
    ]);
    /// Only containers that keep running have probes and lifecycle hooks.
    pub const RUNNING: Kinds = Kinds(&[ContainerKind::Main, ContainerKind::Sidecar]);

    /// Does the API allow the field on such a container?
    pub fn allow(self, kind: ContainerKind) -> bool {
        self.0.contains(&kind)
    }
}

/// One field of the API.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// What the keys start from.
    pub owner: Owner,
    /// Keys from the owner; `[]` stands for every item of a list.
    pub keys: &'static [&'static str],
    /// Type of the value.
    pub ty: Type,
    /// What the API server or the kubelet takes when the field is absent, where that is a fixed value.
    pub default: Option<Lit<'static>>,
    /// First version whose API server keeps the field (with its default feature gates); before, it is dropped.
    pub since: Minor,
    /// Container kinds for which the API allows the field; `ALL` for pod fields.
    pub kinds: Kinds,
    /// The pod-level field whose value an absent container field takes.
    pub inherits: Option<&'static Field>,
}

impl Field {
    /// The step that stands for every item of a list.
    pub const EACH: &'static str = "[]";

    const fn new(owner: Owner, keys: &'static [&'static str], ty: Type) -> Field {
        Field {
            owner,
            keys,
            ty,
            default: None,
            since: Minor(0),
            kinds: Kinds::ALL,
            inherits: None,
        }
    }

    const fn pod(keys: &'static [&'static str], ty: Type) -> Field {
        Field::new(Owner::Pod, keys, ty)
    }

    const fn container(keys: &'static [&'static str], ty: Type) -> Field {
        Field::new(Owner::Container, keys, ty)
    }

    const fn default(self, default: Lit<'static>) -> Field {
        Field {
            default: Some(default),
            ..self
        }
    }

    const fn since(self, minor: u8) -> Field {
        Field {
            since: Minor(minor),
            ..self
        }
    }

    const fn only(self, kinds: Kinds) -> Field {
        Field { kinds, ..self }
    }

    const fn inherits(self, twin: &'static Field) -> Field {
        Field {
            inherits: Some(twin),
            ..self
        }
    }
}

const SECURITY: &str = "securityContext";
const EACH: &str = Field::EACH;
const FALSE: Lit<'static> = Lit::Bool(false);

/// `spec.hostPID`
pub static HOST_PID: Field = Field::pod(&["hostPID"], Type::Bool).default(FALSE);
/// `spec.hostIPC`
pub static HOST_IPC: Field = Field::pod(&["hostIPC"], Type::Bool).default(FALSE);
/// `spec.hostNetwork`
pub static HOST_NETWORK: Field = Field::pod(&["hostNetwork"], Type::Bool).default(FALSE);
/// `spec.hostUsers`; false puts the pod into a user namespace of its own.
pub static HOST_USERS: Field = Field::pod(&["hostUsers"], Type::Bool)
    .default(Lit::Bool(true))
    .since(25);
/// `spec.os.name`: `linux` or `windows`.
pub static OS_NAME: Field = Field::pod(&["os", "name"], Type::String);
/// `spec.automountServiceAccountToken`; absent means what the ServiceAccount says.
pub static AUTOMOUNT_TOKEN: Field = Field::pod(&["automountServiceAccountToken"], Type::Bool);
/// How long each projected service account token lives, in seconds; absent means an hour.
pub static PROJECTED_TOKEN_EXPIRATION: Field = Field::pod(
    &[
        "volumes",
        EACH,
        "projected",
        "sources",
        EACH,
        "serviceAccountToken",
        "expirationSeconds",
    ],
    Type::Int,
)
.default(Lit::Int(3600));
/// `spec.serviceAccountName`
pub static SERVICE_ACCOUNT_NAME: Field = Field::pod(&["serviceAccountName"], Type::String);
/// `spec.serviceAccount`, the deprecated alias of the name.
pub static SERVICE_ACCOUNT: Field = Field::pod(&["serviceAccount"], Type::String);

/// Pod-level `runAsNonRoot`.
pub static POD_RUN_AS_NON_ROOT: Field = Field::pod(&[SECURITY, "runAsNonRoot"], Type::Bool);
/// Pod-level `runAsUser`.
pub static POD_RUN_AS_USER: Field = Field::pod(&[SECURITY, "runAsUser"], Type::Int);
/// Pod-level `runAsGroup`.
pub static POD_RUN_AS_GROUP: Field = Field::pod(&[SECURITY, "runAsGroup"], Type::Int);
/// `fsGroup`, the group that owns the pod's volumes.
pub static FS_GROUP: Field = Field::pod(&[SECURITY, "fsGroup"], Type::Int);
/// Each of `supplementalGroups`.
pub static SUPPLEMENTAL_GROUPS: Field =
    Field::pod(&[SECURITY, "supplementalGroups", EACH], Type::Int);
/// Pod-level `seccompProfile.type`.
pub static POD_SECCOMP_TYPE: Field =
    Field::pod(&[SECURITY, "seccompProfile", "type"], Type::String);
/// Pod-level `appArmorProfile.type`.
pub static POD_APPARMOR_TYPE: Field =
    Field::pod(&[SECURITY, "appArmorProfile", "type"], Type::String).since(30);
/// Pod-level SELinux type.
pub static POD_SELINUX_TYPE: Field =
    Field::pod(&[SECURITY, "seLinuxOptions", "type"], Type::String);
/// Pod-level SELinux user.
pub static POD_SELINUX_USER: Field =
    Field::pod(&[SECURITY, "seLinuxOptions", "user"], Type::String);
/// Pod-level SELinux role.
pub static POD_SELINUX_ROLE: Field =
    Field::pod(&[SECURITY, "seLinuxOptions", "role"], Type::String);
/// Pod-level `windowsOptions.hostProcess`.
pub static POD_HOST_PROCESS: Field =
    Field::pod(&[SECURITY, "windowsOptions", "hostProcess"], Type::Bool);
/// Pod-level `windowsOptions.runAsUserName`.
pub static POD_WINDOWS_USER_NAME: Field =
    Field::pod(&[SECURITY, "windowsOptions", "runAsUserName"], Type::String);
/// Whether groups of the image's `/etc/group` are merged in (`Merge`, the default) or not (`Strict`).
pub static SUPPLEMENTAL_GROUPS_POLICY: Field =
    Field::pod(&[SECURITY, "supplementalGroupsPolicy"], Type::String)
        .default(Lit::Str("Merge"))
        .since(33);
/// The name of each sysctl.
pub static SYSCTL_NAME: Field = Field::pod(&[SECURITY, "sysctls", EACH, "name"], Type::String);

/// `image`, a reference such as `registry.example.com/app:1.0`.
pub static IMAGE: Field = Field::container(&["image"], Type::String);
/// `imagePullPolicy`; absent means `Always` for the tag `latest` and none, otherwise `IfNotPresent`.
pub static IMAGE_PULL_POLICY: Field = Field::container(&["imagePullPolicy"], Type::String);
/// `privileged`
pub static PRIVILEGED: Field =
    Field::container(&[SECURITY, "privileged"], Type::Bool).default(FALSE);
/// `allowPrivilegeEscalation`; the kubelet takes true when it is absent.
pub static ALLOW_PRIVILEGE_ESCALATION: Field =
    Field::container(&[SECURITY, "allowPrivilegeEscalation"], Type::Bool).default(Lit::Bool(true));
/// `readOnlyRootFilesystem`
pub static READ_ONLY_ROOT_FILESYSTEM: Field =
    Field::container(&[SECURITY, "readOnlyRootFilesystem"], Type::Bool).default(FALSE);
/// `runAsNonRoot`
pub static RUN_AS_NON_ROOT: Field =
    Field::container(&[SECURITY, "runAsNonRoot"], Type::Bool).inherits(&POD_RUN_AS_NON_ROOT);
/// `runAsUser`
pub static RUN_AS_USER: Field =
    Field::container(&[SECURITY, "runAsUser"], Type::Int).inherits(&POD_RUN_AS_USER);
/// `runAsGroup`
pub static RUN_AS_GROUP: Field =
    Field::container(&[SECURITY, "runAsGroup"], Type::Int).inherits(&POD_RUN_AS_GROUP);
/// Each of `capabilities.add`.
pub static CAPABILITIES_ADD: Field =
    Field::container(&[SECURITY, "capabilities", "add", EACH], Type::String);
/// Each of `capabilities.drop`.
pub static CAPABILITIES_DROP: Field =
    Field::container(&[SECURITY, "capabilities", "drop", EACH], Type::String);
/// `procMount`
pub static PROC_MOUNT: Field =
    Field::container(&[SECURITY, "procMount"], Type::String).default(Lit::Str("Default"));
/// `seccompProfile.type`
pub static SECCOMP_TYPE: Field =
    Field::container(&[SECURITY, "seccompProfile", "type"], Type::String)
        .inherits(&POD_SECCOMP_TYPE);
/// `appArmorProfile.type`
pub static APPARMOR_TYPE: Field =
    Field::container(&[SECURITY, "appArmorProfile", "type"], Type::String)
        .since(30)
        .inherits(&POD_APPARMOR_TYPE);
/// SELinux type.
pub static SELINUX_TYPE: Field =
    Field::container(&[SECURITY, "seLinuxOptions", "type"], Type::String)
        .inherits(&POD_SELINUX_TYPE);
/// SELinux user.
pub static SELINUX_USER: Field =
    Field::container(&[SECURITY, "seLinuxOptions", "user"], Type::String)
        .inherits(&POD_SELINUX_USER);
/// SELinux role.
pub static SELINUX_ROLE: Field =
    Field::container(&[SECURITY, "seLinuxOptions", "role"], Type::String)
        .inherits(&POD_SELINUX_ROLE);
/// `windowsOptions.hostProcess`
pub static HOST_PROCESS: Field =
    Field::container(&[SECURITY, "windowsOptions", "hostProcess"], Type::Bool)
        .inherits(&POD_HOST_PROCESS);
/// `windowsOptions.runAsUserName`
pub static WINDOWS_USER_NAME: Field =
    Field::container(&[SECURITY, "windowsOptions", "runAsUserName"], Type::String)
        .inherits(&POD_WINDOWS_USER_NAME);
/// The host port of each port.
pub static HOST_PORT: Field = Field::container(&["ports", EACH, "hostPort"], Type::Int)
    .default(Lit::Int(0))
    .only(Kinds::NOT_EPHEMERAL);

const fn probe_host(keys: &'static [&'static str]) -> Field {
    Field::container(keys, Type::String)
        .default(Lit::Str(""))
        .only(Kinds::RUNNING)
}

/// The `host` of every probe and lifecycle hook.
pub static PROBE_HOSTS: [Field; 10] = [
    probe_host(&["livenessProbe", "httpGet", "host"]),
    probe_host(&["livenessProbe", "tcpSocket", "host"]),
    probe_host(&["readinessProbe", "httpGet", "host"]),
    probe_host(&["readinessProbe", "tcpSocket", "host"]),
    probe_host(&["startupProbe", "httpGet", "host"]),
    probe_host(&["startupProbe", "tcpSocket", "host"]),
    probe_host(&["lifecycle", "postStart", "httpGet", "host"]),
    probe_host(&["lifecycle", "postStart", "tcpSocket", "host"]),
    probe_host(&["lifecycle", "preStop", "httpGet", "host"]),
    probe_host(&["lifecycle", "preStop", "tcpSocket", "host"]),
];
