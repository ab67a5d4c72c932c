//! A namespace needs a policy for egress that selects every pod, and none that opens it again. Names of policies mean nothing.

use plimsoll_control::{
    Companion, Control, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{CLD_01, Chapter, NET_03, NET_08, SIG_29, SIG_30};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::network_policy::Direction;

use crate::default_deny::{Says, judge};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "egress-not-denied-by-default",
        formerly: &[],
        title: "namespace lets its pods connect to everything",
        chapter: Chapter::NetworkSeparation,
        guide: &[&CLD_01, &NET_03, &NET_08, &SIG_29, &SIG_30],
        pss: &[],
        severity: Severity::High,
        fix: Fix::Edits(&[Remedy::review(
            How::Add(Companion::NetworkPolicy),
            "connections that its policies do not allow are cut off: add where pods have to connect to",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Namespace, FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, Direction::Egress, &SAYS, found);
}

const SAYS: Says = Says {
    opened: "opens all egress for every pod of its namespace",
    opened_label: "makes every other policy for egress useless",
    opened_fix: "where the pods have to connect to is for the owner of the policy to say",
    missing: "does not deny egress by default",
    missing_around: "is in a namespace that does not deny egress by default",
    missing_label: "an intruder may load tools, send data out and ask the cloud for credentials",
};
