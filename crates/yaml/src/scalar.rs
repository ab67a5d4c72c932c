//! Which type a scalar has, as kubectl's YAML library decides it (YAML 1.1 with its own exceptions).
//!
//! Pure functions over text. Only plain scalars and explicitly tagged ones come here.
//! Invariant: a float that is infinite or not a number is left to the caller to refuse.

use crate::node::Scalar;
use crate::tree::Shape;

/// The type of a plain scalar without a tag.
pub(crate) fn resolve(text: &str) -> Scalar<'_> {
    match text.as_bytes().first() {
        None => Scalar::Null,
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            word(text).unwrap_or(Scalar::Str(text))
        }
        Some(b'.') => special_float(text)
            .or_else(|| fraction(text))
            .map_or(Scalar::Str(text), Scalar::Float),
        Some(b'+' | b'-' | b'0'..=b'9') => special_float(text)
            .map(Scalar::Float)
            .or_else(|| number(text))
            .unwrap_or(Scalar::Str(text)),
        Some(_) => Scalar::Str(text),
    }
}

fn word(text: &str) -> Option<Scalar<'static>> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" => Scalar::Bool(true),
        "true" | "True" | "TRUE" => Scalar::Bool(true),
        "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" => Scalar::Bool(false),
        "false" | "False" | "FALSE" => Scalar::Bool(false),
        "off" | "Off" | "OFF" => Scalar::Bool(false),
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => return None,
    })
}

fn special_float(text: &str) -> Option<f64> {
    Some(match text {
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        _ => return None,
    })
}

/// A number that starts with its point; underscores may stand between digits only.
fn fraction(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let stray = bytes.iter().enumerate().any(|(at, byte)| {
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        *byte == b'_' && !(digit(at.wrapping_sub(1)) && digit(at + 1))
    });
    if stray {
        return None;
    }
    decimal(&without_underscores(text))
}

/// A number that starts with a digit or a sign; underscores may stand anywhere.
fn number(text: &str) -> Option<Scalar<'static>> {
    let plain = without_underscores(text);
    if let Some(value) = integer(&plain) {
        return Some(match i64::try_from(value) {
            Ok(value) => Scalar::Int(value),
            Err(_) => Scalar::Float(value as f64),
        });
    }
    let float = decimal(&plain).map(Scalar::Float);
    float.or_else(|| signed_binary(&plain).map(Scalar::Int))
}

fn without_underscores(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('_') {
        text.replace('_', "").into()
    } else {
        text.into()
    }
}

/// An integer in any base by its prefix; a leading zero means octal. Unsigned ones may use 64 bits.
fn integer(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, radix) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (unsigned.get(2..)?, 16),
        [b'0', b'o' | b'O', ..] => (unsigned.get(2..)?, 8),
        [b'0', b'b' | b'B', ..] => (unsigned.get(2..)?, 2),
        [b'0', _, ..] => (unsigned.get(1..)?, 8),
        _ => (unsigned, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i128::from(u64::from_str_radix(digits, radix).ok()?);
    let value = if text.starts_with('-') { -value } else { value };
    let signed = unsigned.len() < text.len();
    (!signed || i64::try_from(value).is_ok()).then_some(value)
}

/// `0b-1` and its kind: the library reads a sign after the prefix, too.
fn signed_binary(text: &str) -> Option<i64> {
    match text.strip_prefix("-0b") {
        Some(digits) if digits.starts_with(['+', '-']) => None,
        Some(digits) => i64::from_str_radix(&format!("-{digits}"), 2).ok(),
        None => i64::from_str_radix(text.strip_prefix("0b")?, 2).ok(),
    }
}

/// A decimal number with optional point and exponent. `None` if it is not one, or overflows.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let starts_well = match unsigned.as_bytes() {
        [b'.', next, ..] => next.is_ascii_digit(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    };
    let value: f64 = text.parse().ok().filter(|_| starts_well)?;
    value.is_finite().then_some(value)
}

/// The value of a scalar already known to have this shape.
pub(crate) fn value(shape: Shape, text: &str) -> Scalar<'_> {
    match (shape, resolve(text)) {
        (Shape::Null, _) => Scalar::Null,
        (Shape::Float, Scalar::Int(value)) => Scalar::Float(value as f64),
        (Shape::Bool | Shape::Int | Shape::Float, resolved) => resolved,
        _ => Scalar::Str(text),
    }
}

/// The shape a value is stored under.
pub(crate) fn shape(scalar: Scalar<'_>) -> Shape {
    match scalar {
        Scalar::Null => Shape::Null,
        Scalar::Bool(_) => Shape::Bool,
        Scalar::Int(_) => Shape::Int,
        Scalar::Float(_) => Shape::Float,
        Scalar::Str(_) => Shape::Str,
    }
}

/// The type a tag asks for; `None` if the text does not fit it. Tags that mean nothing to
/// Kubernetes make a string.
pub(crate) fn tagged(tag: &str, text: &str) -> Option<Shape> {
    let resolved = shape(resolve(text));
    let wanted = match tag {
        "tag:yaml.org,2002:null" => Shape::Null,
        "tag:yaml.org,2002:bool" => Shape::Bool,
        "tag:yaml.org,2002:int" => Shape::Int,
        "tag:yaml.org,2002:float" if resolved == Shape::Int => return Some(Shape::Float),
        "tag:yaml.org,2002:float" => Shape::Float,
        _ => return Some(Shape::Str),
    };
    (wanted == resolved).then_some(wanted)
}

/// What `!!binary` stands for. `None`: not base64. Bytes that are not text are replaced, as in JSON.
pub(crate) fn base64(text: &str) -> Option<String> {
    let significant = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r'));
    let encoded: Vec<u8> = significant.collect();
    if !encoded.len().is_multiple_of(4) {
        return None;
    }
    let padding = encoded
        .iter()
        .rev()
        .take(2)
        .take_while(|b| **b == b'=')
        .count();
    let data = encoded.get(..encoded.len() - padding)?;
    let mut bytes = Vec::with_capacity(data.len());
    for group in data.chunks(4) {
        let mut bits = 0_u32;
        for byte in group {
            bits = bits << 6 | sextet(*byte)?;
        }
        bits <<= 6 * (4 - group.len());
        let [_, decoded @ ..] = bits.to_be_bytes();
        bytes.extend(decoded.iter().take(group.len() * 3 / 4));
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn sextet(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// A key as kubectl makes it from a typed scalar. `None`: the key is the text itself.
pub(crate) fn key_name(key: Scalar<'_>) -> Option<String> {
    match key {
        Scalar::Bool(value) => Some(value.to_string()),
        Scalar::Int(value) => Some(value.to_string()),
        Scalar::Float(value) => Some(float_name(value)),
        Scalar::Null | Scalar::Str(_) => None,
    }
}

/// A float as a key: kubectl prints it with single precision, shortest digits, and an exponent
/// below 1e-4 and from 1e6 on.
fn float_name(value: f64) -> String {
    let single = value as f32;
    if single.is_nan() {
        return ".nan".into();
    }
    if single.is_infinite() {
        return if single > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    let scientific = format!("{single:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        return format!("{single}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// The integer a float is equal to, if it is one that fits.
pub(crate) fn whole(value: f64) -> Option<i64> {
    // 2^63 is exact as a float; i64::MAX is not.
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    let fits = value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value);
    fits.then_some(value as i64)
}
