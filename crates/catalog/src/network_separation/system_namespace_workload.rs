//! Pods in kube-system that are no known component, by name, and any pod in kube-public or kube-node-lease.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, NET_02};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "system-namespace-workload",
        formerly: &[],
        title: "workload of your own runs in a system namespace",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_02],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere(
            "a namespace cannot be changed: the object has to be made anew in another one, whose name is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Pod {
        check,
        words: COMPONENTS,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Not(
    "bindings leave the system namespaces out, so that no policy keeps a cluster from starting",
);

/// Components that belong into kube-system; a star at either end stands for the rest of the name.
const COMPONENTS: Words = &[
    "aws-cloud-controller-manager",
    "aws-node*",
    "azure-*",
    "calico-*",
    "cilium*",
    "cloud-controller-manager*",
    "cloud-node-manager*",
    "cluster-autoscaler*",
    "coredns*",
    "*-csi-*",
    "csi-*",
    "eks-pod-identity-agent*",
    "etcd*",
    "fluentbit-gke*",
    "gke-*",
    "hubble-*",
    "kindnet*",
    "konnectivity-agent*",
    "kube-apiserver*",
    "kube-controller-manager*",
    "kube-dns*",
    "kube-flannel-ds*",
    "kube-proxy*",
    "kube-router*",
    "kube-scheduler*",
    "kube-vip*",
    "metrics-server*",
    "node-local-dns*",
    "nodelocaldns*",
    "openstack-cloud-controller-manager*",
    "snapshot-controller*",
    "vsphere-cloud-controller-manager*",
    "weave-net*",
];
const SYSTEM: &str = "kube-system";
const EMPTY: [&str; 2] = ["kube-public", "kube-node-lease"];
const BECAUSE: &str = "hides among the cluster's own components and may share their rights";

fn check(pod: &Pod<'_>, components: Words, found: &mut Found<'_>) {
    let object = pod.object;
    let Some(namespace) = object.namespace() else {
        return;
    };
    let name = object.name().unwrap_or_default();
    let belongs = components.iter().any(|pattern| fits(pattern, name));
    if EMPTY.contains(&namespace) || (namespace == SYSTEM && !belongs) {
        let at = At::nearest(object.node, &["metadata", "namespace"]);
        found.on_object(
            at,
            &format!("runs in the system namespace {namespace}"),
            BECAUSE,
        );
    }
}

fn fits(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(start)) => name.contains(start.trim_start_matches('*')),
        (None, Some(start)) => name.starts_with(start),
        _ => name == pattern,
    }
}
