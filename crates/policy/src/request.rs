//! What the names of a policy's expressions stand for while an object is judged.

use std::cell::RefCell;
use std::collections::HashMap;

use plimsoll_cel::{Budget, Fault, Names, Read, Value};

use crate::filled::Seen;
use crate::policy::{Expression, Policy};
use crate::resource::Scope;
use crate::sent::{Sent, namespace_value};

/// The fault of an expression that uses a variable of which it has been told that it is not supported.
pub(crate) const TOLD: &str = "a variable that is not supported";

/// An object that is sent, for one policy and one parameter.
pub(crate) struct Request<'r, 'a> {
    pub(crate) policy: &'r Policy,
    pub(crate) seen: &'r Seen<'a>,
    pub(crate) sent: &'r Sent<'a>,
    pub(crate) params: Value<'a>,
    /// Are these match conditions? There is no namespace then.
    pub(crate) is_condition: bool,
    variables: RefCell<HashMap<String, Known<'a>>>,
    /// What the variable that was asked for last was read from.
    behind: RefCell<Option<Read<'a>>>,
    budget: Budget,
}

type Known<'a> = (Result<Value<'a>, Fault>, Option<Read<'a>>);

/// So much is done for one policy on one object: beyond, there is no verdict. An API server gives up at about the same.
const STEPS: u64 = 1_000_000;

impl<'r, 'a> Request<'r, 'a> {
    pub(crate) fn new(
        policy: &'r Policy,
        (sent, seen): (&'r Sent<'a>, &'r Seen<'a>),
        params: Value<'a>,
    ) -> Request<'r, 'a> {
        Request {
            policy,
            seen,
            sent,
            params,
            is_condition: false,
            variables: RefCell::default(),
            behind: RefCell::default(),
            budget: Budget::new(STEPS),
        }
    }

    /// The value of an expression, and what was read last to come to it.
    pub(crate) fn evaluate(&self, expression: &Expression) -> Known<'a> {
        let Some(program) = &expression.program else {
            return (Err(Fault::Unsupported(TOLD.to_owned())), None);
        };
        self.behind.take();
        let (value, read) = program.trace(self, &self.budget);
        (value, read.or_else(|| self.behind.take()))
    }

    fn request(&self) -> Value<'a> {
        let sent = self.sent;
        let unknown = |why: &str| Value::Unknown(why.into());
        let kind = || {
            Value::map([
                ("group", Value::text(sent.group)),
                ("version", Value::text(sent.version)),
                ("kind", Value::text(sent.kind)),
            ])
        };
        let name = match sent.resources.as_slice() {
            [only] => Value::text(only.clone()),
            _ => unknown("the resource of a kind that is not Kubernetes' own"),
        };
        let resource = || {
            Value::map([
                ("group", Value::text(sent.group)),
                ("version", Value::text(sent.version)),
                ("resource", name.clone()),
            ])
        };
        let mut members = vec![
            ("kind", kind()),
            ("requestKind", kind()),
            ("resource", resource()),
            ("requestResource", resource()),
            ("operation", Value::text("CREATE")),
            ("dryRun", Value::Bool(false)),
            ("userInfo", unknown("who sends the object")),
            ("options", unknown("the options of the request")),
            (
                "name",
                match sent.name {
                    Some(name) => Value::text(name),
                    None => unknown("the name of an object that does not say it"),
                },
            ),
        ];
        let namespace = match (sent.is_namespace(), sent.namespace) {
            (true, _) => sent.name.map(Value::text),
            (false, namespace) => namespace.map(Value::text),
        };
        match (namespace, sent.scope) {
            (Some(namespace), _) => members.push(("namespace", namespace)),
            (None, Scope::Cluster) => {}
            (None, _) => members.push((
                "namespace",
                unknown("the object does not say its namespace"),
            )),
        }
        Value::map(members)
    }
}

impl<'a> Names<'a> for Request<'_, 'a> {
    fn name(&self, name: &str) -> Option<Value<'a>> {
        match name {
            "object" => Some(self.seen.value.clone()),
            "oldObject" => Some(Value::Null),
            "request" => Some(self.request()),
            "namespaceObject" if self.is_condition => Some(Value::Null),
            "namespaceObject" => Some(namespace_value(self.sent)),
            "params" => Some(self.params.clone()),
            _ => None,
        }
    }

    fn variable(&self, name: &str) -> Result<Value<'a>, Fault> {
        let known = self.variables.borrow().get(name).cloned();
        let (value, read) = match known {
            Some(known) => known,
            None => {
                // A later variable of the same name takes the place of the earlier one.
                let mut variables = self.policy.variables.iter().rev();
                let found = variables.find(|(known, _)| known == name);
                let (_, expression) =
                    found.ok_or_else(|| Fault::Failed(format!("no such variable: {name}")))?;
                let known = self.evaluate(expression);
                let mut variables = self.variables.borrow_mut();
                variables.insert(name.to_owned(), known.clone());
                known
            }
        };
        self.behind.replace(read);
        value.map_err(|fault| match fault {
            Fault::Failed(why) => Fault::Failed(format!(
                "composited variable \"{name}\" fails to evaluate: {why}"
            )),
            unsupported @ Fault::Unsupported(_) => unsupported,
        })
    }

    fn is_traced(&self, of: &Value<'a>) -> bool {
        self.seen.spot(of).is_some()
    }
}
