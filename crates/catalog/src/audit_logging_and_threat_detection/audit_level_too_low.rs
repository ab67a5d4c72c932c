//! An audit policy should keep the bodies of requests through which somebody takes something over: without them the log says
//! that a role was changed, and not to what.

use std::collections::BTreeMap;

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{
    AUD_03, Chapter, LOGI_03, LOGI_06, LOGI_08, LOGI_09, LOGI_10, LOGI_11, LOGI_12, SIG_33,
};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::{Node, NodeId};

use crate::audit::{Asked, Caller, Level, Resource, deciders};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "audit-level-too-low",
        formerly: &[],
        title: "audit policy does not keep what critical requests said",
        chapter: Chapter::AuditLoggingAndThreatDetection,
        guide: &[
            &AUD_03, &LOGI_03, &LOGI_06, &LOGI_08, &LOGI_09, &LOGI_10, &LOGI_11, &LOGI_12, &SIG_33,
        ],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which events are needed is for whoever reads the log to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("audit.k8s.io", "Policy")],
        check,
        words: &[],
        enforce: Enforce::NO_OBJECT,
    })],
};

/// Requests whose bodies tell what was done.
struct Critical {
    what: &'static str,
    verbs: &'static [&'static str],
    resources: &'static [Resource],
}

const WRITES: &[&str] = &["create", "update", "patch", "delete"];
const RBAC: &str = "rbac.authorization.k8s.io";
const ADMISSION: &str = "admissionregistration.k8s.io";

const CRITICAL: &[Critical] = &[
    Critical {
        what: "changes of roles and bindings",
        verbs: WRITES,
        resources: &[
            (RBAC, "roles", ""),
            (RBAC, "clusterroles", ""),
            (RBAC, "rolebindings", ""),
            (RBAC, "clusterrolebindings", ""),
        ],
    },
    Critical {
        what: "changes of service accounts",
        verbs: WRITES,
        resources: &[("", "serviceaccounts", "")],
    },
    Critical {
        what: "certificate requests",
        verbs: &["create", "update", "patch"],
        resources: &[
            ("certificates.k8s.io", "certificatesigningrequests", ""),
            (
                "certificates.k8s.io",
                "certificatesigningrequests",
                "approval",
            ),
        ],
    },
    Critical {
        what: "changes of admission control",
        verbs: WRITES,
        resources: &[
            (ADMISSION, "validatingwebhookconfigurations", ""),
            (ADMISSION, "mutatingwebhookconfigurations", ""),
            (ADMISSION, "validatingadmissionpolicies", ""),
            (ADMISSION, "validatingadmissionpolicybindings", ""),
        ],
    },
    Critical {
        what: "changes of nodes",
        verbs: WRITES,
        resources: &[("", "nodes", "")],
    },
    Critical {
        what: "commands in containers",
        verbs: &["create", "get"],
        resources: &[("", "pods", "exec"), ("", "pods", "attach")],
    },
    Critical {
        what: "containers added to running pods",
        verbs: &["update", "patch"],
        resources: &[("", "pods", "ephemeralcontainers")],
    },
    Critical {
        what: "changes of workloads",
        verbs: WRITES,
        resources: &[
            ("", "pods", ""),
            ("", "replicationcontrollers", ""),
            ("apps", "deployments", ""),
            ("apps", "daemonsets", ""),
            ("apps", "statefulsets", ""),
            ("apps", "replicasets", ""),
        ],
    },
    Critical {
        what: "changes of jobs",
        verbs: WRITES,
        resources: &[("batch", "jobs", ""), ("batch", "cronjobs", "")],
    },
    Critical {
        what: "changes of scale",
        verbs: &["update", "patch"],
        resources: &[
            ("apps", "deployments", "scale"),
            ("apps", "statefulsets", "scale"),
            ("autoscaling", "horizontalpodautoscalers", ""),
        ],
    },
    Critical {
        what: "changes of volumes",
        verbs: WRITES,
        resources: &[
            ("", "persistentvolumes", ""),
            ("", "persistentvolumeclaims", ""),
        ],
    },
];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let mut poor: BTreeMap<NodeId, (Node<'_>, Vec<&str>)> = BTreeMap::new();
    for critical in CRITICAL {
        for rule in too_low(object.node, critical) {
            let (_, names) = poor.entry(rule.id()).or_insert((rule, Vec::new()));
            if names.last() != Some(&critical.what) {
                names.push(critical.what);
            }
        }
    }
    for (rule, names) in poor.into_values() {
        let predicate = format!("does not keep what was sent in {}", names.join(", "));
        found.on_object(
            At::nearest(rule, &["level"]),
            &predicate,
            "the log will say that it happened, and not what",
        );
    }
}

/// Rules that may take such a request and keep only who made it. What is dropped altogether is another control's.
fn too_low<'t>(policy: Node<'t>, critical: &Critical) -> Vec<Node<'t>> {
    let mut rules = Vec::new();
    for resource in critical.resources {
        for verb in critical.verbs {
            let asked = Asked::Resource(*resource);
            let taken = deciders(policy, Caller::Person, verb, asked);
            rules.extend(
                taken
                    .into_iter()
                    .filter(|rule| Level::of(*rule) == Some(Level::Metadata)),
            );
        }
    }
    rules
}
