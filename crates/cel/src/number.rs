//! Numbers: order and equality across their types, arithmetic within one type, and how they are written.

use std::cmp::Ordering;

use crate::eval::{Done, Fault};
use crate::syntax::Operator;
use crate::value::Value;

/// Are two numbers equal, whatever their types? `None` when one is no number.
pub(crate) fn equal_numbers(one: &Value<'_>, other: &Value<'_>) -> Option<bool> {
    let number =
        |value: &Value<'_>| matches!(value, Value::Int(_) | Value::Uint(_) | Value::Double(_));
    (number(one) && number(other)).then(|| order(one, other) == Some(Ordering::Equal))
}

/// The order of two scalars. `None` when they have none.
pub(crate) fn order(one: &Value<'_>, other: &Value<'_>) -> Option<Ordering> {
    match (one, other) {
        (Value::Bool(one), Value::Bool(other)) => Some(one.cmp(other)),
        (Value::Str(one), Value::Str(other)) => Some(one.cmp(other)),
        (Value::Bytes(one), Value::Bytes(other)) => Some(one.cmp(other)),
        (Value::Quantity(one), Value::Quantity(other)) => Some(one.cmp(other)),
        _ => match (whole(one), whole(other)) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => real(one)?.partial_cmp(&real(other)?),
        },
    }
}

fn whole(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Int(number) => Some(i128::from(*number)),
        Value::Uint(number) => Some(i128::from(*number)),
        _ => None,
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "the API server compares a double with the nearest double as well"
)]
fn real(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Uint(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        _ => None,
    }
}

/// `+`, `-`, `*`, `/`, `%` of two numbers of one type.
pub(crate) fn calculate<'a>(
    operator: Operator,
    one: &Value<'a>,
    other: &Value<'a>,
) -> Done<Value<'a>> {
    let by_zero = matches!(operator, Operator::Divide | Operator::Modulo);
    let (result, divisor) = match (one, other) {
        (Value::Int(one), Value::Int(other)) => (
            whole_numbers(operator, *one, *other).map(Value::Int),
            *other == 0,
        ),
        (Value::Uint(one), Value::Uint(other)) => (
            natural_numbers(operator, *one, *other).map(Value::Uint),
            *other == 0,
        ),
        (Value::Double(one), Value::Double(other)) => match operator {
            Operator::Add => return Ok(Value::Double(one + other)),
            Operator::Subtract => return Ok(Value::Double(one - other)),
            Operator::Multiply => return Ok(Value::Double(one * other)),
            Operator::Divide => return Ok(Value::Double(one / other)),
            _ => return Err(Fault::overload()),
        },
        _ => return Err(Fault::overload()),
    };
    let why = match divisor && by_zero {
        true => "division by zero",
        false => "integer overflow",
    };
    result.ok_or_else(|| Fault::failed(why))
}

fn whole_numbers(operator: Operator, one: i64, other: i64) -> Option<i64> {
    match operator {
        Operator::Add => one.checked_add(other),
        Operator::Subtract => one.checked_sub(other),
        Operator::Multiply => one.checked_mul(other),
        Operator::Divide => one.checked_div(other),
        _ => one.checked_rem(other),
    }
}

fn natural_numbers(operator: Operator, one: u64, other: u64) -> Option<u64> {
    match operator {
        Operator::Add => one.checked_add(other),
        Operator::Subtract => one.checked_sub(other),
        Operator::Multiply => one.checked_mul(other),
        Operator::Divide => one.checked_div(other),
        _ => one.checked_rem(other),
    }
}

/// A double as Go's `%g` writes it: shortest, with an exponent below -4 and from 6 on.
pub(crate) fn written(number: f64) -> String {
    if number.is_nan() {
        return "NaN".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if number == 0.0 || (-4..6).contains(&exponent) {
        return format!("{number}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}
