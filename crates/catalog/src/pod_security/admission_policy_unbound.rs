//! Validating admission policies that no binding puts into force. The binding may stand elsewhere, unless everything was
//! gathered or the unit keeps bindings beside its policies.

use std::collections::HashSet;

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, POD_12, POD_15};
use plimsoll_snapshot::facts::admission::Policy;
use plimsoll_snapshot::facts::{FactKind, Facts};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-policy-unbound",
        formerly: &[],
        title: "admission policy that nothing puts into force",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12, &POD_15],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Elsewhere(
            "no change of this object does it: a binding is needed, whose scope is for its owner to say",
        ),
        page: crate::page::beside(module_path!()),
    },
    needs: &[FactKind::AdmissionPolicyBinding],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let bindings = facts.admission.bindings.iter();
    let bound: HashSet<_> = bindings
        .map(|binding| (&*binding.object.unit, binding.policy.as_str()))
        .collect();
    let is_bound = |policy: &Policy| bound.contains(&(&*policy.object.unit, &*policy.object.name));
    let policies = &facts.admission.policies;
    let keeps_bindings: HashSet<&str> = policies
        .iter()
        .filter(|policy| is_bound(policy))
        .map(|policy| &*policy.object.unit)
        .collect();
    for policy in policies {
        if is_bound(policy) {
            found.pass();
        } else if facts.complete || keeps_bindings.contains(&*policy.object.unit) {
            found.on_object(
                &policy.object,
                &policy.place,
                "is bound by no ValidatingAdmissionPolicyBinding",
                "without a binding this policy refuses nothing",
            );
        } else {
            found.not_assessed(FactKind::AdmissionPolicyBinding);
        }
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_scan::{Scan, SourceText};
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::version::Minor;

    use super::CONTROL;

    const ALONE: &str = "apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n\
                         metadata: {name: alone}\nspec: {}\n";

    /// How many findings there are, and how many verdicts stay open.
    fn judge(complete: bool) -> (usize, usize) {
        let mut target = Target::new(Minor::NEWEST);
        target.complete = complete;
        let scan = Scan::new([&CONTROL], target);
        let source = SourceText {
            name: "policy.yaml".into(),
            unit: "here".into(),
            text: ALONE,
            provenance: plimsoll_snapshot::provenance::Provenance::Written,
        };
        let report = scan.report(vec![scan.judge(&source)], Vec::new(), Vec::new());
        (report.findings.len(), report.not_assessed.len())
    }

    #[test]
    fn a_policy_alone_is_unbound_only_where_everything_is_known() {
        assert_eq!(judge(false), (0, 1));
        assert_eq!(judge(true), (1, 0));
    }
}
