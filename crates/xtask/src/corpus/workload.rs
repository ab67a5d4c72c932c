//! The nine kinds that carry a pod.
//!
//! Here lives what stands around a pod's template; the template itself lives in `pod`. Invariant: the selector,
//! where the kind has one, matches the template's labels.

use super::author::App;
use super::pod;
use super::random::Random;
use super::value::{Map, Value, texts};

/// Every kind of workload and how often it is met.
const KINDS: [(&str, u32); 9] = [
    ("Deployment", 8),
    ("StatefulSet", 2),
    ("DaemonSet", 2),
    ("CronJob", 2),
    ("Pod", 2),
    ("Job", 1),
    ("ReplicaSet", 1),
    ("ReplicationController", 1),
    ("PodTemplate", 1),
];

/// A workload of some kind.
pub(super) fn any(app: &App, random: &mut Random) -> Map {
    match random.weighted(&KINDS) {
        "Pod" => pod(app, random),
        "PodTemplate" => app
            .head("v1", "PodTemplate")
            .with("template", template(app, None, random)),
        "ReplicationController" => replication_controller(app, random),
        "Job" => app.head("batch/v1", "Job").with("spec", job(app, random)),
        "CronJob" => cron_job(app, random),
        "DaemonSet" => daemon_set(app, random),
        "StatefulSet" => stateful_set(app, random),
        kind => replicated(app, kind, random),
    }
}

/// A bare pod.
pub(super) fn pod(app: &App, random: &mut Random) -> Map {
    app.head("v1", "Pod")
        .with("spec", pod::spec(app, None, random))
}

fn template(app: &App, restart: Option<&str>, random: &mut Random) -> Map {
    let mut metadata = Map::default().with("labels", app.labels());
    if random.one_in(3) {
        let annotations = Map::default()
            .with("prometheus.io/scrape", "true")
            .with("prometheus.io/port", "9090");
        metadata = metadata.with("annotations", annotations);
    }
    Map::default()
        .with("metadata", metadata)
        .with("spec", pod::spec(app, restart, random))
}

fn selector(app: &App) -> Map {
    Map::default().with("matchLabels", app.selector())
}

/// A Deployment or a ReplicaSet.
fn replicated(app: &App, kind: &str, random: &mut Random) -> Map {
    let spec = Map::default()
        .with("replicas", random.between(1, 5))
        .maybe("revisionHistoryLimit", (kind == "Deployment").then_some(5))
        .with("selector", selector(app))
        .with("template", template(app, None, random));
    app.head("apps/v1", kind).with("spec", spec)
}

fn daemon_set(app: &App, random: &mut Random) -> Map {
    let spec = Map::default()
        .with("selector", selector(app))
        .with("template", template(app, None, random));
    app.head("apps/v1", "DaemonSet").with("spec", spec)
}

fn stateful_set(app: &App, random: &mut Random) -> Map {
    let requests = Map::default().with("storage", random.pick(&["1Gi", "10Gi", "100Gi"]));
    let claim: Value = Map::default()
        .with("metadata", Map::default().with("name", "data"))
        .with(
            "spec",
            Map::default()
                .with("accessModes", texts(&["ReadWriteOnce"]))
                .with("resources", Map::default().with("requests", requests)),
        )
        .into();
    let spec = Map::default()
        .with("serviceName", app.name.as_str())
        .with("replicas", random.between(1, 3))
        .with("selector", selector(app))
        .with("template", template(app, None, random))
        .with("volumeClaimTemplates", vec![claim]);
    app.head("apps/v1", "StatefulSet").with("spec", spec)
}

fn replication_controller(app: &App, random: &mut Random) -> Map {
    let spec = Map::default()
        .with("replicas", random.between(1, 3))
        .with("selector", app.selector())
        .with("template", template(app, None, random));
    app.head("v1", "ReplicationController").with("spec", spec)
}

/// The spec of a Job.
fn job(app: &App, random: &mut Random) -> Map {
    let restart = random.pick(&["Never", "OnFailure"]);
    Map::default()
        .with("backoffLimit", random.below(5))
        .with("template", template(app, Some(restart), random))
}

fn cron_job(app: &App, random: &mut Random) -> Map {
    let schedule = format!("{} {} * * *", random.below(60), random.below(24));
    let spec = Map::default()
        .with("schedule", schedule)
        .with("concurrencyPolicy", "Forbid")
        .with("jobTemplate", Map::default().with("spec", job(app, random)));
    app.head("batch/v1", "CronJob").with("spec", spec)
}
