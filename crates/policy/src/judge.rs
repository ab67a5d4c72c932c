//! Holds an object against a policy: who is meant, with which parameters, and what each demand comes to. As on an API server to
//! which the object is sent for the first time; who sends it is unknown.

use std::collections::BTreeSet;

use plimsoll_cel::{Fault, Read, Value};
use plimsoll_control::{Found, Judge};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::surroundings::{Kept, Surroundings};
use plimsoll_yaml::{parse, split};

use crate::constraint::Meant;
use crate::filled::{Seen, Spot};
use crate::params::Params;
use crate::policy::{Action, Binding, Policy, Validation};
use crate::request::{Request, TOLD};
use crate::sent::{Sent, sent};

/// A policy, and what is known from the folder in which it stands.
#[derive(Debug)]
pub(crate) struct PolicyJudge {
    pub(crate) policy: Policy,
    pub(crate) known: &'static Surroundings,
}

/// Something that one evaluation came to.
pub(crate) enum Outcome<'t> {
    Fails {
        message: String,
        at: Option<Spot<'t>>,
    },
    /// There is no verdict; why, unless that has been told.
    Undecided(Option<String>),
}

impl Outcome<'_> {
    /// What it comes to where it is not known whether the object is meant; why, if so.
    fn if_meant(self, unknown: Option<&str>) -> Self {
        match (self, unknown) {
            (Outcome::Fails { message, .. }, Some(why)) => Outcome::Undecided(Some(format!(
                "it fails ({message}), but may not be meant, for {why}"
            ))),
            (outcome, _) => outcome,
        }
    }
}

impl Judge for PolicyJudge {
    fn concerns(&self, object: &Object<'_>) -> bool {
        let constraint = &self.policy.constraint;
        !self.policy.is_refused
            && sent(object, self.known)
                .iter()
                .any(|sent| constraint.concerns(sent))
    }

    fn judge<'t>(&self, object: &'t Object<'t>, found: &mut Found<'t>) -> bool {
        let mut told = BTreeSet::new();
        let mut is_meant = false;
        for sent in sent(object, self.known) {
            let seen = std::cell::OnceCell::new();
            for binding in self.bindings() {
                let unknown = match self.means(&sent, binding) {
                    Meant::No => continue,
                    Meant::Unknown(why) => Some(why),
                    Meant::Yes => None,
                };
                is_meant = true;
                let seen = seen.get_or_init(|| sent.seen());
                for outcome in self.with_params((object, &sent, seen), binding) {
                    // Who is fine is fine whether or not he is meant.
                    let outcome = outcome.if_meant(unknown.as_deref());
                    self.tell((object, &sent), binding, outcome, &mut told, found);
                }
            }
        }
        is_meant
    }
}

impl PolicyJudge {
    /// Its bindings, the strictest first, so that what several find is told as the strictest does.
    fn bindings(&self) -> impl Iterator<Item = &Binding> {
        let of = |action| {
            let bindings = self.policy.bindings.iter();
            bindings.filter(move |binding| binding.action() == action)
        };
        of(Action::Deny)
            .chain(of(Action::Warn))
            .chain(of(Action::Audit))
    }

    fn means(&self, sent: &Sent<'_>, binding: &Binding) -> Meant {
        match (
            self.policy.constraint.means(sent),
            binding.constraint.means(sent),
        ) {
            (Meant::No, _) | (_, Meant::No) => Meant::No,
            (Meant::Unknown(why), _) | (_, Meant::Unknown(why)) => Meant::Unknown(why),
            (Meant::Yes, Meant::Yes) => Meant::Yes,
        }
    }

    fn with_params<'t>(
        &self,
        (object, sent, seen): (&Object<'t>, &Sent<'t>, &Seen<'t>),
        binding: &Binding,
    ) -> Vec<Outcome<'t>> {
        let params = match (&self.policy.param_kind, &binding.params) {
            (Some(kind), Some(named)) => named.find(kind, sent, object.target.complete),
            _ => Params::None,
        };
        match params {
            Params::None => self.evaluate(sent, seen, None),
            Params::Each(all) => {
                let each = all.into_iter();
                each.flat_map(|kept| self.evaluate(sent, seen, Some(kept)))
                    .collect()
            }
            Params::Missing if self.policy.fails => vec![Outcome::Fails {
                message: "no params found for policy binding with `Deny` parameterNotFoundAction"
                    .to_owned(),
                at: None,
            }],
            Params::Missing => Vec::new(),
            Params::Unknown(why) => vec![Outcome::Undecided(Some(why))],
        }
    }

    fn evaluate<'t>(
        &self,
        sent: &Sent<'t>,
        seen: &Seen<'t>,
        kept: Option<&Kept>,
    ) -> Vec<Outcome<'t>> {
        let Some(kept) = kept else {
            return self.outcomes(sent, seen, Value::Null);
        };
        let chunk = split(&kept.text).into_iter().next();
        let tree = chunk.and_then(|chunk| parse(&kept.text, &chunk).ok());
        match tree.as_ref().and_then(|tree| tree.node(kept.node)) {
            Some(node) => self.outcomes(sent, seen, Value::of(node)),
            None => vec![Outcome::Undecided(Some(
                "its parameters do not parse".to_owned(),
            ))],
        }
    }

    /// What the validations come to, if the match conditions hold.
    fn outcomes<'t, 'a>(
        &self,
        sent: &Sent<'t>,
        seen: &Seen<'t>,
        params: Value<'a>,
    ) -> Vec<Outcome<'t>>
    where
        't: 'a,
    {
        let mut request = Request::new(&self.policy, (sent, seen), params);
        request.is_condition = true;
        match self.conditions(&request) {
            None => {}
            Some(instead) => return instead,
        }
        request.is_condition = false;
        let validations = self.policy.validations.iter();
        validations
            .filter_map(|validation| self.validate(&request, seen, validation))
            .collect()
    }

    /// `None` when all hold. One that surely is false counts, whatever becomes of the others.
    fn conditions<'t>(&self, request: &Request<'_, '_>) -> Option<Vec<Outcome<'t>>> {
        let (mut failed, mut undecided) = (Vec::new(), None);
        for condition in &self.policy.conditions {
            match request.evaluate(condition).0 {
                Ok(Value::Bool(true)) => {}
                Ok(_) => return Some(Vec::new()),
                Err(Fault::Failed(why)) => failed.push(resulted(&condition.text, &why)),
                Err(Fault::Unsupported(why)) => undecided = Some(because(&why, &condition.place)),
            }
        }
        match (undecided, failed.is_empty(), self.policy.fails) {
            (Some(why), ..) => Some(vec![Outcome::Undecided(why)]),
            (None, true, _) => None,
            (None, false, false) => Some(Vec::new()),
            (None, false, true) => Some(vec![Outcome::Fails {
                message: failed.join("; "),
                at: None,
            }]),
        }
    }

    /// `None` when it holds.
    fn validate<'t>(
        &self,
        request: &Request<'_, '_>,
        seen: &Seen<'t>,
        validation: &Validation,
    ) -> Option<Outcome<'t>> {
        let (value, read) = request.evaluate(&validation.expression);
        let message = match value {
            Ok(Value::Bool(true)) => return None,
            Ok(_) => message(request, validation),
            Err(Fault::Failed(_)) if !self.policy.fails => return None,
            Err(Fault::Failed(why)) => resulted(&validation.expression.text, &why),
            Err(Fault::Unsupported(why)) => {
                return Some(Outcome::Undecided(because(
                    &why,
                    &validation.expression.place,
                )));
            }
        };
        let at = read.and_then(|read| spot(seen, &read));
        Some(Outcome::Fails { message, at })
    }
}

/// The message of a failed validation, chosen as the API server does; one that cannot be evaluated here gives way to the next.
fn message(request: &Request<'_, '_>, validation: &Validation) -> String {
    /// In bytes.
    const LONGEST: usize = 5 * 1024;
    let evaluated = validation.message_expression.as_ref();
    let evaluated = evaluated.and_then(|expression| request.evaluate(expression).0.ok());
    let evaluated = evaluated.as_ref().and_then(Value::as_str).map(str::trim);
    let usable = |text: &&str| !text.is_empty() && text.len() <= LONGEST && !text.contains('\n');
    let written = validation
        .message
        .as_deref()
        .filter(|text| !text.is_empty());
    match evaluated.filter(usable).or(written) {
        Some(message) => message.to_owned(),
        None => format!("failed expression: {}", validation.expression.text.trim()),
    }
}

fn resulted(expression: &str, why: &str) -> String {
    format!("expression '{expression}' resulted in error: {why}")
}

/// Why there is no verdict; `None` when that has been told.
fn because(why: &str, place: &str) -> Option<String> {
    (why != TOLD).then(|| format!("the expression at {place} needs {why}"))
}

/// The place of what was read last.
fn spot<'t>(seen: &Seen<'t>, read: &Read<'_>) -> Option<Spot<'t>> {
    let of = seen.spot(&read.of)?;
    match &read.key {
        Value::Str(key) => Some(of.below(key)),
        Value::Int(index) if of.missing.is_empty() => {
            let node = of.node.at(usize::try_from(*index).ok()?);
            Some(node.map_or_else(
                || of.clone(),
                |node| Spot {
                    node,
                    missing: Vec::new(),
                },
            ))
        }
        _ => Some(of.clone()),
    }
}
