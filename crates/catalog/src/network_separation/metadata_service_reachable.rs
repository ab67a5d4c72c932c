//! Rules for egress that include the address of a metadata service at port 80.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{CLD_01, Chapter, SIG_30};
use plimsoll_snapshot::facts::Facts;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "metadata-service-reachable",
        formerly: &[],
        title: "network policy lets pods reach the cloud's metadata service",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CLD_01, &SIG_30],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Not(
            "the exception belongs into an address block, and which one is meant is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let network = &facts.network;
    let closed = network.denied(|policy| policy.metadata || policy.egress);
    let platform_closed = network.denied(|policy| policy.platform || policy.egress);
    for policy in network
        .policies
        .iter()
        .filter(|policy| policy.egress.is_some())
    {
        let unit = &*policy.object.unit;
        let metadata = policy.metadata.iter().filter(|_| !closed.contains(unit));
        let platform = policy
            .platform
            .iter()
            .filter(|_| !platform_closed.contains(unit));
        let before = found.tally.failed;
        for place in metadata {
            found.on_object(
                &policy.object,
                place,
                "lets pods reach the cloud's metadata service",
                "169.254.169.254 gives the node's credentials to whoever asks",
            );
        }
        for place in platform {
            let finding = found.on_object(
                &policy.object,
                place,
                "lets pods reach Azure's platform service",
                "168.63.129.16 gives a node its certificates and settings, in Azure",
            );
            finding.weigh(Severity::Low, "it serves nobody outside of Azure");
        }
        if found.tally.failed == before {
            found.pass();
        }
    }
}
