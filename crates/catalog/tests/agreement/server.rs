//! Our verdicts against a real API server whose namespaces enforce Pod Security at several levels and versions: here the
//! server's decoding, defaulting and validation come in as well. Needs a control plane (`cargo xtask control-plane`).

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use plimsoll_control::Level;
use plimsoll_control_plane::{Api, ControlPlane, Programs, Settings};
use plimsoll_snapshot::version::Minor;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::{at_level, ours, pods};

/// Policy versions with a change between each of them and the next.
const VERSIONS: [Minor; 5] = [Minor(24), Minor(28), Minor(31), Minor(34), Minor(37)];
const LEVELS: [Level; 2] = [Level::Baseline, Level::Restricted];
const CONNECTIONS: usize = 8;
/// How many pods the server itself must have judged.
const WANTED: usize = 2000;

/// What a server said to a pod at one level and version.
enum Said {
    Admitted,
    Denied(String),
    /// Decoding or validation refused it before admission.
    Refused,
}

#[test]
fn a_real_server_agrees() {
    let Some(programs) = Programs::find() else {
        let _ = writeln!(
            std::io::stderr(),
            "a_real_server_agrees was left out: no control plane"
        );
        return;
    };
    let plane = ControlPlane::start(&programs, &Settings::default()).expect("a control plane");
    make_namespaces(plane.api());
    let pods = generated();
    let (next, judged) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut wrong = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(pod) = pods.get(index) else {
                return wrong;
            };
            let version = VERSIONS[index % VERSIONS.len()];
            let (told, counts) = differences(plane.api(), pod, index, version);
            wrong.extend(told);
            judged.fetch_add(usize::from(counts), Ordering::Relaxed);
        }
    };
    let wrong: Vec<String> = thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(work)).collect();
        let wrong = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        wrong.flatten().collect()
    });
    let judged = judged.into_inner();
    let _ = writeln!(
        std::io::stderr(),
        "the server judged {judged} of {} pods",
        pods.len()
    );
    assert!(
        wrong.is_empty(),
        "{} differences:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged >= WANTED, "the server judged only {judged} pods");
}

fn generated() -> Vec<Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut some = |strategy: &dyn Fn(&mut TestRunner) -> Value, count: usize| {
        (0..count)
            .map(|_| strategy(&mut runner))
            .collect::<Vec<_>>()
    };
    let (mixed, passing, anything) = (pods::mixed(), pods::passing(), pods::anything());
    let mut all = some(&|runner| draw(&mixed, runner), 2400);
    all.extend(some(&|runner| draw(&passing, runner), 400));
    all.extend(some(&|runner| draw(&anything, runner), 400));
    for check in pods::CHECKS {
        let violating = pods::violating(check);
        all.extend(some(&|runner| draw(&violating, runner), 40));
    }
    all.iter_mut().for_each(complete);
    all
}

/// Adds what validation asks for and takes what it refuses wherever that has nothing to do with Pod Security.
fn complete(pod: &mut Value) {
    let spec = &mut pod["spec"];
    if spec["os"]["name"].is_null() {
        remove(spec, "os");
    }
    let is_linux = spec["os"]["name"] == "linux";
    remove(spec, "ephemeralContainers");
    for list in ["containers", "initContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            container["image"] = json!("registry.example.com/app:1.0");
            complete_container(container, list == "initContainers");
            complete_security(&mut container["securityContext"], is_linux);
        }
    }
    complete_security(&mut spec["securityContext"], is_linux);
    for volume in spec["volumes"].as_array_mut().into_iter().flatten() {
        if volume["secret"].is_object() {
            volume["secret"]["secretName"] = json!("some");
        }
        if volume["ephemeral"].is_object() {
            volume["ephemeral"]["volumeClaimTemplate"]["spec"] = json!({
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
            });
        }
    }
}

fn complete_container(container: &mut Value, is_init: bool) {
    if is_init && container["restartPolicy"] != "Always" {
        for key in [
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle",
        ] {
            remove(container, key);
        }
    }
    for path in [
        "/livenessProbe",
        "/readinessProbe",
        "/startupProbe",
        "/lifecycle/preStop",
        "/lifecycle/postStart",
    ] {
        let Some(handler) = container
            .pointer_mut(path)
            .filter(|handler| handler.is_object())
        else {
            continue;
        };
        if handler["httpGet"].is_null() && handler["tcpSocket"].is_null() {
            handler["exec"] = json!({"command": ["true"]});
        }
    }
}

fn complete_security(security: &mut Value, is_linux: bool) {
    if is_linux {
        remove(security, "windowsOptions");
    }
    for profile in ["seccompProfile", "appArmorProfile"] {
        if security[profile]["type"] == "Localhost" {
            security[profile]["localhostProfile"] = json!("some");
        }
    }
}

fn remove(value: &mut Value, key: &str) {
    value
        .as_object_mut()
        .and_then(|members| members.remove(key));
}

fn draw(strategy: &impl Strategy<Value = Value>, runner: &mut TestRunner) -> Value {
    strategy.new_tree(runner).expect("a pod").current()
}

fn namespace(level: Level, version: Minor) -> String {
    format!("{}-{}", level.as_str(), version.0)
}

fn make_namespaces(api: &Api) {
    for (level, version) in LEVELS
        .iter()
        .flat_map(|level| VERSIONS.map(|version| (level, version)))
    {
        let namespace = json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": namespace(*level, version),
                "labels": {
                    "pod-security.kubernetes.io/enforce": level.as_str(),
                    "pod-security.kubernetes.io/enforce-version": format!("v{version}"),
                },
            },
        });
        let answer = api
            .post("/api/v1/namespaces", &namespace)
            .expect("an answer");
        assert!(answer.is_fine(), "{}", answer.message());
    }
}

/// Where server and scan differ on a pod, and whether the server judged it at all.
fn differences(api: &Api, pod: &Value, index: usize, version: Minor) -> (Vec<String>, bool) {
    let mut wrong = Vec::new();
    let findings = ours(pod, Minor::NEWEST, Some(version));
    for level in LEVELS {
        let failed = at_level(&findings, level, version);
        match ask(api, pod, index, &namespace(level, version)) {
            Said::Refused => return (wrong, false),
            Said::Admitted if failed.is_empty() => {}
            Said::Denied(_) if !failed.is_empty() => {}
            Said::Admitted => wrong.push(format!(
                "{} {version}: the server admits, we find {failed:?}\n{pod}",
                level.as_str()
            )),
            Said::Denied(message) => wrong.push(format!(
                "{} {version}: we find nothing, the server says {message}\n{pod}",
                level.as_str()
            )),
        }
    }
    (wrong, true)
}

fn ask(api: &Api, pod: &Value, index: usize, namespace: &str) -> Said {
    let mut pod = pod.clone();
    pod["metadata"]["name"] = json!(format!("pod-{index}"));
    pod["metadata"]["namespace"] = json!(namespace);
    let path = format!("/api/v1/namespaces/{namespace}/pods?dryRun=All");
    let answer = api.post(&path, &pod).expect("an answer");
    match answer.status {
        201 => Said::Admitted,
        403 if answer.message().contains("violates PodSecurity") => {
            Said::Denied(answer.message().to_owned())
        }
        400 | 422 => Said::Refused,
        status => panic!("{status}: {}", answer.message()),
    }
}
