//! Audit policies in three tiers (appendix L). No tier ever records what a Secret, ConfigMap or token holds. Each rule is
//! named after what one wants to see in the log.

use plimsoll_guide::{APX_L, AUD_03, LOGI_01, LOGI_06, LOGI_09, LOGI_10, LOGI_11, LOGI_12, SIG_33};

use crate::{Generator, Parameter, Request, RequestError, Tier};

pub(crate) static AUDIT_POLICY: Generator = Generator {
    id: "audit-policy",
    also: &["audit", "auditpolicy"],
    title: "Audit policy: who did what, and never what a Secret holds",
    takes: &[Parameter::Option],
    serves: &[
        &APX_L, &AUD_03, &SIG_33, &LOGI_01, &LOGI_06, &LOGI_09, &LOGI_10, &LOGI_11, &LOGI_12,
    ],
    comments: true,
    write: |request: &Request| -> Result<String, RequestError> { Ok(policy(request.tier())) },
};

fn policy(tier: Tier) -> String {
    let about = match tier {
        Tier::Minimal => {
            "# Who did what, without bodies, and without the noise of the control plane. A good start: it grows slowly.\n"
        }
        Tier::Recommended => {
            "# The minimal one, and the bodies of what changes rights, admission, workloads and networks.\n"
        }
        Tier::Strict => {
            "# For forensics: the body of every change, and nothing dropped but health checks. Expect many times the volume, and\n# passwords that somebody wrote into a pod's environment: protect the log as you protect Secrets.\n"
        }
    };
    let rules = match tier {
        Tier::Minimal => [SECRETS, HEALTH, NOISE].concat(),
        Tier::Recommended => [
            SECRETS, HEALTH, NOISE, EXEC, RIGHTS, ADMISSION, WORKLOADS, BOUNDARIES,
        ]
        .concat(),
        Tier::Strict => [
            SECRETS, HEALTH, EXEC, RIGHTS, ADMISSION, WORKLOADS, BOUNDARIES, CHANGES,
        ]
        .concat(),
    };
    format!(
        "{about}# The first rule that fits decides, so the order matters. See audit-policy's companions apiserver-audit and audit-webhook\n# for how the API server gets it.\n{HEAD}{rules}{REST}"
    )
}

const HEAD: &str = "\
apiVersion: audit.k8s.io/v1
kind: Policy
# Every request would be there twice; its outcome comes with the later stages.
omitStages:
  - RequestReceived
# Who owns which field is long and says nothing about security (since 1.23).
omitManagedFields: true
rules:
";

const SECRETS: &str = r#"  # What carries credentials: that it was read or changed, and by whom, never its body. This comes first, so that no rule
  # below can record one. ConfigMaps too: passwords end up there.
  - level: Metadata
    resources:
      - group: ""
        resources: [secrets, configmaps, serviceaccounts/token]
      - group: authentication.k8s.io
        resources: [tokenreviews, tokenrequests]
      # Add custom resources that hold credentials.
"#;

const HEALTH: &str = r#"  # Health checks and the version: probes ask every second, and the answer is no secret.
  - level: None
    verbs: [get]
    nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version"]
"#;

const NOISE: &str = r#"  # Leases: nodes and controllers renew theirs every few seconds.
  - level: None
    users:
      - system:kube-controller-manager
      - system:kube-scheduler
      - system:cloud-controller-manager
    verbs: [get, update]
    resources:
      - group: coordination.k8s.io
        resources: [leases]
  - level: None
    userGroups: [system:nodes]
    verbs: [get, update, patch]
    resources:
      - group: coordination.k8s.io
        resources: [leases]
      - group: ""
        resources: [nodes/status, pods/status]
  # kube-proxy watches these all day.
  - level: None
    users: [system:kube-proxy]
    verbs: [watch, list]
    resources:
      - group: ""
        resources: [endpoints, services, nodes]
      - group: discovery.k8s.io
        resources: [endpointslices]
  # Events are stored for themselves.
  - level: None
    verbs: [create, update, patch]
    resources:
      - group: ""
        resources: [events]
      - group: events.k8s.io
        resources: [events]
"#;

const EXEC: &str = r#"  # Commands run in containers, and ways into them (exec, attach, port-forward, the proxies, debug containers). The command
  # stands in the URL; the body holds the debug container.
  - level: Request
    resources:
      - group: ""
        resources:
          - pods/exec
          - pods/attach
          - pods/portforward
          - pods/proxy
          - pods/ephemeralcontainers
          - services/proxy
          - nodes/proxy
"#;

const RIGHTS: &str = r#"  # Changes of rights: roles, bindings, accounts, certificates that are asked for and approved.
  - level: RequestResponse
    verbs: [create, update, patch, delete, deletecollection]
    resources:
      - group: rbac.authorization.k8s.io
      - group: certificates.k8s.io
      - group: ""
        resources: [serviceaccounts]
"#;

const ADMISSION: &str = r#"  # Changes of admission and of the API itself: webhooks, policies, extensions. Whoever changes these sees or refuses
  # everything else.
  - level: RequestResponse
    verbs: [create, update, patch, delete, deletecollection]
    resources:
      - group: admissionregistration.k8s.io
      - group: apiextensions.k8s.io
        resources: [customresourcedefinitions]
      - group: apiregistration.k8s.io
        resources: [apiservices]
"#;

const WORKLOADS: &str = r#"  # Workloads that are deployed or changed, images, volume mounts, scheduled jobs, scaling. What was asked for is enough:
  # the answer repeats it.
  - level: Request
    verbs: [create, update, patch, delete, deletecollection]
    resources:
      - group: ""
        resources: [pods, pods/eviction, pods/binding, replicationcontrollers, persistentvolumes, persistentvolumeclaims]
      - group: apps
      - group: batch
      - group: autoscaling
      - group: policy
"#;

const BOUNDARIES: &str = r#"  # Boundaries: namespaces with their Pod Security labels, network policies, quotas, nodes, ways in from outside.
  - level: RequestResponse
    verbs: [create, update, patch, delete, deletecollection]
    resources:
      - group: ""
        resources: [namespaces, namespaces/finalize, resourcequotas, limitranges, nodes, services]
      - group: networking.k8s.io
      - group: policy.networking.k8s.io
      - group: gateway.networking.k8s.io
      - group: storage.k8s.io
      - group: node.k8s.io
"#;

const CHANGES: &str = r#"  # Every other change of anything, with its bodies.
  - level: RequestResponse
    verbs: [create, update, patch, delete, deletecollection]
"#;

const REST: &str = r#"  # Everything else: who asked for what and whether it was allowed. Anonymous and refused requests are here; alarms need
  # them.
  - level: Metadata
"#;

#[cfg(test)]
mod tests {
    use super::*;

    /// What protects bodies must be asked before what records them.
    #[test]
    fn secrets_come_first_in_every_tier() {
        for tier in Tier::ALL {
            let text = policy(tier);
            let (_, rules) = text.split_once("rules:\n").unwrap();
            assert!(rules.starts_with(SECRETS), "{}", tier.as_str());
            assert!(rules.ends_with(REST), "{}", tier.as_str());
        }
    }

    #[test]
    fn a_stricter_tier_records_no_less() {
        let rules = |tier| policy(tier).matches("level: RequestResponse").count();
        assert_eq!(Tier::ALL.map(rules), [0, 3, 4]);
        let dropped = |tier| policy(tier).matches("level: None").count();
        assert_eq!(Tier::ALL.map(dropped), [5, 5, 1]);
    }
}
