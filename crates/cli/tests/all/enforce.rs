//! Policies from the command line: what is written, where, and what is refused. What the policies do is tested on a real API
//! server, in the room that makes them.

use std::fs;

use crate::folder::Folder;

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
