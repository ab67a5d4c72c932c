//! The variables of a policy: what it looks at in the object and in the old one, the faults of both, and the faults that a
//! request brings. Everything that a rule says ends up here; the policy around it is always the same.

use std::borrow::Cow;

use plimsoll_control::{Describe, Enforce, GroupKind, Rule, Words};
use plimsoll_snapshot::version::Minor;

use crate::exemption::{Exemption, exempt_containers};
use crate::expand::{NEW, OLD, Side, expand, mentions};
use crate::policy::NotEnforced;
use crate::stage::Old;
use crate::{derive, objects, parameters, pods};

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
    Made(fn() -> String),
}

impl Said {
    /// # Errors
    /// Why CEL does not say it.
    pub(crate) fn of(rule: &'static Rule) -> Result<Said, NotEnforced> {
        const NO_WORDS: Words = &[];
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
            Rule::JoinedInPart { kinds, enforce, .. } => {
                let kinds = Some(*kinds).filter(|kinds| !kinds.is_empty());
                (kinds, enforce, &NO_WORDS)
            }
            Rule::Settings(_) | Rule::Program { .. } => return Err(NotEnforced::Settings),
            Rule::Policy(_) => return Err(NotEnforced::Policy),
            Rule::Joined { .. } => return Err(NotEnforced::Joined),
            Rule::Audit { .. } => return Err(NotEnforced::Audit),
        };
        let how = match enforce {
            Enforce::Cel(parts) => How::Written(parts, words),
            Enforce::Made(make) => How::Made(*make),
            Enforce::Not(reason) => return Err(NotEnforced::Rule(reason)),
        };
        Ok(Said { kinds, how })
    }

    /// The description from which it follows, if it follows from one.
    pub(crate) fn described(self) -> Option<&'static Describe> {
        match self.how {
            How::Described(describe) => Some(describe),
            _ => None,
        }
    }

    /// Does it look at more of a pod than its `spec`?
    pub(crate) fn reads_annotations(self) -> bool {
        self.mentions("annotations")
    }

    /// Does it need to be told which registries are trusted?
    pub(crate) fn reads_registries(self) -> bool {
        self.mentions("trusted")
    }

    /// Does it look at what a running pod may be given more or less of?
    pub(crate) fn reads_resources(self) -> bool {
        match self.how {
            How::Described(describe) => {
                let mut fields = describe.clauses.iter().map(|clause| clause.field);
                fields.any(|field| field.keys.first() == Some(&"resources"))
            }
            How::Written(parts, _) => parts.iter().any(|part| part.contains("c.resources")),
            How::Made(_) => false,
        }
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
            How::Made(make) => expand(&[&make()], &[], version, side),
        }
    }

    /// Parts of an expression of the same rule as plain CEL about the object.
    pub(crate) fn expanded(self, parts: &[&str], version: Minor) -> String {
        let words = match self.how {
            How::Written(_, words) => words,
            _ => &[],
        };
        expand(parts, words, version, NEW)
    }

    /// What a policy that changes the object looks at.
    pub(crate) fn looked_at(self, exemptions: &[Exemption]) -> Variables {
        let mut variables = Vec::new();
        if !exemptions.is_empty() {
            variables.push(("exempt", exempt_containers(exemptions)));
        }
        match self.kinds {
            None => {
                if self.reads_annotations() {
                    variables.push(("template", pods::TEMPLATE.to_owned()));
                    variables.push(("annotations", pods::annotations(NEW.object)));
                } else {
                    variables.push(("spec", pods::spec(NEW.object)));
                }
            }
            Some(_) => {
                let of_new = self.of_object().into_iter();
                variables.extend(of_new.filter(|(name, _)| !name.starts_with("old")));
            }
        }
        variables
    }

    /// All variables of a policy that refuses.
    pub(crate) fn variables(self, version: Minor, exemptions: &[Exemption], old: Old) -> Variables {
        let mut variables = match self.kinds {
            None => self.of_pod(!exemptions.is_empty()),
            Some(_) => self.of_object(),
        };
        if self.reads_registries() {
            variables.push(("trusted", parameters::TRUSTED.to_owned()));
        }
        let mut faults = self.faults(version, NEW);
        if !exemptions.is_empty() {
            variables.insert(0, ("exempt", exempt_containers(exemptions)));
            faults = format!("\"\" in variables.exempt ? [] : (\n{faults}\n)");
        }
        variables.push(("faults", faults));
        let new = match old {
            Old::Refused => Cow::Borrowed("variables.faults"),
            Old::Allowed => {
                let known = self.faults(version, OLD);
                let known = format!("oldObject == null ? [] : (\n{known}\n)");
                variables.push(("knownFaults", known));
                // Comparing fault by fault costs the product of both; most updates bring none.
                "variables.faults == variables.knownFaults ? [] : variables.faults.filter(fault, !(fault in variables.knownFaults))".into()
            }
        };
        variables.push(("newFaults", new.into_owned()));
        if old == Old::Refused {
            variables.retain(|(name, _)| !name.starts_with("old"));
        }
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
