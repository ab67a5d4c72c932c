//! The functions of the table in `types`. Positions and sizes of text count code points.

use std::rc::Rc;

use crate::eval::{Budget, Done, Fault};
use crate::number::{calculate, order, written};
use crate::pattern::pattern;
use crate::quantity::{Quantity, Unread};
use crate::syntax::Operator;
use crate::value::Value;

/// Calls a function; the value that a member is called on comes first.
pub(crate) fn call<'a>(name: &str, arguments: &[Value<'a>], budget: &Budget) -> Done<Value<'a>> {
    let size: usize = arguments.iter().map(weight).sum();
    budget.make(size)?;
    match arguments {
        [Value::Str(text), rest @ ..] if !matches!(name, "type" | "dyn" | "optional.of") => {
            of_text(name, text, rest, budget)
        }
        [Value::Quantity(quantity), rest @ ..]
            if !matches!(name, "type" | "dyn" | "optional.of") =>
        {
            of_quantity(name, *quantity, rest)
        }
        _ => of_any(name, arguments, budget),
    }
}

fn weight(value: &Value<'_>) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::List(items) => items.len(),
        Value::Node(node) => node.len(),
        _ => 1,
    }
}

fn number(size: usize) -> Value<'static> {
    Value::Int(i64::try_from(size).unwrap_or(i64::MAX))
}

fn of_any<'a>(name: &str, arguments: &[Value<'a>], budget: &Budget) -> Done<Value<'a>> {
    match (name, arguments) {
        ("type", [value]) => Ok(Value::Type(value.type_name())),
        ("dyn", [value]) => Ok(value.clone()),
        ("optional.of", [value]) => Ok(Value::Optional(Some(Rc::new(value.clone())))),
        ("optional.none", []) => Ok(Value::Optional(None)),
        ("hasValue", [Value::Optional(value)]) => Ok(Value::Bool(value.is_some())),
        ("value", [Value::Optional(value)]) => match value {
            Some(value) => Ok((**value).clone()),
            None => Err(Fault::failed("optional.none() dereference")),
        },
        ("size", [Value::Bytes(bytes)]) => Ok(number(bytes.len())),
        ("int" | "uint" | "double" | "string" | "bool" | "bytes", [value]) => convert(name, value),
        (_, [first, rest @ ..]) => match (first.items(), first.members()) {
            (Some(items), _) => of_list(name, &items, rest, budget),
            (None, Some(members)) if name == "size" && rest.is_empty() => {
                first.whole()?;
                Ok(number(members.len()))
            }
            _ => Err(Fault::overload()),
        },
        _ => Err(Fault::overload()),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the ranges are checked before"
)]
fn convert<'a>(name: &str, value: &Value<'a>) -> Done<Value<'a>> {
    let range = || Fault::failed("integer overflow");
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    Ok(match (name, value) {
        ("int", Value::Int(_))
        | ("uint", Value::Uint(_))
        | ("double", Value::Double(_))
        | ("bool", Value::Bool(_))
        | ("bytes", Value::Bytes(_)) => value.clone(),
        ("int", Value::Uint(number)) => Value::Int(i64::try_from(*number).map_err(|_| range())?),
        ("int", Value::Double(number)) if *number > -LIMIT && *number < LIMIT => {
            Value::Int(*number as i64)
        }
        ("uint", Value::Int(number)) => Value::Uint(u64::try_from(*number).map_err(|_| range())?),
        ("uint", Value::Double(number)) if *number >= 0.0 && *number < 2.0 * LIMIT => {
            Value::Uint(*number as u64)
        }
        ("int" | "uint", Value::Double(_)) => return Err(range()),
        ("double", Value::Int(number)) => Value::Double(*number as f64),
        ("double", Value::Uint(number)) => Value::Double(*number as f64),
        ("string", Value::Int(number)) => Value::text(number.to_string()),
        ("string", Value::Uint(number)) => Value::text(number.to_string()),
        ("string", Value::Double(number)) => Value::text(written(*number)),
        ("string", Value::Bool(value)) => Value::text(value.to_string()),
        ("string", Value::Bytes(bytes)) => {
            let text = String::from_utf8(bytes.to_vec());
            Value::text(text.map_err(|_| Fault::failed("invalid UTF-8 in bytes"))?)
        }
        _ => return Err(Fault::overload()),
    })
}

fn convert_text<'a>(name: &str, text: &str) -> Done<Value<'a>> {
    let wrong = || Fault::failed(format!("{text:?} is no {name}"));
    match name {
        "int" => text.parse().map(Value::Int).map_err(|_| wrong()),
        "uint" if text.starts_with('+') => Err(wrong()),
        "uint" => text.parse().map(Value::Uint).map_err(|_| wrong()),
        "double" if text.contains(['x', 'X', '_', 'n', 'N']) => {
            Err(Fault::Unsupported("a double written like that".into()))
        }
        "double" => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Double(number)),
            _ => Err(wrong()),
        },
        _ => match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
            _ => Err(wrong()),
        },
    }
}

fn of_text<'a>(name: &str, text: &str, rest: &[Value<'a>], budget: &Budget) -> Done<Value<'a>> {
    let yes = |value: bool| Ok(Value::Bool(value));
    match (name, rest) {
        ("size", []) => Ok(number(text.chars().count())),
        ("string", []) => Ok(Value::text(text.to_owned())),
        ("bytes", []) => Ok(Value::Bytes(text.as_bytes().into())),
        ("int" | "uint" | "double" | "bool", []) => convert_text(name, text),
        ("quantity", []) => match Quantity::parse(text) {
            Ok(quantity) => Ok(Value::Quantity(quantity)),
            Err(Unread::Invalid) => Err(Fault::failed(format!("{text:?} is no quantity"))),
            Err(Unread::Inexact) => Err(inexact()),
        },
        ("isQuantity", []) => match Quantity::parse(text) {
            Ok(_) => yes(true),
            Err(Unread::Invalid) => yes(false),
            Err(Unread::Inexact) => Err(inexact()),
        },
        ("lowerAscii", []) => Ok(Value::text(text.to_ascii_lowercase())),
        ("upperAscii", []) => Ok(Value::text(text.to_ascii_uppercase())),
        // Both go by Unicode's White_Space.
        ("trim", []) => Ok(Value::text(text.trim().to_owned())),
        ("contains", [Value::Str(part)]) => yes(text.contains(&**part)),
        ("startsWith", [Value::Str(part)]) => yes(text.starts_with(&**part)),
        ("endsWith", [Value::Str(part)]) => yes(text.ends_with(&**part)),
        ("matches", [Value::Str(regex)]) => yes(pattern(regex)?.is_match(text)),
        ("find", [Value::Str(regex)]) => {
            let found = pattern(regex)?;
            let found = found.find(text).map_or("", |found| found.as_str());
            Ok(Value::text(found.to_owned()))
        }
        ("findAll", [Value::Str(regex), limit @ ..]) => {
            let limit = limit_of(limit)?;
            let regex = pattern(regex)?;
            if regex.is_match("") {
                return Err(Fault::Unsupported(
                    "findAll() with a pattern that matches nothing".into(),
                ));
            }
            let found = regex.find_iter(text).take(limit);
            Ok(Value::list(
                found
                    .map(|found| Value::text(found.as_str().to_owned()))
                    .collect(),
            ))
        }
        ("split", [Value::Str(by), limit @ ..]) => Ok(split(text, by, limit_of(limit)?)),
        ("replace", [Value::Str(from), Value::Str(to), limit @ ..]) => {
            let limit = limit_of(limit)?;
            let times = limit.min(text.matches(&**from).count());
            budget.make(text.len() + times.saturating_mul(to.len()))?;
            Ok(Value::text(text.replacen(&**from, to, limit)))
        }
        ("charAt" | "substring" | "indexOf" | "lastIndexOf", rest) => positions(name, text, rest),
        ("format", [items]) => {
            let items = items.items().ok_or_else(Fault::overload)?;
            format(text, &items, budget)
        }
        _ => Err(Fault::overload()),
    }
}

fn inexact() -> Fault {
    Fault::Unsupported("a quantity that would be rounded or capped".into())
}

/// How often; without a limit, or with a negative one, always.
fn limit_of(limit: &[Value<'_>]) -> Done<usize> {
    match limit {
        [] => Ok(usize::MAX),
        [Value::Int(limit)] => Ok(usize::try_from(*limit).unwrap_or(usize::MAX)),
        _ => Err(Fault::overload()),
    }
}

fn split<'a>(text: &str, by: &str, limit: usize) -> Value<'a> {
    let own = |part: &str| Value::text(part.to_owned());
    if by.is_empty() {
        // Between all code points, and the rest as it is.
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(char) = rest.chars().next().filter(|_| parts.len() < limit) {
            let end = match parts.len() + 1 == limit {
                true => rest.len(),
                false => char.len_utf8(),
            };
            let (part, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            parts.push(own(part));
            rest = after;
        }
        return Value::list(parts);
    }
    Value::list(text.splitn(limit, by).map(own).collect())
}

fn positions<'a>(name: &str, text: &str, rest: &[Value<'a>]) -> Done<Value<'a>> {
    let chars: Vec<char> = text.chars().collect();
    let bounds = || Fault::failed("index out of range");
    let place = |number: i64| {
        usize::try_from(number)
            .ok()
            .filter(|at| *at <= chars.len())
            .ok_or_else(bounds)
    };
    let part = |from: usize, to: usize| {
        let part = chars.get(from..to).ok_or_else(bounds)?;
        Ok(Value::text(part.iter().collect::<String>()))
    };
    match (name, rest) {
        ("charAt", [Value::Int(at)]) => {
            let at = place(*at)?;
            part(at, (at + 1).min(chars.len()))
        }
        ("substring", [Value::Int(from)]) => part(place(*from)?, chars.len()),
        ("substring", [Value::Int(from), Value::Int(to)]) => part(place(*from)?, place(*to)?),
        ("indexOf", [Value::Str(wanted), from @ ..]) => {
            let from = match from {
                [] => 0,
                [Value::Int(from)] => *from,
                _ => return Err(Fault::overload()),
            };
            index_of(&chars, wanted, from)
        }
        ("lastIndexOf", [Value::Str(wanted)]) => last_index_of(&chars, wanted, None),
        ("lastIndexOf", [Value::Str(wanted), Value::Int(to)]) => {
            last_index_of(&chars, wanted, Some(*to))
        }
        _ => Err(Fault::overload()),
    }
}

fn index_of<'a>(chars: &[char], wanted: &str, from: i64) -> Done<Value<'a>> {
    if wanted.is_empty() {
        return usize::try_from(from)
            .map(|from| number(from.min(chars.len())))
            .map_err(|_| Fault::failed("index out of range"));
    }
    let wanted: Vec<char> = wanted.chars().collect();
    let from = usize::try_from(from).ok();
    let from = from.ok_or_else(|| Fault::failed("index out of range"))?;
    let mut windows = chars.windows(wanted.len()).enumerate().skip(from);
    let found = windows.find(|(_, window)| *window == wanted);
    Ok(found.map_or(Value::Int(-1), |(at, _)| number(at)))
}

fn last_index_of<'a>(chars: &[char], wanted: &str, to: Option<i64>) -> Done<Value<'a>> {
    if wanted.is_empty() {
        return match to {
            None => Ok(number(chars.len())),
            Some(_) => Err(Fault::Unsupported(
                "lastIndexOf() of an empty text up to a position".into(),
            )),
        };
    }
    let wanted: Vec<char> = wanted.chars().collect();
    let to = match to {
        None => chars.len(),
        Some(to) => {
            let to = usize::try_from(to).map_err(|_| Fault::failed("index out of range"))?;
            if to >= chars.len() {
                return Ok(Value::Int(-1));
            }
            to
        }
    };
    let windows = chars.windows(wanted.len()).enumerate();
    let found = windows
        .take_while(|(at, _)| *at <= to)
        .filter(|(_, window)| *window == wanted);
    Ok(found.last().map_or(Value::Int(-1), |(at, _)| number(at)))
}

/// `%s`, `%d` and `%%` over text, integers and booleans; other verbs and values are not done.
fn format<'a>(text: &str, items: &[Value<'a>], budget: &Budget) -> Done<Value<'a>> {
    let mut out = String::new();
    let mut items = items.iter();
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '%' {
            out.push(char);
            continue;
        }
        let verb = chars
            .next()
            .ok_or_else(|| Fault::failed("a format ends with %"))?;
        if verb == '%' {
            out.push('%');
            continue;
        }
        let item = items
            .next()
            .ok_or_else(|| Fault::failed("a format has too few values"))?;
        let part = match (verb, item) {
            ('s', Value::Str(part)) => part.to_string(),
            ('s' | 'd', Value::Int(part)) => part.to_string(),
            ('s' | 'd', Value::Uint(part)) => part.to_string(),
            ('s', Value::Bool(part)) => part.to_string(),
            ('d', Value::Str(_) | Value::Bool(_)) => return Err(Fault::overload()),
            _ => {
                return Err(Fault::Unsupported(format!(
                    "%{verb} of a {} in format()",
                    item.type_name()
                )));
            }
        };
        budget.make(part.len())?;
        out.push_str(&part);
    }
    Ok(Value::text(out))
}

fn of_list<'a>(
    name: &str,
    items: &[Value<'a>],
    rest: &[Value<'a>],
    budget: &Budget,
) -> Done<Value<'a>> {
    match (name, rest) {
        ("size", []) => Ok(number(items.len())),
        ("join", []) => join(items, "", budget),
        ("join", [Value::Str(by)]) => join(items, by, budget),
        ("indexOf", [wanted]) => position(items.iter().enumerate(), wanted),
        ("lastIndexOf", [wanted]) => position(items.iter().enumerate().rev(), wanted),
        ("sum", []) => match items.split_first() {
            None => Ok(Value::Int(0)),
            Some((first, rest)) => {
                let mut sum = calculate(Operator::Subtract, first, first)
                    .and_then(|zero| calculate(Operator::Add, &zero, first))?;
                for item in rest {
                    sum = calculate(Operator::Add, &sum, item)?;
                }
                Ok(sum)
            }
        },
        ("isSorted", []) => {
            for pair in items.windows(2) {
                if let [one, other] = pair
                    && compare(one, other)?.is_gt()
                {
                    return Ok(Value::Bool(false));
                }
            }
            Ok(Value::Bool(true))
        }
        ("min", []) => extreme(items, std::cmp::Ordering::is_lt),
        ("max", []) => extreme(items, std::cmp::Ordering::is_gt),
        ("sets.contains" | "sets.equivalent" | "sets.intersects", [other]) => {
            let others = other.items().ok_or_else(Fault::overload)?;
            budget.spend(items.len().saturating_mul(others.len()))?;
            sets(name, items, &others).map(Value::Bool)
        }
        _ => Err(Fault::overload()),
    }
}

fn join<'a>(items: &[Value<'a>], by: &str, budget: &Budget) -> Done<Value<'a>> {
    let mut parts = Vec::with_capacity(items.len());
    for item in items {
        let part = item.as_str().ok_or_else(Fault::overload)?;
        budget.make(8 + part.len() + by.len())?;
        parts.push(part);
    }
    Ok(Value::text(parts.join(by)))
}

fn position<'i, 'a: 'i>(
    items: impl Iterator<Item = (usize, &'i Value<'a>)>,
    wanted: &Value<'a>,
) -> Done<Value<'a>> {
    for (at, item) in items {
        if item.equals(wanted)? {
            return Ok(number(at));
        }
    }
    Ok(Value::Int(-1))
}

fn compare(one: &Value<'_>, other: &Value<'_>) -> Done<std::cmp::Ordering> {
    order(one, other).ok_or_else(Fault::overload)
}

fn extreme<'a>(items: &[Value<'a>], better: fn(std::cmp::Ordering) -> bool) -> Done<Value<'a>> {
    let mut best = items
        .first()
        .ok_or_else(|| Fault::failed("min and max want a list that is not empty"))?;
    for item in items {
        if better(compare(item, best)?) {
            best = item;
        }
    }
    Ok(best.clone())
}

fn sets<'a>(name: &str, ones: &[Value<'a>], others: &[Value<'a>]) -> Done<bool> {
    let within = |list: &[Value<'a>], wanted: &Value<'a>| -> Done<bool> {
        for item in list {
            if item.equals(wanted)? {
                return Ok(true);
            }
        }
        Ok(false)
    };
    let all_within = |list: &[Value<'a>], wanted: &[Value<'a>]| -> Done<bool> {
        for item in wanted {
            if !within(list, item)? {
                return Ok(false);
            }
        }
        Ok(true)
    };
    match name {
        "sets.contains" => all_within(ones, others),
        "sets.equivalent" => Ok(all_within(ones, others)? && all_within(others, ones)?),
        _ => {
            for item in others {
                if within(ones, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
    }
}

fn of_quantity<'a>(name: &str, one: Quantity, rest: &[Value<'a>]) -> Done<Value<'a>> {
    let other = match rest {
        [Value::Quantity(other)] => Some(*other),
        [Value::Int(other)] if matches!(name, "add" | "sub") => Some(Quantity::whole(*other)),
        _ => None,
    };
    Ok(match (name, other) {
        ("isInteger", _) => Value::Bool(one.as_integer().is_some()),
        ("asInteger", _) => Value::Int(
            one.as_integer()
                .ok_or_else(|| Fault::failed("the quantity is no integer"))?,
        ),
        ("add", Some(other)) => Value::Quantity(one.plus(other, 1)?),
        ("sub", Some(other)) => Value::Quantity(one.plus(other, -1)?),
        ("isLessThan", Some(other)) => Value::Bool(one < other),
        ("isGreaterThan", Some(other)) => Value::Bool(one > other),
        ("compareTo", Some(other)) => Value::Int(one.cmp(&other) as i64),
        _ => return Err(Fault::overload()),
    })
}
