//! Pods as careful and careless people write them.
//!
//! Here lives the pod's template: metadata and spec; its carriers live in `workload`. Invariant: an API server
//! accepts every pod; a fault is a bad idea, never an invalid field.

use super::author::App;
use super::random::Random;
use super::value::{Map, Value};

/// How careful a pod's author was.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Care {
    /// Passes Pod Security restricted and more.
    Hardened,
    /// Says something about security, but not enough.
    Halfway,
    /// Says nothing.
    #[default]
    Silent,
    /// Asks for something dangerous.
    Faulty,
}

/// Something dangerous that a pod asks for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Fault {
    #[default]
    Root,
    Privileged,
    Capabilities,
    Escalation,
    Unconfined,
    HostFolder,
    RuntimeSocket,
    HostNetwork,
    HostProcesses,
    HostPort,
    Sysctl,
    Password,
    Latest,
}

const FAULTS: [Fault; 13] = [
    Fault::Root,
    Fault::Privileged,
    Fault::Capabilities,
    Fault::Escalation,
    Fault::Unconfined,
    Fault::HostFolder,
    Fault::RuntimeSocket,
    Fault::HostNetwork,
    Fault::HostProcesses,
    Fault::HostPort,
    Fault::Sysctl,
    Fault::Password,
    Fault::Latest,
];

/// One pod while it is being written.
pub(super) struct Pod<'r> {
    pub(super) app: &'r App,
    pub(super) care: Care,
    faults: Vec<Fault>,
    pub(super) random: &'r mut Random,
}

/// The author of one pod: one in three is careful.
fn care(random: &mut Random) -> Care {
    match random.below(6) {
        0 | 1 => Care::Hardened,
        2 => Care::Silent,
        3 => Care::Halfway,
        _ => Care::Faulty,
    }
}

/// A pod's `spec`. `restart` is its restart policy, absent for the default.
pub(super) fn spec(app: &App, restart: Option<&str>, random: &mut Random) -> Map {
    let care = care(random);
    let faults = if care == Care::Faulty {
        (0..random.between(1, 3))
            .map(|_| random.pick(&FAULTS))
            .collect()
    } else {
        Vec::new()
    };
    Pod {
        app,
        care,
        faults,
        random,
    }
    .spec(restart)
}

impl Pod<'_> {
    pub(super) fn has(&self, fault: Fault) -> bool {
        self.faults.contains(&fault)
    }

    pub(super) fn hardened(&self) -> bool {
        self.care == Care::Hardened
    }

    fn spec(mut self, restart: Option<&str>) -> Map {
        let account = (self.hardened() || self.random.one_in(2)).then_some(self.app.name.as_str());
        let context = self.context();
        let mut containers = vec![self.main_container().into()];
        if self.random.one_in(4) {
            containers.push(self.sidecar().into());
        }
        let mut setup = Vec::new();
        if self.random.one_in(6) {
            setup.push(self.setup().into());
        }
        Map::default()
            .maybe("serviceAccountName", account)
            .maybe(
                "automountServiceAccountToken",
                self.hardened().then_some(false),
            )
            .maybe("hostNetwork", self.has(Fault::HostNetwork).then_some(true))
            .maybe("hostPID", self.has(Fault::HostProcesses).then_some(true))
            .maybe("restartPolicy", restart)
            .maybe("securityContext", context)
            .filled("initContainers", setup)
            .with("containers", containers)
            .filled("volumes", self.volumes())
    }

    fn context(&mut self) -> Option<Map> {
        let user = 10_000 + self.app.number % 20_000;
        let kind = |kind: &str| Map::default().with("type", kind);
        let sysctl = |name: &str, value: &str| -> Value {
            Map::default()
                .with("name", name)
                .with("value", value)
                .into()
        };
        match self.care {
            Care::Hardened => Some(
                Map::default()
                    .with("runAsNonRoot", true)
                    .with("runAsUser", user)
                    .with("runAsGroup", user)
                    .with("fsGroup", user)
                    .with("seccompProfile", kind("RuntimeDefault")),
            ),
            Care::Halfway => Some(
                Map::default()
                    .with("runAsNonRoot", true)
                    .maybe("fsGroup", self.random.one_in(2).then_some(user)),
            ),
            Care::Faulty if self.has(Fault::Root) => Some(Map::default().with("runAsUser", 0)),
            Care::Faulty if self.has(Fault::Sysctl) && !self.has(Fault::HostNetwork) => {
                let sysctls = vec![sysctl("net.core.somaxconn", "16384")];
                Some(Map::default().with("sysctls", sysctls))
            }
            _ => None,
        }
    }

    fn volumes(&mut self) -> Vec<Value> {
        let volume = |name: &str, kind: &str, source: Map| -> Value {
            Map::default().with("name", name).with(kind, source).into()
        };
        let limit = self.hardened().then_some("64Mi");
        let settings = Map::default().with("name", self.app.name.as_str());
        let mut volumes = vec![
            volume("tmp", "emptyDir", Map::default().maybe("sizeLimit", limit)),
            volume("config", "configMap", settings),
        ];
        if self.has(Fault::HostFolder) {
            let folder = self
                .random
                .pick(&["/", "/etc", "/var/log", "/proc", "/var/lib/kubelet"]);
            volumes.push(volume(
                "host",
                "hostPath",
                Map::default().with("path", folder),
            ));
        }
        if self.has(Fault::RuntimeSocket) {
            let socket = Map::default()
                .with("path", "/var/run/docker.sock")
                .with("type", "Socket");
            volumes.push(volume("runtime", "hostPath", socket));
        }
        volumes
    }
}
