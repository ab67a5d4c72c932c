//! The labels for the loosest of the policies, what each of them means, and ValidatingAdmissionPolicies for a read-only
//! root filesystem and for ranges of groups.

use plimsoll_snapshot::version::Minor;

use super::read::{Groups, Policy, Range};
use crate::Request;
use crate::namespace::pinned;
use crate::scalar::{in_comment, indented, scalar};

const LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];

/// The whole text.
pub(super) fn text(request: &Request, policies: &[Policy]) -> String {
    let level = LEVELS
        .into_iter()
        .find(|level| policies.iter().any(|policy| policy.level() == *level))
        .unwrap_or("restricted");
    let mut text = about(request, level);
    text += &policies.iter().map(explained).collect::<String>();
    let namespace = request.namespace();
    let labels = pinned(level, reason(level), request.version);
    text += &format!(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {}\n  labels:\n{labels}",
        scalar(namespace)
    );
    let rules = rules(policies);
    if rules.is_empty() {
        return text;
    }
    if request.version < Minor(30) {
        return text
            + "# From 1.30 on ValidatingAdmissionPolicies can keep the read-only root and the ranges of groups; until then a policy\n# engine can.\n";
    }
    text + &admission(namespace, &rules)
}

fn about(request: &Request, level: &str) -> String {
    let gone = if request.version >= Minor(25) {
        "# PodSecurityPolicies are gone since 1.25: what of them is left protects nothing, see pod-security-policy-left.\n"
    } else {
        "# PodSecurityPolicies end with 1.24. Switch while both are there: labels first, then the policies away.\n"
    };
    format!(
        r#"{gone}# In this order: set warn and audit only; mend what is reported; write what the policies wrote into the workloads; then
# enforce. What would be refused today, without changing anything:
#   kubectl label --dry-run=server --overwrite ns {namespace} pod-security.kubernetes.io/enforce={level}
# Labels hold for everybody in the namespace: rights to `use` a policy have no successor. Pods that need more than the
# others go into a namespace of their own.
#
"#,
        namespace = request.namespace(),
    )
}

fn reason(level: &str) -> &'static str {
    match level {
        "privileged" => {
            "# The policies let through what every level refuses, so nothing is refused yet. Mend or move those pods (see above),\n# then enforce baseline.\n"
        }
        "baseline" => {
            "# The strictest level that refuses nothing which the policies let through. What separates it from restricted stands\n# above.\n"
        }
        _ => "# The policies were as strict as this level.\n",
    }
}

fn explained(policy: &Policy) -> String {
    let Policy {
        name,
        beyond_baseline,
        beyond_restricted,
        lost,
        written,
        ..
    } = policy;
    let list = |heading: &str, lines: &[&str]| {
        if lines.is_empty() {
            return String::new();
        }
        let lines: String = lines.iter().map(|line| format!("#     {line}\n")).collect();
        format!("#   {heading}:\n{lines}")
    };
    format!(
        "# PodSecurityPolicy {}: {}\n{}{}{}{}#\n",
        in_comment(name),
        policy.level(),
        list("lets through what baseline refuses", beyond_baseline),
        list("lets through what restricted refuses", beyond_restricted),
        list("did what labels cannot", lost),
        list(
            "wrote into pods, and nothing does now; write it into the workloads",
            written
        ),
    )
}

/// A rule of a ValidatingAdmissionPolicy: its expression and message.
type Rule = (String, &'static str);

/// What every policy wanted: a pod that one of them would have let through is not refused.
fn rules(policies: &[Policy]) -> Vec<Rule> {
    let mut rules = Vec::new();
    if policies.iter().all(|policy| policy.read_only) {
        let field = "securityContext.readOnlyRootFilesystem";
        rules.push((
            containers(&format!(
                "has(c.securityContext) && has(c.{field}) && c.{field}"
            )),
            "every container needs readOnlyRootFilesystem: true",
        ));
    }
    for (field, message) in [
        (
            "runAsGroup",
            "runAsGroup is missing or outside of the range",
        ),
        ("fsGroup", "fsGroup is outside of the range"),
        (
            "supplementalGroups",
            "supplementalGroups are outside of the range",
        ),
    ] {
        let of = |policy: &Policy| {
            let mut groups = policy.groups.iter();
            groups.find(|groups| groups.field == field).cloned()
        };
        let allowed: Option<Vec<Groups>> = policies.iter().map(of).collect();
        if let Some(allowed) = allowed {
            rules.push((expression(field, &allowed), message));
        }
    }
    rules
}

/// A condition on `c` for all containers. Their lists are of different types, so each is asked for itself.
fn containers(condition: &str) -> String {
    let optional = |list: &str| {
        format!("(!has(object.spec.{list}) || object.spec.{list}.all(c, {condition}))")
    };
    format!(
        "object.spec.containers.all(c, {condition})\n&& {}\n&& {}",
        optional("initContainers"),
        optional("ephemeralContainers")
    )
}

/// What a pod must fulfil so that one of the policies would have allowed its groups.
fn expression(field: &str, allowed: &[Groups]) -> String {
    let ranges: Vec<Range> = allowed
        .iter()
        .flat_map(|groups| groups.ranges.clone())
        .collect();
    let within = |value: &str| {
        let parts = ranges
            .iter()
            .map(|(min, max)| format!("({value} >= {min} && {value} <= {max})"));
        parts.collect::<Vec<_>>().join(" || ")
    };
    let pod = "object.spec.securityContext";
    let value = format!("{pod}.{field}");
    let none = format!("!has({pod}) || !has({value})");
    match field {
        "supplementalGroups" => format!("{none} || {value}.all(g, {})", within("g")),
        "runAsGroup" => {
            // Nothing writes the group into the pod any more, and without one the image decides, mostly for 0.
            let inherited = if allowed.iter().all(|groups| groups.must) {
                format!("has({pod}) && has({value}) && ({})", within(&value))
            } else {
                format!("{none} || {}", within(&value))
            };
            let own = format!("c.securityContext.{field}");
            containers(&format!(
                "has(c.securityContext) && has({own}) ? ({}) : ({inherited})",
                within(&own)
            ))
        }
        _ => format!("{none} || {}", within(&value)),
    }
}

fn admission(namespace: &str, rules: &[Rule]) -> String {
    let rules: String = rules
        .iter()
        .map(|(expression, message)| {
            format!(
                "    - message: {}\n      expression: |-\n{}",
                scalar(message),
                indented(8, expression)
            )
        })
        .collect();
    let (name, plain) = (scalar(&format!("psp-{namespace}")), scalar(namespace));
    format!(
        r#"---
# What the labels cannot say, in the API server's own language (stable since 1.30). It judges pods as they are created,
# also debug containers; workloads show the refusal in their events.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: {name}
spec:
  # An expression that fails refuses the pod.
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [pods, pods/ephemeralcontainers]
  validations:
{rules}---
# A policy without a binding does nothing.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {name}
spec:
  policyName: {name}
  # Warn first, if you like: [Warn, Audit].
  validationActions: [Deny]
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {plain}
"#
    )
}
