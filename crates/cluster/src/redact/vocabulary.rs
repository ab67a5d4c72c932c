//! The words that are kept: general ones, steps of paths, names of roles that come with Kubernetes, and what controls compare with.
//! Lists; what is done with them is in `words`.

use std::collections::HashSet;

use plimsoll_snapshot::facts::rbac::built_in_roles;

/// Words that mean the same in every cluster. A name that is one of them is kept, and tells nothing.
const GENERAL: &[&str] = &[
    "admin",
    "Administrator",
    "allow",
    "amd64",
    "annotations",
    "arm64",
    "AUTHORITY",
    "authorizer",
    "baseline",
    "cluster",
    "cluster-info",
    "conf",
    "container",
    "ContainerAdministrator",
    "containers",
    "ContainerUser",
    "coredns",
    "crt",
    "default",
    "disabled",
    "docker",
    "edit",
    "enabled",
    "enforced",
    "etcd",
    "extension-apiserver-authentication",
    "False",
    "false",
    "firecracker",
    "groups",
    "gvisor",
    "hostIP",
    "hostIPs",
    "http",
    "https",
    "image",
    "ini",
    "io",
    "json",
    "k8s",
    "kata",
    "kata-clh",
    "kata-dragonball",
    "kata-fc",
    "kata-qemu",
    "key",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-dns",
    "kube-node-lease",
    "kube-proxy",
    "kube-public",
    "kube-root-ca",
    "kube-scheduler",
    "kube-system",
    "kubeadm",
    "kubeadm-config",
    "kubelet",
    "kubelet-config",
    "kubernetes",
    "labels",
    "latest",
    "linux",
    "local",
    "Localhost",
    "localhost",
    "metadata",
    "metrics",
    "name",
    "namespace",
    "nodeName",
    "None",
    "NT",
    "object",
    "oldObject",
    "params",
    "pem",
    "podIP",
    "podIPs",
    "privileged",
    "properties",
    "rbac-defaults",
    "request",
    "restricted",
    "runsc",
    "runtime",
    "RuntimeDefault",
    "sandbox",
    "scheduler",
    "serviceAccountName",
    "spec",
    "status",
    "svc",
    "SYSTEM",
    "system",
    "tcp",
    "toml",
    "True",
    "true",
    "txt",
    "udp",
    "uid",
    "Unconfined",
    "unconfined",
    "until",
    "user-namespace",
    "userInfo",
    "username",
    "variables",
    "view",
    "vm",
    "windows",
    "xml",
    "yaml",
    "yml",
];

/// Steps of paths that are the same on every machine.
const STEPS: &[&str] = &[
    "api",
    "apis",
    "backup",
    "bash",
    "bin",
    "boot",
    "bpf",
    "C",
    "c",
    "ca-certificates",
    "certs",
    "cgroup",
    "cilium",
    "cni",
    "conf",
    "config",
    "containerd",
    "containerd-containerd",
    "containers",
    "cri-dockerd",
    "crio",
    "crt",
    "d",
    "data",
    "dev",
    "device-plugins",
    "docker",
    "docker_engine",
    "dockershim",
    "engine",
    "exe",
    "etc",
    "fs",
    "group",
    "healthz",
    "home",
    "host",
    "hostname",
    "hosts",
    "journal",
    "k3s",
    "kata",
    "key",
    "kmsg",
    "kubelet",
    "kubernetes",
    "lib",
    "lib32",
    "lib64",
    "livez",
    "localtime",
    "log",
    "logs",
    "machine-id",
    "manifests",
    "mem",
    "mnt",
    "modprobe",
    "modules",
    "mount",
    "net",
    "netns",
    "openapi",
    "opt",
    "passwd",
    "pem",
    "pipe",
    "pki",
    "plugins",
    "plugins_registry",
    "pod-resources",
    "podman",
    "pods",
    "proc",
    "rancher",
    "readyz",
    "resolv",
    "root",
    "run",
    "sbin",
    "secrets",
    "self",
    "serviceaccount",
    "sh",
    "shadow",
    "share",
    "sock",
    "socket",
    "spool",
    "src",
    "srv",
    "ssh",
    "ssl",
    "storage",
    "sys",
    "systemd",
    "tmp",
    "token",
    "udev",
    "usr",
    "var",
    "version",
    "xtables",
    "yaml",
    "zoneinfo",
];

/// Beginnings of words that say something by themselves: a namespace may not be called so, a port serves plain HTTP.
const BEGINNINGS: &[&str] = &["http-", "https-", "kube-", "tls-"];

/// Last words of names that promise a credential.
pub(super) const PROMISES: &[&str] = &[
    "credential",
    "credentials",
    "key",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "secret",
    "token",
];

/// The words that are kept.
pub(super) struct Vocabulary {
    words: HashSet<&'static str>,
    pub(super) steps: HashSet<&'static str>,
    beginnings: Vec<&'static str>,
    middles: Vec<&'static str>,
}

impl Vocabulary {
    /// `known` are the words that some control compares with.
    pub(super) fn new(known: impl IntoIterator<Item = &'static str>) -> Vocabulary {
        let mut vocabulary = Vocabulary {
            words: GENERAL.iter().copied().chain(built_in_roles()).collect(),
            steps: STEPS.iter().copied().collect(),
            beginnings: BEGINNINGS.to_vec(),
            middles: Vec::new(),
        };
        for word in known {
            match (word.strip_prefix('*'), word.strip_suffix('*')) {
                (Some(rest), _) if !rest.is_empty() => {
                    vocabulary.middles.push(rest.trim_end_matches('*'));
                }
                (None, Some(start)) => vocabulary.beginnings.push(start),
                _ => drop(vocabulary.words.insert(word)),
            }
            if let Some((key, _)) = word.split_once('=') {
                vocabulary.words.insert(key);
            }
        }
        vocabulary
    }

    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Is it the name of a role that comes with Kubernetes, or will?
    pub(super) fn is_role(&self, name: &str) -> bool {
        name.starts_with("system:")
            || name.starts_with("kubeadm:")
            || built_in_roles().any(|role| role == name)
    }

    /// Is it the key of an annotation that some control knows?
    pub(super) fn has_key(&self, key: &str) -> bool {
        key.contains('/') && self.has(key)
    }

    /// Is it an annotation with a value that some control knows?
    pub(super) fn has_pair(&self, key: &str, value: &str) -> bool {
        let mut words = self.words.iter().filter_map(|word| word.split_once('='));
        self.has_key(key) && words.any(|(known, is)| known == key && is.eq_ignore_ascii_case(value))
    }

    /// How much of a word's beginning is known, in bytes.
    pub(super) fn beginning(&self, word: &str) -> Option<usize> {
        let known = self
            .beginnings
            .iter()
            .filter(|start| word.starts_with(**start));
        known.map(|start| start.len()).max()
    }

    /// What is known inside of a word, with what stands around it.
    pub(super) fn middle<'w>(&self, word: &'w str) -> Option<(&'w str, &'static str, &'w str)> {
        let mut middles = self.middles.iter();
        middles.find_map(|middle| {
            let (before, after) = word.split_once(middle)?;
            Some((before, *middle, after))
        })
    }
}
