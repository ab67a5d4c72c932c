//! Pods on the host's network that some policy selects: network plugins do not apply policies to a node's address.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Related, Revision, Rule, Severity};
use plimsoll_guide::{CLD_01, Chapter, SIG_31};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::network::PolicyIndex;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "host-network-escapes-policy",
        formerly: &[],
        title: "network policy has no power over a pod that it selects",
        chapter: Chapter::NetworkSeparation,
        guide: &[&SIG_31, &CLD_01],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Elsewhere(
            "whether the pod needs the node's network is for its owner to say; what ends that is the fix of the pod's own finding",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let index = PolicyIndex::new(&facts.network);
    for pod in &facts.network.pods {
        let Some(place) = &pod.host_network else {
            continue;
        };
        let Some(policy) = index.sure(pod) else {
            found.pass();
            continue;
        };
        let finding = found.on_object(
            &pod.object,
            place,
            "uses the host's network, so the policies that select it do nothing",
            "the node's address is none of NetworkPolicy's business; the metadata service is open, too",
        );
        let related = Related::new("a policy that selects it", &policy.object, &policy.place);
        finding.relate([related]);
    }
}
