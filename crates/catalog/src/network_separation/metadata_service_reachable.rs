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
        page: include_str!("metadata_service_reachable.md"),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let denied = facts
        .network
        .denied(|policy| policy.metadata || policy.egress);
    let policies = facts.network.policies.iter();
    for policy in policies.filter(|policy| policy.egress.is_some()) {
        if policy.metadata.is_empty() || denied.contains(&*policy.object.unit) {
            found.pass();
        }
        for place in policy
            .metadata
            .iter()
            .filter(|_| !denied.contains(&*policy.object.unit))
        {
            found.on_object(
                &policy.object,
                place,
                "lets pods reach the cloud's metadata service",
                "169.254.169.254 gives the node's credentials to whoever asks",
            );
        }
    }
}
