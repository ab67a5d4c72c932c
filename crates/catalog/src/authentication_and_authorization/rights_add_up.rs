//! Two roles, each harmless by itself, that one subject has together. One finding for each subject and sum.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Binding, PolicyRule, Role};
use std::collections::HashMap;

use plimsoll_guide::{Chapter, RBAC_03};

/// One half of a sum.
struct Half {
    /// Resources by group, any of which will do.
    resources: &'static [(&'static str, &'static str)],
    /// Verbs, any of which will do.
    verbs: &'static [&'static str],
    /// Are the resources outside of namespaces, so that only a ClusterRoleBinding gives the right?
    cluster_only: bool,
}

/// Two rights that give a third together.
struct Sum {
    first: Half,
    second: Half,
    /// What comes out, after "the way to".
    does: &'static str,
}

const WORKLOADS: Half = Half {
    resources: &[
        ("", "pods"),
        ("", "replicationcontrollers"),
        ("apps", "daemonsets"),
        ("apps", "deployments"),
        ("apps", "replicasets"),
        ("apps", "statefulsets"),
        ("batch", "cronjobs"),
        ("batch", "jobs"),
    ],
    verbs: &["create"],
    cluster_only: false,
};

static SUMS: &[Sum] = &[
    Sum {
        first: Half {
            resources: &[("", "persistentvolumes")],
            verbs: &["create"],
            cluster_only: true,
        },
        second: WORKLOADS,
        does: "mount any folder of a node in a pod",
    },
    Sum {
        first: Half {
            resources: &[("", "namespaces")],
            verbs: &["patch", "update"],
            cluster_only: false,
        },
        second: WORKLOADS,
        does: "take Pod Security off a namespace and start privileged pods there",
    },
    Sum {
        first: Half {
            resources: &[("", "secrets")],
            verbs: &["create"],
            cluster_only: false,
        },
        second: Half {
            resources: &[("", "secrets")],
            verbs: &["get", "list", "watch"],
            cluster_only: false,
        },
        does: "get a lasting token of every account in the namespace",
    },
    Sum {
        first: Half {
            resources: &[("certificates.k8s.io", "certificatesigningrequests")],
            verbs: &["create"],
            cluster_only: true,
        },
        second: Half {
            resources: &[("certificates.k8s.io", "signers")],
            verbs: &["approve"],
            cluster_only: true,
        },
        does: "issue itself a certificate of somebody else",
    },
];

/// One role that a subject has through one binding.
#[derive(Copy, Clone)]
struct Held<'f> {
    role: &'f Role,
    binding: &'f Binding,
}

fn check(facts: &Facts, found: &mut JoinedFound) {
    let mut subjects: Vec<(String, Vec<Held<'_>>)> = Vec::new();
    let mut index = HashMap::new();
    for granted in facts.rbac.granted() {
        let role = granted.role;
        for binding in granted.grants.iter().map(|grant| grant.binding) {
            for subject in &binding.subjects {
                let key = (
                    &*binding.object.unit,
                    &*subject.kind,
                    &subject.namespace,
                    &*subject.name,
                );
                let number = *index.entry(key).or_insert_with(|| {
                    subjects.push((subject.describe(), Vec::new()));
                    subjects.len() - 1
                });
                if let Some((_, held)) = subjects.get_mut(number).filter(|_| !role.is_bootstrap()) {
                    held.push(Held { role, binding });
                }
            }
        }
    }
    for (subject, held) in &subjects {
        let sums = SUMS.iter().filter_map(|sum| Some((sum, sum.of(held)?)));
        let sums: Vec<_> = sums.collect();
        if sums.is_empty() {
            found.pass();
        }
        for (sum, (first, second)) in sums {
            report(subject, sum, first, second, found);
        }
    }
}

fn report(subject: &str, sum: &Sum, first: Held<'_>, second: Held<'_>, found: &mut JoinedFound) {
    let predicate = format!(
        "together with {} {} gives {subject} the way to {}",
        first.binding.object.kind, first.binding.object.name, sum.does
    );
    let label = "harmless alone, not with what else the subject has";
    let (object, place) = (&second.binding.object, &second.binding.role_place);
    let finding = found.on_object(object, place, &predicate, label);
    finding.related.extend([
        Related::new("one half", &second.role.object, &second.role.place),
        Related::new("the other half", &first.role.object, &first.role.place),
        Related::new(
            "and who gets it",
            &first.binding.object,
            &first.binding.role_place,
        ),
    ]);
}

impl Sum {
    /// The two halves, from different roles. None when one role gives both: that one is judged by itself.
    fn of<'f>(&self, held: &[Held<'f>]) -> Option<(Held<'f>, Held<'f>)> {
        let having = |half: &Half| -> Vec<Held<'f>> {
            let held = held.iter().copied();
            held.filter(|held| half.is_in(held)).collect()
        };
        let (firsts, seconds) = (having(&self.first), having(&self.second));
        let same = |one: &Held<'_>, other: &Held<'_>| std::ptr::eq(one.role, other.role);
        if firsts
            .iter()
            .any(|first| seconds.iter().any(|second| same(first, second)))
        {
            return None;
        }
        let mut pairs = firsts
            .into_iter()
            .flat_map(|first| seconds.iter().map(move |second| (first, *second)));
        pairs.find(|(first, second)| meet(first.binding, second.binding))
    }
}

/// Is there a namespace in which both hold?
fn meet(one: &Binding, other: &Binding) -> bool {
    one.is_cluster() || other.is_cluster() || one.object.namespace == other.object.namespace
}

impl Half {
    fn is_in(&self, held: &Held<'_>) -> bool {
        let reaches = !self.cluster_only || held.role.is_cluster() && held.binding.is_cluster();
        reaches && held.role.rules.iter().any(|rule| self.is_in_rule(rule))
    }

    fn is_in_rule(&self, rule: &PolicyRule) -> bool {
        let verbs = self.verbs.iter().any(|verb| rule.allows(verb));
        let named = |(group, resource): &(&str, &str)| {
            rule.covers(group) && rule.names_resource(resource).is_some()
        };
        verbs && rule.names.is_empty() && self.resources.iter().any(named)
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "rights-add-up",
        formerly: &[],
        title: "roles of one subject together give more than each alone",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_03],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};
