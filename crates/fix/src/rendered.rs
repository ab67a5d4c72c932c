//! What is said about findings in texts that a program rendered: where to change what they were rendered from. The words are
//! taken from the line of the template that the finding was traced to; nothing rendered is ever edited.

use plimsoll_snapshot::place::Location;

/// Why a finding in a rendered text is left: the template's line, and the values that it takes. `template` is the text of the file in
/// which the finding is told to be, where it can be had.
pub(crate) fn advice(location: Option<&Location>, template: Option<&str>) -> String {
    let Some(at) = location else {
        return "it was not read from a file: change what it was made from".to_owned();
    };
    let line = at.start.line;
    let about = if at.exact { "" } else { "about " };
    let number = (line as usize).saturating_sub(1);
    let written = template.and_then(|text| text.lines().nth(number));
    let values = written.map(values).unwrap_or_default();
    match values.as_slice() {
        [] => format!(
            "it was rendered: change it in {} at {about}line {line}, or in the values or patches that end up there",
            at.file
        ),
        values => format!(
            "it was rendered: {} at {about}line {line} takes {} from the values of its chart: change it there",
            at.file,
            values.join(" and ")
        ),
    }
}

/// The names behind `.Values.` on a line of a template, each once.
fn values(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    for rest in line.split(".Values.").skip(1) {
        let end = rest.find(|c| !inside(c)).unwrap_or(rest.len());
        let name = rest.get(..end).unwrap_or_default().trim_end_matches('.');
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use plimsoll_yaml::Position;

    use super::*;

    fn location(line: u32, exact: bool) -> Location {
        let at = |column| Position { line, column };
        Location {
            file: "web/templates/a.yaml".into(),
            document: 1,
            start: at(1),
            end: at(2),
            exact,
        }
    }

    #[test]
    fn the_values_that_the_line_takes_are_named() {
        let template =
            "a: b\nprivileged: {{ .Values.web.privileged | default (not .Values.safe.) }}\n";
        let says = advice(Some(&location(2, true)), Some(template));
        assert!(
            says.contains(
                "web/templates/a.yaml at line 2 takes web.privileged and safe from the values"
            ),
            "{says}"
        );
    }

    #[test]
    fn without_values_the_line_is_named() {
        let says = advice(Some(&location(1, false)), Some("a: b\n"));
        assert!(
            says.contains("in web/templates/a.yaml at about line 1, or in the values"),
            "{says}"
        );
        assert_eq!(says, advice(Some(&location(1, false)), None));
    }
}
