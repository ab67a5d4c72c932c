//! Policies with their bindings as files: one text to apply, a kustomize base, or a Helm chart.

use plimsoll_control::Level;
use plimsoll_yaml::edit::Value;
use plimsoll_yaml::write;

use crate::mutation::Mutation;
use crate::parameters;
use crate::policy::{Policy, map, text, texts};
use crate::stage::Stage;

/// The namespaces in which bindings take effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Namespaces {
    /// All but these; objects outside of namespaces count as well.
    AllBut(Vec<String>),
    /// These.
    Only(Vec<String>),
}

impl Namespaces {
    /// The namespaces of Kubernetes itself, in which a policy that denies could keep the cluster from starting.
    pub fn all_but_system() -> Namespaces {
        let system = ["kube-node-lease", "kube-public", "kube-system"];
        Namespaces::AllBut(system.map(str::to_owned).to_vec())
    }

    fn expression(&self) -> Value {
        let (operator, names) = match self {
            Namespaces::AllBut(names) => ("NotIn", names),
            Namespaces::Only(names) => ("In", names),
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        expression("kubernetes.io/metadata.name", operator, &names)
    }
}

fn expression(key: &str, operator: &str, values: &[&str]) -> Value {
    map([
        ("key", text(key)),
        ("operator", text(operator)),
        ("values", texts(values)),
    ])
}

/// Where policies take effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    /// By name.
    pub namespaces: Namespaces,
    /// Not in namespaces whose label has Pod Security admission refuse the same.
    pub beside_pod_security: bool,
}

impl Scope {
    pub(crate) fn selector(&self, policy: &Policy) -> Value {
        let mut expressions = vec![self.namespaces.expression()];
        expressions.extend(
            self.left_to_pod_security(policy)
                .map(|levels| expression("pod-security.kubernetes.io/enforce", "NotIn", levels)),
        );
        map([("matchExpressions", Value::List(expressions))])
    }

    /// The levels at which Pod Security admission refuses the same; `None` for policies that apply everywhere.
    fn left_to_pod_security(&self, policy: &Policy) -> Option<&'static [&'static str]> {
        let level = policy.pod_security().filter(|_| self.beside_pod_security)?;
        Some(match level {
            Level::Baseline => &["baseline", "restricted"],
            Level::Restricted => &["restricted"],
        })
    }

    fn of_mutations(&self) -> Value {
        map([(
            "matchExpressions",
            Value::List(vec![self.namespaces.expression()]),
        )])
    }
}

/// A policy and how far it goes.
#[derive(Clone, PartialEq, Debug)]
pub struct Staged {
    /// The policy.
    pub policy: Policy,
    /// How far its binding goes.
    pub stage: Stage,
}

/// What is to be applied, in its parts.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Bundle {
    /// What policies take from elsewhere.
    pub parameters: Vec<Value>,
    /// The policies. Without bindings they do nothing.
    pub policies: Vec<Value>,
    /// The bindings, in the same order.
    pub bindings: Vec<Value>,
}

impl Bundle {
    /// Policies that refuse, with the registries that they may need.
    pub fn of(staged: &[Staged], scope: &Scope, registries: &[String]) -> Bundle {
        let binding = |staged: &Staged| {
            let selector = scope.selector(&staged.policy);
            staged.policy.binding(staged.stage, Some(selector))
        };
        let reads = staged.iter().any(|staged| staged.policy.reads_registries());
        Bundle {
            parameters: reads
                .then(|| parameters::manifest(registries))
                .into_iter()
                .collect(),
            policies: staged
                .iter()
                .map(|staged| staged.policy.manifest())
                .collect(),
            bindings: staged.iter().map(binding).collect(),
        }
    }

    /// Policies that change objects.
    pub fn of_mutations(mutations: &[Mutation], scope: &Scope) -> Bundle {
        let binding = |mutation: &Mutation| mutation.binding(Some(scope.of_mutations()));
        Bundle {
            parameters: Vec::new(),
            policies: mutations.iter().map(Mutation::manifest).collect(),
            bindings: mutations.iter().map(binding).collect(),
        }
    }

    /// Everything, in an order that is safe to apply.
    pub fn objects(&self) -> impl Iterator<Item = &Value> {
        self.parameters
            .iter()
            .chain(&self.policies)
            .chain(&self.bindings)
    }

    /// One text to apply.
    pub fn manifests(&self) -> String {
        documents(self.objects())
    }

    /// A base for kustomize.
    pub fn kustomize(&self) -> Vec<File> {
        let mut files = vec![
            file("policies.yaml", documents(&self.policies)),
            file("bindings.yaml", documents(&self.bindings)),
        ];
        if !self.parameters.is_empty() {
            files.push(file("parameters.yaml", documents(&self.parameters)));
        }
        let names: Vec<&str> = files.iter().map(|file| file.path).collect();
        let kustomization = map([
            ("apiVersion", text("kustomize.config.k8s.io/v1beta1")),
            ("kind", text("Kustomization")),
            ("resources", texts(&names)),
        ]);
        files.insert(0, file("kustomization.yaml", write(&kustomization)));
        files
    }
}

/// A file to write, with its path below the folder of the bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// With `/` on every system.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// A Helm chart; each policy's stage and the namespaces are values.
pub fn helm(staged: &[Staged], scope: &Scope, registries: &[String]) -> Vec<File> {
    let chart = map([
        ("apiVersion", text("v2")),
        ("name", text("plimsoll-policies")),
        ("description", text("Admission policies of Plimsoll")),
        ("version", text(env!("CARGO_PKG_VERSION"))),
    ]);
    let named = |value: &dyn Fn(&Staged) -> Option<Value>| {
        let pairs = staged
            .iter()
            .filter_map(|staged| Some((staged.policy.control(), value(staged)?)));
        map(pairs)
    };
    let stages = named(&|staged| Some(text(staged.stage.as_str())));
    let levels = named(&|staged| scope.left_to_pod_security(&staged.policy).map(texts));
    let references = named(&|staged| staged.policy.reads_registries().then(parameters::reference));
    let values = map([
        ("namespaceSelector", scope.of_mutations()),
        ("podSecurityLevels", levels),
        ("paramRefs", references),
        ("stages", stages),
    ]);
    let comment = "# The stage of each policy: audit, warn or deny.\n";
    let bundle = Bundle::of(staged, scope, registries);
    let mut files = vec![
        file("Chart.yaml", write(&chart)),
        file("values.yaml", format!("{comment}{}", write(&values))),
        file(
            "templates/policies.yaml",
            literally(&documents(&bundle.policies)),
        ),
        file("templates/bindings.yaml", BINDINGS_TEMPLATE.to_owned()),
    ];
    if !bundle.parameters.is_empty() {
        files.push(file(
            "templates/parameters.yaml",
            literally(&documents(&bundle.parameters)),
        ));
    }
    files
}

const BINDINGS_TEMPLATE: &str = r#"{{- $actions := dict "audit" (list "Audit") "warn" (list "Warn" "Audit") "deny" (list "Deny" "Audit") }}
{{- range $control, $stage := .Values.stages }}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: plimsoll-{{ $control }}
  labels:
    app.kubernetes.io/managed-by: plimsoll
    plimsoll.dev/control: {{ $control }}
spec:
  policyName: plimsoll-{{ $control }}
  validationActions:
  {{- get $actions $stage | default (list) | required (printf "the stage of %s must be audit, warn or deny" $control) | toYaml | nindent 2 }}
  {{- with get $.Values.paramRefs $control }}
  paramRef:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- $selector := deepCopy $.Values.namespaceSelector }}
  {{- with get $.Values.podSecurityLevels $control }}
  {{- $expression := dict "key" "pod-security.kubernetes.io/enforce" "operator" "NotIn" "values" . }}
  {{- $_ := set $selector "matchExpressions" (append ($selector.matchExpressions | default list) $expression) }}
  {{- end }}
  matchResources:
    namespaceSelector:
      {{- toYaml $selector | nindent 6 }}
{{- end }}
"#;

/// A text that Helm passes on as it is.
fn literally(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn documents<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    let texts: Vec<String> = values.into_iter().map(write).collect();
    texts.join("---\n")
}

fn file(path: &'static str, text: String) -> File {
    File { path, text }
}
