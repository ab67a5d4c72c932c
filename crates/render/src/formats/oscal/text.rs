//! Untrusted text as OSCAL's data types take it: strings, Markdown on one line, tokens, properties. Nothing is empty, nothing
//! marks up, and nothing is refused by the schema.

use super::shape::Property;
use crate::escape::escape;

/// Our names in OSCAL's properties.
const NAMESPACE: &str = "https://plimsoll.dev/ns/oscal";

pub(super) fn is_date(text: &str) -> bool {
    text.parse::<plimsoll_snapshot::date::Date>().is_ok()
}

pub(super) fn props<const N: usize>(all: [(&'static str, &str); N]) -> Vec<Property> {
    all.into_iter()
        .filter_map(|(name, value)| prop(name, value))
        .collect()
}

/// `None` for an empty value, which OSCAL does not allow.
pub(super) fn prop(name: &'static str, value: &str) -> Option<Property> {
    let value = plain(value);
    (!value.is_empty()).then_some(Property {
        name,
        ns: NAMESPACE,
        value,
    })
}

/// OSCAL's strings have one line and no blanks around them.
pub(super) fn plain(text: &str) -> String {
    escape(text).trim().to_owned()
}

/// OSCAL's texts are Markdown on one line: what would mark up is escaped, and they are never empty.
pub(super) fn markup(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in escape(text).trim().chars() {
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '!'
        ) {
            shown.push('\\');
        }
        shown.push(character);
    }
    match shown.is_empty() {
        true => "-".to_owned(),
        false => shown,
    }
}

/// OSCAL's tokens begin with a letter and hold letters, digits, `.`, `-` and `_`; ids of a report that says otherwise are
/// made to fit.
pub(super) fn token(id: &str) -> String {
    let fits = |c: char| match c.is_alphanumeric() || matches!(c, '.' | '-' | '_') {
        true => c,
        false => '_',
    };
    let token: String = id.chars().map(fits).collect();
    match token.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        true => token,
        false => format!("_{token}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_mark_up_is_escaped_and_nothing_is_empty() {
        assert_eq!(markup(" <b>[x](y)\n"), "\\<b\\>\\[x\\](y)\\\\n");
        assert_eq!(markup("  "), "-");
        assert!(prop("a", " ").is_none());
        assert_eq!(token("1 x"), "_1_x");
        assert_eq!(token(""), "_");
        assert_eq!(token("PSC-01"), "PSC-01");
    }
}
