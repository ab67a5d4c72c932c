//! Two roles, each harmless by itself, that one subject has together. One finding for each subject and sum.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Binding, PolicyRule, Role, Subject, Ways};
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
    let ways = facts.rbac.ways();
    let sums: Vec<_> = SUMS
        .iter()
        .map(|sum| (sum, sum.parts(facts, &ways)))
        .collect();
    for (subject, bindings) in subjects(facts, &ways) {
        let meeting = sums
            .iter()
            .filter_map(|(sum, parts)| Some((sum, parts.meet(&bindings)?)));
        let meeting: Vec<_> = meeting.collect();
        if meeting.is_empty() {
            found.pass();
        }
        for (sum, (first, second)) in meeting {
            report(subject, sum, first, second, found);
        }
    }
}

/// Everybody who has a role that is known, with the numbers of the bindings.
fn subjects<'f>(facts: &'f Facts, ways: &Ways<'f>) -> Vec<(&'f Subject, Vec<usize>)> {
    let mut subjects: Vec<(&Subject, Vec<usize>)> = Vec::new();
    let mut index = HashMap::new();
    let known = ways.giving(|_| true);
    for (number, (binding, known)) in facts.rbac.bindings.iter().zip(known).enumerate() {
        for subject in binding.subjects.iter().filter(|_| known.is_some()) {
            let key = (
                &binding.object.unit,
                &subject.kind,
                &subject.namespace,
                &subject.name,
            );
            let place = *index.entry(key).or_insert_with(|| {
                subjects.push((subject, Vec::new()));
                subjects.len() - 1
            });
            if let Some((_, bindings)) = subjects.get_mut(place) {
                bindings.push(number);
            }
        }
    }
    subjects
}

fn report(
    subject: &Subject,
    sum: &Sum,
    first: Held<'_>,
    second: Held<'_>,
    found: &mut JoinedFound,
) {
    let subject = subject.describe();
    let predicate = format!(
        "together with {} {} gives {subject} the way to {}",
        first.binding.object.kind, first.binding.object.name, sum.does
    );
    let label = "harmless alone, not with what else the subject has";
    let (object, place) = (&second.binding.object, &second.binding.role_place);
    let finding = found.on_object(object, place, &predicate, label);
    finding.relate([
        Related::new("one half", &second.role.object, &second.role.place),
        Related::new("the other half", &first.role.object, &first.role.place),
        Related::new(
            "and who gets it",
            &first.binding.object,
            &first.binding.role_place,
        ),
    ]);
}

/// What of a sum each binding gives, in the order of the bindings.
struct Parts<'f> {
    firsts: Vec<Option<Held<'f>>>,
    seconds: Vec<Option<Held<'f>>>,
    /// One role that is both: it is judged by itself.
    wholes: Vec<bool>,
}

impl Sum {
    fn parts<'f>(&self, facts: &'f Facts, ways: &Ways<'f>) -> Parts<'f> {
        let given = |halves: &[&Half]| {
            let roles = ways
                .giving(|role| !role.is_bootstrap() && halves.iter().all(|half| half.is_in(role)));
            let held = facts
                .rbac
                .bindings
                .iter()
                .zip(roles)
                .map(|(binding, role)| {
                    let reaches = halves.iter().all(|half| half.reaches(binding));
                    role.filter(|_| reaches).map(|role| Held { role, binding })
                });
            held.collect::<Vec<_>>()
        };
        let wholes = given(&[&self.first, &self.second]);
        Parts {
            firsts: given(&[&self.first]),
            seconds: given(&[&self.second]),
            wholes: wholes.iter().map(Option::is_some).collect(),
        }
    }
}

impl<'f> Parts<'f> {
    /// The two halves that these bindings give in one namespace. `None` where there are none, or one role is both.
    fn meet(&self, bindings: &[usize]) -> Option<(Held<'f>, Held<'f>)> {
        let is_whole = |binding: &usize| self.wholes.get(*binding) == Some(&true);
        if bindings.iter().any(is_whole) {
            return None;
        }
        let of = |list: &[Option<Held<'f>>]| -> Vec<Held<'f>> {
            let held = bindings.iter().filter_map(|binding| *list.get(*binding)?);
            held.collect()
        };
        let (firsts, seconds) = (of(&self.firsts), of(&self.seconds));
        let everywhere = seconds.iter().find(|second| second.binding.is_cluster());
        let mut by_namespace = HashMap::new();
        for second in &seconds {
            let namespace = &second.binding.object.namespace;
            by_namespace.entry(namespace).or_insert(second);
        }
        firsts.iter().find_map(|first| {
            let beside = by_namespace.get(&first.binding.object.namespace).copied();
            let second = match first.binding.is_cluster() {
                true => seconds.first(),
                false => beside.or(everywhere),
            };
            Some((*first, *second?))
        })
    }
}

impl Half {
    fn is_in(&self, role: &Role) -> bool {
        let reaches = !self.cluster_only || role.is_cluster();
        reaches && role.rules.iter().any(|rule| self.is_in_rule(rule))
    }

    fn reaches(&self, binding: &Binding) -> bool {
        !self.cluster_only || binding.is_cluster()
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
