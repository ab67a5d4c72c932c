//! A real API server, read live and saved: the same findings as for the manifests that were applied, at their lines, and no
//! secret in the file. Needs a control plane (`cargo xtask control-plane`); without one the test says that it was left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use plimsoll_control_plane::{ControlPlane, Programs, Settings};
use serde_json::Value;
use tempfile::TempDir;

use crate::matrix;
use crate::recovered::recover;

/// In a Secret, its annotation, a variable, an argument, a ConfigMap, and a value that nothing tells to be a secret.
const PLANTED: [&str; 6] = [
    "planted-in-a-secret-9x8w7v",
    "planted-in-a-variable-9x8w7v",
    "planted-in-an-argument-9x8w7v",
    "planted-in-a-config-map-9x8w7v",
    "planted-without-a-name-9x8w7v",
    "planted-beside-settings-9x8w7v",
];

const MANIFEST: &str = "
apiVersion: v1
kind: Secret
metadata: {name: planted, namespace: shop}
stringData: {anything: planted-in-a-secret-9x8w7v}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: planted, namespace: shop}
data:
  a.conf: 'password = planted-in-a-config-map-9x8w7v'
  b.conf: 'color = planted-without-a-name-9x8w7v'
---
apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: shop}
data:
  kubelet: |
    # planted-beside-settings-9x8w7v
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication: {anonymous: {enabled: true}}
    staticPodURLHeader: {X-Key: [planted-beside-settings-9x8w7v]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: planted, namespace: shop}
spec:
  selector: {matchLabels: {app: planted}}
  template:
    metadata: {labels: {app: planted}}
    spec:
      containers:
        - name: a
          image: registry.example.com/a:1
          args: [--password, planted-in-an-argument-9x8w7v]
          env:
            - {name: DB_PASSWORD, value: planted-in-a-variable-9x8w7v}
            - {name: COLOR, value: planted-without-a-name-9x8w7v}
";

const AUDIT: &str = "
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
";

/// A control plane that writes an audit log by this policy, and the folder with `audit.log`.
pub(crate) fn audited(programs: &Programs, policy: &str) -> (ControlPlane, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    fs::write(at("audit.yaml"), policy).unwrap();
    let settings = Settings {
        api_server: vec![
            format!("--audit-policy-file={}", at("audit.yaml")),
            format!("--audit-log-path={}", at("audit.log")),
        ],
        controller_manager: true,
        users: Vec::new(),
    };
    let plane = ControlPlane::start(programs, &settings).unwrap();
    (plane, folder)
}

struct Scene {
    plane: ControlPlane,
    folder: TempDir,
}

impl Scene {
    fn start(programs: &Programs) -> Scene {
        let (plane, folder) = audited(programs, AUDIT);
        Scene { plane, folder }
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        let output = self.plane.kubectl().args(arguments).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "kubectl {arguments:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn apply(&self) {
        let shop = shop();
        self.kubectl(&[
            "apply",
            "-f",
            &shop.join("namespace.yaml").display().to_string(),
        ]);
        self.kubectl(&["apply", "-f", &shop.display().to_string()]);
        let planted = self.path("planted.yaml");
        fs::write(&planted, MANIFEST).unwrap();
        self.kubectl(&["apply", "-f", &planted.display().to_string()]);
        for name in ["deployment/catalog", "deployment/planted"] {
            let ready = "--for=jsonpath={.status.observedGeneration}=1";
            self.kubectl(&["wait", ready, name, "-n", "shop", "--timeout=60s"]);
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plimsoll(&self, arguments: &[&str]) -> Output {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("KUBECONFIG", self.plane.kubeconfig())
            .env("NO_COLOR", "1")
            .output();
        output.unwrap()
    }

    fn report(&self, arguments: &[&str]) -> Value {
        let output = self.plimsoll(&[&["scan", "--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

fn shop() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop")
}

/// Fingerprints of the findings on objects of the manifests, with what they say.
fn fingerprints(report: &Value, names: &BTreeSet<(String, String)>) -> BTreeMap<String, String> {
    let findings = report["findings"].as_array().unwrap().iter();
    let here = findings.filter(|finding| names.contains(&named(&finding["object"])));
    let text = |finding: &Value, key: &str| finding[key].as_str().unwrap().to_owned();
    here.map(|finding| {
        let (kind, name) = named(&finding["object"]);
        let told = format!(
            "{} {kind} {name} {}",
            text(finding, "control"),
            text(finding, "path")
        );
        (text(finding, "fingerprint"), told)
    })
    .collect()
}

fn named(object: &Value) -> (String, String) {
    let text = |key: &str| object[key].as_str().unwrap_or_default().to_owned();
    (
        text("kind"),
        format!("{}/{}", text("namespace"), text("name")),
    )
}

#[test]
fn live_saved_and_written_are_judged_alike_and_no_secret_is_saved() {
    let Some(programs) = Programs::find() else {
        eprintln!("left out: `cargo xtask control-plane` builds a control plane");
        return;
    };
    let scene = Scene::start(&programs);
    scene.apply();
    let taken = scene.plimsoll(&[
        "snapshot",
        "--today",
        "2027-01-31",
        "-o",
        "cluster.snapshot",
    ]);
    let told = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert_eq!(taken.status.code(), Some(0), "{told}");

    live_and_saved_agree(&scene);
    own_rules_say_the_same(&scene);
    every_format_says_the_same(&scene);
    written_and_saved_agree(&scene);
    source_gives_the_lines_of_the_manifests(&scene);
    settings_are_judged_as_in_their_file(&scene);
    no_secret_is_saved(&scene);
    a_redacted_snapshot_says_the_same(&scene);
    a_diff_tells_what_was_done(&scene);
    somebody_without_rights_gets_gaps(&scene);
}

fn live_and_saved_agree(scene: &Scene) {
    let mut live = scene.report(&["--cluster", "--today", "2027-01-31"]);
    let mut saved = scene.report(&["cluster.snapshot", "--today", "2027-01-31"]);
    assert_eq!(live["target"]["sources"], serde_json::json!(["cluster"]));
    assert_eq!(saved["target"]["kubernetesVersion"], "1.37");
    for report in [&mut live, &mut saved] {
        report["target"]["sources"].take();
        report["summary"]["files"].take();
    }
    assert_eq!(live, saved);
    let findings = saved["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["location"].is_null()));
    assert!(
        findings
            .iter()
            .all(|finding| finding["object"]["kind"] != "Pod")
    );
}

/// Rules of one's own on what is written, live and saved.
fn own_rules_say_the_same(scene: &Scene) {
    let (shop, rules) = (shop(), shop().join("../policies"));
    let [shop, rules] = [shop, rules].map(|path| path.display().to_string());
    let mut written = BTreeMap::new();
    for path in [shop.as_str(), "cluster.snapshot", "--cluster"] {
        let mut report = scene.report(&["--policies", &rules, path]);
        let findings = report["findings"].as_array_mut().unwrap();
        findings.retain(|finding| finding["control"] == "policy/images-of-the-team");
        let objects = findings.iter().map(|finding| &finding["object"]);
        let names: BTreeSet<_> = objects.map(named).collect();
        assert!(!names.is_empty(), "{path}");
        if path == shop {
            written = fingerprints(&report, &names);
        } else {
            let here = fingerprints(&report, &names);
            assert!(
                written.iter().all(|found| here.contains_key(found.0)),
                "{path}: {written:?} {here:?}"
            );
        }
    }
}

fn every_format_says_the_same(scene: &Scene) {
    let scan = |format: &str| {
        let arguments = [
            "scan",
            "--cluster",
            "--today",
            "2027-01-31",
            "--format",
            format,
        ];
        String::from_utf8(scene.plimsoll(&arguments).stdout).unwrap()
    };
    let json = scan("json");
    for format in matrix::machine_formats() {
        let expected = matrix::expected(&json, format);
        assert_eq!(recover(format, &scan(format)), expected, "{format}");
    }
    let findings = recover("json", &json).findings.len();
    let title = format!("### Plimsoll: {findings} findings");
    assert!(scan("markdown").contains(&title));
}

fn written_and_saved_agree(scene: &Scene) {
    let shop = shop().display().to_string();
    let written = scene.report(&[&shop, "--today", "2027-01-31"]);
    let saved = scene.report(&["cluster.snapshot", "--today", "2027-01-31"]);
    let objects = written["findings"].as_array().unwrap().iter();
    let names: BTreeSet<_> = objects.map(|finding| named(&finding["object"])).collect();
    let written = fingerprints(&written, &names);
    let saved = fingerprints(&saved, &names);
    let only = |one: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        let only = one.iter().filter(|(key, _)| !other.contains_key(*key));
        only.map(|(_, told)| told.clone()).collect()
    };
    let ledger = (only(&written, &saved), only(&saved, &written));
    assert!(written.len() > 100, "{}", written.len());
    // Each with its reason; everything else is the same.
    let expected = [
        // The claim is told at the StatefulSet that makes it, and in a cluster at the claim that it has made.
        "unbounded-storage StatefulSet shop/redis",
        // Its manifest does not name a namespace, so that in the cluster it is another object: default/nightly-report.
        "CronJob /nightly-report",
    ];
    let (written_only, saved_only) = ledger;
    // In a folder, what judges images may stand elsewhere; a cluster that was read as a whole has nothing.
    assert_eq!(
        saved_only,
        ["images-not-judged Namespace /shop metadata.name"]
    );
    for told in &written_only {
        assert!(expected.iter().any(|known| told.contains(known)), "{told}");
    }
    assert_eq!(written_only.len(), 7);
}

fn source_gives_the_lines_of_the_manifests(scene: &Scene) {
    let shop = shop().display().to_string();
    let by_fingerprint = |report: &Value| -> BTreeMap<String, Value> {
        let findings = report["findings"].as_array().unwrap().iter();
        let entry = |finding: &Value| {
            let fingerprint = finding["fingerprint"].as_str().unwrap().to_owned();
            let told =
                serde_json::json!([finding["location"], finding["control"], finding["path"]]);
            (fingerprint, told)
        };
        findings.map(entry).collect()
    };
    let written = by_fingerprint(&scene.report(&[&shop, "--today", "2027-01-31"]));
    for live in ["--cluster", "cluster.snapshot"] {
        let live = scene.report(&[live, "--source", &shop, "--today", "2027-01-31"]);
        let live = by_fingerprint(&live);
        let (mut same, mut different) = (0, Vec::new());
        for (fingerprint, told) in &written {
            match live.get(fingerprint) {
                Some(other) if other[0] == told[0] => same += 1,
                Some(other) => different.push(format!("{told} is {}", other[0])),
                None => {}
            }
        }
        assert_eq!(different, Vec::<String>::new());
        assert!(same > 100, "{same}");
        // Its manifest names no namespace, and it is found all the same.
        let report = live
            .values()
            .map(|told| told[0]["file"].as_str().unwrap_or_default());
        assert!(
            report
                .filter(|file| file.ends_with("nightly-report.yaml"))
                .count()
                > 5
        );
    }
}

fn settings_are_judged_as_in_their_file(scene: &Scene) {
    let of = |report: &Value| {
        let findings = report["findings"].as_array().unwrap().iter();
        let ours = findings.filter(|finding| finding["object"]["name"] == "kubelet-config");
        let ours = ours.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned());
        ours.collect::<BTreeSet<_>>()
    };
    let written = of(&scene.report(&["planted.yaml", "--today", "2027-01-31"]));
    let saved = of(&scene.report(&["cluster.snapshot", "--today", "2027-01-31"]));
    assert!(written.len() > 3, "{written:?}");
    assert_eq!(written, saved);
}

fn a_redacted_snapshot_says_the_same(scene: &Scene) {
    let output = scene.plimsoll(&[
        "snapshot",
        "redact",
        "cluster.snapshot",
        "-o",
        "redacted.snapshot",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let direct = scene.plimsoll(&["snapshot", "--redact", "-o", "direct.snapshot"]);
    assert_eq!(direct.status.code(), Some(0));
    let report = |name: &str| scene.report(&[name, "--today", "2027-01-31"]);
    assert_eq!(
        report("direct.snapshot")["summary"],
        report("redacted.snapshot")["summary"]
    );
    let (named, redacted) = (report("cluster.snapshot"), report("redacted.snapshot"));
    assert_eq!(
        named["summary"]["controls"],
        redacted["summary"]["controls"]
    );
    assert_eq!(
        named["summary"]["findings"],
        redacted["summary"]["findings"]
    );
    assert_eq!(named["notAssessed"], redacted["notAssessed"]);
    let text = redacted.to_string();
    for name in ["shop", "catalog", "registry.example.com", "nightly"] {
        let around = text
            .find(name)
            .map(|at| text.get(at.saturating_sub(200)..at + 40));
        assert_eq!(around, None, "{name}");
    }
}

fn a_diff_tells_what_was_done(scene: &Scene) {
    let patch = r#"{"spec": {"template": {"spec": {"hostPID": true}}}}"#;
    scene.kubectl(&[
        "patch",
        "deployment",
        "planted",
        "-n",
        "shop",
        "--patch",
        patch,
    ]);
    let ready = "--for=jsonpath={.status.observedGeneration}=2";
    scene.kubectl(&[
        "wait",
        ready,
        "deployment/planted",
        "-n",
        "shop",
        "--timeout=60s",
    ]);
    let taken = scene.plimsoll(&["snapshot", "-o", "later.snapshot"]);
    assert_eq!(taken.status.code(), Some(0));
    let diff = |later: &str| {
        scene.plimsoll(&[
            "snapshot",
            "diff",
            "--format",
            "json",
            "cluster.snapshot",
            later,
        ])
    };
    assert_eq!(diff("cluster.snapshot").status.code(), Some(0));
    let output = diff("later.snapshot");
    assert_eq!(output.status.code(), Some(1));
    let diff: Value = serde_json::from_slice(&output.stdout).unwrap();
    let change = serde_json::json!({"path": "spec.template.spec.hostPID", "after": true});
    let object = serde_json::json!({"group": "apps", "kind": "Deployment", "namespace": "shop", "name": "planted"});
    let changed = diff["objects"]["changed"].as_array().unwrap();
    assert!(
        changed.contains(&serde_json::json!({"object": object, "changes": [change]})),
        "{changed:#?}"
    );
    let came = diff["findings"]["came"].as_array().unwrap().iter();
    let came: Vec<&Value> = came
        .filter(|finding| finding["control"] == "host-pid")
        .collect();
    assert_eq!(came[0]["object"]["name"], "planted");
}

fn no_secret_is_saved(scene: &Scene) {
    let bytes = fs::File::open(scene.path("cluster.snapshot")).unwrap();
    let mut text = String::new();
    plimsoll_cluster::Saved::verify(bytes)
        .unwrap()
        .entries()
        .unwrap()
        .for_each(|entry| {
            if let plimsoll_cluster::Entry::Object(object) = entry.unwrap() {
                text.push_str(&object);
            }
        });
    assert!(text.contains("planted") && text.contains("DB_PASSWORD"));
    for secret in PLANTED {
        assert!(!text.contains(secret), "{secret}");
    }
    let log = fs::read_to_string(scene.path("audit.log")).unwrap();
    let events = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let is_ours = |event: &Value| {
        event["userAgent"]
            .as_str()
            .unwrap_or_default()
            .starts_with("plimsoll/")
    };
    let ours: Vec<Value> = events.filter(is_ours).collect();
    assert!(ours.len() > 40, "{}", ours.len());
    for event in &ours {
        let verb = event["verb"].as_str().unwrap();
        assert!(matches!(verb, "list" | "get"), "{event}");
        assert_ne!(event["objectRef"]["resource"], "secrets");
    }
}

fn somebody_without_rights_gets_gaps(scene: &Scene) {
    let output = scene.plimsoll(&["scan", "--cluster", "--as", "nobody", "--format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let gaps = report["gaps"].as_array().unwrap();
    assert!(gaps.len() > 20);
    assert!(gaps.iter().all(|gap| gap["reason"] == "forbidden"));
    let role = scene.plimsoll(&["snapshot", "--print-rbac"]);
    fs::write(scene.path("role.yaml"), &role.stdout).unwrap();
    scene.kubectl(&[
        "apply",
        "-f",
        &scene.path("role.yaml").display().to_string(),
    ]);
    let binding = [
        "create",
        "clusterrolebinding",
        "reader",
        "--clusterrole=plimsoll-snapshot",
        "--user=nobody",
    ];
    scene.kubectl(&binding);
    let output = scene.plimsoll(&["snapshot", "--as", "nobody", "-o", "reader.snapshot"]);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
}

#[test]
fn which_cluster_is_only_asked_with_a_cluster() {
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["scan", "--context", "production", "."])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("add --cluster"), "{told}");
}

#[test]
fn a_damaged_snapshot_is_refused_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.snapshot");
    fs::write(&path, [&plimsoll_cluster::MAGIC[..], b"abc"].concat()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .arg("scan")
        .arg(&path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        told.contains("cut off or damaged") && told.lines().count() == 1,
        "{told}"
    );
}

#[test]
fn the_least_role_reads_no_secrets_and_changes_nothing() {
    let role = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["snapshot", "--print-rbac"])
            .args(arguments)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let least = role(&[]);
    assert!(least.contains("- pods\n") && !least.contains("secrets"));
    assert!(role(&["--secret-names"]).contains("- secrets\n"));
    let verbs = least.lines().filter(|line| line.contains("verbs:"));
    assert!(
        verbs
            .clone()
            .all(|line| line.ends_with("[list]") || line.ends_with("[get]"))
    );
    assert!(verbs.count() > 5);
}
