//! Text of CEL expressions, in the subset that every API server since 1.30 compiles: `has()` before every field that may be
//! missing, no optional syntax. Nothing here knows what the expressions are about.

use plimsoll_snapshot::field::Lit;

/// A literal.
pub fn literal(value: Lit<'_>) -> String {
    match value {
        Lit::Bool(value) => value.to_string(),
        Lit::Int(value) => value.to_string(),
        Lit::Str(text) => string(text),
    }
}

/// A string literal. Whatever the text holds, it stays within the quotes.
pub fn string(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A list literal.
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(", "))
}

/// Is every field on the way from `root` there? `true` for no field at all.
pub fn present(root: &str, keys: &[&str]) -> String {
    let steps = (1..=keys.len()).filter_map(|count| keys.get(..count));
    let steps: Vec<String> = steps
        .map(|keys| format!("has({})", select(root, keys)))
        .collect();
    match steps.as_slice() {
        [] => "true".to_owned(),
        steps => steps.join(" && "),
    }
}

/// The field that `keys` lead to.
pub fn select(root: &str, keys: &[&str]) -> String {
    let mut path = root.to_owned();
    for key in keys {
        path.push('.');
        path.push_str(key);
    }
    path
}

/// All of the parts, with what is certain left out.
pub fn and(parts: &[String]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| *part != "true")
        .collect();
    match parts.as_slice() {
        [] => "true".to_owned(),
        parts => parts.join(" && "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_quotes() {
        assert_eq!(string("a\"b\\c\nd\u{7}"), r#""a\"b\\c\nd\u0007""#);
        assert_eq!(literal(Lit::Str("x")), r#""x""#);
        assert_eq!(list(["1".to_owned(), "2".to_owned()]), "[1, 2]");
    }

    #[test]
    fn every_step_is_guarded() {
        let keys = ["securityContext", "privileged"];
        assert_eq!(
            present("c", &keys),
            "has(c.securityContext) && has(c.securityContext.privileged)"
        );
        assert_eq!(select("c", &keys), "c.securityContext.privileged");
        assert_eq!(present("c", &[]), "true");
    }
}
