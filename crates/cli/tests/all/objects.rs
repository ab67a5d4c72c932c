//! Objects that are not quite what one expects: judged where that is possible, and said so.

use crate::folder::{Folder, PRIVILEGED};

/// A workload around the privileged pod's container.
fn workload(api_version: &str, kind: &str) -> String {
    let spec = PRIVILEGED.split_once("spec:\n").unwrap().1;
    let pod: String = spec.lines().map(|line| format!("    {line}\n")).collect();
    format!(
        "apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: agent}}\nspec:\n  template:\n    spec:\n{pod}"
    )
}

#[test]
fn an_unknown_version_of_a_known_kind_is_judged_and_said() {
    let folder = Folder::with(workload("apps/v9", "Deployment"));
    let scan = folder.scan();
    assert_eq!(scan.found("privileged-container"), ["a.yaml:11"]);
    let kinds = &scan.report["summary"]["unknownKinds"];
    assert_eq!(
        (&kinds[0]["apiVersion"], &kinds[0]["objects"]),
        (&"apps/v9".into(), &1.into()),
        "{kinds}"
    );
    assert_eq!(kinds[0]["judgedAs"], "carrier");
    assert!(folder.run(&["scan"]).out.contains("apps/v9"));
}

#[test]
fn a_custom_workload_is_judged_by_its_shape_and_said() {
    let folder = Folder::with(workload("argoproj.io/v1alpha1", "Rollout"));
    let scan = folder.scan();
    assert_eq!(scan.found("privileged-container"), ["a.yaml:11"]);
    let kinds = &scan.report["summary"]["unknownKinds"];
    assert_eq!(
        (&kinds[0]["kind"], &kinds[0]["judgedAs"]),
        (&"Rollout".into(), &"carrier".into())
    );
    assert!(folder.run(&["scan"]).out.contains("Rollout"));
}

#[test]
fn an_image_that_ko_fills_in_is_neither_a_finding_nor_a_gap() {
    let ko = PRIVILEGED.replace("registry.example.com/agent@sha256:", "ko://example.com/");
    let scan = Folder::with(ko).scan();
    assert_eq!(scan.gaps(), [""; 0]);
    let controls = &scan.report["summary"]["controls"];
    for control in ["image-tag-latest", "image-without-digest"] {
        let counts = &controls[control];
        assert_eq!(
            (&counts["failed"], &counts["notAssessed"]),
            (&0.into(), &1.into()),
            "{control}"
        );
    }
}

#[test]
fn an_unknown_kind_is_no_gap() {
    let text =
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {colour: blue}\n";
    let scan = Folder::with(text).scan();
    assert!(scan.is_clean());
    assert_eq!(scan.summary("objects"), 1);
}

#[test]
fn a_list_in_a_list_gives_its_objects() {
    let pod: String = PRIVILEGED
        .lines()
        .map(|line| format!("        {line}\n"))
        .collect();
    let pod = pod.replacen("        apiVersion", "      - apiVersion", 1);
    let text = format!(
        "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: List\n    items:\n{pod}"
    );
    let scan = Folder::with(text).scan();
    assert_eq!(scan.found("privileged-container"), ["a.yaml:15"]);
    let findings = scan.report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["control"] == "privileged-container")
        .unwrap();
    assert_eq!(
        finding["path"],
        "items[0].items[0].spec.containers[0].securityContext.privileged"
    );
}

#[test]
fn json_is_read_like_yaml() {
    let text = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "agent"}, "spec": {"containers": [
  {"name": "main", "image": "a", "securityContext": {"privileged": true}}]}}"#;
    let scan = Folder::new().file("a.json", text).scan();
    assert_eq!(scan.found("privileged-container"), ["a.json:2"]);
}

#[test]
fn the_target_version_decides() {
    let folder = Folder::with(PRIVILEGED);
    let scan = folder.scan_with(&["--kubernetes-version", "v1.30.2"]);
    assert_eq!(scan.report["target"]["kubernetesVersion"], "1.30");
    assert_eq!(folder.scan().report["target"]["kubernetesVersion"], "1.37");
}

#[test]
fn items_that_are_no_objects_are_gaps() {
    let text = "\
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    metadata: {name: agent}
    spec: {hostPID: true, containers: []}
  - only a text
  -
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: settings}
";
    let scan = Folder::with(text).scan();
    assert_eq!(scan.code, 2);
    assert_eq!(
        scan.gaps(),
        [
            "incomplete a.yaml:4",
            "incomplete a.yaml:7",
            "incomplete a.yaml:8"
        ]
    );
    assert_eq!(scan.summary("objects"), 1);
}

#[test]
fn a_list_of_nothing_that_can_be_judged_is_a_gap() {
    for text in [
        "apiVersion: v1\nkind: List\nitems: {a: b}\n",
        "apiVersion: v1\nkind: List\nitems: text\n",
        "kind: List\nitems: []\n",
    ] {
        let scan = Folder::with(text).scan();
        assert_eq!(scan.gaps().len(), 1, "{text}");
        assert_eq!(scan.code, 2, "{text}");
    }
}

#[test]
fn what_the_api_refuses_in_volumes_and_annotations_is_a_gap() {
    for (line, text) in [
        (
            5,
            "spec:\n  volumes: {hostPath: {path: /}}\n  containers: [{name: a}]\n",
        ),
        (
            5,
            "spec:\n  volumes: [/var/run]\n  containers: [{name: a}]\n",
        ),
        (4, "spec:\n  containers: null\n"),
    ] {
        let pod = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\n{text}");
        assert_eq!(
            Folder::with(pod).scan().gaps(),
            [format!("malformed a.yaml:{line}")],
            "{text}"
        );
    }
    let annotated =
        "apiVersion: v1\nkind: Pod\nmetadata: {annotations: {a: true}}\nspec:\n  containers: []\n";
    assert_eq!(
        Folder::with(annotated).scan().gaps(),
        ["malformed a.yaml:3"]
    );
}

#[test]
fn an_object_without_anything_is_named_in_its_gap() {
    let scan = Folder::with("apiVersion: v1\nkind: Pod\nmetadata: {name: bare}\n").scan();
    assert!(
        scan.gap_message().starts_with("Pod bare is not"),
        "{}",
        scan.gap_message()
    );
}

/// A namespace that pins a version, and a pod in it that fails until policy 1.26 for its sysctl and from 1.34 on for
/// its probe.
fn pinned(version: &str) -> Folder {
    let label = format!("pod-security.kubernetes.io/enforce-version: {version}");
    let namespace = format!(
        "apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Namespace\n    metadata:\n      name: shop\n      labels:\n        {label}\n"
    );
    let pod = "\
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  securityContext:
    sysctls: [{name: net.ipv4.ip_local_reserved_ports, value: '1'}]
  containers:
    - name: main
      livenessProbe: {tcpSocket: {host: db, port: 1}}
";
    Folder::new()
        .file("a.yaml", pod)
        .file("z/namespace.yaml", namespace)
}

#[test]
fn a_namespace_elsewhere_pins_the_version_of_the_policy() {
    for (version, target, sysctl, probe) in [
        ("v1.25", "1.37", 1, 0),
        ("v1.30", "1.37", 0, 0),
        ("latest", "1.37", 0, 1),
        // Before all that is known.
        ("v1.8", "1.37", 1, 0),
        // A server takes a newer version for its own newest.
        ("v1.36", "1.30", 0, 0),
        ("v1.36", "1.25", 1, 0),
        // What the plugin cannot read counts as the latest.
        ("\"1.25\"", "1.37", 0, 1),
    ] {
        let scan = pinned(version).scan_with(&[".", "--kubernetes-version", target]);
        let counts = [
            scan.found("unsafe-sysctl").len(),
            scan.found("probe-host").len(),
        ];
        assert_eq!(counts, [sysctl, probe], "{version} at {target}");
    }
}
