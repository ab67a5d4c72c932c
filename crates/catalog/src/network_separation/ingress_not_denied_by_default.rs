//! A namespace needs a policy for ingress that selects every pod, and none that opens it again. Names of policies mean nothing.

use plimsoll_control::{
    Companion, Control, Fix, Header, How, JoinedFound, Remedy, Revision, Rule, Severity,
};
use plimsoll_guide::{Chapter, NET_03, NET_07, SIG_29};
use plimsoll_snapshot::facts::FactKind;
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::network_policy::Direction;

use crate::default_deny::{Says, judge};

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
        fix: Fix::Edits(&[Remedy::review(
            How::Add(Companion::NetworkPolicy),
            "connections that its policies do not allow are cut off: add who has to connect",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::Namespace, FactKind::NetworkPolicy],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, Direction::Ingress, &SAYS, found);
}

const SAYS: Says = Says {
    opened: "lets everybody connect to every pod of its namespace",
    opened_label: "makes every other policy for ingress useless",
    opened_fix: "who has to connect is for the owner of the policy to say",
    missing: "does not deny ingress by default",
    missing_around: "is in a namespace that does not deny ingress by default",
    missing_label: "whoever runs a pod anywhere in the cluster may connect to all that is here",
};

#[cfg(test)]
mod tests {
    use plimsoll_scan::{Scan, SourceText};
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::version::Minor;

    use super::CONTROL;

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n\
        spec: {containers: [{name: web, image: web}]}\n";

    /// Findings, and subjects that stay open.
    fn judge(text: &str, complete: bool) -> (usize, usize) {
        let target = Target {
            complete,
            ..Target::new(Minor::NEWEST)
        };
        let scan = Scan::new([&CONTROL], target);
        let source = SourceText {
            name: "shop.yaml".into(),
            unit: "shop".into(),
            text,
            provenance: plimsoll_snapshot::provenance::Provenance::Written,
        };
        let report = scan.report(vec![scan.judge(&source)], Vec::new(), Vec::new());
        let open = report.not_assessed.iter().map(|open| open.subjects).sum();
        (report.findings.len(), open)
    }

    #[test]
    fn a_namespace_of_which_only_pods_were_gathered_stays_open() {
        assert_eq!(judge(POD, false), (0, 1));
    }

    #[test]
    fn when_everything_was_gathered_what_is_not_there_is_missing() {
        assert_eq!(judge(POD, true), (1, 0));
    }

    #[test]
    fn an_empty_namespace_counts_when_everything_was_gathered() {
        let empty = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
        assert_eq!(judge(empty, false), (0, 0));
        assert_eq!(judge(empty, true), (1, 0));
    }

    #[test]
    fn a_pod_that_does_not_say_its_namespace_stays_open() {
        let text = POD.replace(", namespace: shop", "");
        assert_eq!(judge(&text, true), (0, 1));
    }
}
