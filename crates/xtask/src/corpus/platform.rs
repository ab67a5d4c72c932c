//! What the repository of a platform's team holds: few long objects, which are dashboards, definitions and alerting rules of an
//! operator, among many short ones.
//!
//! Invariant: the shares of [`ROUND`] are met exactly, so that a corpus of whole rounds always weighs about the same.

use super::author::App;
use super::random::Random;
use super::value::{Map, Value, texts};
use super::write::json;

/// What an object of the platform is.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    /// A ConfigMap with a dashboard as a browser saves it.
    Dashboard,
    /// A CustomResourceDefinition.
    Definition,
    /// A PrometheusRule.
    Rules,
    /// Something with a pod.
    Workload,
    /// Anything that stands beside workloads.
    Companion,
}

/// How many objects of each sort follow each other; 65 together.
const ROUND: [(Sort, usize); 5] = [
    (Sort::Dashboard, 6),
    (Sort::Definition, 2),
    (Sort::Rules, 2),
    (Sort::Workload, 24),
    (Sort::Companion, 31),
];

/// The sort of each object, round after round.
pub(super) fn sorts() -> impl Iterator<Item = Sort> {
    let round = ROUND
        .into_iter()
        .flat_map(|(sort, count)| std::iter::repeat_n(sort, count));
    round.cycle()
}

/// Bytes of a definition.
pub(super) const DEFINITION: usize = 24_000;

/// A ConfigMap with a dashboard of many short lines.
pub(super) fn dashboard(app: &App, random: &mut Random) -> Map {
    let panels = (1..=random.between(16, 20)).map(|number| panel(app, number, random).into());
    let dashboard = Map::default()
        .with("editable", true)
        .with("panels", panels.collect::<Vec<Value>>())
        .with("refresh", "30s")
        .with("schemaVersion", 39)
        .with("tags", texts(&[app.team, "generated"]))
        .with("title", format!("{} / Overview", app.name));
    let mut text = String::new();
    json(&dashboard.into(), 0, &mut text);
    let lines = text.lines().map(str::to_owned).collect();
    let file = format!("{}.json", app.name);
    let data = Map::default().with(file, Value::Lines(lines));
    app.named("dashboard")
        .head("v1", "ConfigMap")
        .with("data", data)
}

fn panel(app: &App, number: u32, random: &mut Random) -> Map {
    let metric = random.pick(&[
        "http_requests_total",
        "process_resident_memory_bytes",
        "queue_length",
        "errors_total",
    ]);
    let at = Map::default()
        .with("h", 8)
        .with("w", 12)
        .with("x", number % 2 * 12)
        .with("y", number / 2 * 8);
    let defaults = Map::default()
        .with("min", 0)
        .with("unit", random.pick(&["short", "bytes", "percentunit", "s"]));
    let target = |quantile: &str| -> Value {
        let expression = format!(
            "sum by (pod) (rate({metric}{{namespace=\"{0}\", quantile=\"{quantile}\"}}[5m])) \
             / on (pod) group_left () sum by (pod) (up{{namespace=\"{0}\", job=\"{1}\"}}) \
             unless on (pod) kube_pod_status_phase{{namespace=\"{0}\", phase=~\"Succeeded|Failed\"}} == 1",
            app.team, app.name
        );
        Map::default()
            .with("expr", expression)
            .with("legendFormat", "{{pod}}")
            .with("refId", quantile)
            .into()
    };
    Map::default()
        .with("datasource", Map::default().with("uid", "${datasource}"))
        .with(
            "description",
            format!(
                "What {} does with {metric}, pod by pod, so that one that lags is seen.",
                app.name
            ),
        )
        .with("fieldConfig", Map::default().with("defaults", defaults))
        .with("gridPos", at)
        .with("id", number)
        .with("targets", vec![target("0.5"), target("0.99")])
        .with("title", format!("{metric} of {}", app.name))
        .with("type", "timeseries")
}

/// A PrometheusRule with alerts.
pub(super) fn rules(app: &App, random: &mut Random) -> Map {
    let alerts = (0..random.between(12, 24)).map(|number| alert(app, number, random).into());
    let group = Map::default()
        .with("name", app.name.as_str())
        .with("rules", alerts.collect::<Vec<Value>>());
    app.head("monitoring.coreos.com/v1", "PrometheusRule")
        .with("spec", Map::default().with("groups", vec![group.into()]))
}

fn alert(app: &App, number: u32, random: &mut Random) -> Map {
    let expression = vec![
        "sum by (namespace, route) (".to_owned(),
        format!(
            "  rate(http_requests_total{{service=\"{}\", code=~\"5..\"}}[5m])",
            app.name
        ),
        format!(") > {}", random.between(1, 9)),
    ];
    let annotations = Map::default()
        .with(
            "description",
            format!(
                "{} has answered route {{{{ $labels.route }}}} with errors for a while.",
                app.name
            ),
        )
        .with("summary", "Answers fail.");
    let severity = random.pick(&["info", "warning", "critical"]);
    Map::default()
        .with("alert", format!("AnswersFail{number}"))
        .with("annotations", annotations)
        .with("expr", Value::Lines(expression))
        .with("for", "10m")
        .with("labels", Map::default().with("severity", severity))
}
