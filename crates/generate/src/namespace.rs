//! A namespace with everything that makes it a boundary: Pod Security labels pinned to a version, bounds, closed doors
//! and a role for its people (appendix D).

use plimsoll_guide::{APX_D, NET_01, NET_03, POD_13, SIG_38};
use plimsoll_snapshot::version::Minor;

use crate::scalar::{quoted, scalar};
use crate::{
    Generator, Parameter, Request, RequestError, Tier, limit_range, network_policy, resource_quota,
};

pub(crate) static NAMESPACE: Generator = Generator {
    id: "namespace",
    also: &["ns", "namespaces"],
    title: "Namespace with Pod Security labels, bounds, closed network and a role for its team",
    takes: &[
        Parameter::Option,
        Parameter::Name,
        Parameter::AllowFrom,
        Parameter::AllowTo,
    ],
    serves: &[&APX_D, &NET_01, &NET_03, &POD_13, &SIG_38],
    comments: true,
    write,
};

fn write(request: &Request) -> Result<String, RequestError> {
    let name = request.name();
    must_be_ours(name)?;
    let labels = labels(request.tier(), request.version);
    let quota = resource_quota::body(name, request.tier(), None);
    let limits = limit_range::body(name, request.tier(), None);
    let policies = network_policy::bodies(name, request);
    let (plain, group) = (scalar(name), quoted(&format!("{name}-viewers")));
    Ok(format!(
        r#"# Apply the whole file: a namespace is a name and not a wall until it has labels, bounds, policies and roles.
# Work in it with: kubectl config set-context --current --namespace={name}
# (the guide's `use-context` changes the cluster instead). Objects cannot be moved between namespaces later.
apiVersion: v1
kind: Namespace
metadata:
  name: {plain}
  labels:
{labels}---
# The account that pods get which name none. It has no rights and its token stays away; give each program its own.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: default
  namespace: {plain}
automountServiceAccountToken: false
---
{quota}---
{limits}---
{policies}---
# The team may look, and deploy through the pipeline. `view` shows no Secrets. Put in the group's name as your identity
# provider says it.
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: viewers
  namespace: {plain}
subjects:
  - kind: Group
    apiGroup: rbac.authorization.k8s.io
    name: {group}
roleRef:
  kind: ClusterRole
  apiGroup: rbac.authorization.k8s.io
  name: view
"#
    ))
}

/// Kubernetes' own namespaces are not made anew.
pub(crate) fn must_be_ours(name: &str) -> Result<(), RequestError> {
    if name.starts_with("kube-") || name == "default" {
        return Err(RequestError::Refused(format!(
            "{name} belongs to Kubernetes: choose a name that does not begin with kube-"
        )));
    }
    Ok(())
}

/// The labels that Pod Security admission reads, for a level and pinned.
pub(crate) fn labels(tier: Tier, version: Minor) -> String {
    let (level, reason) = match tier {
        Tier::Minimal => (
            "baseline",
            "# Refuses what breaks out of a container. What the restricted level would refuse is only told, below.\n",
        ),
        Tier::Recommended | Tier::Strict => (
            "restricted",
            "# Refuses pods that run as root, keep capabilities or mount the node.\n",
        ),
    };
    pinned(level, reason, version)
}

/// The labels for a level.
pub(crate) fn pinned(level: &str, reason: &str, version: Minor) -> String {
    let told = if level == "privileged" {
        "baseline"
    } else {
        "restricted"
    };
    let text = format!(
        "{reason}pod-security.kubernetes.io/enforce: {level}\n# Pinned: an upgrade of the cluster does not start to refuse pods. Raise it with each upgrade.\npod-security.kubernetes.io/enforce-version: v{version}\n# Told to whoever applies it, and to the audit log.\npod-security.kubernetes.io/warn: {told}\npod-security.kubernetes.io/warn-version: v{version}\npod-security.kubernetes.io/audit: {told}\npod-security.kubernetes.io/audit-version: v{version}\n"
    );
    crate::scalar::indented(4, &text)
}
