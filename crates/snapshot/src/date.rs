//! Calendar dates, for what expires. No clock here: today's date is part of the target.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar, written as `2027-01-31`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// A text is not a date.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("\"{0}\" is not a date: write it as 2027-01-31")]
pub struct NotADate(String);

impl Date {
    /// The day that is so many days after 1970-01-01.
    pub fn from_days(days: u64) -> Date {
        let (mut year, mut left) = (1970, days);
        while year < u16::MAX && left >= days_of_year(year) {
            left -= days_of_year(year);
            year += 1;
        }
        let mut month = 1;
        while month < 12 && left >= u64::from(days_of_month(year, month)) {
            left -= u64::from(days_of_month(year, month));
            month += 1;
        }
        let day = u8::try_from(left + 1).unwrap_or(31);
        Date { year, month, day }
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Date, NotADate> {
        let number = |from: usize, to: usize| -> Option<u16> {
            let digits = text.get(from..to)?;
            let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse().ok()).flatten()
        };
        let read = || -> Option<Date> {
            let form = text.len() == 10 && text.get(4..5)? == "-" && text.get(7..8)? == "-";
            let year = number(0, 4).filter(|year| form && *year > 0)?;
            let month = u8::try_from(number(5, 7)?).ok()?;
            let day = u8::try_from(number(8, 10)?).ok()?;
            let exists =
                (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
            exists.then_some(Date { year, month, day })
        };
        read().ok_or_else(|| NotADate(text.to_owned()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_form_and_must_exist() {
        for text in ["2027-01-31", "2028-02-29", "0001-12-31", "2000-02-29"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2027-1-31",
            "2027-13-01",
            "2027-00-10",
            "31.01.2027",
            "2027-01-31-1",
            "2027-02-29",
            "1900-02-29",
            "2027-04-31",
            "2027-01-00",
            "+027-01-01",
            "2027-01-3é",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_819, "2027-01-01"),
        ] {
            assert_eq!(Date::from_days(days).to_string(), date);
        }
    }
}
