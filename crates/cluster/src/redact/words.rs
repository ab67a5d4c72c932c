//! Texts, word by word: what Kubernetes and file systems call things stays, numbers stay, everything else becomes a pseudonym.

use std::collections::HashSet;

use plimsoll_snapshot::facts::rbac::built_in_roles;

use super::Redaction;
use super::address;

/// How long a pseudonym is, in characters: 50 bits of a hash behind a letter.
const LENGTH: usize = 10;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Words that mean the same in every cluster. A name that is one of them is kept, and tells nothing.
const GENERAL: &[&str] = &[
    "admin",
    "allow",
    "amd64",
    "arm64",
    "baseline",
    "cluster",
    "conf",
    "crt",
    "ini",
    "json",
    "key",
    "pem",
    "properties",
    "toml",
    "txt",
    "xml",
    "yaml",
    "yml",
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
const STEPS: &[&str] = &[
    "api",
    "apis",
    "healthz",
    "livez",
    "openapi",
    "readyz",
    "version",
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

/// Beginnings of words that say something by themselves: a namespace may not be called so, a port serves plain HTTP.
const BEGINNINGS: &[&str] = &["http-", "https-", "kube-", "tls-"];

/// Last words of names that promise a credential.
const PROMISES: &[&str] = &[
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
    steps: HashSet<&'static str>,
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
    fn beginning(&self, word: &str) -> Option<usize> {
        let known = self
            .beginnings
            .iter()
            .filter(|start| word.starts_with(**start));
        known.map(|start| start.len()).max()
    }

    /// What is known inside of a word, with what stands around it.
    fn middle<'w>(&self, word: &'w str) -> Option<(&'w str, &'static str, &'w str)> {
        let mut middles = self.middles.iter();
        middles.find_map(|middle| {
            let (before, after) = word.split_once(middle)?;
            Some((before, *middle, after))
        })
    }
}

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
    pub(super) fn replaced(&self, text: &str, with_steps: bool) -> String {
        if self.vocabulary.has(text) {
            return text.to_owned();
        }
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
                        &self.words(before, with_steps),
                        &address,
                        &self.words(after, with_steps),
                    ]
                    .map(String::as_str),
                ),
                None => replaced.push_str(&self.words(whole, with_steps)),
            }
            replaced.push_str(run.get(whole.len()..).unwrap_or_default());
        }
        replaced
    }

    fn words(&self, text: &str, with_steps: bool) -> String {
        let mut result = String::with_capacity(text.len());
        for run in text.split_inclusive(|c| !is_word(c)) {
            let word = run.trim_end_matches(|c| !is_word(c));
            result.push_str(&self.word(word, with_steps));
            result.push_str(run.get(word.len()..).unwrap_or_default());
        }
        result
    }

    fn word(&self, word: &str, with_steps: bool) -> String {
        let vocabulary = &self.vocabulary;
        let is_step = || with_steps && vocabulary.steps.contains(word);
        if is_general(word) || vocabulary.has(word) || is_step() {
            return word.to_owned();
        }
        let known = vocabulary
            .beginning(word)
            .and_then(|end| word.split_at_checked(end));
        let (known, rest) = known.unwrap_or(("", word));
        if let Some((before, middle, after)) = vocabulary.middle(rest) {
            let part = |part: &str| match part {
                "" => String::new(),
                part => self.pseudonym(part),
            };
            return format!("{known}{}{middle}{}", part(before), part(after));
        }
        let end = promise(rest);
        let (rest, promise) = rest.split_at_checked(end).unwrap_or((rest, ""));
        format!("{known}{}{promise}", self.pseudonym(rest))
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
                return Some(format!("{first}:{kind}{}", self.text(names)));
            }
        }
        Some(text.to_owned())
    }
}

/// Where the end of a word begins that promises a credential, such as `_PASSWORD`; its end if there is none.
fn promise(word: &str) -> usize {
    let start = word.rfind(['-', '_']).unwrap_or(word.len());
    let last = word
        .get(start..)
        .unwrap_or_default()
        .get(1..)
        .unwrap_or_default();
    let promises = PROMISES
        .iter()
        .any(|promise| last.eq_ignore_ascii_case(promise));
    if promises && start > 0 {
        start
    } else {
        word.len()
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
