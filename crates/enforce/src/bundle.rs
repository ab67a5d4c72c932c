//! Policies with their bindings as files: one text to apply, a kustomize base, or a Helm chart.

use plimsoll_yaml::edit::Value;
use plimsoll_yaml::write;

use crate::policy::{Policy, Stage, map, text, texts};

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

    fn selector(&self) -> Value {
        let (operator, names) = match self {
            Namespaces::AllBut(names) => ("NotIn", names),
            Namespaces::Only(names) => ("In", names),
        };
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let expression = map([
            ("key", text("kubernetes.io/metadata.name")),
            ("operator", text(operator)),
            ("values", texts(&names)),
        ]);
        map([("matchExpressions", Value::List(vec![expression]))])
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

/// A file to write, with its path below the folder of the bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// With `/` on every system.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// All policies, then all bindings, as one text to apply. Policies without bindings do nothing, so the order is safe.
pub fn manifests(staged: &[Staged], namespaces: &Namespaces) -> String {
    format!("{}---\n{}", policies(staged), bindings(staged, namespaces))
}

/// A base for kustomize.
pub fn kustomize(staged: &[Staged], namespaces: &Namespaces) -> Vec<File> {
    let kustomization = map([
        ("apiVersion", text("kustomize.config.k8s.io/v1beta1")),
        ("kind", text("Kustomization")),
        ("resources", texts(&["policies.yaml", "bindings.yaml"])),
    ]);
    vec![
        file("kustomization.yaml", write(&kustomization)),
        file("policies.yaml", policies(staged)),
        file("bindings.yaml", bindings(staged, namespaces)),
    ]
}

/// A Helm chart; each policy's stage and the namespaces are values.
pub fn helm(staged: &[Staged], namespaces: &Namespaces) -> Vec<File> {
    let chart = map([
        ("apiVersion", text("v2")),
        ("name", text("plimsoll-policies")),
        ("description", text("Admission policies of Plimsoll")),
        ("version", text(env!("CARGO_PKG_VERSION"))),
    ]);
    let stages = staged
        .iter()
        .map(|staged| (staged.policy.control(), text(staged.stage.as_str())));
    let values = map([
        ("namespaceSelector", namespaces.selector()),
        ("stages", map(stages)),
    ]);
    let comment = "# The stage of each policy: audit, warn or deny.\n";
    vec![
        file("Chart.yaml", write(&chart)),
        file("values.yaml", format!("{comment}{}", write(&values))),
        file("templates/policies.yaml", literally(&policies(staged))),
        file("templates/bindings.yaml", BINDINGS_TEMPLATE.to_owned()),
    ]
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
  matchResources:
    namespaceSelector:
      {{- toYaml $.Values.namespaceSelector | nindent 6 }}
{{- end }}
"#;

/// A text that Helm passes on as it is.
fn literally(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn policies(staged: &[Staged]) -> String {
    documents(staged.iter().map(|staged| staged.policy.manifest()))
}

fn bindings(staged: &[Staged], namespaces: &Namespaces) -> String {
    let binding = |staged: &Staged| {
        staged
            .policy
            .binding(staged.stage, Some(namespaces.selector()))
    };
    documents(staged.iter().map(binding))
}

fn documents(values: impl Iterator<Item = Value>) -> String {
    let texts: Vec<String> = values.map(|value| write(&value)).collect();
    texts.join("---\n")
}

fn file(path: &'static str, text: String) -> File {
    File { path, text }
}
