//! Pods beside policies that do not select them, per direction. A namespace without any policy for a direction is another control's finding.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{BEY_09, Chapter, NET_06, SIG_29};
use plimsoll_snapshot::facts::network::PolicyIndex;
use plimsoll_snapshot::facts::{FactKind, Facts};
use plimsoll_snapshot::network_policy::Direction;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-without-network-policy",
        formerly: &[],
        title: "no network policy selects the pod",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_06, &SIG_29, &BEY_09],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Elsewhere(
            "no change of this object does it: another one is needed, whose content depends on what runs in the namespace",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let network = &facts.network;
    let index = PolicyIndex::new(network);
    let coverages = Direction::BOTH.map(|direction| (direction, network.coverage(direction)));
    let denied = [
        network.denied(|policy| policy.ingress),
        network.denied(|policy| policy.egress),
    ];
    // The host's network is no policy's business.
    for pod in network.pods.iter().filter(|pod| pod.host_network.is_none()) {
        let selecting = index.selecting(pod);
        let (unit, namespace) = (&*pod.object.unit, pod.object.namespace.as_deref());
        let (mut missing, mut open) = (Vec::new(), false);
        for ((direction, coverage), denied) in coverages.iter().zip(&denied) {
            let covered = selecting.iter().any(|alike| alike.rules(*direction));
            if denied.contains(unit) || covered {
                continue;
            }
            let of = |namespace| coverage.get(&(unit, namespace)).and_then(|one| one.ruled);
            match of(namespace).or_else(|| of(None)) {
                Some(_) => missing.push(direction.rules()),
                None => open = true,
            }
        }
        match (missing.is_empty(), open) {
            (false, _) => {
                let says = format!(
                    "is selected by no network policy for {}",
                    missing.join(" and ")
                );
                found.on_object(&pod.object, &pod.place, &says, BECAUSE);
            }
            (true, true) => found.not_assessed(FactKind::NetworkPolicy),
            (true, false) => found.pass(),
        }
    }
}

const BECAUSE: &str =
    "what no policy selects is open to everybody, whatever its neighbours' policies say";
