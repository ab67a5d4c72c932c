//! Does a namespace deny what nobody allowed? The same question for both directions, told in the words of each.

use plimsoll_control::JoinedFound;
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::default_deny::DefaultDenyVerdict;
use plimsoll_snapshot::network_policy::Direction;

/// What to say of one direction.
pub(crate) struct Says {
    /// Of a policy that opens everything again.
    pub(crate) opened: &'static str,
    /// What that does.
    pub(crate) opened_label: &'static str,
    /// Why it is not closed by a fix.
    pub(crate) opened_fix: &'static str,
    /// Of a namespace.
    pub(crate) missing: &'static str,
    /// Of a policy or pod in one that is not here.
    pub(crate) missing_around: &'static str,
    /// What that means.
    pub(crate) missing_label: &'static str,
}

/// Judges every namespace that objects of the run name.
pub(crate) fn judge(facts: &Facts, direction: Direction, says: &Says, found: &mut JoinedFound) {
    for namespace in facts.default_deny(direction) {
        match namespace.verdict {
            DefaultDenyVerdict::Denied => found.pass(),
            DefaultDenyVerdict::Open(missing) => found.not_assessed(missing),
            DefaultDenyVerdict::Opened(policy) => {
                let label = says.opened_label;
                let finding = found.on_object(&policy.object, &policy.place, says.opened, label);
                finding.without_fix(says.opened_fix);
            }
            DefaultDenyVerdict::Missing => {
                let predicate = match namespace.object.kind.as_str() {
                    "Namespace" => says.missing,
                    _ => says.missing_around,
                };
                found.on_object(
                    namespace.object,
                    namespace.place,
                    predicate,
                    says.missing_label,
                );
            }
        }
    }
}
