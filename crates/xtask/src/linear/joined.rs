//! Shapes of objects that are judged together, and of lists that are held against each other: each would cost the square of its
//! number to a rule that looks at every pair.

use super::shapes::{Shape, one, shape};

/// As `shapes::SHAPES`.
pub(super) static JOINED: &[Shape] = &[
    shape("roles-of-one-name", 100, |n| {
        each(n, |n| {
            let namespace = format!(", namespace: ns{n}");
            role("Role", &format!("r{namespace}"), SECRETS)
                + &binding("RoleBinding", &format!("b{namespace}"), "Role", "r")
        })
    }),
    shape("bindings-in-any-namespace", 100, |n| {
        each(n, |n| {
            role("Role", &format!("r, namespace: ns{n}"), SECRETS)
                + &binding("RoleBinding", &format!("b{n}"), "Role", "r")
        })
    }),
    shape("roles-twice", 100, |n| {
        each(n, |n| {
            role("ClusterRole", "r", SECRETS)
                + &binding("ClusterRoleBinding", &format!("b{n}"), "ClusterRole", "r")
        })
    }),
    shape("roles-in-a-circle", 100, |n| {
        each(n, |n| {
            aggregated(n, "a: b", "matchLabels: {a: b}") + &bound(n)
        })
    }),
    shape("roles-in-a-chain", 100, |n| {
        each(n, |n| {
            let below = format!("matchLabels: {{a{}: b}}", n + 1);
            aggregated(n, &format!("a{n}: b"), &below) + &bound(n)
        })
    }),
    shape("roles-by-expression", 100, |n| {
        each(n, |n| {
            let exists = format!("matchExpressions: [{{key: a{n}, operator: Exists}}]");
            aggregated(n, &format!("b{n}: b"), &exists)
        })
    }),
    shape("rights-that-add-up", 100, |n| {
        each(n, |n| {
            let half = |letter: &str, verb: &str| {
                let named = format!("{letter}{n}, namespace: {letter}{n}");
                let rules = format!("{{apiGroups: [''], resources: [secrets], verbs: [{verb}]}}");
                role("Role", &named, &rules)
                    + &binding("RoleBinding", &named, "Role", &format!("{letter}{n}"))
            };
            half("a", "create") + &half("b", "get")
        })
    }),
    shape("rules-and-bindings", 100, |n| {
        let rules = vec![SECRETS; n].join(", ");
        let bindings =
            (0..n).map(|n| binding("ClusterRoleBinding", &format!("b{n}"), "ClusterRole", "r"));
        one(role("ClusterRole", "r", &rules) + &bindings.collect::<String>())
    }),
    shape("words-of-a-rule", 1_000, |n| {
        let rule = format!(
            "{{apiGroups: [{}], resources: [{}], verbs: [{}]}}",
            words("g", n),
            words("r", n),
            words("v", n)
        );
        one(role("ClusterRole", "cluster-admin", &rule))
    }),
    shape("accounts-of-one-name", 100, |n| {
        each(n, |n| {
            format!(
                "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: a, namespace: ns{n}}}\n{}",
                pod(n, &format!("namespace: ns{n}"), "serviceAccountName: a")
            )
        })
    }),
    shape("limits-in-any-namespace", 100, |n| {
        each(n, |n| {
            format!(
                "---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: ns{n}}}\n\
                 ---\napiVersion: v1\nkind: LimitRange\nmetadata: {{name: l{n}}}\nspec: {{limits: [{{type: Container, max: {{cpu: 1}}}}]}}\n\
                 ---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {{name: q{n}}}\nspec: {{hard: {{pods: 9}}}}\n\
                 ---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {{name: c{n}, namespace: ns{n}}}\nspec: {{resources: {{requests: {{storage: 1Gi}}}}}}\n{}",
                pod(n, &format!("namespace: ns{n}"), "")
            )
        })
    }),
    shape("policies-for-all-pods", 100, |n| {
        each(n, |n| {
            network_policy(n, "{}") + &pod(n, "namespace: all", "")
        })
    }),
    shape("policies-by-expression", 100, |n| {
        each(n, |n| {
            let selector = format!("{{matchExpressions: [{{key: k{n}, operator: Exists}}]}}");
            network_policy(n, &selector) + &pod(n, "namespace: all", "hostNetwork: true")
        })
    }),
    shape("policies-of-one-name", 100, |n| {
        const GROUP: &str = "admissionregistration.k8s.io";
        each(n, |n| {
            format!(
                "---\napiVersion: {GROUP}/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {{name: p}}\nspec: {{matchConstraints: {{resourceRules: [{{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}}]}}, validations: [{{expression: \"object.spec.containers.all(c, c.image == 'a')\"}}]}}\n\
                 ---\napiVersion: {GROUP}/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {{name: b{n}}}\nspec: {{policyName: p, validationActions: [Deny]}}\n"
            )
        })
    }),
    shape("audit-rules", 3_000, |n| {
        let rules = (0..n).map(|n| format!("- {{level: Metadata, users: [u{n}]}}\n"));
        audit_policy(rules.collect())
    }),
    shape("audit-words", 3_000, |n| {
        let rule = format!("- {{level: Metadata, users: [{}]}}\n", words("u", n));
        audit_policy(rule.repeat(2))
    }),
    shape("waived-objects", 100, |n| {
        each(n, |n| {
            let waiver = "annotations: {plimsoll.dev/allow.host-network: why}";
            pod(n, waiver, "hostNetwork: true")
        })
    }),
    shape("waivers-by-name", 100, |n| {
        let waivers = (0..n)
            .map(|n| format!("- {{control: host-network, reason: why, object: {{name: p{n}}}}}\n"));
        let configuration = format!("version: 1\nwaivers:\n{}", waivers.collect::<String>());
        let mut files = each(n, |n| pod(n, "namespace: all", "hostNetwork: true"));
        files.push(("plimsoll.yaml".to_owned(), configuration));
        files
    }),
    shape("hosts-of-an-ingress", 1_000, |n| {
        let rules = (0..n).map(|n| format!("  - host: h{n}.example.com\n"));
        one(format!(
            "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: a}}\nspec:\n  rules:\n{}  tls: [{{hosts: [{}]}}]\n",
            rules.collect::<String>(),
            words("other", n)
        ))
    }),
    shape("mounts-of-a-volume", 200, |n| {
        let volumes = "  - {name: v, hostPath: {path: /a}}\n".repeat(n);
        let mounts = "    - {name: v, mountPath: /a, readOnly: true}\n".repeat(n);
        one(format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  volumes:\n{volumes}  containers:\n  - name: a\n    image: b\n    volumeMounts:\n{mounts}"
        ))
    }),
    shape("annotated-containers", 200, |n| {
        let annotations = (0..n).map(|n| {
            format!("    container.apparmor.security.beta.kubernetes.io/c{n}: unconfined\n")
        });
        let containers = (0..n).map(|n| format!("  - {{name: c{n}, image: b}}\n"));
        one(format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n{}spec:\n  containers:\n{}",
            annotations.collect::<String>(),
            containers.collect::<String>()
        ))
    }),
];

/// A file of documents, one for each number.
fn each(n: usize, document: impl Fn(usize) -> String) -> Vec<(String, String)> {
    one((0..n).map(document).collect())
}

const RBAC: &str = "rbac.authorization.k8s.io";
const SECRETS: &str = "{apiGroups: [''], resources: [secrets], verbs: [get]}";

fn role(kind: &str, metadata: &str, rules: &str) -> String {
    format!(
        "---\napiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {metadata}}}\nrules: [{rules}]\n"
    )
}

fn binding(kind: &str, metadata: &str, role: &str, name: &str) -> String {
    format!(
        "---\napiVersion: {RBAC}/v1\nkind: {kind}\nmetadata: {{name: {metadata}}}\nroleRef: {{apiGroup: {RBAC}, kind: {role}, name: {name}}}\nsubjects: [{{kind: ServiceAccount, name: a, namespace: b}}]\n"
    )
}

/// A role without rules of its own.
fn aggregated(number: usize, labels: &str, selector: &str) -> String {
    format!(
        "---\napiVersion: {RBAC}/v1\nkind: ClusterRole\nmetadata: {{name: r{number}, labels: {{{labels}}}}}\naggregationRule: {{clusterRoleSelectors: [{{{selector}}}]}}\n"
    )
}

fn bound(number: usize) -> String {
    let (binding_name, role_name) = (format!("b{number}"), format!("r{number}"));
    binding(
        "ClusterRoleBinding",
        &binding_name,
        "ClusterRole",
        &role_name,
    )
}

fn pod(number: usize, metadata: &str, spec: &str) -> String {
    let comma = if spec.is_empty() { "" } else { ", " };
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{number}, {metadata}}}\nspec: {{containers: [{{name: a, image: b}}]{comma}{spec}}}\n"
    )
}

fn network_policy(number: usize, selector: &str) -> String {
    format!(
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: n{number}, namespace: all}}\nspec: {{podSelector: {selector}, policyTypes: [Ingress]}}\n"
    )
}

fn audit_policy(rules: String) -> Vec<(String, String)> {
    one(format!(
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n{rules}"
    ))
}

/// `a0, a1, a2`.
fn words(letter: &str, n: usize) -> String {
    let words: Vec<String> = (0..n).map(|n| format!("{letter}{n}")).collect();
    words.join(", ")
}
