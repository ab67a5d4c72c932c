//! A ValidatingAdmissionPolicy with its binding, from a control. Names, labels and a digest tell later what made it.

use plimsoll_control::Control;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::edit::Value;
use sha2::{Digest, Sha256};

use crate::exemption::Exemption;
use crate::variables::{Said, Variables};
use crate::{objects, pods};

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
    /// It judges the settings of Kubernetes' own programs.
    #[error("the settings of Kubernetes' own programs do not come through the API server")]
    Settings,
    /// It was read from a policy.
    #[error("it is one already, of your own")]
    Policy,
    /// It takes several objects.
    #[error("it takes several objects to judge, and a policy sees one")]
    Joined,
    /// It judges waivers.
    #[error("it judges waivers, which no API server knows")]
    Audit,
    /// What the rule itself says.
    #[error("{0}")]
    Rule(&'static str),
}

/// A control as an admission policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Policy {
    control: &'static str,
    title: &'static str,
    severity: &'static str,
    resource_rules: Value,
    skips_unchanged_pods: bool,
    variables: Variables,
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
        let rule = control.rule(version).ok_or(NotEnforced::Version)?;
        let said = Said::of(rule)?;
        Ok(Policy {
            control: control.head.id,
            title: control.head.title,
            severity: control.head.severity.as_str(),
            resource_rules: resource_rules(said),
            // Annotations stand beside the `spec`.
            skips_unchanged_pods: said.kinds.is_none() && !said.reads_annotations(),
            variables: said.variables(version, exemptions),
        })
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
        let constraints = map([("resourceRules", self.resource_rules.clone())]);
        let mut spec = vec![
            ("failurePolicy", text("Fail")),
            ("matchConstraints", constraints),
        ];
        if self.skips_unchanged_pods {
            let condition = map([
                ("name", text("changes-a-pod")),
                ("expression", text(pods::CHANGES_POD)),
            ]);
            spec.push(("matchConditions", Value::List(vec![condition])));
        }
        spec.extend([
            ("variables", Value::List(variables)),
            ("validations", Value::List(vec![validation])),
            ("auditAnnotations", Value::List(vec![annotation])),
        ]);
        map(spec)
    }
}

const MESSAGE: &str =
    "object.kind + \" \" + object.metadata.name + \": \" + variables.newFaults.join(\"; \")";
/// The server notes no annotation whose value is empty.
const ANNOTATION: &str = "variables.newFaults.join(\"; \")";

fn resource_rules(said: Said) -> Value {
    let rules = match said.kinds {
        None => pods::RESOURCES
            .iter()
            .map(|(group, resources)| resource_rule(group, resources))
            .collect(),
        Some(kinds) => objects::resources(kinds)
            .into_iter()
            .map(|(group, resource)| resource_rule(group, &[resource]))
            .collect(),
    };
    Value::List(rules)
}

fn resource_rule(group: &str, resources: &[&str]) -> Value {
    map([
        ("apiGroups", texts(&[group])),
        ("apiVersions", texts(&["*"])),
        ("operations", texts(&["CREATE", "UPDATE"])),
        ("resources", texts(resources)),
    ])
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
