//! What the API server's compiler refuses: names that nobody declared, functions that do not exist, types that do not go
//! together. It knows less than the server about types of fields, so it may let something pass that fails later; it
//! refuses nothing that the server takes.

use crate::syntax::{Expr, Fold, Form, How, Operator, Refusal, RefusalKind};
use crate::types::{FUNCTIONS, NAMES_NOT_DONE, NOT_DONE, Style, TYPE_NAMES, Type, result};

/// The names that an expression may use.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Declared {
    /// Names such as `object`, with their types.
    pub names: Vec<(String, Type)>,
    /// What can be selected from `variables`; `None` where there is no such thing.
    pub variables: Option<Vec<(String, Type)>>,
}

type Checked = Result<Type, Refusal>;

/// The type of an expression.
pub(crate) fn check(expr: &Expr, declared: &Declared) -> Checked {
    let mut checker = Checker {
        declared,
        bound: Vec::new(),
    };
    checker.check(expr)
}

struct Checker<'d> {
    declared: &'d Declared,
    /// Names bound by macros, innermost last.
    bound: Vec<(String, Type)>,
}

fn list_of(item: Type) -> Type {
    Type::List(Box::new(item))
}

fn mismatch(expr: &Expr, what: &str, arguments: &[Type]) -> Refusal {
    let types: Vec<String> = arguments.iter().map(Type::name).collect();
    Refusal::invalid(
        expr.at,
        format!("{what} cannot be applied to ({})", types.join(", ")),
    )
}

impl Checker<'_> {
    fn check(&mut self, expr: &Expr) -> Checked {
        match &expr.form {
            Form::Null => Ok(Type::Null),
            Form::Bool(_) => Ok(Type::Bool),
            Form::Int(_) => Ok(Type::Int),
            Form::Uint(_) => Ok(Type::Uint),
            Form::Double(_) => Ok(Type::Double),
            Form::Str(_) => Ok(Type::Str),
            Form::Bytes(_) => Ok(Type::Bytes),
            Form::Name(name) => self.name(expr, name),
            Form::Select {
                of,
                field,
                optional,
            } => self.select(expr, of, field, *optional),
            Form::Has { of, field } => self.select(expr, of, field, false).map(|_| Type::Bool),
            Form::Index { of, key, optional } => self.index(expr, of, key, *optional),
            Form::List(items) => self.all_of_one_type(items.iter()).map(list_of),
            Form::Map(entries) => {
                self.all_of_one_type(entries.iter().map(|(key, _)| key))?;
                let value = self.all_of_one_type(entries.iter().map(|(_, value)| value))?;
                Ok(Type::Map(Box::new(value)))
            }
            Form::Not(inner) => self.boolean(inner, "!"),
            Form::Negate(inner) => match self.check(inner)? {
                same @ (Type::Int | Type::Double | Type::Dyn) => Ok(same),
                other => Err(mismatch(expr, "-", &[other])),
            },
            Form::Or(one, other) => self
                .boolean(one, "||")
                .and_then(|_| self.boolean(other, "||")),
            Form::And(one, other) => self
                .boolean(one, "&&")
                .and_then(|_| self.boolean(other, "&&")),
            Form::Choice(condition, yes, no) => {
                self.boolean(condition, "?:")?;
                let (yes, no) = (self.check(yes)?, self.check(no)?);
                match yes.meets(&no) {
                    true => Ok(yes.join(no)),
                    false => Err(mismatch(expr, "?:", &[yes, no])),
                }
            }
            Form::Binary(operator, one, other) => {
                let (one, other) = (self.check(one)?, self.check(other)?);
                let result = binary(*operator, &one, &other);
                result.ok_or_else(|| mismatch(expr, operator.as_str(), &[one, other]))
            }
            Form::Call { of, name, args } => self.call(expr, of.as_deref(), name, args),
            Form::Fold(fold) => self.fold(expr, fold),
        }
    }

    fn boolean(&mut self, expr: &Expr, what: &str) -> Checked {
        match self.check(expr)? {
            Type::Bool | Type::Dyn => Ok(Type::Bool),
            other => Err(mismatch(expr, what, &[other])),
        }
    }

    /// Literals hold one type only.
    fn all_of_one_type<'e>(&mut self, exprs: impl Iterator<Item = &'e Expr>) -> Checked {
        let mut common: Option<Type> = None;
        for expr in exprs {
            let found = self.check(expr)?;
            common = Some(match common {
                None => found,
                Some(common) if (common == Type::Dyn) != (found == Type::Dyn) => {
                    // The API server wants one type, and may know this one better.
                    let what = "a literal that mixes known and unknown types";
                    return Err(Refusal::unsupported(expr.at, what));
                }
                Some(common) if common.meets(&found) => common.join(found),
                Some(common) => {
                    let what = format!("{} stands among {}", found.name(), common.name());
                    return Err(Refusal::invalid(expr.at, what));
                }
            });
        }
        Ok(common.unwrap_or(Type::Dyn))
    }

    fn name(&self, expr: &Expr, name: &str) -> Checked {
        let bound = self.bound.iter().rev().find(|(bound, _)| bound == name);
        let declared = || {
            self.declared
                .names
                .iter()
                .find(|(declared, _)| declared == name)
        };
        if let Some((_, found)) = bound.or_else(declared) {
            return Ok(found.clone());
        }
        if name == "variables" && self.declared.variables.is_some() {
            return Err(Refusal::unsupported(expr.at, "`variables` as a whole"));
        }
        if TYPE_NAMES.contains(&name) {
            return Ok(Type::Type);
        }
        if NAMES_NOT_DONE.contains(&name) {
            return Err(Refusal::unsupported(expr.at, format!("`{name}`")));
        }
        Err(Refusal::invalid(
            expr.at,
            format!("nothing is called {name:?}"),
        ))
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|(bound, _)| bound == name)
    }

    fn select(&mut self, expr: &Expr, of: &Expr, field: &str, optional: bool) -> Checked {
        if let (Form::Name(name), Some(variables)) = (&of.form, &self.declared.variables)
            && name == "variables"
            && !self.is_bound(name)
        {
            let variable = variables.iter().find(|(variable, _)| variable == field);
            let variable = variable.map(|(_, found)| found.clone());
            return variable.ok_or_else(|| {
                Refusal::invalid(
                    expr.at,
                    format!("no variable is called {field:?} up to here"),
                )
            });
        }
        let value = match self.check(of)? {
            Type::Dyn => Type::Dyn,
            Type::Map(value) => *value,
            Type::Optional(inner) => {
                let value = match *inner {
                    Type::Map(value) => *value,
                    Type::Dyn => Type::Dyn,
                    other => return Err(mismatch(expr, "a selection", &[other])),
                };
                return Ok(Type::Optional(Box::new(value)));
            }
            other => return Err(mismatch(expr, "a selection", &[other])),
        };
        Ok(match optional {
            true => Type::Optional(Box::new(value)),
            false => value,
        })
    }

    fn index(&mut self, expr: &Expr, of: &Expr, key: &Expr, optional: bool) -> Checked {
        let of = self.check(of)?;
        let key = self.check(key)?;
        let (inner, was_optional) = match of.clone() {
            Type::Optional(inner) => (*inner, true),
            other => (other, false),
        };
        let value = match (inner, &key) {
            (Type::Dyn, _) => Type::Dyn,
            (Type::List(item), Type::Int | Type::Uint | Type::Double | Type::Dyn) => *item,
            (Type::Map(value), _) => *value,
            _ => return Err(mismatch(expr, "[]", &[of, key])),
        };
        Ok(match optional || was_optional {
            true => Type::Optional(Box::new(value)),
            false => value,
        })
    }

    fn call(&mut self, expr: &Expr, of: Option<&Expr>, name: &str, args: &[Expr]) -> Checked {
        let qualified = match of.map(|of| &of.form) {
            Some(Form::Name(space)) if !self.is_bound(space) => Some(format!("{space}.{name}")),
            _ => None,
        };
        let qualified = qualified.filter(|name| is_function(name));
        let (name, of) = match &qualified {
            Some(qualified) => (&**qualified, None),
            None => (name, of),
        };
        let Some((_, style, forms)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
            return Err(match NOT_DONE.contains(&name) {
                true => Refusal::unsupported(expr.at, format!("the function {name}()")),
                false => Refusal::invalid(expr.at, format!("there is no function {name}()")),
            });
        };
        let mut arguments = Vec::new();
        for argument in of.into_iter().chain(args) {
            arguments.push(match &argument.form {
                // Only here may a literal hold several types.
                Form::List(items) if name == "format" => {
                    for item in items {
                        self.check(item)?;
                    }
                    list_of(Type::Dyn)
                }
                _ => self.check(argument)?,
            });
        }
        let fits = match style {
            Style::Global => of.is_none(),
            Style::Member => of.is_some(),
            Style::Both => true,
        };
        let alike = match &*arguments {
            [one, other] if name.starts_with("sets.") => one.meets(other),
            _ => true,
        };
        let found = result(forms, &arguments).filter(|_| fits && alike);
        match found {
            Some(found) => Ok(refine(name, &arguments, found)),
            // A form that only the server has, such as for a time.
            None if matches!(name, "int" | "string" | "indexOf" | "size")
                && arguments.contains(&Type::Quantity) =>
            {
                Err(Refusal::unsupported(
                    expr.at,
                    format!("this form of {name}()"),
                ))
            }
            None => Err(mismatch(expr, &format!("{name}()"), &arguments)),
        }
    }

    fn fold(&mut self, expr: &Expr, fold: &Fold) -> Checked {
        let over = self.check(&fold.over)?;
        let is_optional = matches!(fold.how, How::OptMap | How::OptFlatMap);
        let (first, second) = match (&over, fold.second.is_some()) {
            (Type::Optional(value), false) if is_optional => ((**value).clone(), Type::Dyn),
            (Type::Dyn, _) => (Type::Dyn, Type::Dyn),
            _ if is_optional => return Err(mismatch(expr, "optMap()", &[over])),
            (Type::List(item), false) => ((**item).clone(), Type::Dyn),
            (Type::List(item), true) => (Type::Int, (**item).clone()),
            (Type::Map(_), false) => (Type::Dyn, Type::Dyn),
            (Type::Map(value), true) => (Type::Dyn, (**value).clone()),
            _ => return Err(mismatch(expr, "a macro", &[over])),
        };
        let depth = self.bound.len();
        self.bound.push((fold.first.clone(), first.clone()));
        self.bound
            .extend(fold.second.clone().map(|name| (name, second)));
        let checked = self.fold_body(fold, first);
        self.bound.truncate(depth);
        checked
    }

    fn fold_body(&mut self, fold: &Fold, item: Type) -> Checked {
        if let Some(only) = &fold.only {
            self.boolean(only, "a macro")?;
        }
        match fold.how {
            How::All | How::Exists | How::ExistsOne => self.boolean(&fold.body, "a macro"),
            How::Filter => self.boolean(&fold.body, "a macro").map(|_| list_of(item)),
            How::Map => self.check(&fold.body).map(list_of),
            How::TransformMap => self
                .check(&fold.body)
                .map(|value| Type::Map(Box::new(value))),
            How::OptMap => self
                .check(&fold.body)
                .map(|value| Type::Optional(Box::new(value))),
            How::OptFlatMap => match self.check(&fold.body)? {
                same @ Type::Optional(_) => Ok(same),
                Type::Dyn => Ok(Type::Optional(Box::new(Type::Dyn))),
                other => Err(mismatch(&fold.body, "optFlatMap()", &[other])),
            },
        }
    }
}

fn is_function(name: &str) -> bool {
    FUNCTIONS.iter().any(|(known, ..)| *known == name) || NOT_DONE.contains(&name)
}

/// Results that follow the arguments more closely than the table says.
fn refine(name: &str, arguments: &[Type], found: Type) -> Type {
    match (name, arguments) {
        ("min" | "max" | "sum", [Type::List(item)]) => (**item).clone(),
        ("optional.of", [value]) => Type::Optional(Box::new(value.clone())),
        ("value", [Type::Optional(value)]) => (**value).clone(),
        ("orValue", [Type::Optional(value), other]) => (**value).clone().join(other.clone()),
        _ => found,
    }
}

/// The type of the result; `None` when the operator takes no such operands.
fn binary(operator: Operator, one: &Type, other: &Type) -> Option<Type> {
    let either_dyn = *one == Type::Dyn || *other == Type::Dyn;
    let numeric = |found: &Type| matches!(found, Type::Int | Type::Uint | Type::Double);
    match operator {
        Operator::Equal | Operator::NotEqual => one.meets(other).then_some(Type::Bool),
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            let ordered = |found: &Type| {
                numeric(found) || matches!(found, Type::Bool | Type::Str | Type::Bytes | Type::Dyn)
            };
            let comparable = one.meets(other) || (numeric(one) && numeric(other));
            (ordered(one) && ordered(other) && comparable).then_some(Type::Bool)
        }
        Operator::In => match other {
            Type::List(item) => item.meets(one).then_some(Type::Bool),
            Type::Map(_) | Type::Dyn => Some(Type::Bool),
            _ => None,
        },
        Operator::Add => match (one, other) {
            (Type::List(_), Type::List(_)) => {
                one.meets(other).then(|| one.clone().join(other.clone()))
            }
            _ if either_dyn => added(one).and(added(other)).map(|_| known(one, other)),
            _ => (one == other).then(|| added(one)).flatten(),
        },
        Operator::Modulo if numeric(one) && *one == Type::Double => None,
        Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Modulo => {
            let takes = |found: &Type| numeric(found) || *found == Type::Dyn;
            (takes(one) && takes(other) && one.meets(other)).then(|| known(one, other))
        }
    }
}

/// What an operator gives that takes two of the same type: the type that is known of either.
fn known(one: &Type, other: &Type) -> Type {
    match one {
        Type::Dyn => other.clone(),
        known => known.clone(),
    }
}

fn added(found: &Type) -> Option<Type> {
    let fits = matches!(
        found,
        Type::Int | Type::Uint | Type::Double | Type::Str | Type::Bytes | Type::List(_) | Type::Dyn
    );
    fits.then(|| found.clone())
}

impl Refusal {
    /// Is the expression one that the API server may take all the same?
    pub fn is_unsupported(&self) -> bool {
        self.kind == RefusalKind::Unsupported
    }
}
