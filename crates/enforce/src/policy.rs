//! A ValidatingAdmissionPolicy with its binding, from a control. Names, labels and a digest tell later what made it.

use plimsoll_control::{Control, Describe, Rule};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::edit::Value;
use sha2::{Digest, Sha256};

use crate::exemption::{Exemption, exempt_containers};
use crate::{derive, pods};

/// What happens to a request that fails a policy.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Default)]
pub enum Stage {
    /// It is noted in the audit log.
    Audit,
    /// Whoever sends it is warned, too.
    #[default]
    Warn,
    /// It is refused.
    Deny,
}

impl Stage {
    /// The word by which people choose it.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Audit => "audit",
            Stage::Warn => "warn",
            Stage::Deny => "deny",
        }
    }

    /// The actions of a binding. Deny and Warn exclude each other.
    fn actions(self) -> &'static [&'static str] {
        match self {
            Stage::Audit => &["Audit"],
            Stage::Warn => &["Warn", "Audit"],
            Stage::Deny => &["Deny", "Audit"],
        }
    }
}

/// Why a control is not enforced by a policy.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotEnforced {
    /// The control does not apply at the version.
    #[error("it does not apply to that version of Kubernetes")]
    Version,
    /// ValidatingAdmissionPolicy is not there yet.
    #[error("ValidatingAdmissionPolicy exists since Kubernetes 1.30")]
    NoPolicies,
    /// The rule is not said in CEL.
    #[error("its rule is not said in CEL")]
    NotInCel,
}

/// A control as an admission policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    control: &'static str,
    title: &'static str,
    severity: &'static str,
    variables: Vec<(&'static str, String)>,
}

/// The first version that serves admission policies of version `v1`.
const SERVED_SINCE: Minor = Minor(30);

impl Policy {
    /// The policy that denies what the control finds at `version`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of(
        control: &'static Control,
        version: Minor,
        exemptions: &[Exemption],
    ) -> Result<Policy, NotEnforced> {
        if version < SERVED_SINCE {
            return Err(NotEnforced::NoPolicies);
        }
        match control.rule(version).ok_or(NotEnforced::Version)? {
            Rule::Derived(describe) => Ok(Policy {
                control: control.head.id,
                title: control.head.title,
                severity: control.head.severity.as_str(),
                variables: variables(describe, version, exemptions),
            }),
            _ => Err(NotEnforced::NotInCel),
        }
    }

    /// The id of the control.
    pub fn control(&self) -> &'static str {
        self.control
    }

    /// The name of the policy and of its binding.
    pub fn name(&self) -> String {
        format!("plimsoll-{}", self.control)
    }

    /// The policy as a manifest.
    pub fn manifest(&self) -> Value {
        let spec = self.spec();
        let digest = Sha256::digest(plimsoll_yaml::write(&spec));
        let digest: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let annotations = map([
            ("plimsoll.dev/digest", text(&digest)),
            ("plimsoll.dev/severity", text(self.severity)),
            ("plimsoll.dev/title", text(self.title)),
        ]);
        map([
            ("apiVersion", text("admissionregistration.k8s.io/v1")),
            ("kind", text("ValidatingAdmissionPolicy")),
            ("metadata", self.metadata(Some(annotations))),
            ("spec", spec),
        ])
    }

    /// The binding as a manifest. `namespaces` selects by label, in the API's own form; `None` means all.
    pub fn binding(&self, stage: Stage, namespaces: Option<Value>) -> Value {
        let actions = stage.actions().iter().map(|action| text(action)).collect();
        let mut spec = vec![
            ("policyName".to_owned(), text(&self.name())),
            ("validationActions".to_owned(), Value::List(actions)),
        ];
        if let Some(selector) = namespaces {
            spec.push((
                "matchResources".to_owned(),
                map([("namespaceSelector", selector)]),
            ));
        }
        map([
            ("apiVersion", text("admissionregistration.k8s.io/v1")),
            ("kind", text("ValidatingAdmissionPolicyBinding")),
            ("metadata", self.metadata(None)),
            ("spec", Value::Map(spec)),
        ])
    }

    fn metadata(&self, annotations: Option<Value>) -> Value {
        let labels = map([
            ("app.kubernetes.io/managed-by", text("plimsoll")),
            ("plimsoll.dev/control", text(self.control)),
        ]);
        let mut metadata = vec![("name", text(&self.name())), ("labels", labels)];
        metadata.extend(annotations.map(|annotations| ("annotations", annotations)));
        map(metadata)
    }

    fn spec(&self) -> Value {
        let variables = self
            .variables
            .iter()
            .map(|(name, expression)| map([("name", text(name)), ("expression", text(expression))]))
            .collect();
        let validation = map([
            ("expression", text("size(variables.newFaults) == 0")),
            ("message", text(self.title)),
            ("messageExpression", text(MESSAGE)),
            ("reason", text("Forbidden")),
        ]);
        let annotation = map([
            ("key", text("faults")),
            ("valueExpression", text(ANNOTATION)),
        ]);
        let condition = map([
            ("name", text("changes-a-pod")),
            ("expression", text(pods::CHANGES_POD)),
        ]);
        map([
            ("failurePolicy", text("Fail")),
            (
                "matchConstraints",
                map([("resourceRules", resource_rules())]),
            ),
            ("matchConditions", Value::List(vec![condition])),
            ("variables", Value::List(variables)),
            ("validations", Value::List(vec![validation])),
            ("auditAnnotations", Value::List(vec![annotation])),
        ])
    }
}

const MESSAGE: &str =
    "object.kind + \" \" + object.metadata.name + \": \" + variables.newFaults.join(\"; \")";
/// The server notes no annotation whose value is empty.
const ANNOTATION: &str = "variables.newFaults.join(\"; \")";

fn variables(
    describe: &Describe,
    version: Minor,
    exemptions: &[Exemption],
) -> Vec<(&'static str, String)> {
    let exempt = !exemptions.is_empty();
    let mut variables = vec![
        ("spec", pods::spec("object")),
        ("containers", pods::containers("variables.spec")),
        (
            "oldSpec",
            format!("oldObject == null ? {{}} :\n({})", pods::spec("oldObject")),
        ),
        ("oldContainers", pods::containers("variables.oldSpec")),
    ];
    if exempt {
        variables.insert(0, ("exempt", exempt_containers(exemptions)));
    }
    let mut faults = derive::faults(describe, version, "variables.spec", "variables.containers");
    if exempt {
        for (_, expression) in variables
            .iter_mut()
            .filter(|(name, _)| *name == "containers")
        {
            *expression = format!(
                "\"*\" in variables.exempt ? [] : ({expression}).filter(c, !(c.name in variables.exempt))"
            );
        }
        faults = format!("\"\" in variables.exempt ? [] : (\n{faults}\n)");
    }
    let known = derive::faults(
        describe,
        version,
        "variables.oldSpec",
        "variables.oldContainers",
    );
    variables.push(("faults", faults));
    variables.push((
        "knownFaults",
        format!("oldObject == null ? [] : (\n{known}\n)"),
    ));
    variables.push((
        "newFaults",
        "variables.faults.filter(fault, !(fault in variables.knownFaults))".to_owned(),
    ));
    variables
}

fn resource_rules() -> Value {
    let rules = pods::RESOURCES.iter().map(|(group, resources)| {
        map([
            ("apiGroups", texts(&[group])),
            ("apiVersions", texts(&["*"])),
            ("operations", texts(&["CREATE", "UPDATE"])),
            ("resources", texts(resources)),
        ])
    });
    Value::List(rules.collect())
}

pub(crate) fn text(text: &str) -> Value {
    Value::Str(text.to_owned())
}

pub(crate) fn texts(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| text(item)).collect())
}

pub(crate) fn map<'k>(members: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    let members = members
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Value::Map(members.collect())
}
