//! Quantities of resources as Kubernetes writes them: `1Gi`, `100m`, `1e3`. Exact and comparable; knows no resource by
//! name. What is not a quantity is `None`, never zero.

use plimsoll_yaml::{Node, Scalar};

/// An amount, in billionths of its unit (the API keeps no more), at most [`Quantity::MAX`].
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Quantity(i128);

const NANO: i128 = 1_000_000_000;

impl Quantity {
    /// Nothing.
    pub const ZERO: Quantity = Quantity(0);
    /// What is larger counts as this.
    pub const MAX: Quantity = Quantity(i128::MAX);

    /// Reads a scalar: a string, or a number as YAML has it. `None` for anything else.
    pub fn of(node: Node<'_>) -> Option<Quantity> {
        match node.scalar()? {
            Scalar::Int(whole) => Some(Quantity(i128::from(whole) * NANO)),
            Scalar::Str(_) | Scalar::Float(_) => node.text().and_then(Quantity::parse),
            Scalar::Null | Scalar::Bool(_) => None,
        }
    }

    /// Reads `[+-]digits[.digits][suffix]`; the suffix is binary (`Ki` to `Ei`), decimal (`n` to `E`) or an exponent.
    pub fn parse(text: &str) -> Option<Quantity> {
        let (sign, unsigned) = match text.as_bytes().first()? {
            b'-' => (-1, text.get(1..)?),
            b'+' => (1, text.get(1..)?),
            _ => (1, text),
        };
        let end = unsigned.find(|c: char| c != '.' && !c.is_ascii_digit());
        let (number, suffix) = unsigned.split_at(end.unwrap_or(unsigned.len()));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty() || fraction.contains('.') {
            return None;
        }
        let factor = Factor::parse(suffix)?;
        let scale = factor.ten + 9 - i32::try_from(fraction.len()).ok()?;
        let mut amount = digits.parse::<i128>().unwrap_or(i128::MAX);
        amount = amount.saturating_mul(factor.two);
        let power = 10_i128.checked_pow(scale.unsigned_abs());
        amount = match (scale < 0, power) {
            (false, Some(power)) => amount.saturating_mul(power),
            (false, None) if amount == 0 => 0,
            (false, None) => i128::MAX,
            (true, Some(power)) => amount.checked_add(power - 1)?.checked_div(power)?,
            (true, None) => i128::from(amount != 0),
        };
        Some(Quantity(sign * amount))
    }

    /// Is it so many whole units, and no part of one?
    pub fn is_whole(self) -> bool {
        self.0 % NANO == 0
    }

    /// In whole units, rounded up; nothing when it is negative.
    pub fn whole(self) -> u128 {
        u128::try_from(self.0).map_or(0, |nano| nano.div_ceil(NANO.unsigned_abs()))
    }

    /// In thousandths of the unit, rounded up; nothing when it is negative.
    pub fn thousandths(self) -> u128 {
        u128::try_from(self.0).map_or(0, |nano| nano.div_ceil(NANO.unsigned_abs() / 1000))
    }

    /// Is this more than `times` the other?
    pub fn exceeds(self, other: Quantity, times: i128) -> bool {
        self.0 > other.0.saturating_mul(times)
    }
}

/// What a suffix multiplies by: a power of two and a power of ten.
struct Factor {
    two: i128,
    ten: i32,
}

impl Factor {
    fn parse(suffix: &str) -> Option<Factor> {
        const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
        const DECIMAL: [(&str, i32); 10] = [
            ("n", -9),
            ("u", -6),
            ("m", -3),
            ("", 0),
            ("k", 3),
            ("M", 6),
            ("G", 9),
            ("T", 12),
            ("P", 15),
            ("E", 18),
        ];
        if let Some(index) = BINARY.iter().position(|name| *name == suffix) {
            let two = 1_i128 << (10 * (index + 1));
            return Some(Factor { two, ten: 0 });
        }
        if let Some((_, ten)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            return Some(Factor { two: 1, ten: *ten });
        }
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        let ten = exponent.parse::<i32>().ok()?.clamp(-1000, 1000);
        Some(Factor { two: 1, ten })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nano(text: &str) -> Option<i128> {
        Quantity::parse(text).map(|quantity| quantity.0)
    }

    #[test]
    fn every_notation_is_read() {
        assert_eq!(nano("1"), Some(NANO));
        assert_eq!(nano("100m"), Some(NANO / 10));
        assert_eq!(nano("0.1"), Some(NANO / 10));
        assert_eq!(nano(".5"), Some(NANO / 2));
        assert_eq!(nano("5."), Some(5 * NANO));
        assert_eq!(nano("1n"), Some(1));
        assert_eq!(nano("1u"), Some(1000));
        assert_eq!(nano("1e3"), nano("1k"));
        assert_eq!(nano("1E3"), nano("1000"));
        assert_eq!(nano("1E"), nano("1000P"));
        assert_eq!(nano("1e-3"), nano("1m"));
        assert_eq!(nano("1Ki"), nano("1024"));
        assert_eq!(nano("1.5Gi"), nano("1536Mi"));
        assert_eq!(nano("1Ti"), nano("1024Gi"));
        assert_eq!(nano("1M"), nano("1000k"));
        assert_eq!(nano("1T"), nano("1000G"));
        assert_eq!(nano("-1"), Some(-NANO));
        assert_eq!(nano("+1"), Some(NANO));
    }

    #[test]
    fn less_than_a_billionth_is_rounded_up() {
        assert_eq!(nano("0.0000000001"), Some(1));
        assert_eq!(nano("1e-999"), Some(1));
        assert_eq!(nano("0e-999"), Some(0));
    }

    #[test]
    fn what_is_too_large_is_the_largest() {
        assert_eq!(Quantity::parse("1e999"), Some(Quantity::MAX));
        assert_eq!(Quantity::parse(&"9".repeat(60)), Some(Quantity::MAX));
        assert_eq!(nano("0e999"), Some(0));
    }

    #[test]
    fn whole_units_are_rounded_up() {
        let of = |text| Quantity::parse(text).map(|read| (read.whole(), read.thousandths()));
        assert_eq!(of("1500m"), Some((2, 1500)));
        assert_eq!(of("1u"), Some((1, 1)));
        assert_eq!(of("1Ki"), Some((1024, 1_024_000)));
        assert_eq!(of("-1"), Some((0, 0)));
    }

    #[test]
    fn what_is_no_quantity_is_none() {
        for text in [
            "", "m", "Mi", "1 Gi", "1gi", "1KI", "1K", "1GiB", "1,5", "1.2.3", "1e", "--1", "0x10",
            "ten", ".",
        ] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_compare_by_amount() {
        let of = |text| Quantity::parse(text).unwrap_or(Quantity::MAX);
        assert!(of("1Gi") > of("1G"));
        assert!(of("4001m").exceeds(of("1"), 4));
        assert!(!of("4").exceeds(of("1"), 4));
    }
}
