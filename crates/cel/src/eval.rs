//! Walks a compiled expression. `||`, `&&`, `all` and `exists` absorb errors as the API server does; what is unsupported
//! is absorbed in the same way, so that it only counts where it could change the value.

use std::cell::Cell;
use std::rc::Rc;

use crate::functions;
use crate::number::{calculate, order};
use crate::syntax::{Expr, Fold, Form, How, Operator};
use crate::types::{FUNCTIONS, TYPE_NAMES};
use crate::value::Value;

/// Why there is no value.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// An error of evaluation, as on the API server.
    #[error("{0}")]
    Failed(String),
    /// Something that is not done or not known here; says nothing about the API server.
    #[error("not supported: {0}")]
    Unsupported(String),
}

impl Fault {
    pub(crate) fn failed(why: impl Into<String>) -> Fault {
        Fault::Failed(why.into())
    }

    pub(crate) fn overload() -> Fault {
        Fault::failed("no such overload")
    }

    /// Of two faults, the one that counts: what is unsupported might have had a value.
    fn or(self, other: Fault) -> Fault {
        match other {
            Fault::Unsupported(_) => other,
            Fault::Failed(_) => self,
        }
    }
}

/// A value, or why there is none.
pub(crate) type Done<T> = Result<T, Fault>;

/// What the names of an expression stand for.
pub trait Names<'a> {
    /// A name that was declared. `None`: it is not there after all.
    fn name(&self, name: &str) -> Option<Value<'a>>;

    /// What `variables` holds under a name.
    ///
    /// # Errors
    /// Those of its own expression.
    fn variable(&self, name: &str) -> Result<Value<'a>, Fault>;

    /// Is it worth telling that a member or item of this was read ([`Read`])?
    fn is_traced(&self, _of: &Value<'a>) -> bool {
        true
    }
}

/// How much may be done; shared by the expressions of a policy.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
}

impl Budget {
    /// So many steps: about one for each node visited, and one for eight bytes or items made.
    pub fn new(steps: u64) -> Budget {
        Budget {
            left: Cell::new(steps),
        }
    }

    pub(crate) fn spend(&self, steps: usize) -> Done<()> {
        let left = u64::try_from(steps)
            .ok()
            .and_then(|steps| self.left.get().checked_sub(steps));
        self.left.set(left.unwrap_or(0));
        match left {
            Some(_) => Ok(()),
            None => Err(Fault::Unsupported(
                "an expression that takes that long".into(),
            )),
        }
    }

    /// Pays for something made of so many bytes or items.
    pub(crate) fn make(&self, size: usize) -> Done<()> {
        self.spend(size / 8)
    }
}

/// A member or item that was asked for, whether or not it was there.
#[derive(Clone, Debug)]
pub struct Read<'a> {
    /// The map or list.
    pub of: Value<'a>,
    /// Its key or index.
    pub key: Value<'a>,
}

/// The value, and what was read last to come to it.
pub(crate) fn evaluate<'a>(
    expr: &Expr,
    names: &dyn Names<'a>,
    budget: &Budget,
) -> (Done<Value<'a>>, Option<Read<'a>>) {
    let mut walk = Walk {
        names,
        budget,
        bound: Vec::new(),
        last: None,
    };
    let value = walk.value(expr);
    (value, walk.last)
}

struct Walk<'w, 'a> {
    names: &'w dyn Names<'a>,
    budget: &'w Budget,
    /// Names bound by macros, innermost last.
    bound: Vec<(&'w str, Value<'a>)>,
    /// What was read last, without what a macro read that looked at everything.
    last: Option<Read<'a>>,
}

impl<'w, 'a> Walk<'w, 'a> {
    fn value(&mut self, expr: &'w Expr) -> Done<Value<'a>> {
        self.budget.spend(1)?;
        let value = match &expr.form {
            Form::Null => Value::Null,
            Form::Bool(value) => Value::Bool(*value),
            Form::Int(number) => Value::Int(*number),
            Form::Uint(number) => Value::Uint(*number),
            Form::Double(number) => Value::Double(*number),
            Form::Str(text) => Value::text(text.clone()),
            Form::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
            Form::Name(name) => self.name(name)?,
            Form::Select {
                of,
                field,
                optional,
            } => self.select(of, field, *optional)?,
            Form::Has { of, field } => {
                let of = self.value(of)?;
                let key = Value::text(field.clone());
                let of = match of {
                    Value::Optional(Some(of)) => (*of).clone(),
                    of => of,
                };
                // The API server calls this an error for a list, but not for a scalar.
                if of.items().is_some() {
                    return Err(Fault::overload());
                }
                let holds = of.members().is_some() && {
                    self.reads(&of, &key)?;
                    of.member(&key)?.is_some()
                };
                Value::Bool(holds)
            }
            Form::Index { of, key, optional } => {
                let of = self.value(of)?;
                let key = self.value(key)?;
                self.reads(&of, &key)?;
                index(of, &key, *optional)?
            }
            Form::List(items) => Value::list(self.values(items)?),
            Form::Map(entries) => self.map(entries)?,
            Form::Not(inner) => match self.value(inner)? {
                Value::Bool(value) => Value::Bool(!value),
                _ => return Err(Fault::overload()),
            },
            Form::Negate(inner) => match self.value(inner)? {
                Value::Int(number) => {
                    let negated = number.checked_neg();
                    Value::Int(negated.ok_or_else(|| Fault::failed("integer overflow"))?)
                }
                Value::Double(number) => Value::Double(-number),
                _ => return Err(Fault::overload()),
            },
            Form::Or(one, other) => self.either(one, other, true)?,
            Form::And(one, other) => self.either(one, other, false)?,
            Form::Choice(condition, yes, no) => match self.value(condition)? {
                Value::Bool(true) => self.value(yes)?,
                Value::Bool(false) => self.value(no)?,
                _ => return Err(Fault::overload()),
            },
            Form::Binary(operator, one, other) => {
                let (one, other) = (self.value(one)?, self.value(other)?);
                self.binary(*operator, &one, &other)?
            }
            Form::Call { of, name, args } => self.call(of.as_deref(), name, args)?,
            Form::Fold(fold) => self.fold(fold)?,
        };
        value.known()?;
        Ok(value)
    }

    fn values(&mut self, exprs: &'w [Expr]) -> Done<Vec<Value<'a>>> {
        exprs.iter().map(|expr| self.value(expr)).collect()
    }

    fn map(&mut self, entries: &'w [(Expr, Expr)]) -> Done<Value<'a>> {
        let mut members: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        for (key, value) in entries {
            let (key, value) = (self.value(key)?, self.value(value)?);
            self.insert(&mut members, key, value)?;
        }
        Ok(Value::Map(Rc::new(members)))
    }

    fn insert(
        &self,
        members: &mut Vec<(Value<'a>, Value<'a>)>,
        key: Value<'a>,
        value: Value<'a>,
    ) -> Done<()> {
        if !matches!(
            key,
            Value::Bool(_) | Value::Int(_) | Value::Uint(_) | Value::Str(_)
        ) {
            return Err(Fault::failed("unsupported key type"));
        }
        self.budget.spend(members.len())?;
        for (known, _) in members.iter() {
            if known.equals(&key)? {
                return Err(Fault::Unsupported("a map that repeats a key".into()));
            }
        }
        members.push((key, value));
        Ok(())
    }

    fn name(&mut self, name: &str) -> Done<Value<'a>> {
        let bound = self.bound.iter().rev().find(|(bound, _)| *bound == name);
        if let Some((_, value)) = bound {
            return Ok(value.clone());
        }
        if let Some(value) = self.names.name(name) {
            return Ok(value);
        }
        let of_type = TYPE_NAMES.iter().find(|known| **known == name);
        let of_type = of_type.map(|name| Value::Type(name));
        of_type.ok_or_else(|| Fault::failed(format!("no such attribute: {name}")))
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|(bound, _)| *bound == name)
    }

    fn select(&mut self, of: &'w Expr, field: &'w str, optional: bool) -> Done<Value<'a>> {
        if let Form::Name(name) = &of.form
            && name == "variables"
            && !self.is_bound(name)
        {
            return self.names.variable(field);
        }
        let of = self.value(of)?;
        let key = Value::text(field.to_owned());
        self.reads(&of, &key)?;
        index_member(of, &key, optional)
    }

    /// Notes what is read, and pays for finding it.
    fn reads(&mut self, of: &Value<'a>, key: &Value<'a>) -> Done<()> {
        if let Value::Map(members) = of {
            self.budget.make(members.len())?;
        }
        let of = match of {
            Value::Optional(Some(of)) => (**of).clone(),
            of => of.clone(),
        };
        if self.names.is_traced(&of) {
            let key = key.clone();
            self.last = Some(Read { of, key });
        }
        Ok(())
    }

    /// `||` and `&&`: one side that decides is enough, whatever becomes of the other.
    fn either(&mut self, one: &'w Expr, other: &'w Expr, decides: bool) -> Done<Value<'a>> {
        let one = self.boolean(one);
        if one == Ok(decides) {
            return Ok(Value::Bool(decides));
        }
        let other = self.boolean(other);
        match (one, other) {
            (_, Ok(other)) if other == decides => Ok(Value::Bool(decides)),
            (Err(one), Err(other)) => Err(one.or(other)),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
            (Ok(_), Ok(other)) => Ok(Value::Bool(other)),
        }
    }

    fn boolean(&mut self, expr: &'w Expr) -> Done<bool> {
        let value = self.value(expr)?;
        value.as_bool().ok_or_else(Fault::overload)
    }

    fn binary(&self, operator: Operator, one: &Value<'a>, other: &Value<'a>) -> Done<Value<'a>> {
        let ordered = |test: fn(std::cmp::Ordering) -> bool| {
            let order = match (one, other) {
                (Value::Quantity(_), _) => None,
                _ => order(one, other),
            };
            order
                .map(|order| Value::Bool(test(order)))
                .ok_or_else(Fault::overload)
        };
        match operator {
            Operator::Equal => Ok(Value::Bool(one.equals(other)?)),
            Operator::NotEqual => Ok(Value::Bool(!one.equals(other)?)),
            Operator::Less => ordered(std::cmp::Ordering::is_lt),
            Operator::LessOrEqual => ordered(std::cmp::Ordering::is_le),
            Operator::Greater => ordered(std::cmp::Ordering::is_gt),
            Operator::GreaterOrEqual => ordered(std::cmp::Ordering::is_ge),
            Operator::In => self.is_in(one, other),
            Operator::Add => self.add(one, other),
            operator => calculate(operator, one, other),
        }
    }

    fn is_in(&self, one: &Value<'a>, other: &Value<'a>) -> Done<Value<'a>> {
        let Some(items) = other.items() else {
            return Ok(Value::Bool(other.member(one)?.is_some()));
        };
        self.budget.make(items.len())?;
        for item in items.iter() {
            if item.equals(one)? {
                return Ok(Value::Bool(true));
            }
        }
        Ok(Value::Bool(false))
    }

    fn add(&self, one: &Value<'a>, other: &Value<'a>) -> Done<Value<'a>> {
        if let (Value::Str(one), Value::Str(other)) = (one, other) {
            self.budget.make(one.len() + other.len())?;
            return Ok(Value::text(format!("{one}{other}")));
        }
        if let (Value::Bytes(one), Value::Bytes(other)) = (one, other) {
            self.budget.make(one.len() + other.len())?;
            return Ok(Value::Bytes([&**one, &**other].concat().into()));
        }
        if let (Some(ones), Some(others)) = (one.items(), other.items()) {
            self.budget.make(8 * (ones.len() + others.len()))?;
            let joined = ones.iter().chain(others.iter()).cloned();
            return Ok(Value::list(joined.collect()));
        }
        calculate(Operator::Add, one, other)
    }

    fn call(&mut self, of: Option<&'w Expr>, name: &str, args: &'w [Expr]) -> Done<Value<'a>> {
        let qualified = match of.map(|of| &of.form) {
            Some(Form::Name(space)) if !self.is_bound(space) => Some(format!("{space}.{name}")),
            _ => None,
        };
        let qualified = qualified.filter(|name| FUNCTIONS.iter().any(|(known, ..)| known == name));
        let (name, of) = match &qualified {
            Some(qualified) => (&**qualified, None),
            None => (name, of),
        };
        if let (Some(of), "or" | "orValue", [other]) = (of, name, args) {
            return match (self.value(of)?, name) {
                (Value::Optional(Some(value)), "orValue") => Ok((*value).clone()),
                (Value::Optional(None), _) => self.value(other),
                (some @ Value::Optional(_), _) => Ok(some),
                _ => Err(Fault::overload()),
            };
        }
        let mut arguments = Vec::with_capacity(1 + args.len());
        for argument in of.into_iter().chain(args) {
            arguments.push(self.value(argument)?);
        }
        functions::call(name, &arguments, self.budget)
    }

    fn fold(&mut self, fold: &'w Fold) -> Done<Value<'a>> {
        let over = self.value(&fold.over)?;
        if matches!(fold.how, How::OptMap | How::OptFlatMap) {
            return self.inside_optional(fold, over);
        }
        let before = self.last.clone();
        let mut result = Folding::new(fold.how);
        if let Some(items) = over.items() {
            for (index, item) in items.iter().enumerate() {
                let index = Value::Int(i64::try_from(index).unwrap_or(i64::MAX));
                let (first, second) = match fold.second {
                    None => (item.clone(), Value::Null),
                    Some(_) => (index, item.clone()),
                };
                if self.turn(fold, &mut result, first, second)? {
                    break;
                }
            }
        } else if let Some(members) = over.members() {
            over.whole()?;
            for (key, value) in members.iter() {
                if self.turn(fold, &mut result, key.clone(), value.clone())? {
                    break;
                }
            }
        } else {
            return Err(Fault::overload());
        }
        if !matches!(result, Folding::Decide { decided: true, .. }) {
            self.last = before;
        }
        result.value()
    }

    fn inside_optional(&mut self, fold: &'w Fold, over: Value<'a>) -> Done<Value<'a>> {
        let Value::Optional(inner) = over else {
            return Err(Fault::overload());
        };
        let Some(inner) = inner else {
            return Ok(Value::Optional(None));
        };
        self.bound.push((&fold.first, (*inner).clone()));
        let value = self.value(&fold.body);
        self.bound.pop();
        match (fold.how, value?) {
            (How::OptFlatMap, value @ Value::Optional(_)) => Ok(value),
            (How::OptFlatMap, _) => Err(Fault::overload()),
            (_, value) => Ok(Value::Optional(Some(Rc::new(value)))),
        }
    }

    /// One item; true when nothing that follows can change the result.
    fn turn(
        &mut self,
        fold: &'w Fold,
        result: &mut Folding<'a>,
        first: Value<'a>,
        second: Value<'a>,
    ) -> Done<bool> {
        let depth = self.bound.len();
        self.bound.push((&fold.first, first.clone()));
        self.bound
            .extend(fold.second.as_deref().map(|name| (name, second)));
        let turned = self.turned(fold, result, first);
        self.bound.truncate(depth);
        turned
    }

    fn turned(&mut self, fold: &'w Fold, result: &mut Folding<'a>, first: Value<'a>) -> Done<bool> {
        self.budget.spend(1)?;
        if let Some(only) = &fold.only
            && !self.boolean(only)?
        {
            return Ok(false);
        }
        match result {
            Folding::Decide {
                decides,
                decided,
                fault,
            } => match self.boolean(&fold.body) {
                Ok(value) => *decided = value == *decides,
                Err(new) => {
                    let old = fault.take();
                    *fault = Some(old.map_or(new.clone(), |old| old.or(new)));
                }
            },
            Folding::Count(count) => *count += usize::from(self.boolean(&fold.body)?),
            Folding::Filter(items) => {
                if self.boolean(&fold.body)? {
                    items.push(first);
                }
            }
            Folding::Map(items) => {
                let value = self.value(&fold.body)?;
                items.push(value);
            }
            Folding::Members(members) => {
                let value = self.value(&fold.body)?;
                self.insert(members, first, value)?;
            }
        }
        Ok(matches!(result, Folding::Decide { decided: true, .. }))
    }
}

/// What a macro has come to so far.
enum Folding<'a> {
    /// `all` (false decides) and `exists` (true decides).
    Decide {
        decides: bool,
        decided: bool,
        fault: Option<Fault>,
    },
    Count(usize),
    Filter(Vec<Value<'a>>),
    Map(Vec<Value<'a>>),
    Members(Vec<(Value<'a>, Value<'a>)>),
}

impl<'a> Folding<'a> {
    fn new(how: How) -> Folding<'a> {
        let decide = |decides| Folding::Decide {
            decides,
            decided: false,
            fault: None,
        };
        match how {
            How::All => decide(false),
            How::Exists => decide(true),
            How::ExistsOne => Folding::Count(0),
            How::Filter => Folding::Filter(Vec::new()),
            How::TransformMap => Folding::Members(Vec::new()),
            How::Map | How::OptMap | How::OptFlatMap => Folding::Map(Vec::new()),
        }
    }

    fn value(self) -> Done<Value<'a>> {
        Ok(match self {
            Folding::Decide {
                decides,
                decided: true,
                ..
            } => Value::Bool(decides),
            Folding::Decide {
                fault: Some(fault), ..
            } => return Err(fault),
            Folding::Decide { decides, .. } => Value::Bool(!decides),
            Folding::Count(count) => Value::Bool(count == 1),
            Folding::Filter(items) | Folding::Map(items) => Value::list(items),
            Folding::Members(members) => Value::Map(Rc::new(members)),
        })
    }
}

fn index_member<'a>(of: Value<'a>, key: &Value<'a>, optional: bool) -> Done<Value<'a>> {
    match of {
        Value::Optional(None) => Ok(Value::Optional(None)),
        Value::Optional(Some(of)) => optional_of(of.member(key)?),
        of => match (of.member(key)?, optional) {
            (found, true) => optional_of(found),
            (Some(value), false) => Ok(value),
            (None, false) => Err(Fault::failed(format!(
                "no such key: {}",
                key.as_str().unwrap_or("?")
            ))),
        },
    }
}

fn optional_of(value: Option<Value<'_>>) -> Done<Value<'_>> {
    if let Some(value) = &value {
        value.known()?;
    }
    Ok(Value::Optional(value.map(Rc::new)))
}

fn index<'a>(of: Value<'a>, key: &Value<'a>, optional: bool) -> Done<Value<'a>> {
    let (list, optional) = match &of {
        Value::Optional(Some(inner)) => ((**inner).clone(), true),
        other => (other.clone(), optional),
    };
    let Some(items) = list.items() else {
        return index_member(of, key, optional);
    };
    let at = match key {
        Value::Int(at) => usize::try_from(*at).ok(),
        Value::Uint(at) => usize::try_from(*at).ok(),
        Value::Double(_) => {
            return Err(Fault::Unsupported("a list's index that is a double".into()));
        }
        _ => return Err(Fault::overload()),
    };
    let item = at.and_then(|at| items.get(at)).cloned();
    match (item, optional) {
        (item, true) => optional_of(item),
        (Some(item), false) => Ok(item),
        (None, false) => Err(Fault::failed("index out of bounds")),
    }
}
