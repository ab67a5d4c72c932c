//! A namespace that denies egress by default and in which no policy allows port 53.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, NET_08, SIG_29};
use std::collections::HashSet;

use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::network_policy::Direction;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "dns-denied",
        formerly: &[],
        title: "pods cannot resolve names",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_08, &SIG_29],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not("which name servers the pods use is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let network = &facts.network;
    let coverage = network.coverage(Direction::Egress);
    let cluster: HashSet<&str> = network.denied(|_| true);
    let defined = facts.namespaces.defined.iter();
    let mut peopled: HashSet<(&str, Option<&str>)> = defined
        .map(|one| (&*one.object.unit, Some(one.object.name.as_str())))
        .collect();
    let pods = network.pods.iter();
    peopled.extend(pods.map(|pod| (&*pod.object.unit, pod.object.namespace.as_deref())));
    let resolving: HashSet<&str> = coverage
        .iter()
        .filter(|(_, one)| one.allows_dns)
        .map(|((unit, _), _)| *unit)
        .collect();
    for (key @ (unit, namespace), one) in &coverage {
        let Some(policy) = one.catch_all else {
            continue;
        };
        let loose = coverage
            .get(&(*unit, None))
            .is_some_and(|loose| loose.allows_dns);
        let anywhere = namespace.is_none() && resolving.contains(unit);
        if one.allows_dns || loose || anywhere {
            found.pass();
        } else if cluster.contains(unit) || !(facts.complete || peopled.contains(key)) {
            found.not_assessed(FactKind::NetworkPolicy);
        } else {
            found.on_object(
                &policy.object,
                &policy.place,
                "denies all egress, and no policy beside it allows DNS",
                "pods will not resolve names, and somebody will open everything to mend that",
            );
        }
    }
}
