//! Kubernetes quantities such as `1.5Gi`, exact down to a thousand-millionth. What would be rounded or capped is not done.

use crate::eval::{Done, Fault};

/// An amount in thousand-millionths.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;
/// Amounts beyond this are capped by the API server.
const LARGEST: i128 = (i64::MAX as i128) * NANO;

/// Why a text is not read.
pub(crate) enum Unread {
    /// It is no quantity.
    Invalid,
    /// It would be rounded or capped.
    Inexact,
}

impl Quantity {
    pub(crate) fn whole(number: i64) -> Quantity {
        Quantity(i128::from(number) * NANO)
    }

    pub(crate) fn parse(text: &str) -> Result<Quantity, Unread> {
        let (sign, rest) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let end = rest
            .find(|char: char| !char.is_ascii_digit() && char != '.')
            .unwrap_or(rest.len());
        let (number, suffix) = rest.split_at_checked(end).ok_or(Unread::Invalid)?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(Unread::Invalid);
        }
        let (base, power) = suffix_of(suffix).ok_or(Unread::Invalid)?;
        let fraction = fraction.trim_end_matches('0');
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        if digits.len() > 27 || power.unsigned_abs() > 60 {
            return Err(Unread::Inexact);
        }
        let mut amount: i128 = if digits.is_empty() {
            0
        } else {
            digits.parse().map_err(|_| Unread::Invalid)?
        };
        let places = i32::try_from(fraction.len()).map_err(|_| Unread::Inexact)?;
        // amount · base^power · 10^(9 - places), without losing anything.
        amount = match base {
            10 => scale(amount, 10, power + 9 - places)?,
            base => scale(scale(amount, base, power)?, 10, 9 - places)?,
        };
        match amount <= LARGEST {
            true => Ok(Quantity(sign * amount)),
            false => Err(Unread::Inexact),
        }
    }

    /// The whole number, if it is one.
    pub(crate) fn as_integer(self) -> Option<i64> {
        (self.0 % NANO == 0)
            .then(|| i64::try_from(self.0 / NANO).ok())
            .flatten()
    }

    pub(crate) fn plus(self, other: Quantity, sign: i128) -> Done<Quantity> {
        let sum = self.0.checked_add(sign * other.0);
        let sum = sum.filter(|sum| sum.abs() <= LARGEST);
        sum.map(Quantity)
            .ok_or_else(|| Fault::Unsupported("a quantity that large".into()))
    }
}

fn scale(amount: i128, base: i128, power: i32) -> Result<i128, Unread> {
    let factor = base.checked_pow(power.unsigned_abs());
    match (factor, power >= 0) {
        _ if amount == 0 => Ok(0),
        (Some(factor), true) => amount.checked_mul(factor).ok_or(Unread::Inexact),
        (Some(factor), false) if amount % factor == 0 => Ok(amount / factor),
        _ => Err(Unread::Inexact),
    }
}

/// Base and power of a suffix.
fn suffix_of(suffix: &str) -> Option<(i128, i32)> {
    let decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let power = |step: i32, index: usize| i32::try_from(index).ok().map(|index| step * index);
    if let Some(index) = decimal.iter().position(|known| *known == suffix) {
        return Some((10, power(3, index)? - 9));
    }
    if let Some(index) = binary.iter().position(|known| *known == suffix) {
        return Some((2, power(10, index)?));
    }
    let exponent = suffix.strip_prefix(['e', 'E'])?;
    Some((10, exponent.parse().ok()?))
}
