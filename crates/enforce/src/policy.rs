//! A ValidatingAdmissionPolicy with its binding, from a control. Names, labels and a digest tell later what made it.

use plimsoll_control::{Control, Level};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::edit::Value;
use sha2::{Digest, Sha256};

use crate::exemption::{Exemption, expiry_annotation};
use crate::stage::{Old, Stage};
use crate::variables::{Said, Variables};
use crate::{objects, parameters, pods};

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
    conditions: Vec<(&'static str, &'static str)>,
    variables: Variables,
    exemptions: Vec<Exemption>,
    reads_registries: bool,
    pod_security: Option<Level>,
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
        Policy::with(control, version, exemptions, Old::Allowed)
    }

    /// The same, which may also refuse updates of objects for what they had before.
    ///
    /// # Errors
    /// Why there is none.
    pub fn with(
        control: &'static Control,
        version: Minor,
        exemptions: &[Exemption],
        old: Old,
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
            conditions: conditions(said, old),
            variables: said.variables(version, exemptions, old),
            exemptions: exemptions.to_vec(),
            reads_registries: said.reads_registries(),
            pod_security: control.head.pss.iter().map(|check| check.level).min(),
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

    /// Does it need [`crate::parameters`]?
    pub fn reads_registries(&self) -> bool {
        self.reads_registries
    }

    /// The least strict level of Pod Security admission that refuses all pods that the policy refuses; `None` where none does.
    pub fn pod_security(&self) -> Option<Level> {
        self.pod_security
    }

    /// The policy as a manifest.
    pub fn manifest(&self) -> Value {
        let spec = self.spec();
        let mut annotations = vec![
            ("plimsoll.dev/digest".to_owned(), text(&digest(&spec))),
            ("plimsoll.dev/severity".to_owned(), text(self.severity)),
            ("plimsoll.dev/title".to_owned(), text(self.title)),
        ];
        annotations.extend(expiry_annotation(&self.exemptions));
        let annotations = Value::Map(annotations);
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
        if self.reads_registries {
            spec.push(("paramRef".to_owned(), parameters::reference()));
        }
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

    pub(crate) fn spec(&self) -> Value {
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
        if self.reads_registries {
            spec.insert(1, ("paramKind", parameters::kind()));
        }
        if !self.conditions.is_empty() {
            let conditions = self.conditions.iter();
            let condition = conditions.map(|(name, expression)| {
                map([("name", text(name)), ("expression", text(expression))])
            });
            spec.push(("matchConditions", Value::List(condition.collect())));
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

/// What cannot matter is skipped.
fn conditions(said: Said, old: Old) -> Vec<(&'static str, &'static str)> {
    let mut conditions = Vec::new();
    // Annotations stand beside the `spec`.
    if said.kinds.is_none() && !said.reads_annotations() {
        conditions.push(("changes-a-pod", pods::CHANGES_POD));
    }
    if said.kinds.is_some_and(objects::are_made_by_the_server) {
        conditions.push((
            "made-by-somebody",
            "request.userInfo.username != \"system:apiserver\"",
        ));
    }
    if old == Old::Refused {
        // Finalizers have to come off what is on its way out.
        conditions.push(("stays", "!has(object.metadata.deletionTimestamp)"));
    }
    conditions
}

fn resource_rules(said: Said) -> Value {
    const BOTH: &[&str] = &["CREATE", "UPDATE"];
    let rules = match said.kinds {
        None => {
            let all = pods::RESOURCES.iter();
            let all = all.map(|(group, resources)| resource_rule(group, resources, BOTH));
            // A rule for pods alone does not see it.
            let resize = said
                .reads_resources()
                .then(|| resource_rule("", &["pods/resize"], &["UPDATE"]));
            all.chain(resize).collect()
        }
        Some(kinds) => objects::resources(kinds)
            .into_iter()
            .map(|(group, resource)| resource_rule(group, &[resource], BOTH))
            .collect(),
    };
    Value::List(rules)
}

pub(crate) fn resource_rule(group: &str, resources: &[&str], operations: &[&str]) -> Value {
    map([
        ("apiGroups", texts(&[group])),
        ("apiVersions", texts(&["*"])),
        ("operations", texts(operations)),
        ("resources", texts(resources)),
    ])
}

/// Of what a policy does: another one means that somebody, or another version of ours, made it otherwise.
pub(crate) fn digest(spec: &Value) -> String {
    let digest = Sha256::digest(plimsoll_yaml::write(spec));
    let bytes = digest.iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
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
