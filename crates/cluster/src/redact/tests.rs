//! What is replaced, what is kept, and that references hold.

use plimsoll_snapshot::cidr::{Cidr, parse_address};
use plimsoll_snapshot::image::Reference;
use serde_json::json;

use super::*;
use crate::saved::Cause;

fn redaction(key: u8) -> Redaction {
    let alike = Alike {
        value: |(name, one), (other_name, other)| {
            !name.contains("PASSWORD") || other_name.contains("PASSWORD") && one == other
        },
        argument: |before, one, other| before != Some("--password") || one == other,
    };
    Redaction::new(
        [key; 32],
        alike,
        [
            "kubernetesui/dashboard",
            "calico-*",
            "*-csi-*",
            "b.example/kind=Inner",
        ],
    )
}

fn redacted(object: Value) -> Value {
    let Value::Object(mut object) = object else {
        return object;
    };
    redaction(1).object(&mut object);
    Value::Object(object)
}

#[test]
fn references_hold_and_names_are_gone() {
    let pod = redacted(json!({"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "acme-pay", "namespace": "acme-shop", "labels": {"team.acme.example/app": "acme-pay", "tier": "web"}},
        "spec": {"serviceAccountName": "acme-robot", "nodeName": "node7.acme.example",
            "volumes": [{"name": "acme-data", "persistentVolumeClaim": {"claimName": "acme-claim"}}],
            "containers": [{"name": "acme-pay", "image": "registry.acme.example:5000/pay/api:1.4.2",
                "command": ["/opt/acme/bin/pay", "--listen=10.1.2.3:80", "-v"],
                "env": [{"name": "DB_PASSWORD", "value": "stand-in"}, {"name": "HOST", "value": "db.acme.example"}],
                "volumeMounts": [{"name": "acme-data", "mountPath": "/var/lib/acme"}]}]}}));
    let text = pod.to_string();
    assert!(
        !text.contains("acme") && !text.contains("10.1.2.3"),
        "{text}"
    );
    let container = &pod["spec"]["containers"][0];
    assert_eq!(container["name"], pod["metadata"]["name"]);
    assert_eq!(
        container["volumeMounts"][0]["name"],
        pod["spec"]["volumes"][0]["name"]
    );
    let variable = &container["env"][0];
    assert_eq!(variable["value"], "stand-in");
    assert_eq!(variable["name"], redaction(1).text("DB_PASSWORD"));
    assert!(variable["name"].as_str().unwrap().ends_with("_PASSWORD"));
    assert!(container["image"].as_str().unwrap().ends_with(":1.4.2"));
    let service = redacted(
        json!({"kind": "Service", "spec": {"selector": {"team.acme.example/app": "acme-pay"}}}),
    );
    let labels = pod["metadata"]["labels"].as_object().unwrap();
    let selector = service["spec"]["selector"].as_object().unwrap();
    assert!(
        selector
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
    );
    let claim =
        redacted(json!({"kind": "PersistentVolumeClaim", "metadata": {"name": "acme-claim"}}));
    let named = &pod["spec"]["volumes"][0]["persistentVolumeClaim"]["claimName"];
    assert_eq!(*named, claim["metadata"]["name"]);
    let host = redaction(1).text("acme-pay.acme-shop.svc.cluster.local");
    let expected = [&pod["metadata"]["name"], &pod["metadata"]["namespace"]]
        .map(|name| name.as_str().unwrap());
    assert_eq!(host, format!("{}.svc.cluster.local", expected.join(".")));
}

#[test]
fn a_label_may_be_called_like_a_field() {
    let labels = json!({"type": "acme", "kind": "acme", "image": "acme", "path": "acme"});
    let object = redacted(json!({"metadata": {"labels": labels}, "spec": {"selector": labels}}));
    let acme = redaction(1).text("acme");
    for map in [&object["metadata"]["labels"], &object["spec"]["selector"]] {
        assert!(
            map.as_object()
                .unwrap()
                .values()
                .all(|value| *value == acme.as_str()),
            "{map}"
        );
    }
}

#[test]
fn another_key_makes_other_names() {
    let names = [1, 2].map(|key| redaction(key).text("shop"));
    assert_ne!(names[0], names[1]);
    assert_eq!(names[0], redaction(1).text("shop"));
    assert_ne!(redaction(1).name(), redaction(2).name());
}

#[test]
fn what_is_kubernetes_own_is_kept() {
    let text = |text: &str| redaction(1).text(text);
    for own in [
        "kube-system",
        "default",
        "system:masters",
        "system:node:",
        "kubeadm:cluster-admins",
        "cluster-admin",
        "v1.30",
        "latest",
        "2027-01-31",
        "100Mi",
        "0.0.0.0/0",
        "169.254.169.254/32",
        "127.0.0.1:8080",
        "::/0",
        "*",
    ] {
        assert_eq!(text(own), own);
    }
    let account = text("system:serviceaccount:shop:robot");
    assert_eq!(
        account,
        format!("system:serviceaccount:{}:{}", text("shop"), text("robot"))
    );
    assert!(text("kube-acme").starts_with("kube-x"));
    let role = json!({"kind": "ClusterRole", "metadata": {"name": "system:thing"},
        "rules": [{"apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["anything"], "verbs": ["get"]}]});
    assert_eq!(redacted(role.clone()), role);
}

#[test]
fn what_lies_in_a_range_lies_in_it_afterwards() {
    let moved = |text: &str| redaction(1).text(text);
    let range = |text: &str| Cidr::parse(&moved(text)).unwrap();
    let address = |text: &str| parse_address(&moved(text)).unwrap();
    for (one, other, inside) in [
        ("203.0.113.0/24", "203.0.113.7", true),
        ("203.0.113.0/24", "203.0.114.7", false),
        ("160.0.0.0/4", "169.254.169.254", true),
        ("10.0.0.0/8", "10.4.5.6", true),
        ("10.4.0.0/16", "10.5.0.1", false),
        ("2001:db8::/32", "2001:db8::1", true),
        ("fd00::/8", "fd00:ec2::254", true),
    ] {
        assert_eq!(range(one).contains(address(other)), inside, "{one} {other}");
    }
    assert_ne!(moved("203.0.113.7"), "203.0.113.7");
    assert!(moved("10.4.5.6").starts_with("10.") && moved("10.4.0.0/16").ends_with(".0.0/16"));
    assert_eq!(moved("https://10.4.5.6:6443/x").split(':').count(), 3);
}

#[test]
fn an_image_keeps_its_form() {
    const DIGEST: &str = "sha256:0b7a9d0e1ce7f0ad2c1d5d1a6c3bb7b4ae8f6d1a3c4f5e60718293a4b5c6d7e8";
    let both = format!("registry.acme.example/a/b:2.1-acme@{DIGEST}");
    for text in [
        "acme",
        "acme/pay",
        "r.acme.example:5000/pay:latest",
        "docker.io/acme/pay:1",
        &both,
        "acme/kubernetesui/dashboard:v2",
    ] {
        let image = redaction(1).image(text);
        assert!(
            !image.contains("acme") && !image.contains("0b7a9d"),
            "{image}"
        );
        let (one, other) = (
            Reference::parse(text).unwrap(),
            Reference::parse(&image).unwrap(),
        );
        assert_eq!(one.is_latest(), other.is_latest());
        assert_eq!(
            (one.tag.is_some(), one.digest.is_some()),
            (other.tag.is_some(), other.digest.is_some())
        );
        assert_eq!(one.implied, other.implied, "{image}");
    }
    assert!(
        redaction(1)
            .image("acme/kubernetesui/dashboard")
            .ends_with("/kubernetesui/dashboard")
    );
    assert_eq!(
        redaction(1).image("registry.k8s.io/pause:3.10"),
        "registry.k8s.io/pause:3.10"
    );
    assert_eq!(redaction(1).image("${Image}:1 "), "${Xxxxx}:0 ");
}

#[test]
fn a_gap_keeps_what_could_not_be_read_and_loses_where() {
    let gap = |message: &str| {
        let cause = Cause::Unreachable;
        let message = message.to_owned();
        redaction(1).gap(&Missed { cause, message }).message
    };
    let shop = redaction(1).text("shop");
    assert_eq!(
        gap("pods in the namespace shop could not all be read: dial api.acme.example"),
        format!(
            "pods in the namespace {shop} could not all be read: the reason is not told in a redacted snapshot"
        )
    );
    let forbidden = "pods in the cluster may not be listed: allow it";
    assert_eq!(gap(forbidden), forbidden);
}

#[test]
fn what_a_control_compares_with_is_kept_as_far_as_it_goes() {
    let text = |text: &str| redaction(1).text(text);
    assert!(text("calico-acme").starts_with("calico-x") && !text("calico-acme").contains("acme"));
    assert!(text("acme-csi-disk").contains("-csi-") && !text("acme-csi-disk").contains("acme"));
    assert!(text("http-acme").starts_with("http-x"));
    let annotated = |value: &str| {
        redacted(json!({"metadata": {"annotations": {"b.example/kind": value}}}))["metadata"]["annotations"]["b.example/kind"].clone()
    };
    assert_eq!(annotated("inner"), "inner");
    assert_ne!(annotated("acme"), "acme");
    let quota = redacted(
        json!({"spec": {"hard": {"gold.storageclass.storage.k8s.io/requests.storage": "1Gi", "count/pods": "4"}}}),
    );
    let class = text("gold");
    assert_eq!(
        quota["spec"]["hard"],
        json!({format!("{class}.storageclass.storage.k8s.io/requests.storage"): "1Gi", "count/pods": "4"})
    );
}

#[test]
fn programs_of_kubernetes_keep_their_settings_but_for_names() {
    let command = [
        "/usr/local/bin/kube-apiserver",
        "--authorization-mode=Node,RBAC",
        "--external-hostname=api.acme.example",
        "--etcd-servers=https://10.4.5.6:2379,https://e.acme.example",
        "--anonymous-auth",
        "false",
        "--cluster-name",
        "acme",
        "--kms=unix:///run/kms-acme.sock",
        "--tls-cert-file=/etc/kubernetes/pki/acme.crt",
        "--allowed=n.acme.example:80",
    ];
    let pod = redacted(json!({"spec": {"containers": [{"command": command}]}}));
    let text = pod.to_string();
    assert!(
        !text.contains("acme") && !text.contains("10.4.5.6"),
        "{text}"
    );
    for kept in [
        "\"/usr/local/bin/kube-apiserver\"",
        "--authorization-mode=Node,RBAC",
        "\"--anonymous-auth\",\"false\"",
        ":2379,https://",
        "unix:///run/",
        "--tls-cert-file=/etc/kubernetes/pki/",
        ":80\"",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

#[test]
fn numbers_of_accounts_are_names() {
    let text = |text: &str| redaction(1).text(text);
    assert!(!text("arn:aws:iam::123456789012:role/x").contains("123456789012"));
    assert!(
        !redaction(1)
            .image("123456789012.dkr.ecr.eu-west-1.amazonaws.com/pay:1")
            .contains("1234567")
    );
    assert_eq!(text("65534"), "65534");
}
