//! What `plimsoll generate in-cluster` makes, in a real cluster that enforces the restricted level, with the rights that it gives and
//! no others: reports and metrics are written, former reports go; and of every answer that we got the audit log tells that
//! no value of a Secret was in it. Needs a control plane (`cargo xtask control-plane`).

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use plimsoll_cluster::{Entry, Saved};
use plimsoll_control_plane::{ControlPlane, Programs};
use serde_json::{Value, json};

use crate::cluster::audited;

/// Whole answers are logged.
const AUDIT: &str = "
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: RequestResponse}]
";

const VALUE: &str = "planted-in-a-secret-9x8w7v";
const SECRET: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Secret
metadata: {name: planted, namespace: shop}
stringData: {anything: planted-in-a-secret-9x8w7v}
";

/// A custom kind that carries pods, and one object of it.
const ROLLOUTS: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rollouts.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Rollout, plural: rollouts}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                license: {type: string}
                template: {type: object, x-kubernetes-preserve-unknown-fields: true}
";
const ROLLOUT: &str = "
apiVersion: example.com/v1
kind: Rollout
metadata: {name: canary, namespace: shop}
spec:
  license: kept-to-themselves
  template:
    spec:
      containers: [{name: a, image: 'registry.example.com/a:1', securityContext: {privileged: true}}]
";

/// The definitions of `openreports.io`, as far as we write them; what is not in a schema the server would drop.
fn definition(kind: &str, scope: &str) -> String {
    let plural = format!("{}s", kind.to_lowercase());
    let text = json!({"type": "string"});
    let number = json!({"type": "integer"});
    let counts =
        ["pass", "fail", "warn", "error", "skip"].map(|name| (name.to_owned(), number.clone()));
    let counts: serde_json::Map<_, _> = counts.into_iter().collect();
    let object = json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true});
    let result = json!({"type": "object", "required": ["policy"], "properties": {
        "source": text, "policy": text, "category": text, "message": text,
        "severity": {"type": "string", "enum": ["critical", "high", "medium", "low", "info"]},
        "result": {"type": "string", "enum": ["pass", "fail", "warn", "error", "skip"]},
        "scored": {"type": "boolean"}, "resources": {"type": "array", "items": object},
        "properties": {"type": "object", "additionalProperties": text}}});
    let schema = json!({"type": "object", "properties": {"source": text,
        "summary": {"type": "object", "properties": counts}, "results": {"type": "array", "items": result}}});
    let version = json!({"name": "v1alpha1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.openreports.io")},
        "spec": {"group": "openreports.io", "scope": scope, "versions": [version],
            "names": {"kind": kind, "plural": plural, "singular": kind.to_lowercase(), "listKind": format!("{kind}List")}}})
    .to_string()
}

struct Scene {
    plane: ControlPlane,
    folder: tempfile::TempDir,
}

impl Scene {
    fn start(programs: &Programs) -> Scene {
        let (plane, folder) = audited(programs, AUDIT);
        Scene { plane, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What kubectl says, and whether it is content.
    fn try_kubectl(&self, arguments: &[&str], input: &str) -> (bool, String, String) {
        let mut kubectl = self.plane.kubectl();
        let kubectl = kubectl.args(arguments).stdin(Stdio::piped());
        let kubectl = kubectl.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = kubectl.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).unwrap();
        drop(stdin);
        let Output {
            status,
            stdout,
            stderr,
        } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.success(), text(stdout), text(stderr))
    }

    fn kubectl(&self, arguments: &[&str], input: &str) -> String {
        let (fine, said, complaint) = self.try_kubectl(arguments, input);
        assert!(fine, "kubectl {arguments:?}: {complaint}");
        said
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let said = self.kubectl(&[arguments, &["-o", "json"]].concat(), "");
        serde_json::from_str(&said).unwrap()
    }

    fn plimsoll(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(arguments)
            .current_dir(self.folder.path())
            // Of a list of files one may be missing.
            .env(
                "KUBECONFIG",
                format!("/nowhere/kubeconfig:{}", self.plane.kubeconfig().display()),
            )
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }

    /// What the audit log says about us.
    fn events(&self) -> Vec<Value> {
        let log = fs::read_to_string(self.path("audit.log")).unwrap();
        let events = log.lines().map(|line| serde_json::from_str(line).unwrap());
        let is_ours = |event: &Value| {
            event["userAgent"]
                .as_str()
                .is_some_and(|agent| agent.starts_with("plimsoll/"))
        };
        events.filter(is_ours).collect()
    }
}

#[test]
fn the_form_in_the_cluster_does_what_it_says_with_the_rights_that_it_has() {
    let Some(programs) = Programs::find() else {
        eprintln!("left out: `cargo xtask control-plane` builds a control plane");
        return;
    };
    let scene = Scene::start(&programs);
    scene.kubectl(&["apply", "-f", "-"], SECRET);
    no_answer_to_us_holds_a_secret(&scene);
    without_definitions_nothing_is_published(&scene);
    for (kind, scope) in [("Report", "Namespaced"), ("ClusterReport", "Cluster")] {
        scene.kubectl(&["apply", "-f", "-"], &definition(kind, scope));
        let name = format!("crd/{}s.openreports.io", kind.to_lowercase());
        scene.kubectl(
            &[
                "wait",
                "--for=condition=Established",
                &name,
                "--timeout=60s",
            ],
            "",
        );
    }
    pods_of_the_job_are_admitted(&scene);
    reports_and_metrics_are_written(&scene);
    a_pod_is_who_its_token_says(&scene);
    custom_kinds_are_judged_by_whoever_may_read_them(&scene);
}

/// Every text of a saved snapshot.
fn saved(path: &Path) -> String {
    let mut saved = Saved::open(path).unwrap();
    let entries = saved.entries().unwrap().map(Result::unwrap);
    entries
        .map(|entry| match entry {
            Entry::Object(text) => text,
            Entry::Gap(gap) => gap.message,
        })
        .collect()
}

fn no_answer_to_us_holds_a_secret(scene: &Scene) {
    let secret = scene.json(&["get", "secret", "planted", "-n", "shop"]);
    let encoded = secret["data"]["anything"].as_str().unwrap();
    let applied =
        &secret["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"];
    assert!(applied.as_str().unwrap().contains(VALUE));
    let log = fs::read_to_string(scene.path("audit.log")).unwrap();
    assert!(
        log.contains(encoded) && log.contains(VALUE),
        "answers are not logged"
    );

    let plain = ["snapshot", "-o", "plain.snapshot"];
    let named = ["snapshot", "--secret-names", "-o", "named.snapshot"];
    let is_of_secrets = |event: &&Value| event["objectRef"]["resource"] == "secrets";
    assert_eq!(scene.plimsoll(&plain).0, Some(0));
    let before = scene.events();
    assert!(before.len() > 40, "{}", before.len());
    assert_eq!(before.iter().filter(is_of_secrets).count(), 0);
    assert_eq!(scene.plimsoll(&named).0, Some(0));
    let after = scene.events();
    let of_secrets: Vec<_> = after.iter().filter(is_of_secrets).collect();
    assert!(of_secrets.len() > 2, "{}", of_secrets.len());
    for event in &of_secrets {
        assert!(
            event["requestURI"]
                .as_str()
                .unwrap()
                .ends_with("?includeObject=None")
        );
        assert_eq!(event["responseObject"]["kind"], "Table");
        let rows = event["responseObject"]["rows"].as_array().unwrap();
        assert!(rows.iter().all(|row| row["object"].is_null()), "{event}");
    }
    for event in &after {
        assert!(
            matches!(event["verb"].as_str(), Some("get" | "list")),
            "{event}"
        );
        let text = event.to_string();
        assert!(!text.contains(VALUE) && !text.contains(encoded), "{text}");
    }
    let whole = Saved::open(&scene.path("plain.snapshot")).unwrap();
    let features = whole.header.features.unwrap();
    let known = "MutatingAdmissionPolicy".to_owned();
    assert!(
        features.len() > 20 && features.contains(&known),
        "{features:?}"
    );
    let (plain, named) = (
        saved(&scene.path("plain.snapshot")),
        saved(&scene.path("named.snapshot")),
    );
    assert!(named.contains("\"kind\":\"Secret\"") && !plain.contains("\"kind\":\"Secret\""));
    for text in [plain, named] {
        assert!(!text.contains(VALUE) && !text.contains(encoded));
    }
}

fn without_definitions_nothing_is_published(scene: &Scene) {
    let (code, _, told) = scene.plimsoll(&["scan", "--cluster", "--publish", "--fail-on", "never"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("does not serve openreports.io/v1alpha1"),
        "{told}"
    );
}

fn pods_of_the_job_are_admitted(scene: &Scene) {
    let (code, manifest, told) = scene.plimsoll(&["generate", "in-cluster"]);
    assert_eq!(code, Some(0), "{told}");
    let apply = ["apply", "--validate=strict", "-f", "-"];
    let (fine, _, told) = scene.try_kubectl(&apply, &manifest);
    // The server warns of a template that the level would refuse.
    assert!(fine && !told.contains("would violate"), "{told}");
    let namespace = scene.json(&["get", "namespace", "plimsoll"]);
    assert_eq!(
        namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"],
        "restricted"
    );
    let root = [
        "run",
        "root",
        "--image=registry.example.com/a:1",
        "-n",
        "plimsoll",
    ];
    let (fine, _, told) = scene.try_kubectl(&root, "");
    assert!(!fine && told.contains("PodSecurity"), "{told}");
    scene.kubectl(
        &[
            "create",
            "job",
            "now",
            "--from=cronjob/plimsoll",
            "-n",
            "plimsoll",
        ],
        "",
    );
    let pod = [
        "wait",
        "--for=create",
        "pod",
        "-l",
        "batch.kubernetes.io/job-name=now",
        "-n",
        "plimsoll",
        "--timeout=120s",
    ];
    scene.kubectl(&pod, "");
}

/// Runs what the job runs, as its account; files go to our folder.
fn run_job(scene: &Scene) -> (Option<i32>, String, String) {
    let job = scene.json(&["get", "cronjob", "plimsoll", "-n", "plimsoll"]);
    let pod = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"];
    let folder = scene.folder.path().display().to_string();
    let arguments = pod["containers"][0]["args"].as_array().unwrap().iter();
    let arguments =
        arguments.map(|argument| argument.as_str().unwrap().replace("/reports", &folder));
    let account = format!(
        "--as=system:serviceaccount:plimsoll:{}",
        pod["serviceAccountName"].as_str().unwrap()
    );
    let arguments: Vec<String> = arguments.chain([account]).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    scene.plimsoll(&arguments)
}

fn reports_and_metrics_are_written(scene: &Scene) {
    for (name, owner) in [("former", "plimsoll"), ("foreign", "somebody")] {
        let report = json!({"apiVersion": "openreports.io/v1alpha1", "kind": "Report", "results": [],
            "metadata": {"name": name, "namespace": "default", "labels": {"app.kubernetes.io/managed-by": owner}}});
        scene.kubectl(&["apply", "-f", "-"], &report.to_string());
    }
    scene.kubectl(
        &[
            "run",
            "bad",
            "--image=registry.example.com/bad:1",
            "--privileged",
            "-n",
            "shop",
        ],
        "",
    );
    let (code, _, told) = run_job(scene);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("published: ") && told.contains("1 of former scans taken away"),
        "{told}"
    );
    let report = scene.json(&["get", "reports.openreports.io", "plimsoll", "-n", "shop"]);
    let results = report["results"].as_array().unwrap();
    let privileged = results
        .iter()
        .find(|result| result["policy"] == "privileged-container")
        .unwrap();
    assert_eq!(
        (&privileged["result"], &privileged["severity"]),
        (&json!("fail"), &json!("critical"))
    );
    assert_eq!(privileged["resources"][0]["name"], "bad");
    assert!(report["summary"]["fail"].as_u64().unwrap() >= 1);
    let cluster = scene.json(&["get", "clusterreports.openreports.io"]);
    assert_eq!(cluster["items"].as_array().unwrap().len(), 1);
    let metrics = fs::read_to_string(scene.path("plimsoll.prom")).unwrap();
    assert!(
        metrics.contains("plimsoll_findings") && metrics.ends_with("# EOF\n"),
        "{metrics}"
    );
    let names = scene.kubectl(
        &[
            "get",
            "reports.openreports.io",
            "-n",
            "default",
            "-o",
            "name",
        ],
        "",
    );
    assert!(
        names.contains("foreign") && !names.contains("former"),
        "{names}"
    );
    let writes = |event: &&Value| !matches!(event["verb"].as_str(), Some("get" | "list"));
    for event in scene.events().iter().filter(writes) {
        assert_eq!(event["objectRef"]["apiGroup"], "openreports.io", "{event}");
    }
    let forbidden = scene.plimsoll(&[
        "scan",
        "--cluster",
        "--publish",
        "--fail-on=never",
        "--allow-gaps",
        "--as=nobody",
    ]);
    assert_eq!(forbidden.0, Some(2));
    assert!(forbidden.2.contains("verbs: [patch]"), "{}", forbidden.2);
}

/// Lays out what the kubelet mounts, where nobody else sees it.
const AS_A_POD: &str = r#"
    mount -t tmpfs none "$(readlink -f /var/run)" &&
    mkdir -p /var/run/secrets/kubernetes.io/serviceaccount &&
    cp "$1/token" "$1/ca.crt" "$1/namespace" /var/run/secrets/kubernetes.io/serviceaccount/ &&
    shift && exec "$@""#;

fn a_pod_is_who_its_token_says(scene: &Scene) {
    let unshare = ["--map-root-user", "--mount"];
    let can = Command::new("unshare").args(unshare).arg("true").output();
    if !can.is_ok_and(|output| output.status.success()) {
        let said = "left out: this system does not let us mount a service account";
        let _ = writeln!(std::io::stderr(), "{said}");
        return;
    }
    let token = scene.kubectl(&["create", "token", "plimsoll", "-n", "plimsoll"], "");
    fs::write(scene.path("token"), token.trim()).unwrap();
    fs::write(scene.path("namespace"), "plimsoll").unwrap();
    fs::copy(scene.plane.certificate(), scene.path("ca.crt")).unwrap();
    let port = scene.plane.server().rsplit(':').next().unwrap();
    let output = Command::new("unshare")
        .args(unshare)
        .args(["sh", "-c", AS_A_POD, "sh"])
        .arg(scene.folder.path())
        .arg(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["snapshot", "-o", "pod.snapshot"])
        .current_dir(scene.folder.path())
        .env_remove("KUBECONFIG")
        .env("HOME", "/nowhere")
        .env("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        .env("KUBERNETES_SERVICE_PORT", port)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    let events = scene.events();
    let last = events.last().unwrap();
    assert_eq!(
        last["user"]["username"],
        "system:serviceaccount:plimsoll:plimsoll"
    );
    assert!(last["impersonatedUser"].is_null());
}

fn custom_kinds_are_judged_by_whoever_may_read_them(scene: &Scene) {
    scene.kubectl(&["apply", "-f", "-"], ROLLOUTS);
    scene.kubectl(
        &[
            "wait",
            "--for=condition=Established",
            "crd/rollouts.example.com",
            "--timeout=60s",
        ],
        "",
    );
    scene.kubectl(&["apply", "-f", "-"], ROLLOUT);
    let (_, text, told) = scene.plimsoll(&["scan", "--cluster", "--format", "json"]);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{told}"));
    let findings = report["findings"].as_array().unwrap().iter();
    let mut of_rollout = findings.filter(|finding| finding["object"]["kind"] == "Rollout");
    assert!(
        of_rollout.any(|finding| finding["control"] == "privileged-container"
            && finding["path"] == "spec.template.spec.containers[0].securityContext.privileged")
    );
    assert_eq!(
        scene.plimsoll(&["snapshot", "-o", "custom.snapshot"]).0,
        Some(0)
    );
    assert!(!saved(&scene.path("custom.snapshot")).contains("kept-to-themselves"));
    // The form in the cluster has no rights to kinds that it did not know of, and says so.
    let (code, _, _) = run_job(scene);
    assert_eq!(code, Some(2));
    let text = fs::read_to_string(scene.path("plimsoll.json")).unwrap();
    let gaps: Value = serde_json::from_str(&text).unwrap();
    let gap = gaps["gaps"][0]["message"].as_str().unwrap();
    assert!(
        gap.contains("{apiGroups: [\"example.com\"], resources: [rollouts], verbs: [list]}"),
        "{gap}"
    );
}

#[test]
fn files_of_kubeconfig_are_put_together_and_a_wrong_one_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let context = json!({"name": "a", "context": {"cluster": "a", "user": "nobody"}});
    let first = json!({"contexts": [context], "current-context": "a"});
    // Nothing listens at this port; of two clusters of one name the first counts.
    let cluster = |server| json!({"clusters": [{"name": "a", "cluster": {"server": server}}]});
    let files = [first, cluster("http://127.0.0.1:1"), cluster("no address")];
    let paths = ["one", "two", "three"].map(|name| folder.path().join(name));
    for (path, file) in paths.iter().zip(files) {
        fs::write(path, file.to_string()).unwrap();
    }
    let told = |list: &[&PathBuf]| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["scan", "--cluster"])
            .env("KUBECONFIG", std::env::join_paths(list).unwrap())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let [one, two, three] = &paths;
    let all = told(&[one, &folder.path().join("missing"), two, three]);
    assert!(
        all.contains("nothing listens at the address of the API server"),
        "{all}"
    );
    let without = told(&[two, one]);
    assert!(without.contains("nothing listens"), "{without}");
    let wrong = told(&[three, two, one]);
    assert!(wrong.contains("the kubeconfig cannot be used"), "{wrong}");
    let none = told(&[&folder.path().join("missing")]);
    assert!(none.contains("there is no kubeconfig"), "{none}");
}

#[test]
fn the_form_in_the_cluster_scans_clean() {
    let folder = tempfile::tempdir().unwrap();
    let plimsoll = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
        let mut output = output;
        output
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let generated = plimsoll(&["generate", "in-cluster", "--output", "in-cluster.yaml"]);
    assert!(generated.status.success());
    for profile in ["default", "public-single-team", "internal-multi-team"] {
        let judged = plimsoll(&[
            "scan",
            "--fail-on=low",
            "--profile",
            profile,
            "--format=json",
            "in-cluster.yaml",
        ]);
        let report: Value = serde_json::from_slice(&judged.stdout).unwrap();
        assert_eq!(report["findings"], json!([]), "{profile}");
        assert_eq!(judged.status.code(), Some(0), "{profile}");
        // Reading ConfigMaps is an exception that says why.
        let waived = report["waived"].as_array().unwrap();
        assert_eq!(waived.len(), 1);
        assert_eq!(waived[0]["finding"]["control"], "config-maps-readable");
    }
}
