//! A MutatingAdmissionPolicy with its binding, from a control whose fix cannot break a program: the API server then makes the
//! change itself. Members of lists with keys are merged (ApplyConfiguration); where lists are atomic, and where something is
//! taken away, it is a JSON patch. What only a person can decide is never changed so.

use plimsoll_control::{Control, Extent, How, Remedy, Safety};
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::edit::Value;

use crate::exemption::{Exemption, expiry_annotation};
use crate::policy::{NotEnforced, digest, map, resource_rule, text};
use crate::variables::{Said, Variables};
use crate::{objects, pods, sets};

/// Why a control is not a mutating policy.
#[derive(Copy, Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotMutated {
    /// MutatingAdmissionPolicy is not there yet.
    #[error("MutatingAdmissionPolicy exists since Kubernetes 1.32")]
    NoPolicies,
    /// There is no fix that nobody has to look at.
    #[error("it has no fix that is safe for every program")]
    NotSafe,
    /// The fix cannot be said in CEL.
    #[error("its fix takes more than CEL can say")]
    NotSaid,
    /// The control cannot be enforced at all.
    #[error(transparent)]
    NotEnforced(#[from] NotEnforced),
}

/// A safe fix as an admission policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Mutation {
    control: &'static str,
    title: &'static str,
    api_version: &'static str,
    resource_rules: Value,
    conditions: Vec<(&'static str, &'static str)>,
    variables: Variables,
    mutations: Vec<Value>,
    exemptions: Vec<Exemption>,
}

/// The API version of mutating policies that a cluster serves: since 1.36 by itself, before that only with the feature gate
/// MutatingAdmissionPolicy and the API turned on.
pub fn api_version(version: Minor) -> Option<&'static str> {
    match version.0 {
        36.. => Some("admissionregistration.k8s.io/v1"),
        34 | 35 => Some("admissionregistration.k8s.io/v1beta1"),
        32 | 33 => Some("admissionregistration.k8s.io/v1alpha1"),
        _ => None,
    }
}

impl Mutation {
    /// The policy that makes the control's safe fix at `version`.
    ///
    /// # Errors
    /// Why there is none.
    pub fn of(
        control: &'static Control,
        version: Minor,
        exemptions: &[Exemption],
    ) -> Result<Mutation, NotMutated> {
        let api_version = api_version(version).ok_or(NotMutated::NoPolicies)?;
        let remedy = control.head.fix.remedy(Extent::Recommended);
        let remedy = remedy.filter(|remedy| remedy.safety == Safety::Safe);
        let remedy = remedy.ok_or(NotMutated::NotSafe)?;
        let rule = control.rule(version).ok_or(NotEnforced::Version)?;
        let said = Said::of(rule)?;
        let is_pod = said.kinds.is_none();
        Ok(Mutation {
            control: control.head.id,
            title: control.head.title,
            api_version,
            resource_rules: resource_rules(said, remedy.patch.is_none()),
            conditions: conditions(is_pod),
            variables: said.looked_at(exemptions),
            mutations: mutations(said, remedy, version, !exemptions.is_empty())?,
            exemptions: exemptions.to_vec(),
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
        let mut annotations = vec![
            ("plimsoll.dev/digest".to_owned(), text(&digest(&spec))),
            ("plimsoll.dev/title".to_owned(), text(self.title)),
        ];
        annotations.extend(expiry_annotation(&self.exemptions));
        self.object(
            "MutatingAdmissionPolicy",
            Some(Value::Map(annotations)),
            spec,
        )
    }

    /// The binding as a manifest. `namespaces` selects by label, in the API's own form; `None` means all.
    pub fn binding(&self, namespaces: Option<Value>) -> Value {
        let mut spec = vec![("policyName", text(&self.name()))];
        let selector = namespaces.map(|selector| map([("namespaceSelector", selector)]));
        spec.extend(selector.map(|resources| ("matchResources", resources)));
        self.object("MutatingAdmissionPolicyBinding", None, map(spec))
    }

    fn object(&self, kind: &str, annotations: Option<Value>, spec: Value) -> Value {
        let labels = map([
            ("app.kubernetes.io/managed-by", text("plimsoll")),
            ("plimsoll.dev/control", text(self.control)),
        ]);
        let mut metadata = vec![("name", text(&self.name())), ("labels", labels)];
        metadata.extend(annotations.map(|annotations| ("annotations", annotations)));
        map([
            ("apiVersion", text(self.api_version)),
            ("kind", text(kind)),
            ("metadata", map(metadata)),
            ("spec", spec),
        ])
    }

    fn spec(&self) -> Value {
        let named = |pairs: &mut dyn Iterator<Item = (&str, &str)>| {
            let item = |(name, expression): (&str, &str)| {
                map([("name", text(name)), ("expression", text(expression))])
            };
            Value::List(pairs.map(item).collect())
        };
        let constraints = map([("resourceRules", self.resource_rules.clone())]);
        let mut variables = self
            .variables
            .iter()
            .map(|(name, expression)| (*name, expression.as_str()));
        map([
            // An object that cannot be mended is not let in as it is.
            ("failurePolicy", text("Fail")),
            ("matchConstraints", constraints),
            (
                "matchConditions",
                named(&mut self.conditions.iter().copied()),
            ),
            ("variables", named(&mut variables)),
            ("mutations", Value::List(self.mutations.clone())),
            // A policy or webhook that runs later may add a container.
            ("reinvocationPolicy", text("IfNeeded")),
        ])
    }
}

/// Containers of a pod and the template of a Job cannot be changed any more once they are there; what is added to a running pod
/// is containers alone.
fn resource_rules(said: Said, of_containers: bool) -> Value {
    let both: &[&str] = &["CREATE", "UPDATE"];
    let Some(kinds) = said.kinds else {
        let by_group = pods::RESOURCES.iter().flat_map(|(group, names)| {
            let of = |operations: &'static [&'static str], is: fn(&str) -> bool| {
                let names: Vec<&str> = names.iter().copied().filter(|name| is(name)).collect();
                (!names.is_empty()).then(|| resource_rule(group, &names, operations))
            };
            let added = of(&["UPDATE"], |name| name == ADDED).filter(|_| of_containers);
            let once = of(&["CREATE"], |name| ONCE.contains(&name));
            let often = of(&["CREATE", "UPDATE"], |name| {
                name != ADDED && !ONCE.contains(&name)
            });
            [once, added, often].into_iter().flatten()
        });
        return Value::List(by_group.collect());
    };
    let resources = objects::resources(kinds).into_iter();
    Value::List(
        resources
            .map(|(group, name)| resource_rule(group, &[name], both))
            .collect(),
    )
}

const ADDED: &str = "pods/ephemeralcontainers";
const ONCE: &[&str] = &["pods", "jobs"];

fn conditions(is_pod: bool) -> Vec<(&'static str, &'static str)> {
    let mut conditions = vec![("stays", "!has(object.metadata.deletionTimestamp)")];
    if is_pod {
        // A controller compares what it made with its own template and would make another, and another.
        conditions.push((
            "is-nobodys-copy",
            "object.kind == \"Pod\" || !has(object.metadata.ownerReferences) || \
             !object.metadata.ownerReferences.exists(o, has(o.controller) && o.controller)",
        ));
    }
    conditions
}

fn mutations(
    said: Said,
    remedy: &Remedy,
    version: Minor,
    exempt: bool,
) -> Result<Vec<Value>, NotMutated> {
    if let Some(patch) = remedy.patch {
        let mut patch = said.expanded(patch, version);
        if exempt {
            patch = format!("\"\" in variables.exempt ? [] : ({patch})");
        }
        return Ok(vec![mutation("JSONPatch", "jsonPatch", &patch)]);
    }
    let described = said
        .described()
        .filter(|_| matches!(remedy.how, How::AsDescribed));
    let field = described.and_then(|describe| sets::sets(describe, version, "variables.spec"));
    let field = field.ok_or(NotMutated::NotSaid)?;
    let shapes = pods::SHAPES.iter().map(|shape| {
        let expression = field.apply(shape, exempt);
        mutation("ApplyConfiguration", "applyConfiguration", &expression)
    });
    Ok(shapes.collect())
}

fn mutation(kind: &str, key: &str, expression: &str) -> Value {
    map([
        ("patchType", text(kind)),
        (key, map([("expression", text(expression))])),
    ])
}
