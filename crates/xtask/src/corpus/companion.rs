//! What stands beside workloads: services, settings, access, network.
//!
//! Invariant: an API server accepts every object.

use super::author::App;
use super::random::Random;
use super::value::{Map, Style, Value, texts};
use super::write::block;

/// Every companion and how often it is met.
const KINDS: [(&str, u32); 10] = [
    ("Service", 4),
    ("Alerts", 4),
    ("Dashboard", 4),
    ("Settings", 1),
    ("ServiceAccount", 1),
    ("Role", 1),
    ("RoleBinding", 1),
    ("NetworkPolicy", 1),
    ("Ingress", 1),
    ("PodDisruptionBudget", 1),
];

/// What to write next to a workload.
pub(super) fn kind(random: &mut Random) -> &'static str {
    random.weighted(&KINDS)
}

/// A companion of few lines.
pub(super) fn short(app: &App, random: &mut Random) -> Map {
    let is_short =
        |&(kind, _): &(&'static str, u32)| !matches!(kind, "Alerts" | "Dashboard" | "Settings");
    let kinds: Vec<_> = KINDS.into_iter().filter(is_short).collect();
    make(random.weighted(&kinds), app, random)
}

/// An object that carries no pod; `kind` is one that `kind` gave.
pub(super) fn make(kind: &str, app: &App, random: &mut Random) -> Map {
    match kind {
        "Alerts" => alerts(app, random),
        "Dashboard" => dashboard(app, random),
        "Settings" => settings(app, random),
        "ServiceAccount" => app.head("v1", kind).maybe(
            "automountServiceAccountToken",
            random.one_in(2).then_some(false),
        ),
        "Role" => role(app, random),
        "RoleBinding" => role_binding(app),
        "NetworkPolicy" => network_policy(app),
        "Ingress" => ingress(app, random),
        "PodDisruptionBudget" => disruption_budget(app),
        _ => service(app, random),
    }
}

fn service(app: &App, random: &mut Random) -> Map {
    let kind = random.weighted(&[("ClusterIP", 3), ("NodePort", 1), ("LoadBalancer", 1)]);
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

fn settings(app: &App, random: &mut Random) -> Map {
    let count = random.between(8, 40);
    let lines = (0..count).map(|number| property(number, random)).collect();
    let data = Map::default()
        .with("LOG_LEVEL", "info")
        .with("application.properties", Value::Lines(lines));
    app.head("v1", "ConfigMap").with("data", data)
}

/// A ConfigMap with alerting rules: fewer lines, longer ones.
fn alerts(app: &App, random: &mut Random) -> Map {
    let mut lines = vec![
        "groups:".to_owned(),
        format!("- name: {}", app.name),
        "  rules:".to_owned(),
    ];
    for number in 0..random.between(7, 16) {
        let quantile = random.pick(&["0.5", "0.9", "0.95", "0.99"]);
        let window = random.pick(&["1m", "5m", "30m", "1h"]);
        let selector = format!(
            "namespace=\"{}\", service=\"{}\", code!~\"5..\"",
            app.team, app.name
        );
        lines.push(format!("  - alert: SlowAnswers{number}"));
        lines.push(format!(
            "    expr: histogram_quantile({quantile}, sum by (le, route) (rate(http_request_duration_seconds_bucket\
             {{{selector}}}[{window}]))) > {}",
            random.between(1, 9)
        ));
        lines.push(format!(
            "    annotations: {{summary: '{} answers slowly', description: 'The {quantile} quantile of route \
             {{{{ $labels.route }}}} has been too high for {window}. Compare with the last release before you call anybody; \
             the runbook says how to roll back.'}}",
            app.name
        ));
    }
    let data = Map::default().with("alerts.yaml", Value::Lines(lines));
    app.named("alerts")
        .head("v1", "ConfigMap")
        .with("data", data)
}

/// A ConfigMap with a dashboard, a panel on each line.
fn dashboard(app: &App, random: &mut Random) -> Map {
    let panels = random.between(8, 22);
    let mut lines = vec![format!("{{\"title\": \"{}\", \"panels\": [", app.name)];
    for number in 1..=panels {
        let metric = random.pick(&[
            "http_requests_total",
            "process_resident_memory_bytes",
            "queue_length",
            "errors_total",
        ]);
        let comma = if number == panels { "" } else { "," };
        lines.push(format!(
            "  {{\"id\": {number}, \"type\": \"timeseries\", \"gridPos\": {{\"h\": 8, \"w\": 12, \"x\": 0, \"y\": {}}}, \
             \"targets\": [{{\"expr\": \"sum(rate({metric}{{pod=~\\\"{}-.*\\\"}}[5m]))\", \
             \"legendFormat\": \"{{{{pod}}}}\"}}], \"fieldConfig\": {{\"defaults\": {{\"unit\": \"short\", \"min\": 0}}}}}}{comma}",
            number * 8,
            app.name
        ));
    }
    lines.push("]}".to_owned());
    let data = Map::default().with("dashboard.json", Value::Lines(lines));
    app.named("dashboard")
        .head("v1", "ConfigMap")
        .with("data", data)
}

fn property(number: u32, random: &mut Random) -> String {
    let area = random.pick(&[
        "server",
        "cache",
        "database",
        "client.retry",
        "tracing",
        "mail",
    ]);
    let knob = random.pick(&[
        "timeout",
        "size",
        "enabled",
        "threshold",
        "interval",
        "max-open",
    ]);
    format!("{area}.{knob}.{number}={}", random.below(100_000))
}

/// Bytes that a filler can always be made in.
pub(super) const LEAST_FILLER: usize = 640;

/// A ConfigMap of exactly `bytes` bytes in block style, or of the least that it can have.
pub(super) fn filler(app: &App, bytes: usize, random: &mut Random) -> Map {
    /// Around a line: two columns for its key, two for the block, the line feed.
    const AROUND: usize = 5;
    let mut lines = vec!["generated=true".to_owned()];
    let mut least = String::new();
    block(&padded(app, &lines), 0, Style::Indented, &mut least);
    let mut room = bytes.saturating_sub(least.len());
    for number in 0.. {
        let line = property(number, random);
        let Some(left) = room.checked_sub(line.len() + AROUND) else {
            break;
        };
        room = left;
        lines.push(line);
    }
    if let Some(last) = lines.last_mut() {
        last.extend(std::iter::repeat_n('0', room));
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
        1 => vec![
            rule("", &["secrets"], &["get", "list"]),
            rule("", &["pods/exec"], &["create"]),
        ],
        _ => vec![
            rule("", &["configmaps", "endpoints"], &["get", "list", "watch"]),
            rule(
                "coordination.k8s.io",
                &["leases"],
                &["get", "create", "update"],
            ),
        ],
    };
    app.head("rbac.authorization.k8s.io/v1", "Role")
        .with("rules", rules)
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
        .with(
            "podSelector",
            Map::default().with("matchLabels", Map::default().with("role", "frontend")),
        )
        .into();
    let port: Value = Map::default()
        .with("protocol", "TCP")
        .with("port", 8080)
        .into();
    let rule: Value = Map::default()
        .with("from", vec![peer])
        .with("ports", vec![port])
        .into();
    let spec = Map::default()
        .with(
            "podSelector",
            Map::default().with("matchLabels", app.selector()),
        )
        .with("policyTypes", texts(&["Ingress"]))
        .with("ingress", vec![rule]);
    app.head("networking.k8s.io/v1", "NetworkPolicy")
        .with("spec", spec)
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
    let tls = if random.one_in(2) {
        vec![tls]
    } else {
        Vec::new()
    };
    let spec = Map::default()
        .with("ingressClassName", "nginx")
        .filled("tls", tls)
        .with("rules", vec![rule]);
    app.head("networking.k8s.io/v1", "Ingress")
        .with("spec", spec)
}

fn disruption_budget(app: &App) -> Map {
    let spec = Map::default().with("maxUnavailable", 1).with(
        "selector",
        Map::default().with("matchLabels", app.selector()),
    );
    app.head("policy/v1", "PodDisruptionBudget")
        .with("spec", spec)
}
