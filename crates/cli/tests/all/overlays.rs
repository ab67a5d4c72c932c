//! Kustomizations: rendered by the real Kustomize, with every finding in the file, patch or setting behind it. The overlay
//! is our own.

use plimsoll_control_plane::Programs;

use crate::folder::{Folder, PRIVILEGED, Scan, ended};
use crate::programs::{left_out, program, script};

const DEPLOYMENT: &str = "\
# The web server.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostIPC: true # plimsoll: allow host-ipc: shared memory with the agent
      containers:
        - {name: front, image: front}
        - name: back
          image: registry.example.com/back:1
          securityContext:
            runAsUser: 0
";

const BASE: &str = "\
resources: [web.yaml]
configMapGenerator:
  - name: settings
    literals:
      - colour=blue
      - PASSWORD=hunter2hunter2
";

const PROD: &str = "\
resources: [../base]
components: [../debug]
namespace: shop
namePrefix: prod-
images:
  - name: front
    newTag: latest
patches:
  - path: strategic.yaml
  - path: operations.yaml
    target: {kind: Deployment, name: web}
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec:
            hostPID: true
replacements:
  - source: {kind: ConfigMap, name: settings, fieldPath: data.colour}
    targets:
      - select: {kind: Deployment}
        fieldPaths:
          - spec.template.spec.containers.[name=back].image
";

const STRATEGIC: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: back
          securityContext:
            privileged: true
";

const OPERATIONS: &str = "\
- op: add
  path: /spec/template/spec/hostNetwork
  value: true
- op: add
  path: /spec/template/spec/containers/0/ports
  value:
    - containerPort: 80
      hostPort: 8080
";

const DEBUG: &str = "\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [agent.yaml]
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: add
        path: /spec/template/spec/volumes
        value: [{name: root, hostPath: {path: /}}]
";

fn shop() -> Folder {
    Folder::new()
        .file("base/kustomization.yaml", BASE)
        .file("base/web.yaml", DEPLOYMENT)
        .file("debug/kustomization.yaml", DEBUG)
        .file("debug/agent.yaml", PRIVILEGED)
        .file("prod/kustomization.yaml", PROD)
        .file("prod/strategic.yaml", STRATEGIC)
        .file("prod/operations.yaml", OPERATIONS)
}

/// `file:line:column` of a control's findings; `~` before those that are only about there.
fn places(scan: &Scan, control: &str) -> Vec<String> {
    let findings = scan.report["findings"].as_array().unwrap().iter();
    let place = |finding: &serde_json::Value| {
        let at = &finding["location"];
        let about = if at["exact"] == true { "" } else { "~" };
        format!(
            "{about}{}:{}:{}",
            at["file"].as_str().unwrap(),
            at["line"],
            at["column"]
        )
    };
    findings
        .filter(|finding| finding["control"] == control)
        .map(place)
        .collect()
}

#[test]
fn every_finding_stands_where_its_value_was_set() {
    let Some(kustomize) = program("kustomize", "every_finding_stands_where_its_value_was_set")
    else {
        return;
    };
    let scan = shop().scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(scan.gaps(), [""; 0]);
    for (control, expected) in [
        (
            "privileged-container",
            vec!["debug/agent.yaml:9:9", "prod/strategic.yaml:10:13"],
        ),
        ("host-network", vec!["prod/operations.yaml:3:3"]),
        ("host-port", vec!["prod/operations.yaml:8:7"]),
        ("host-pid", vec!["prod/kustomization.yaml:19:13"]),
        ("host-path", vec!["debug/kustomization.yaml:9:41"]),
        (
            "credential-in-config-map",
            vec!["base/kustomization.yaml:6:9"],
        ),
        ("waiver-unmatched", vec![]),
    ] {
        assert_eq!(places(&scan, control), expected, "{control}");
    }
    let latest = places(&scan, "image-tag-latest");
    assert_eq!(
        latest,
        [
            "prod/kustomization.yaml:7:5",
            "prod/kustomization.yaml:25:13"
        ]
    );
    let root = places(&scan, "may-run-as-root");
    assert!(root.contains(&"base/web.yaml:15:11".to_owned()), "{root:?}");
    assert!(root.contains(&"base/web.yaml:12:12".to_owned()), "{root:?}");
    assert_eq!(places(&scan, "runs-as-root"), ["base/web.yaml:16:13"]);
    // What is missing from a container is told where the container is written, not where it is patched.
    assert!(places(&scan, "cpu-request-missing").contains(&"base/web.yaml:13:11".to_owned()));
    let object = &scan.report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["control"] == "host-pid")
        .unwrap()["object"];
    assert_eq!(
        (&object["name"], &object["namespace"]),
        (&"prod-web".into(), &"shop".into())
    );
}

#[test]
fn kubectl_does_where_there_is_no_kustomize() {
    let Some(Programs::Single(control_plane)) = Programs::find() else {
        return left_out("kubectl_does_where_there_is_no_kustomize");
    };
    // The program that holds a control plane is kubectl as well, when it is called so.
    let kubectl = format!("exec '{}' kubectl \"$@\"\n", control_plane.display());
    let folder = script(Folder::new(), "kubectl", &kubectl);
    let path = folder.path("");
    let shop = shop();
    let mut command = shop.command(&["scan", "--format", "json", "."]);
    let scan = Scan::of(&ended(command.env("PATH", &path).output().unwrap()));
    assert_eq!(scan.gaps(), [""; 0]);
    for (control, expected) in [
        ("host-network", "prod/operations.yaml:3:3"),
        ("host-pid", "prod/kustomization.yaml:19:13"),
        ("host-path", "debug/kustomization.yaml:9:41"),
        ("credential-in-config-map", "base/kustomization.yaml:6:9"),
    ] {
        assert_eq!(places(&scan, control), [expected], "{control}");
    }
    let named = folder.path("kubectl").display().to_string();
    let again = shop.scan_with(&["--kustomize", &named, "."]);
    assert_eq!(again.report["findings"], scan.report["findings"]);
}

#[test]
fn comments_that_kustomize_drops_still_waive() {
    let Some(kustomize) = program("kustomize", "comments_that_kustomize_drops_still_waive") else {
        return;
    };
    let scan = shop().scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(places(&scan, "host-ipc"), [""; 0]);
    let waived = &scan.report["waived"][0]["finding"];
    assert_eq!(
        (&waived["control"], &waived["location"]["line"]),
        (&"host-ipc".into(), &10.into())
    );
}

#[test]
fn a_base_is_judged_as_its_overlays_make_it_and_told_once() {
    let Some(kustomize) = program(
        "kustomize",
        "a_base_is_judged_as_its_overlays_make_it_and_told_once",
    ) else {
        return;
    };
    let folder = Folder::new()
        .file("base/kustomization.yaml", "resources: [a.yaml]\n")
        .file("base/a.yaml", PRIVILEGED)
        .file("alone.yaml", PRIVILEGED)
        .file(
            "dev/kustomization.yaml",
            "resources: [../base]\nnamespace: dev\n",
        )
        .file(
            "prod/kustomization.yaml",
            "resources: [../base]\nnamespace: prod\n",
        );
    let scan = folder.scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(
        scan.found("privileged-container"),
        ["alone.yaml:9", "base/a.yaml:9"]
    );
    assert_eq!(scan.summary("objects"), 3);
    let findings = scan.report["findings"].as_array().unwrap();
    let shared = |finding: &&serde_json::Value| finding["location"]["file"] == "base/a.yaml";
    let related = &findings.iter().find(shared).unwrap()["related"];
    assert!(
        related.to_string().contains("\"unit\":\"prod\""),
        "{related}"
    );
}

#[test]
fn a_kustomization_that_only_lists_needs_no_program() {
    let folder = Folder::new()
        .file("kustomization.yaml", "resources: [base]\n")
        .file("base/kustomization.yaml", "resources: [a.yaml]\n")
        .file("base/a.yaml", PRIVILEGED);
    let scan = folder.scan();
    assert_eq!(
        (scan.gaps().len(), scan.found("privileged-container")),
        (0, vec!["base/a.yaml:9".to_owned()])
    );
}

#[test]
fn without_the_program_files_are_judged_as_written() {
    let scan = shop().scan();
    assert_eq!(
        (scan.code, scan.gaps()),
        (
            2,
            vec!["kustomize-not-found prod/kustomization.yaml".to_owned()]
        )
    );
    assert!(
        scan.gap_message().contains("install kustomize or kubectl"),
        "{}",
        scan.gap_message()
    );
    assert_eq!(scan.found("privileged-container"), ["debug/agent.yaml:9"]);
}

#[test]
fn nothing_is_fetched_and_nothing_outside_is_read() {
    let folder = Folder::new()
        .file("far/kustomization.yaml", "resources: [github.com/a/b]\n")
        .file(
            "near/kustomization.yaml",
            "resources: [../base]\nnamespace: a\n",
        )
        .file("base/kustomization.yaml", "resources: [a.yaml]\n")
        .file("base/a.yaml", PRIVILEGED);
    let far = folder.scan_with(&["far"]);
    assert_eq!(
        (far.code, far.gaps()),
        (
            2,
            vec!["kustomize-remote far/kustomization.yaml".to_owned()]
        )
    );
    assert!(
        far.gap_message().contains("github.com/a/b"),
        "{}",
        far.gap_message()
    );
    let near = folder.scan_with(&["near"]);
    assert_eq!(near.gaps(), ["kustomize-failed near/kustomization.yaml"]);
    assert!(
        near.gap_message().contains("../base"),
        "{}",
        near.gap_message()
    );
}

#[test]
fn what_kustomize_refuses_is_a_gap_with_its_own_words() {
    let Some(kustomize) = program(
        "kustomize",
        "what_kustomize_refuses_is_a_gap_with_its_own_words",
    ) else {
        return;
    };
    let folder = Folder::new()
        .file(
            "prod/kustomization.yaml",
            "resources: [a.yaml]\nnoSuchKey: true\n",
        )
        .file("prod/a.yaml", PRIVILEGED);
    let scan = folder.scan_with(&["--kustomize", &kustomize, "."]);
    assert_eq!(scan.gaps(), ["kustomize-failed prod/kustomization.yaml"]);
    assert!(
        scan.gap_message().contains("noSuchKey"),
        "{}",
        scan.gap_message()
    );
    assert_eq!(scan.found("privileged-container"), ["prod/a.yaml:9"]);
}

/// A fix edits what is written. What only a patch brings in is told with its line; what the base has already is not told twice.
#[test]
fn a_fix_tells_which_line_of_a_patch_to_change() {
    let Some(kustomize) = program("kustomize", "a_fix_tells_which_line_of_a_patch_to_change")
    else {
        return;
    };
    let folder = shop();
    let run = folder.run(&["fix", "--write", "--kustomize", &kustomize, "."]);
    let told = run.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(run.code, 1, "{told}");
    for line in [
        "left[privileged-container]: prod/strategic.yaml:10:13: it was rendered: line 10 of prod/strategic.yaml, \
         `privileged: true`, should go, so that",
        "left[host-network]: prod/operations.yaml:3:3: it was rendered: change prod/operations.yaml at line 3",
        "left[host-pid]: prod/kustomization.yaml:19:13: it was rendered: line 19 of prod/kustomization.yaml, \
         `hostPID: true`, should go, so that",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("left[runs-as-root]"), "{told}");
    let patch = std::fs::read_to_string(folder.path("prod/strategic.yaml")).unwrap();
    assert_eq!(patch, STRATEGIC);
    let base = std::fs::read_to_string(folder.path("base/web.yaml")).unwrap();
    assert!(!base.contains("runAsUser: 0"), "{base}");
}
