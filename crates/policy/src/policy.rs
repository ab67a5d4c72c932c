//! A ValidatingAdmissionPolicy with its bindings, read and compiled. What the API server would refuse, and what cannot be done
//! here, is told with its place; nothing of it is guessed.

use plimsoll_cel::{Declared, Program, Type};
use plimsoll_control::Severity;
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::place::Location;
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Node;

use crate::constraint::Constraint;
use crate::page::plain;
use crate::params::{ParamKind, ParamRef};
use crate::problem::{Problem, ProblemKind};

/// An expression, and its program if there is one.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) text: String,
    /// `None` when it is not supported, which has been told.
    pub(crate) program: Option<Program>,
    /// `file:line:column`.
    pub(crate) place: String,
}

/// One demand of a policy.
#[derive(Debug)]
pub(crate) struct Validation {
    pub(crate) expression: Expression,
    pub(crate) message: Option<String>,
    pub(crate) message_expression: Option<Expression>,
}

/// What a binding does with what fails.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Action {
    Audit,
    Warn,
    Deny,
}

/// A binding. A policy without any is taken to be bound to everything.
#[derive(Debug, Default)]
pub(crate) struct Binding {
    pub(crate) policy: String,
    pub(crate) constraint: Constraint,
    pub(crate) action: Option<Action>,
    pub(crate) params: Option<ParamRef>,
}

/// A policy.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) title: Option<String>,
    pub(crate) severity: Option<Severity>,
    pub(crate) constraint: Constraint,
    pub(crate) conditions: Vec<Expression>,
    pub(crate) variables: Vec<(String, Expression)>,
    pub(crate) validations: Vec<Validation>,
    /// `failurePolicy: Fail`: what fails to be evaluated is denied.
    pub(crate) fails: bool,
    pub(crate) param_kind: Option<ParamKind>,
    pub(crate) bindings: Vec<Binding>,
    /// Would the API server refuse it? Then it judges nothing.
    pub(crate) is_refused: bool,
    /// Where it stands.
    pub(crate) location: Option<Location>,
}

impl Binding {
    /// Reads a ValidatingAdmissionPolicyBinding. `None` when it names no policy.
    pub(crate) fn read<'t>(object: &Object<'t>) -> Option<Binding> {
        let spec = object.node.get("spec")?;
        let actions = object.items(spec, "validationActions");
        let action = |node: Node<'_>| match node.as_str()? {
            "Deny" => Some(Action::Deny),
            "Warn" => Some(Action::Warn),
            "Audit" => Some(Action::Audit),
            _ => None,
        };
        let params = spec.get("paramRef").filter(|node| !node.is_null());
        Some(Binding {
            policy: spec.get("policyName")?.as_str()?.to_owned(),
            constraint: Constraint::read(object, spec.get("matchResources")),
            action: actions.filter_map(action).max(),
            params: params.map(|node| ParamRef::read(object, node)),
        })
    }

    /// What it does; unless it says, it denies.
    pub(crate) fn action(&self) -> Action {
        self.action.unwrap_or(Action::Deny)
    }
}

impl Policy {
    /// Reads a ValidatingAdmissionPolicy; what is wrong with it goes to `problems`. `None` when it has no name that the API
    /// takes.
    pub(crate) fn read<'t>(object: &Object<'t>, problems: &mut Vec<Problem>) -> Option<Policy> {
        let name = object.name().filter(|name| is_name(name))?.to_owned();
        let spec = object.node.get("spec").unwrap_or(object.node);
        let mut reader = Reader {
            object,
            policy: &name,
            problems: Vec::new(),
            declared: Declared::default(),
        };
        let param_kind = reader.param_kind(spec);
        reader.declare(param_kind.is_some());
        let conditions = reader.conditions(spec);
        reader.declared.variables = Some(Vec::new());
        let variables = reader.variables(spec);
        let validations = reader.validations(spec);
        let constraint = Constraint::read(object, spec.get("matchConstraints"));
        if constraint.is_open() {
            reader.refuse(
                spec,
                "it has no resourceRules, so the API server refuses it",
            );
        }
        if validations.is_empty() && object.items(spec, "auditAnnotations").next().is_none() {
            reader.refuse(spec, "it has no validations, so the API server refuses it");
        }
        let is_refused = reader
            .problems
            .iter()
            .any(|problem| problem.kind == ProblemKind::Invalid);
        problems.append(&mut reader.problems);
        let annotation = |key| {
            let annotations = object.node.get("metadata")?.get("annotations")?;
            annotations.get(key)?.as_str()
        };
        let severity = annotation("plimsoll.dev/severity");
        Some(Policy {
            title: annotation("plimsoll.dev/title").map(plain),
            severity: Severity::ALL
                .into_iter()
                .find(|known| Some(known.as_str()) == severity),
            constraint,
            conditions,
            variables,
            validations,
            fails: spec.get("failurePolicy").and_then(Node::as_str) != Some("Ignore"),
            param_kind,
            bindings: Vec::new(),
            is_refused,
            location: object
                .source()
                .place(At::nearest(object.node, &["metadata", "name"]))
                .location,
            name,
        })
    }
}

/// The fields of names whose types the API server knows.
const FIELDS: [(&str, &[&str]); 2] = [
    (
        "request",
        &[
            "dryRun",
            "kind",
            "name",
            "namespace",
            "operation",
            "options",
            "requestKind",
            "requestResource",
            "requestSubResource",
            "resource",
            "subResource",
            "userInfo",
        ],
    ),
    ("namespaceObject", &["metadata", "spec", "status"]),
];

/// A field that is selected and that the API server knows not to be there.
fn unknown_field(program: &Program) -> Option<String> {
    FIELDS.iter().find_map(|(name, fields)| {
        let selected = program.selected(name);
        let unknown = selected.iter().find(|field| !fields.contains(field));
        unknown.map(|field| format!("{name}.{field}"))
    })
}

/// Is it a DNS subdomain, as names of policies are?
fn is_name(name: &str) -> bool {
    let is_part = |char: char| matches!(char, 'a'..='z' | '0'..='9' | '-' | '.');
    let is_end = |char: char| char.is_ascii_alphanumeric();
    name.len() <= 253
        && name.chars().all(is_part)
        && name.starts_with(is_end)
        && name.ends_with(is_end)
}

struct Reader<'r, 't> {
    object: &'r Object<'t>,
    policy: &'r str,
    problems: Vec<Problem>,
    declared: Declared,
}

impl<'t> Reader<'_, 't> {
    fn refuse(&mut self, node: Node<'t>, why: &str) {
        self.tell(node, ProblemKind::Invalid, why);
    }

    fn tell(&mut self, node: Node<'t>, kind: ProblemKind, why: &str) {
        let message = format!("policy {}: {why}", self.policy);
        self.problems
            .push(Problem::at(self.object, node, (kind, message), self.policy));
    }

    fn param_kind(&mut self, spec: Node<'t>) -> Option<ParamKind> {
        let node = spec.get("paramKind").filter(|node| !node.is_null())?;
        let text = |key| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let kind = text("apiVersion").zip(text("kind"));
        if kind.is_none() {
            self.refuse(node, "its paramKind lacks apiVersion or kind");
        }
        kind
    }

    fn declare(&mut self, has_params: bool) {
        let names = ["object", "oldObject", "request", "namespaceObject"];
        let params = has_params.then_some("params");
        let names = names.into_iter().chain(params);
        self.declared.names = names.map(|name| (name.to_owned(), Type::Dyn)).collect();
    }

    fn conditions(&mut self, spec: Node<'t>) -> Vec<Expression> {
        let items: Vec<_> = self.object.items(spec, "matchConditions").collect();
        let read = |item| self.expression(item, "expression", &[Type::Bool]);
        items.into_iter().filter_map(read).collect()
    }

    fn variables(&mut self, spec: Node<'t>) -> Vec<(String, Expression)> {
        let mut variables = Vec::new();
        let items: Vec<_> = self.object.items(spec, "variables").collect();
        for item in items {
            let name = item.get("name").and_then(Node::as_str).unwrap_or_default();
            let Some(expression) = self.expression(item, "expression", &[]) else {
                continue;
            };
            let found = expression.program.as_ref();
            let found = found.map_or(Type::Dyn, |program| program.result().clone());
            let known = self.declared.variables.get_or_insert_default();
            known.push((name.to_owned(), found));
            variables.push((name.to_owned(), expression));
        }
        variables
    }

    fn validations(&mut self, spec: Node<'t>) -> Vec<Validation> {
        let items: Vec<_> = self.object.items(spec, "validations").collect();
        let mut validations = Vec::new();
        for item in items {
            let text = |key| item.get(key).and_then(Node::as_str);
            let Some(expression) = self.expression(item, "expression", &[Type::Bool]) else {
                continue;
            };
            let has_message = text("messageExpression").is_some_and(|text| !text.is_empty());
            validations.push(Validation {
                expression,
                message: text("message").map(str::trim).map(str::to_owned),
                message_expression: has_message
                    .then(|| self.expression(item, "messageExpression", &[Type::Str]))
                    .flatten(),
            });
        }
        validations
    }

    /// Compiles an expression that has to be of one of the types, if any is given. `None` when there is no text.
    fn expression(&mut self, item: Node<'t>, key: &str, types: &[Type]) -> Option<Expression> {
        let Some(node) = item.get(key).filter(|node| node.as_str().is_some()) else {
            self.refuse(item, &format!("an item has no {key}"));
            return None;
        };
        let text = node.as_str().unwrap_or_default();
        let place = Problem::at(
            self.object,
            node,
            (ProblemKind::Invalid, String::new()),
            self.policy,
        );
        let mut expression = Expression {
            text: text.to_owned(),
            program: None,
            place: place.place(),
        };
        match Program::compile(text, &self.declared) {
            Ok(program) if unknown_field(&program).is_some() => {
                let field = unknown_field(&program).unwrap_or_default();
                let why = format!("the {key} is refused by the API server: there is no {field}");
                self.refuse(node, &why);
            }
            Ok(program) if types.is_empty() || types.contains(program.result()) => {
                expression.program = Some(program);
            }
            Ok(program) => {
                let wanted: Vec<String> = types.iter().map(Type::name).collect();
                let found = program.result().name();
                let why = format!(
                    "the {key} has to be of type {}, and is of type {found}",
                    wanted.join(" or ")
                );
                self.refuse(node, &why);
            }
            Err(refusal) => {
                let (kind, says) = match refusal.is_unsupported() {
                    true => (ProblemKind::Unsupported, "is not supported"),
                    false => (ProblemKind::Invalid, "is refused by the API server"),
                };
                self.tell(node, kind, &format!("the {key} {says}: {refusal}"));
            }
        }
        Some(expression)
    }
}
