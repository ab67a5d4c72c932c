//! Settings that a ConfigMap keeps as text are judged, with places that lead into the text.

use crate::folder::Folder;

const KUBELET: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: kubelet-config, namespace: kube-system}
data:
  other: |
    kind: nothing
  kubelet: |
    # written by kubeadm
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication:
      anonymous:
        enabled: true
"#;

#[test]
fn a_literal_block_is_judged_at_its_own_lines() {
    let scan = Folder::with(KUBELET).scan();
    assert_eq!(scan.found("kubelet-anonymous-access"), ["a.yaml:13"]);
    let finding = &scan.report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["control"] == "kubelet-anonymous-access");
    let finding = finding.unwrap();
    assert_eq!(
        finding["path"],
        "data.kubelet!authentication.anonymous.enabled"
    );
    assert_eq!(finding["object"]["kind"], "ConfigMap");
    assert_eq!(finding["object"]["name"], "kubelet-config");
    assert_eq!(finding["location"]["exact"], true);
    assert_eq!(finding["location"]["column"], 9);
    assert_eq!(scan.summary("objects"), 1);
}

#[test]
fn text_in_quotes_is_judged_at_about_there() {
    let text = r#"{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "audit"}, "data": {"policy.yaml":
"apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n- level: Everything\n"}}
"#;
    let scan = Folder::with(text).scan();
    let findings = scan.report["findings"].as_array().unwrap();
    let finding = findings
        .iter()
        .find(|finding| finding["control"] == "audit-policy-invalid")
        .unwrap();
    assert_eq!(finding["path"], r#"data["policy.yaml"]!rules[0].level"#);
    assert_eq!(finding["location"]["exact"], false);
    assert_eq!(finding["location"]["line"], 1);
}

#[test]
fn manifests_scripts_and_broken_settings_in_a_config_map() {
    let text = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: files}
data:
  pod.yaml: |
    apiVersion: v1
    kind: Pod
    spec: {hostNetwork: true, containers: [{name: a, image: a, securityContext: {privileged: true}}]}
  join.sh: |
    #!/bin/sh
    cat <<EOF
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: JoinConfiguration
    EOF
  broken.yaml: |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    authentication: [
"#;
    let scan = Folder::with(text).scan();
    assert!(scan.found("privileged-container").is_empty());
    assert_eq!(scan.gaps().len(), 1, "{:?}", scan.gaps());
    assert!(
        scan.gaps()[0].starts_with("unparsable a.yaml:1"),
        "{:?}",
        scan.gaps()
    );
    assert_eq!(scan.code, 2);
}

#[test]
fn settings_of_an_unknown_version_are_a_gap() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: k}\ndata:\n  k: |\n    apiVersion: kubelet.config.k8s.io/v9\n    kind: KubeletConfiguration\n";
    let scan = Folder::with(text).scan();
    assert_eq!(scan.gaps(), ["malformed a.yaml:6"]);
}
