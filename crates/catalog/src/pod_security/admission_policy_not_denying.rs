//! Bindings of validating admission policies that only warn or record, where no other binding of the same policy denies.

use std::collections::HashSet;

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_guide::{Chapter, POD_12, POD_15};
use plimsoll_snapshot::facts::Facts;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "admission-policy-not-denying",
        formerly: &[],
        title: "admission policy that only complains",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_12, &POD_15],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("whether the policy is ready to refuse only its warnings tell"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let bindings = &facts.admission.bindings;
    let denied: HashSet<_> = bindings
        .iter()
        .filter(|binding| binding.denies)
        .map(|binding| (&*binding.object.unit, binding.policy.as_str()))
        .collect();
    for binding in bindings {
        if denied.contains(&(&*binding.object.unit, binding.policy.as_str())) {
            found.pass();
            continue;
        }
        found.on_object(
            &binding.object,
            &binding.place,
            &format!("does not let the policy {} refuse anything", binding.policy),
            "warns or records, and lets the request pass",
        );
    }
}
