//! Texts, word by word: what Kubernetes and file systems call things stays, numbers stay, everything else becomes a pseudonym.

use super::Redaction;
use super::address;

/// How long a pseudonym is, in characters: 50 bits of a hash behind a letter.
const LENGTH: usize = 10;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Words that mean the same in every cluster. A name that is one of them is kept, and tells nothing.
pub(super) const GENERAL: &[&str] = &[
    "admin",
    "allow",
    "amd64",
    "arm64",
    "baseline",
    "cluster",
    "cluster-admin",
    "cluster-info",
    "container",
    "containers",
    "coredns",
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
    "http",
    "https",
    "io",
    "k8s",
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
    "latest",
    "AUTHORITY",
    "Administrator",
    "ContainerAdministrator",
    "ContainerUser",
    "NT",
    "SYSTEM",
    "linux",
    "local",
    "localhost",
    "metrics",
    "None",
    "privileged",
    "rbac-defaults",
    "RuntimeDefault",
    "Localhost",
    "restricted",
    "runtime",
    "scheduler",
    "svc",
    "system",
    "tcp",
    "True",
    "true",
    "udp",
    "unconfined",
    "Unconfined",
    "until",
    "view",
    "windows",
];

/// Steps of paths that are the same on every machine.
pub(super) const STEPS: &[&str] = &[
    "backup",
    "bash",
    "bin",
    "C",
    "c",
    "boot",
    "bpf",
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
    "data",
    "d",
    "dev",
    "device-plugins",
    "docker",
    "docker_engine",
    "dockershim",
    "engine",
    "etc",
    "fs",
    "group",
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
    "resolv",
    "root",
    "run",
    "sbin",
    "secrets",
    "self",
    "serviceaccount",
    "sh",
    "share",
    "shadow",
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
    "xtables",
    "yaml",
    "zoneinfo",
];

impl Redaction {
    /// A pseudonym. It reads like a word, so that it may stand wherever a name may.
    pub(super) fn pseudonym(&self, word: &str) -> String {
        let digest = self.digest("word", word);
        let bytes = digest.as_bytes().chunks(2).filter_map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            u8::from_str_radix(pair, 16).ok()
        });
        let letters = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        let letters = letters.take(LENGTH).map(|letter| char::from(*letter));
        std::iter::once('x').chain(letters).collect()
    }

    /// The text with every address and every word replaced that is in no list.
    pub(super) fn replaced(&self, text: &str, kept: &[&[&str]]) -> String {
        if let Some(own) = self.own_name(text) {
            return own;
        }
        let mut replaced = String::with_capacity(text.len());
        for run in text.split_inclusive(|c: char| !address::may_hold(c)) {
            let whole = run.trim_end_matches(|c: char| !address::may_hold(c));
            let (before, inner, after) = address::trimmed(whole);
            match self.address(inner) {
                Some(address) => replaced.extend(
                    [
                        &self.words(before, kept),
                        &address,
                        &self.words(after, kept),
                    ]
                    .map(String::as_str),
                ),
                None => replaced.push_str(&self.words(whole, kept)),
            }
            replaced.push_str(run.get(whole.len()..).unwrap_or_default());
        }
        replaced
    }

    fn words(&self, text: &str, kept: &[&[&str]]) -> String {
        let mut result = String::with_capacity(text.len());
        for run in text.split_inclusive(|c| !is_word(c)) {
            let word = run.trim_end_matches(|c| !is_word(c));
            result.push_str(&self.word(word, kept));
            result.push_str(run.get(word.len()..).unwrap_or_default());
        }
        result
    }

    fn word(&self, word: &str, kept: &[&[&str]]) -> String {
        let is_kept = kept.iter().any(|list| list.contains(&word));
        if is_kept || is_general(word) {
            return word.to_owned();
        }
        // A namespace may not begin so; that one does is a finding.
        match word.strip_prefix("kube-") {
            Some(rest) if !rest.is_empty() => format!("kube-{}", self.pseudonym(rest)),
            _ => self.pseudonym(word),
        }
    }

    /// Users, groups, roles and signers of Kubernetes itself, which say whom they mean in their name.
    fn own_name(&self, text: &str) -> Option<String> {
        if text.starts_with("kubernetes.io/") && !text.contains(char::is_whitespace) {
            return Some(text.to_owned());
        }
        let (first, rest) = text.split_once(':')?;
        if !matches!(first, "system" | "kubeadm") || text.contains(char::is_whitespace) {
            return None;
        }
        for kind in ["serviceaccount:", "serviceaccounts:", "node:"] {
            if let Some(names) = rest.strip_prefix(kind) {
                return Some(format!(
                    "{first}:{kind}{}",
                    self.replaced(names, &[GENERAL])
                ));
            }
        }
        Some(text.to_owned())
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// A number, a date, a quantity, a duration, a version, or nothing.
fn is_general(word: &str) -> bool {
    let word = word.strip_prefix('v').unwrap_or(word);
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < word.len() && digits.len() <= 2;
    let is_version = ["alpha", "beta"].iter().any(|stage| {
        let number = digits.strip_prefix(stage);
        digits.len() < word.len() && number.is_some_and(|number| number.len() <= 2)
    });
    is_number || is_version || !word.contains(char::is_alphabetic)
}
