//! The variables of a policy: what it looks at in the object and in the old one, the faults of both, and the faults that a
//! request brings. Everything that a rule says ends up here; the policy around it is always the same.

use plimsoll_control::{Describe, Enforce, GroupKind, Rule, Words};
use plimsoll_snapshot::version::Minor;

use crate::exemption::{Exemption, exempt_containers};
use crate::expand::{NEW, OLD, Side, expand, mentions};
use crate::policy::NotEnforced;
use crate::{derive, objects, pods};

/// Names with their expressions, each after those that it uses.
pub(crate) type Variables = Vec<(&'static str, String)>;

/// A rule as far as CEL can say it.
#[derive(Copy, Clone)]
pub(crate) struct Said {
    /// The kinds that it looks at; `None` for everything that carries a pod.
    pub(crate) kinds: Option<&'static [GroupKind]>,
    how: How,
}

#[derive(Copy, Clone)]
enum How {
    Described(&'static Describe),
    Written(&'static [&'static str], Words),
}

impl Said {
    /// # Errors
    /// Why CEL does not say it.
    pub(crate) fn of(rule: &'static Rule) -> Result<Said, NotEnforced> {
        let (kinds, enforce, words) = match rule {
            Rule::Derived(describe) => {
                let how = How::Described(describe);
                return Ok(Said { kinds: None, how });
            }
            Rule::Container { enforce, words, .. } | Rule::Pod { enforce, words, .. } => {
                (None, enforce, words)
            }
            Rule::Object {
                kinds,
                enforce,
                words,
                ..
            } => (Some(*kinds), enforce, words),
            Rule::Settings(_) | Rule::Program { .. } => return Err(NotEnforced::Settings),
            Rule::Policy(_) => return Err(NotEnforced::Policy),
            Rule::Joined { .. } => return Err(NotEnforced::Joined),
            Rule::Audit { .. } => return Err(NotEnforced::Audit),
        };
        match enforce {
            Enforce::Cel(parts) => Ok(Said {
                kinds,
                how: How::Written(parts, words),
            }),
            Enforce::Not(reason) => Err(NotEnforced::Rule(reason)),
        }
    }

    /// Does it look at more of a pod than its `spec`?
    pub(crate) fn reads_annotations(self) -> bool {
        self.mentions("annotations")
    }

    fn mentions(self, name: &str) -> bool {
        matches!(self.how, How::Written(parts, _) if mentions(parts, name))
    }

    fn faults(self, version: Minor, side: Side) -> String {
        match self.how {
            How::Described(describe) => {
                derive::faults(describe, version, side.spec, side.containers)
            }
            How::Written(parts, words) => expand(parts, words, version, side),
        }
    }

    /// All variables of the policy.
    pub(crate) fn variables(self, version: Minor, exemptions: &[Exemption]) -> Variables {
        let mut variables = match self.kinds {
            None => self.of_pod(!exemptions.is_empty()),
            Some(_) => self.of_object(),
        };
        let mut faults = self.faults(version, NEW);
        if !exemptions.is_empty() {
            variables.insert(0, ("exempt", exempt_containers(exemptions)));
            faults = format!("\"\" in variables.exempt ? [] : (\n{faults}\n)");
        }
        let known = self.faults(version, OLD);
        let known = format!("oldObject == null ? [] : (\n{known}\n)");
        // Comparing fault by fault costs the product of both; most updates bring none.
        let new = "variables.faults == variables.knownFaults ? [] : variables.faults.filter(fault, !(fault in variables.knownFaults))";
        variables.extend([
            ("faults", faults),
            ("knownFaults", known),
            ("newFaults", new.to_owned()),
        ]);
        variables
    }

    fn of_pod(self, exempt: bool) -> Variables {
        let mut containers = pods::containers(NEW.spec);
        if exempt {
            containers = format!(
                "\"*\" in variables.exempt ? [] : ({containers}).filter(c, !(c.name in variables.exempt))"
            );
        }
        let mut variables = vec![
            ("spec", pods::spec(NEW.object)),
            ("containers", containers),
            ("oldSpec", if_old(&pods::spec(OLD.object))),
            ("oldContainers", pods::containers(OLD.spec)),
        ];
        if self.reads_annotations() {
            variables.push(("annotations", pods::annotations(NEW.object)));
            variables.push(("oldAnnotations", if_old(&pods::annotations(OLD.object))));
        }
        variables
    }

    fn of_object(self) -> Variables {
        let mut variables = Vec::new();
        for (field, new, old) in [
            ("annotations", "annotations", "oldAnnotations"),
            ("labels", "labels", "oldLabels"),
        ] {
            if self.mentions(field) {
                variables.push((new, objects::metadata(NEW.object, field)));
                variables.push((old, if_old(&objects::metadata(OLD.object, field))));
            }
        }
        variables
    }
}

fn if_old(expression: &str) -> String {
    format!("oldObject == null ? {{}} :\n({expression})")
}
