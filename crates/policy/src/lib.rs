//! Users' own rules: ValidatingAdmissionPolicies with their bindings and parameters, read from texts and made into controls
//! that judge objects as an API server would that is sent them.
//!
//! Knows no file system and no report. Invariant: there is a verdict only where the API server has the same; everything else
//! is told as a [`Problem`] of the policy or left undecided at the object.

mod constraint;
mod filled;
mod judge;
mod page;
mod params;
mod policy;
mod problem;
mod request;
mod resource;
mod sent;
mod tell;

use std::sync::Arc;

use plimsoll_control::{Control, Fix, Header, POLICY_PREFIX, Page, Revision, Rule, Severity};
use plimsoll_guide::Chapter;
use plimsoll_snapshot::object::{Document, File, Object, objects};
use plimsoll_snapshot::surroundings::Surroundings;
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;
use plimsoll_yaml::{parse, split};

use judge::PolicyJudge;
use policy::{Binding, Policy};
pub use problem::{Problem, ProblemKind};

/// The API group of policies and bindings.
const GROUP: &str = "admissionregistration.k8s.io";

/// A text with policies, bindings, parameters and namespaces, under the name by which it is shown.
#[derive(Clone, Debug)]
pub struct PolicyText {
    /// Its name.
    pub name: Arc<str>,
    /// The whole text.
    pub text: String,
}

/// The policies of some texts.
#[derive(Default, Debug)]
pub struct Policies {
    /// One for each policy, by name.
    pub controls: Vec<&'static Control>,
    /// Kinds of parameters and of what fills objects in, apiVersion and kind: objects of these have to be among the surroundings of what is judged.
    pub wanted: Vec<(String, String)>,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// What else should be known about them. Hold untrusted text, unescaped.
    pub notes: Vec<String>,
}

/// The id of the control of a policy.
pub(crate) fn id(policy: &str) -> String {
    format!("{POLICY_PREFIX}{policy}")
}

impl Policies {
    /// Reads policies. Like those of the catalogue, their controls live as long as the program.
    pub fn read(texts: &[PolicyText]) -> Policies {
        let mut gathered = Gathered::default();
        for text in texts {
            gathered.read(text);
        }
        gathered.bind()
    }
}

/// What was read so far.
#[derive(Default)]
struct Gathered {
    policies: Vec<Policy>,
    bindings: Vec<Binding>,
    texts: Vec<PolicyText>,
    problems: Vec<Problem>,
    notes: Vec<String>,
}

impl Gathered {
    fn read(&mut self, text: &PolicyText) {
        let target = Target::new(Minor::NEWEST);
        let file = File::new(text.name.clone(), "".into(), &text.text);
        for chunk in split(&text.text) {
            let tree = match parse(&text.text, &chunk) {
                Ok(tree) => tree,
                Err(error) => {
                    self.problems.push(Problem {
                        kind: ProblemKind::Invalid,
                        message: format!("this does not parse: {}", error.message),
                        file: text.name.clone(),
                        location: Some(file.locate(chunk.number, error.span)),
                        control: String::new(),
                    });
                    continue;
                }
            };
            let document = Document::new(&file, chunk.number, &tree);
            for object in &objects(&document, &target).unwrap_or_default().objects {
                self.take(object);
            }
        }
        self.texts.push(text.clone());
    }

    fn take(&mut self, object: &Object<'_>) {
        match (object.group(), object.kind) {
            (GROUP, "ValidatingAdmissionPolicy") => {
                let policy = Policy::read(object, &mut self.problems);
                match policy {
                    Some(policy) => self.policies.push(policy),
                    None => self.problems.push(Problem::at(
                        object,
                        object.node,
                        (ProblemKind::Invalid, "a policy has no name that the API takes: small letters, digits, - and .".to_owned()),
                        "",
                    )),
                }
            }
            (GROUP, "ValidatingAdmissionPolicyBinding") => {
                self.bindings.extend(Binding::read(object));
            }
            (GROUP, "MutatingAdmissionPolicy") => self.notes.push(format!(
                "{} {} changes objects and judges none: it is left out",
                object.kind,
                object.name().unwrap_or_default()
            )),
            _ => {}
        }
    }

    /// Gives each policy its bindings, and makes controls of all.
    fn bind(mut self) -> Policies {
        self.policies
            .sort_by(|one, other| one.name.cmp(&other.name));
        for binding in std::mem::take(&mut self.bindings) {
            let mut policies = self.policies.iter_mut();
            match policies.find(|policy| policy.name == binding.policy) {
                Some(policy) => policy.bindings.push(binding),
                None => self.notes.push(format!(
                    "a binding names policy {}, which is not there",
                    binding.policy
                )),
            }
        }
        for policy in &mut self.policies {
            if policy.bindings.is_empty() {
                self.notes.push(format!(
                    "policy {} has no binding: it is judged as if one bound everything and denied",
                    policy.name
                ));
                policy.bindings.push(Binding::default());
            }
        }
        let mut wanted: Vec<_> = self
            .policies
            .iter()
            .filter_map(|policy| policy.param_kind.clone())
            .collect();
        let (version, kind) = sent::LIMIT_RANGE;
        wanted.push((version.to_owned(), kind.to_owned()));
        wanted.sort();
        wanted.dedup();
        let mut known = Surroundings::wanting(wanted.clone());
        for text in &self.texts {
            let file = File::new(text.name.clone(), "".into(), &text.text);
            known.note(&file, &Target::new(Minor::NEWEST));
        }
        let known: &'static Surroundings = Box::leak(Box::new(known));
        let policies = self.policies.into_iter();
        Policies {
            controls: policies.map(|policy| control(policy, known)).collect(),
            wanted,
            problems: self.problems,
            notes: self.notes,
        }
    }
}

/// The control of a policy.
fn control(policy: Policy, known: &'static Surroundings) -> &'static Control {
    let title = match &policy.title {
        Some(title) => title.clone(),
        None => format!("an object that policy {} does not allow", policy.name),
    };
    let head = Header {
        id: id(&policy.name).leak(),
        formerly: &[],
        title: title.leak(),
        chapter: Chapter::BeyondTheGuide,
        guide: &[],
        pss: &[],
        severity: policy.severity.unwrap_or(Severity::High),
        fix: Fix::Not("what your own policy asks for is not known here"),
        page: Page::Text(page::page(&policy).leak()),
    };
    let judge: &'static PolicyJudge = Box::leak(Box::new(PolicyJudge { policy, known }));
    let revisions: &'static [Revision] =
        Box::leak(Box::new([Revision::always(Rule::Policy(judge))]));
    Box::leak(Box::new(Control {
        head,
        needs: &[],
        revisions,
    }))
}
