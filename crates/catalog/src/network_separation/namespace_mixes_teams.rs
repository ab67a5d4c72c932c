//! Workloads of one namespace share its rights, quotas and policies: they should be one team's, and of one application.

use std::collections::HashMap;

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, NET_01};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::network::NetworkPod;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "namespace-mixes-teams",
        formerly: &[],
        title: "namespace holds workloads of several teams or applications",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_01],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "a namespace cannot be changed: the object has to be made anew in another one, whose name is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

/// The last parts of labels that tell whose a workload is, or what it is part of.
const TELLING: [&str; 3] = ["team", "owner", "part-of"];
/// Where the cluster's own programs run, of several projects.
const SYSTEM: &str = "kube-system";

/// Unit, namespace and label.
type Place<'f> = (&'f str, &'f str, &'f str);

fn check(facts: &Facts, found: &mut JoinedFound) {
    let mut first: HashMap<Place<'_>, (&str, &NetworkPod)> = HashMap::new();
    let mut told: HashMap<Place<'_>, &NetworkPod> = HashMap::new();
    for pod in &facts.network.pods {
        let namespace = pod.object.namespace.as_deref();
        let Some(namespace) = namespace.filter(|name| *name != SYSTEM) else {
            continue;
        };
        for (key, value) in pod.labels.iter().filter(|(key, _)| is_telling(key)) {
            let (key, value) = (&**key, &**value);
            let place = (&*pod.object.unit, namespace, key);
            let (known, _) = *first.entry(place).or_insert((value, pod));
            if known != value {
                told.entry(place).or_insert(pod);
            }
        }
    }
    let mut places: Vec<_> = first.into_iter().collect();
    places.sort_by_key(|(place, _)| *place);
    for (place @ (_, namespace, key), (known, one)) in places {
        let Some(other) = told.get(&place) else {
            found.pass();
            continue;
        };
        let value = other.labels.iter().find(|(name, _)| **name == *key);
        let value = value.map_or("", |(_, value)| &**value);
        let predicate = format!(
            "shares the namespace {namespace} with others: {key} is {value} here and {known} there"
        );
        let label = "rights, quotas and policies of a namespace reach all of them";
        let finding = found.on_object(&other.object, &other.place, &predicate, label);
        finding.relate([Related::new("the other", &one.object, &one.place)]);
    }
}

fn is_telling(key: &str) -> bool {
    let last = key.rsplit('/').next().unwrap_or(key);
    TELLING.contains(&last)
}
