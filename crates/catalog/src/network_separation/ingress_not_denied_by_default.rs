//! A namespace needs a policy for ingress that selects every pod, and none that opens it again. Names of policies mean nothing.

use plimsoll_control::{Control, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, NET_03, NET_07, SIG_29};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::network::DefaultDenyVerdict;
use plimsoll_snapshot::network_policy::Direction;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "ingress-not-denied-by-default",
        formerly: &[],
        title: "namespace lets everybody connect to its pods",
        chapter: Chapter::NetworkSeparation,
        guide: &[&NET_03, &NET_07, &SIG_29],
        pss: &[],
        severity: Severity::High,
        page: include_str!("ingress_not_denied_by_default.md"),
    },
    needs: &[FactKind::Namespace, FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    for namespace in facts.default_deny(Direction::Ingress) {
        match namespace.verdict {
            DefaultDenyVerdict::Denied => found.pass(),
            DefaultDenyVerdict::Open(missing) => found.not_assessed(missing),
            DefaultDenyVerdict::Opened(policy) => {
                found.on_object(
                    &policy.object,
                    &policy.place,
                    "lets everybody connect to every pod of its namespace",
                    "makes every other policy for ingress useless",
                );
            }
            DefaultDenyVerdict::Missing => {
                let says = match namespace.object.kind.as_str() {
                    "Namespace" => "does not deny ingress by default",
                    _ => "is in a namespace that does not deny ingress by default",
                };
                found.on_object(
                    namespace.object,
                    namespace.place,
                    says,
                    "whoever runs a pod anywhere in the cluster may connect to all that is here",
                );
            }
        }
    }
}
