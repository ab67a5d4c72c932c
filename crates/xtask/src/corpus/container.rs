//! Containers: the application's own, the one that comes along, the one that prepares.
//!
//! Invariant: a volume is mounted exactly when `pod` declares it for the same faults.

use super::pod::{Care, Fault, Pod};
use super::value::{Map, Value, texts};

impl Pod<'_> {
    pub(super) fn main_container(&mut self) -> Map {
        let name = self.app.name.clone();
        let (arguments, ports) = (self.arguments(), self.ports());
        let (variables, context) = (self.variables(), self.main_context());
        let probes = self.random.one_in(2);
        let container = Map::default()
            .with("name", name.as_str())
            .with("image", self.image(&name))
            .filled("args", arguments)
            .with("ports", ports)
            .filled("env", variables)
            .maybe("securityContext", context);
        let container = if probes {
            with_probes(container)
        } else {
            container
        };
        container
            .maybe("resources", self.resources())
            .filled("volumeMounts", self.mounts())
    }

    /// Only the application's own containers are pinned, whoever wrote the rest.
    fn image(&mut self, name: &str) -> String {
        let team = self.app.team;
        let repository = format!("registry.example.com/{team}/{name}");
        let [major, minor, patch] = [9, 30, 12].map(|most| self.random.below(most));
        if self.hardened() {
            let digest: String = (0..4)
                .map(|_| format!("{:016x}", self.random.bits()))
                .collect();
            return format!("{repository}:{major}.{minor}.{patch}@sha256:{digest}");
        }
        if self.has(Fault::Latest) {
            return format!("{repository}:latest");
        }
        format!("{repository}:{major}.{minor}.{patch}")
    }

    fn arguments(&mut self) -> Vec<Value> {
        let all = [
            "--listen=:8080",
            "--config=/etc/app/config.yaml",
            "--log-format=json",
            "--log-level=info",
            "--shutdown-timeout=30s",
            "--workers=4",
        ];
        let count = self.random.below(5) as usize;
        all.iter().copied().take(count).map(Value::from).collect()
    }

    fn ports(&self) -> Vec<Value> {
        let fixed = self.has(Fault::HostPort) || self.has(Fault::HostNetwork);
        let port = |name: &str, number: u32| -> Value {
            Map::default()
                .with("name", name)
                .with("containerPort", number)
                .maybe("hostPort", fixed.then_some(number))
                .into()
        };
        vec![port("http", 8080), port("metrics", 9090)]
    }

    fn variables(&mut self) -> Vec<Value> {
        let all = [
            ("LOG_LEVEL", "info"),
            ("PORT", "8080"),
            ("DATABASE_HOST", "postgres.data.svc.cluster.local"),
            (
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://collector.observability:4317",
            ),
            ("FEATURE_FLAGS", "new-basket,dark-mode"),
            ("TZ", "Europe/Berlin"),
        ];
        let count = self.random.below(6) as usize;
        let literal = |&(name, value): &(&str, &str)| -> Value {
            Map::default()
                .with("name", name)
                .with("value", value)
                .into()
        };
        let mut variables: Vec<Value> = all.iter().take(count).map(literal).collect();
        if self.has(Fault::Password) {
            variables.push(literal(&("DATABASE_PASSWORD", "correct-horse-battery")));
        } else if !self.hardened() && self.random.one_in(3) {
            let key = Map::default()
                .with("name", self.app.name.as_str())
                .with("key", "password");
            let from = Map::default().with("secretKeyRef", key);
            variables.push(
                Map::default()
                    .with("name", "DATABASE_PASSWORD")
                    .with("valueFrom", from)
                    .into(),
            );
        }
        variables
    }

    fn main_context(&mut self) -> Option<Map> {
        match self.care {
            Care::Hardened => Some(confined()),
            Care::Silent => None,
            Care::Halfway if self.random.one_in(2) => {
                Some(Map::default().with("allowPrivilegeEscalation", false))
            }
            Care::Halfway => Some(Map::default().with("readOnlyRootFilesystem", true)),
            Care::Faulty => self.dangerous_context(),
        }
    }

    fn dangerous_context(&mut self) -> Option<Map> {
        let added = self.random.pick(&[
            "NET_ADMIN",
            "SYS_ADMIN",
            "SYS_PTRACE",
            "NET_RAW",
            "DAC_READ_SEARCH",
        ]);
        let capabilities = Map::default().with("add", texts(&[added]));
        let unconfined = Map::default().with("type", "Unconfined");
        let context = Map::default()
            .maybe("privileged", self.has(Fault::Privileged).then_some(true))
            .maybe(
                "allowPrivilegeEscalation",
                self.has(Fault::Escalation).then_some(true),
            )
            .maybe(
                "capabilities",
                self.has(Fault::Capabilities).then_some(capabilities),
            )
            .maybe(
                "seccompProfile",
                self.has(Fault::Unconfined).then_some(unconfined),
            );
        (!context.0.is_empty()).then_some(context)
    }

    fn resources(&mut self) -> Option<Map> {
        let memory = self
            .random
            .pick(&["64Mi", "128Mi", "256Mi", "512Mi", "1Gi"]);
        let cpu = self.random.pick(&["25m", "50m", "100m", "250m", "500m"]);
        let amounts = Map::default().with("cpu", cpu).with("memory", memory);
        if self.hardened() || self.random.one_in(2) {
            let limits = Map::default().with("cpu", "500m").with("memory", memory);
            return Some(
                Map::default()
                    .with("requests", amounts)
                    .with("limits", limits),
            );
        }
        (!self.random.one_in(3)).then(|| Map::default().with("requests", amounts))
    }

    /// The container that comes along: a log shipper or a proxy, as careful as the rest of the pod.
    pub(super) fn sidecar(&mut self) -> Map {
        let name = self
            .random
            .pick(&["log-shipper", "proxy", "config-reloader", "exporter"]);
        let context = self.hardened().then(confined);
        let amounts = Map::default().with("cpu", "25m").with("memory", "32Mi");
        let both = Map::default()
            .with("requests", amounts.clone())
            .with("limits", amounts);
        Map::default()
            .with("name", name)
            .with("image", self.image(name))
            .with("args", texts(&["--watch=/tmp", "--quiet"]))
            .maybe("securityContext", context)
            .maybe(
                "resources",
                (self.hardened() || self.random.one_in(2)).then_some(both),
            )
            .with("volumeMounts", vec![mount("tmp", "/tmp", false)])
    }

    pub(super) fn setup(&mut self) -> Map {
        let name = self
            .random
            .pick(&["migrate", "wait-for-database", "fetch-assets"]);
        let context = self.hardened().then(confined);
        let amounts = Map::default().with("cpu", "100m").with("memory", "64Mi");
        let both = Map::default()
            .with("requests", amounts.clone())
            .with("limits", amounts);
        let script = "until nc -z postgres.data 5432; do sleep 1; done; exec /app/setup --once";
        Map::default()
            .with("name", name)
            .with("image", self.image(name))
            .with("command", texts(&["/bin/sh", "-c", script]))
            .maybe("securityContext", context)
            .maybe("resources", self.hardened().then_some(both))
    }

    fn mounts(&self) -> Vec<Value> {
        let mut mounts = vec![
            mount("tmp", "/tmp", false),
            mount("config", "/etc/app", true),
        ];
        if self.has(Fault::HostFolder) {
            mounts.push(mount("host", "/host", false));
        }
        if self.has(Fault::RuntimeSocket) {
            mounts.push(mount("runtime", "/var/run/docker.sock", false));
        }
        mounts
    }
}

/// A container's security context that Pod Security restricted asks for, with a read-only root.
fn confined() -> Map {
    let capabilities = Map::default().with("drop", texts(&["ALL"]));
    Map::default()
        .with("allowPrivilegeEscalation", false)
        .with("readOnlyRootFilesystem", true)
        .with("capabilities", capabilities)
}

fn mount(name: &str, path: &str, read_only: bool) -> Value {
    Map::default()
        .with("name", name)
        .with("mountPath", path)
        .maybe("readOnly", read_only.then_some(true))
        .into()
}

fn with_probes(container: Map) -> Map {
    let get = |path: &str| Map::default().with("path", path).with("port", "http");
    let ready = Map::default()
        .with("httpGet", get("/readyz"))
        .with("periodSeconds", 5);
    let live = Map::default()
        .with("httpGet", get("/healthz"))
        .with("initialDelaySeconds", 10)
        .with("failureThreshold", 3);
    container
        .with("readinessProbe", ready)
        .with("livenessProbe", live)
}
