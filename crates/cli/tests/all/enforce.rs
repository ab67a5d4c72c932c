//! Policies from the command line: what is written, where, and what is refused. What the policies do is tested on a real API
//! server, in the room that makes them.

use std::fs;

use crate::folder::Folder;
use crate::programs::program;

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path(name)).unwrap()
}

#[test]
fn policies_come_with_their_bindings() {
    let run = Folder::new().run(&["enforce", "privileged-container", "--stage", "deny"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert_eq!(
        run.out.matches("kind: ValidatingAdmissionPolicy\n").count(),
        1
    );
    assert_eq!(
        run.out
            .matches("kind: ValidatingAdmissionPolicyBinding\n")
            .count(),
        1
    );
    assert!(run.out.contains("  - Deny\n") && run.out.contains("      - kube-system\n"));
}

#[test]
fn without_names_everything_that_can_be_a_policy_is_one() {
    let run = Folder::new().run(&["enforce", "--namespace", "shop"]);
    assert_eq!(run.code, 0);
    assert!(
        run.err.contains("note: no policy for") && run.err.contains("audit-policy-invalid"),
        "{}",
        run.err
    );
    let policies = run.out.matches("kind: ValidatingAdmissionPolicy\n").count();
    assert!(policies > 20, "{policies}");
    assert!(run.out.contains("      - shop\n") && !run.out.contains("      - kube-system\n"));
}

#[test]
fn what_cannot_be_a_policy_is_refused_with_the_reason() {
    let folder = Folder::new();
    let unknown = folder.run(&["enforce", "privilged-container"]);
    assert_eq!(unknown.code, 2);
    assert!(
        unknown.err.contains("did you mean privileged-container"),
        "{}",
        unknown.err
    );
    let old = folder.run(&["enforce", "--kubernetes-version", "1.29"]);
    assert_eq!(old.code, 2);
    assert!(old.err.contains("since Kubernetes 1.30"), "{}", old.err);
    let settings = folder.run(&["enforce", "kubelet-anonymous-access"]);
    assert_eq!(settings.code, 2);
    assert!(
        settings
            .err
            .contains("kubelet-anonymous-access cannot be a policy"),
        "{}",
        settings.err
    );
}

#[test]
fn several_files_go_into_a_folder_and_overwrite_nothing() {
    let folder = Folder::new();
    let homeless = folder.run(&["enforce", "--format", "kustomize"]);
    assert_eq!(homeless.code, 2);
    assert!(homeless.err.contains("--output"), "{}", homeless.err);
    let arguments = ["enforce", "--format", "kustomize", "--output", "policies"];
    assert_eq!(folder.run(&arguments).code, 0);
    assert!(read(&folder, "policies/kustomization.yaml").contains("- bindings.yaml\n"));
    let again = folder.run(&arguments);
    assert_eq!(again.code, 2);
    assert!(
        again
            .err
            .contains("policies/kustomization.yaml cannot be written"),
        "{}",
        again.err
    );
    assert_eq!(
        folder
            .run(&["enforce", "--format", "helm", "--output", "chart"])
            .code,
        0
    );
    assert!(read(&folder, "chart/values.yaml").contains("privileged-container: warn\n"));
}

#[test]
fn waivers_that_name_an_object_become_exemptions() {
    let folder = Folder::new().file(
        "plimsoll.yaml",
        "version: 1
waivers:
  - control: privileged-container
    reason: the driver formats disks
    object: {kind: DaemonSet, namespace: storage, name: driver, container: format}
  - control: privileged-container
    reason: over
    expires: 2026-01-31
    object: {kind: DaemonSet, namespace: storage, name: old}
  - control: host-port
    reason: anybody
    object: {kind: DaemonSet}
",
    );
    let run = folder.run(&["enforce", "--today", "2026-02-01", "privileged-container"]);
    assert_eq!(run.code, 0);
    assert!(
        run.out
            .contains("\"name\": \"driver\", \"container\": \"format\""),
        "{}",
        run.out
    );
    assert!(!run.out.contains("\"old\""));
    assert!(
        run.err
            .contains("the waiver of host-port names no kind, namespace and name"),
        "{}",
        run.err
    );
}

const RUNNING: &str = "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: driver, namespace: storage}
spec:
  selector: {matchLabels: {app: driver}}
  template:
    metadata: {labels: {app: driver}}
    spec:
      hostPID: true
      containers:
        - name: format
          image: registry.example.com/driver:1
          securityContext: {privileged: true}
";

#[test]
fn a_report_says_where_each_control_starts() {
    let folder = Folder::new().file("driver.yaml", RUNNING).file(
        "plimsoll.yaml",
        "version: 1
waivers:
  - control: privileged-container
    reason: the driver formats disks
    object: {kind: DaemonSet, name: driver}
",
    );
    let scan = ["scan", "--output", "json=report.json", "driver.yaml"];
    assert!(folder.run(&scan).code < 2);
    let run = folder.run(&["enforce", "--from-report", "report.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err
            .contains("host-pid starts at warn: deny would refuse DaemonSet storage/driver"),
        "{}",
        run.err
    );
    // The waiver names no namespace; what it let through does.
    assert!(
        run.out
            .contains("\"name\": \"driver\", \"container\": \"format\"")
    );
    let actions = |control: &str| {
        let binding = run.out.split("---\n").find(|document| {
            document.contains("kind: ValidatingAdmissionPolicyBinding\n")
                && document.contains(&format!("policyName: plimsoll-{control}\n"))
        });
        binding.unwrap().contains("- Deny\n")
    };
    assert!(actions("privileged-container") && actions("host-ipc"));
    assert!(!actions("host-pid"));
    let both = folder.run(&["enforce", "--from-report", "report.json", "--stage", "deny"]);
    assert_eq!(both.code, 2);
}

#[test]
fn what_a_report_could_not_judge_is_not_denied() {
    let folder = Folder::new()
        .file("driver.yaml", RUNNING)
        .file("broken.yaml", "kind: Pod\n a: [\n");
    let run = folder.run(&["scan", "--output", "json=report.json", "."]);
    assert_eq!(run.code, 2);
    let run = folder.run(&["enforce", "--from-report", "report.json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(!run.out.contains("- Deny\n"));
    assert!(
        run.err
            .contains("host-ipc starts at warn: the report does not say what deny would refuse"),
        "{}",
        run.err
    );
}

#[test]
fn lists_and_pages_say_what_the_api_server_enforces() {
    let folder = Folder::new();
    let list = folder.run(&["controls", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&list.out).unwrap();
    let enforced = |id: &str| {
        let mut rows = list.as_array().unwrap().iter();
        rows.find(|row| row["id"] == id).unwrap()["enforced"] == true
    };
    assert!(enforced("privileged-container") && enforced("host-path"));
    assert!(!enforced("kubelet-anonymous-access"));
    let page = folder
        .run(&["explain", "host-path", "credential-in-container"])
        .out;
    assert!(
        page.contains("`plimsoll enforce host-path` writes an admission policy")
            || page.contains("plimsoll enforce host-path writes an admission policy"),
        "{page}"
    );
    assert!(
        page.contains("cannot be a policy: what looks like a credential"),
        "{page}"
    );
}

const NAMESPACES: &str = "apiVersion: v1
kind: Namespace
metadata: {name: strict, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: Pod
metadata: {name: root, namespace: strict}
spec: {containers: [{name: main, image: registry.example.com/a:1}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: empty}
---
apiVersion: v1
kind: Pod
metadata: {name: network, namespace: kube-system}
spec: {hostNetwork: true, containers: [{name: main, image: registry.example.com/a:1}]}
---
apiVersion: v1
kind: Pod
metadata: {name: homeless}
spec: {containers: [{name: main, image: registry.example.com/a:1}]}
";

fn labels(text: &str, namespace: &str) -> Vec<String> {
    let name = format!("  name: {namespace}\n");
    let document = text
        .split("---\n")
        .find(|document| document.contains(&name));
    let lines = document.unwrap_or_default().lines().map(str::trim);
    let lines = lines.filter_map(|line| line.strip_prefix("pod-security.kubernetes.io/"));
    lines.map(str::to_owned).collect()
}

#[test]
fn namespaces_get_the_strictest_level_that_refuses_nothing() {
    let folder = Folder::new()
        .file("driver.yaml", RUNNING)
        .file("rest.yaml", NAMESPACES)
        .file(
            "plimsoll.yaml",
            "version: 1
controls: {off: {privileged-container: 'known', host-pid: 'known'}}
",
        );
    let run = folder.run(&[
        "enforce",
        "--pod-security",
        "--kubernetes-version",
        "1.35",
        ".",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    // Pod Security admission does not know what somebody turned off.
    let storage = labels(&run.out, "storage");
    assert!(
        storage.contains(&"enforce: privileged".to_owned()),
        "{}",
        run.out
    );
    assert!(
        storage.contains(&"warn: restricted".to_owned())
            && storage.contains(&"warn-version: v1.35".to_owned())
    );
    assert!(
        run.out.contains(
            "# baseline would refuse DaemonSet storage/driver (host-pid, privileged-container)"
        ),
        "{}",
        run.out
    );
    // What says no namespace may go to each.
    assert_eq!(labels(&run.out, "empty")[0], "enforce: baseline");
    assert!(
        run.out
            .contains("# restricted would refuse Pod homeless of no namespace ("),
        "{}",
        run.out
    );
    // What is enforced today is not weakened.
    assert_eq!(labels(&run.out, "strict")[0], "enforce: restricted");
    assert!(labels(&run.out, "kube-system").is_empty());
    assert!(run.err.contains("may go to each"), "{}", run.err);
    assert!(
        run.err
            .contains("in empty, strict Pod Security admission refuses"),
        "{}",
        run.err
    );
    let system = folder.run(&[
        "enforce",
        "--pod-security",
        "--namespace",
        "kube-system",
        ".",
    ]);
    assert_eq!(labels(&system.out, "kube-system")[0], "enforce: privileged");
}

#[test]
fn nothing_new_is_enforced_where_something_could_not_be_seen() {
    let folder = Folder::new()
        .file("rest.yaml", NAMESPACES)
        .file("broken.yaml", "apiVersion: v1\nkind: Pod\n a: [\n");
    let run = folder.run(&["enforce", "--pod-security", "--output", "labels", "."]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("gap: broken.yaml"), "{}", run.err);
    let written = read(&folder, "labels/namespaces.yaml");
    assert!(!written.contains("/enforce"), "{written}");
    assert!(read(&folder, "labels/admission-configuration.yaml").contains("enforce: privileged"));
    let nothing = folder.run(&["enforce", "--pod-security"]);
    assert_eq!(nothing.code, 2);
    assert!(
        nothing
            .err
            .contains("name files, folders or a saved snapshot"),
        "{}",
        nothing.err
    );
}

#[test]
fn policies_can_leave_namespaces_to_pod_security_admission() {
    let run = Folder::new().run(&[
        "enforce",
        "privileged-container",
        "image-tag-latest",
        "--beside-pod-security",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    let selects = |control: &str| {
        let mut bindings = run
            .out
            .split("---\n")
            .filter(|it| it.contains("kind: ValidatingAdmissionPolicyBinding"));
        let binding = bindings.find(|it| it.contains(&format!("name: plimsoll-{control}\n")));
        binding
            .unwrap()
            .contains("key: pod-security.kubernetes.io/enforce\n")
    };
    assert!(selects("privileged-container") && !selects("image-tag-latest"));
}

const TRUSTING: &str = "version: 1
images: {trustedRegistries: [registry.example.com/]}
";

#[test]
fn trusted_registries_come_with_their_policy() {
    let folder = Folder::new();
    let nobody = folder.run(&["enforce", "untrusted-registry"]);
    assert_eq!(nobody.code, 2);
    assert!(
        nobody.err.contains("images.trustedRegistries"),
        "{}",
        nobody.err
    );
    let folder = folder.file("plimsoll.yaml", TRUSTING);
    let run = folder.run(&["enforce", "untrusted-registry"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("kind: ConfigMap\n")
            && run
                .out
                .contains("registries: \"registry.example.com\\n\"\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("parameterNotFoundAction: Deny"),
        "{}",
        run.out
    );
    let kyverno = folder.run(&[
        "enforce",
        "untrusted-registry",
        "host-path",
        "--for",
        "kyverno",
    ]);
    assert_eq!(kyverno.code, 0, "{}", kyverno.err);
    assert!(
        kyverno
            .out
            .starts_with("# no ValidatingPolicy for untrusted-registry"),
        "{}",
        kyverno.out
    );
    assert!(
        kyverno
            .err
            .contains("no ValidatingPolicy for untrusted-registry")
    );
    assert_eq!(kyverno.out.matches("kind: ValidatingPolicy\n").count(), 1);
    assert!(
        kyverno.out.contains("apiVersion: policies.kyverno.io/v1\n")
            && kyverno.out.contains("namespaceSelector:")
    );
    assert!(!kyverno.out.contains("kind: ConfigMap"));
}

#[test]
fn mutating_policies_are_written_for_the_version() {
    let folder = Folder::new();
    let run = folder.run(&["enforce", "--mutate", "privilege-escalation-allowed"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("kind: MutatingAdmissionPolicy\n")
            && run.out.contains("reinvocationPolicy: IfNeeded")
    );
    assert!(
        run.out
            .contains("apiVersion: admissionregistration.k8s.io/v1\n")
    );
    let older = folder.run(&["enforce", "--mutate", "--kubernetes-version", "1.34"]);
    assert!(
        older
            .out
            .contains("apiVersion: admissionregistration.k8s.io/v1beta1\n")
    );
    assert!(
        older.err.contains("feature gate") && older.err.contains("no mutating policy for"),
        "{}",
        older.err
    );
    let unsafe_fix = folder.run(&["enforce", "--mutate", "privileged-container"]);
    assert_eq!(unsafe_fix.code, 2);
    assert!(
        unsafe_fix.err.contains("no fix that is safe"),
        "{}",
        unsafe_fix.err
    );
    let old = folder.run(&["enforce", "--mutate", "--kubernetes-version", "1.31"]);
    assert_eq!(old.code, 2);
}

#[test]
fn a_difference_to_applied_manifests_is_told() {
    let folder = Folder::new().file(
        "plimsoll.yaml",
        "version: 1
waivers:
  - control: privileged-container
    reason: the driver formats disks
    expires: 2027-01-31
    object: {kind: DaemonSet, namespace: storage, name: driver}
",
    );
    let arguments = [
        "enforce",
        "--today",
        "2027-01-01",
        "privileged-container",
        "host-path",
        "--stage",
        "deny",
    ];
    let applied = folder.run(&arguments).out;
    let folder = folder.file("applied/all.yaml", &applied);
    let diff = |today: &str, more: &[&str]| {
        let mut arguments = vec![
            "enforce",
            "privileged-container",
            "host-path",
            "--diff",
            "--from",
            "applied",
            "--today",
            today,
        ];
        arguments.extend(more);
        folder.run(&arguments)
    };
    let same = diff("2027-01-01", &[]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (0, "no difference\n"),
        "{}",
        same.err
    );
    let stage = diff("2027-01-01", &["--stage", "warn"]);
    assert_eq!(stage.code, 1);
    assert!(
        stage.out.contains(
            "changed: ValidatingAdmissionPolicyBinding plimsoll-host-path: spec.validationActions"
        ),
        "{}",
        stage.out
    );
    let over = diff("2027-02-01", &["--format", "json"]);
    assert_eq!(over.code, 1, "{}", over.err);
    let over: serde_json::Value = serde_json::from_str(&over.out).unwrap();
    let states: Vec<_> = over["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["stale", "expired"], "{over:#}");
    assert_eq!(
        over["differences"][1]["message"],
        "DaemonSet storage/driver is exempt although that was over on 2027-01-31"
    );
    let whole = folder.run(&["enforce", "--diff", "--from", "applied"]);
    assert_eq!(whole.code, 1);
    assert!(
        whole
            .out
            .contains("missing: ValidatingAdmissionPolicy plimsoll-host-pid"),
        "{}",
        whole.out
    );
    let lost = folder.run(&["enforce", "--diff"]);
    assert_eq!(lost.code, 2);
}

/// The bindings of a text, with what tells one from another taken as a whole.
fn bindings(text: &str) -> std::collections::BTreeMap<String, serde_json::Value> {
    let documents = text
        .split("---\n")
        .filter(|document| document.contains("PolicyBinding"));
    let read = |text: &str| -> serde_json::Value { serde_saphyr::from_str(text).unwrap() };
    let named = documents.map(read).map(|binding| {
        let name = binding["metadata"]["name"].as_str().unwrap().to_owned();
        (name, binding)
    });
    named.collect()
}

#[test]
fn a_chart_renders_the_same_bindings() {
    let folder = Folder::new().file("plimsoll.yaml", TRUSTING);
    let common = [
        "enforce",
        "host-path",
        "may-run-as-root",
        "image-tag-latest",
        "untrusted-registry",
        "--beside-pod-security",
    ];
    let plain = folder.run(&common);
    assert_eq!(plain.code, 0, "{}", plain.err);
    let chart = [&common[..], &["--format", "helm", "--output", "chart"]].concat();
    assert_eq!(folder.run(&chart).code, 0);
    for name in ["helm3", "helm4"] {
        let Some(helm) = program(name, "a_chart_renders_the_same_bindings") else {
            return;
        };
        let chart = folder.path("chart");
        let rendered = std::process::Command::new(helm)
            .arg("template")
            .arg("x")
            .arg(chart)
            .output()
            .unwrap();
        let text = String::from_utf8(rendered.stdout).unwrap();
        assert!(
            rendered.status.success(),
            "{}",
            String::from_utf8_lossy(&rendered.stderr)
        );
        assert_eq!(bindings(&text), bindings(&plain.out));
        assert_eq!(bindings(&text).len(), 4);
        assert!(text.contains("name: plimsoll-trusted-registries"));
    }
}
