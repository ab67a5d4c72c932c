//! What stands beside workloads: services, settings, access, network.
//!
//! Invariant: an API server accepts every object.

use super::App;
use super::random::Random;
use super::value::{Map, Style, Value, block, texts};

/// An object of some kind that carries no pod.
pub(super) fn any(app: &App, random: &mut Random) -> Map {
    match random.below(12) {
        0..=3 => service(app, random),
        4 | 5 => {
            let lines = random.between(8, 50);
            settings(app, lines, random)
        }
        6 => app.head("v1", "ServiceAccount").maybe(
            "automountServiceAccountToken",
            random.one_in(2).then_some(false),
        ),
        7 => role(app, random),
        8 => role_binding(app),
        9 => network_policy(app),
        10 => ingress(app, random),
        _ => disruption_budget(app),
    }
}

fn service(app: &App, random: &mut Random) -> Map {
    let kind = random.pick(&["ClusterIP", "ClusterIP", "ClusterIP", "NodePort", "LoadBalancer"]);
    let port = |name: &str, number: u32| -> Value {
        Map::default()
            .with("name", name)
            .with("port", number)
            .with("targetPort", name)
            .with("protocol", "TCP")
            .into()
    };
    let spec = Map::default()
        .with("type", kind)
        .with("selector", app.selector())
        .with("ports", vec![port("http", 80), port("metrics", 9090)]);
    app.head("v1", "Service").with("spec", spec)
}

/// A ConfigMap with about so many lines of properties.
fn settings(app: &App, lines: u32, random: &mut Random) -> Map {
    let lines = (0..lines).map(|number| property(number, random)).collect();
    let data = Map::default()
        .with("LOG_LEVEL", "info")
        .with("application.properties", Value::Lines(lines));
    app.head("v1", "ConfigMap").with("data", data)
}

fn property(number: u32, random: &mut Random) -> String {
    let area = random.pick(&["server", "cache", "database", "client.retry", "tracing", "mail"]);
    let knob = random.pick(&["timeout", "size", "enabled", "threshold", "interval", "max-open"]);
    format!("{area}.{knob}.{number}={}", random.below(100_000))
}

/// A ConfigMap of exactly `bytes` bytes in block style, or of the least that it can have.
pub(super) fn filler(app: &App, bytes: usize, random: &mut Random) -> Map {
    let size = |lines: &[String]| {
        let mut out = String::new();
        block(&padded(app, lines), 0, Style::Indented, &mut out);
        out.len()
    };
    let mut lines = vec![String::new()];
    // two columns of the key, two of the block and the line feed
    const AROUND: usize = 5;
    let mut room = bytes.saturating_sub(size(&lines));
    while room > 0 {
        let mut line = property(room as u32, random);
        let whole = line.len() + AROUND;
        if whole > room {
            if let Some(last) = lines.last_mut() {
                last.push_str(&"=".repeat(room));
            }
            break;
        }
        room -= whole;
        line.shrink_to_fit();
        lines.push(line);
    }
    padded(app, &lines)
}

fn padded(app: &App, lines: &[String]) -> Map {
    let data = Map::default().with("application.properties", Value::Lines(lines.to_vec()));
    app.head("v1", "ConfigMap").with("data", data)
}

fn role(app: &App, random: &mut Random) -> Map {
    let rule = |group: &str, resources: &[&str], verbs: &[&str]| -> Value {
        Map::default()
            .with("apiGroups", texts(&[group]))
            .with("resources", texts(resources))
            .with("verbs", texts(verbs))
            .into()
    };
    let rules = match random.below(4) {
        0 => vec![rule("*", &["*"], &["*"])],
        1 => vec![rule("", &["secrets"], &["get", "list"]), rule("", &["pods/exec"], &["create"])],
        _ => vec![
            rule("", &["configmaps", "endpoints"], &["get", "list", "watch"]),
            rule("coordination.k8s.io", &["leases"], &["get", "create", "update"]),
        ],
    };
    app.head("rbac.authorization.k8s.io/v1", "Role").with("rules", rules)
}

fn role_binding(app: &App) -> Map {
    let role = Map::default()
        .with("apiGroup", "rbac.authorization.k8s.io")
        .with("kind", "Role")
        .with("name", app.name.as_str());
    let subject: Value = Map::default()
        .with("kind", "ServiceAccount")
        .with("name", app.name.as_str())
        .with("namespace", app.team)
        .into();
    app.head("rbac.authorization.k8s.io/v1", "RoleBinding")
        .with("roleRef", role)
        .with("subjects", vec![subject])
}

fn network_policy(app: &App) -> Map {
    let peer: Value = Map::default()
        .with("podSelector", Map::default().with("matchLabels", Map::default().with("role", "frontend")))
        .into();
    let port: Value = Map::default().with("protocol", "TCP").with("port", 8080).into();
    let rule: Value = Map::default().with("from", vec![peer]).with("ports", vec![port]).into();
    let spec = Map::default()
        .with("podSelector", Map::default().with("matchLabels", app.selector()))
        .with("policyTypes", texts(&["Ingress"]))
        .with("ingress", vec![rule]);
    app.head("networking.k8s.io/v1", "NetworkPolicy").with("spec", spec)
}

fn ingress(app: &App, random: &mut Random) -> Map {
    let host = format!("{}.example.com", app.name);
    let service = Map::default()
        .with("name", app.name.as_str())
        .with("port", Map::default().with("name", "http"));
    let path: Value = Map::default()
        .with("path", "/")
        .with("pathType", "Prefix")
        .with("backend", Map::default().with("service", service))
        .into();
    let rule: Value = Map::default()
        .with("host", host.as_str())
        .with("http", Map::default().with("paths", vec![path]))
        .into();
    let tls: Value = Map::default()
        .with("hosts", texts(&[&host]))
        .with("secretName", format!("{}-tls", app.name))
        .into();
    let tls = if random.one_in(2) { vec![tls] } else { Vec::new() };
    let spec = Map::default()
        .with("ingressClassName", "nginx")
        .filled("tls", tls)
        .with("rules", vec![rule]);
    app.head("networking.k8s.io/v1", "Ingress").with("spec", spec)
}

fn disruption_budget(app: &App) -> Map {
    let spec = Map::default()
        .with("maxUnavailable", 1)
        .with("selector", Map::default().with("matchLabels", app.selector()));
    app.head("policy/v1", "PodDisruptionBudget").with("spec", spec)
}
