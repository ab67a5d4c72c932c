//! How the API server gets its audit policy and where it writes: as kubeadm's configuration, and as a patch of the static
//! pod (appendix M). Both hold the same flags and mounts.

use plimsoll_guide::{APX_M, AUD_01, AUD_06, AUD_08};
use plimsoll_snapshot::version::Minor;

use crate::scalar::quoted;
use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static API_SERVER_AUDIT: Generator = Generator {
    id: "apiserver-audit",
    also: &["api-server-audit", "apiserver-audit-flags", "kubeadm-audit"],
    title: "Flags and mounts for the audit policy, as kubeadm's ClusterConfiguration",
    takes: &[Parameter::Option],
    serves: &[&APX_M, &AUD_01, &AUD_06, &AUD_08],
    comments: true,
    write: |request: &Request| -> Result<String, RequestError> { Ok(kubeadm(request)) },
};

pub(crate) static API_SERVER_AUDIT_PATCH: Generator = Generator {
    id: "apiserver-audit-patch",
    also: &["api-server-audit-patch", "static-pod-audit"],
    title: "Flags and mounts for the audit policy, as a patch of the API server's static pod",
    takes: &[Parameter::Option],
    serves: &[&APX_M, &AUD_01, &AUD_06, &AUD_08],
    comments: true,
    write: |request: &Request| -> Result<String, RequestError> { Ok(patch(request.tier())) },
};

const POLICY_FILE: &str = "/etc/kubernetes/audit/policy.yaml";

/// A flag without its dashes, its value, and why.
type Flag = (&'static str, String, &'static str);

/// The audit flags. `kubeadm` sets none of them.
fn audit_flags(tier: Tier) -> Vec<Flag> {
    let (age, backups) = match tier {
        Tier::Minimal => ("30", "10"),
        Tier::Recommended => ("30", "20"),
        Tier::Strict => ("90", "50"),
    };
    vec![
        (
            "audit-policy-file",
            POLICY_FILE.to_owned(),
            "What is recorded: plimsoll generate audit-policy. The same path as in the mount below; the guide's sample has two.",
        ),
        (
            "audit-log-path",
            "/var/log/kubernetes/audit/audit.log".to_owned(),
            "Where to. The folder is mounted and not the file, or it could not be rotated.",
        ),
        (
            "audit-log-format",
            "json".to_owned(),
            "One JSON object for each event; the old format loses most of it.",
        ),
        (
            "audit-log-maxage",
            age.to_owned(),
            "Days that files stay on the node. The guide's 1825 fill its disk: ship the log off the node and keep it there.",
        ),
        (
            "audit-log-maxbackup",
            backups.to_owned(),
            "Files that stay.",
        ),
        (
            "audit-log-maxsize",
            "100".to_owned(),
            "Megabytes for each file; together at most maxbackup times this.",
        ),
    ]
}

/// Flags that the same configuration should not leave at their defaults, so that it can stand on its own.
fn other_flags() -> Vec<Flag> {
    vec![
        (
            "profiling",
            "false".to_owned(),
            "Shows the insides of the program to whoever may ask; on by default.",
        ),
        (
            "service-account-extend-token-expiration",
            "false".to_owned(),
            "Tokens end after an hour, as they say, and not after a year.",
        ),
        (
            "enable-logs-handler",
            "false".to_owned(),
            "Hands out /var/log of the node; on by default.",
        ),
    ]
}

fn kubeadm(request: &Request) -> String {
    let list = request.version >= Minor(31);
    let argument = |(name, value, why): &Flag| {
        let value = quoted(value);
        if list {
            format!("    # {why}\n    - name: {name}\n      value: {value}\n")
        } else {
            format!("    # {why}\n    {name}: {value}\n")
        }
    };
    let flags = audit_flags(request.tier());
    let flags: String = flags.iter().map(argument).collect();
    let others: String = other_flags().iter().map(argument).collect();
    let api = if list { "v1beta4" } else { "v1beta3" };
    format!(
        r#"# kubeadm init --config FILE, or in a running cluster put it into the ConfigMap kube-system/kubeadm-config and run on each
# control plane node:  kubeadm init phase control-plane apiserver --config FILE
# Beforehand, on each node: the policy in /etc/kubernetes/audit/policy.yaml, mode 600, and
#   install -d -m 700 /var/log/kubernetes/audit
# The API server restarts; with a policy that it cannot read it does not start again.
# This is the part for audit logs: the rest of your ClusterConfiguration stands beside it (encryption at rest, anonymous
# requests, the kubelets' authority have generators or controls of their own).
apiVersion: kubeadm.k8s.io/{api}
kind: ClusterConfiguration
apiServer:
  extraArgs:
{flags}    # Not about audit, but wrong by default. What can break: programs that read their token only once.
{others}  extraVolumes:
    - name: audit-policy
      hostPath: /etc/kubernetes/audit
      mountPath: /etc/kubernetes/audit
      readOnly: true
      pathType: Directory
    - name: audit-log
      hostPath: /var/log/kubernetes/audit
      mountPath: /var/log/kubernetes/audit
      readOnly: false
      pathType: DirectoryOrCreate
"#
    )
}

fn patch(tier: Tier) -> String {
    let flag = |(name, value, why): &Flag| {
        let value = quoted(&format!("--{name}={value}"));
        format!("# {why}\n- op: add\n  path: /spec/containers/0/command/-\n  value: {value}\n")
    };
    let flags: String = audit_flags(tier).iter().map(flag).collect();
    format!(
        r#"# Save it as kube-apiserver+json.yaml in a folder of patches and run, on each control plane node:
#   kubeadm upgrade node --patches FOLDER     (or kubeadm init --patches FOLDER)
# kubeadm applies it each time it writes the static pod, so that an upgrade does not lose it. Without kubeadm, add the same
# lines to /etc/kubernetes/manifests/kube-apiserver.yaml; the kubelet restarts the API server by itself.
# A patch in the form of JSON, because the command is a list: in the other form it would replace all flags.
{flags}# The policy, read-only.
- op: add
  path: /spec/containers/0/volumeMounts/-
  value:
    name: audit-policy
    mountPath: /etc/kubernetes/audit
    readOnly: true
- op: add
  path: /spec/volumes/-
  value:
    name: audit-policy
    hostPath:
      path: /etc/kubernetes/audit
      type: Directory
# The folder of the log: a file that is mounted cannot be renamed, and so not rotated.
- op: add
  path: /spec/containers/0/volumeMounts/-
  value:
    name: audit-log
    mountPath: /var/log/kubernetes/audit
- op: add
  path: /spec/volumes/-
  value:
    name: audit-log
    hostPath:
      path: /var/log/kubernetes/audit
      type: DirectoryOrCreate
"#
    )
}
