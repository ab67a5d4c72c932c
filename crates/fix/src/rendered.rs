//! What is said about findings in texts that a program rendered: where to change what they were rendered from. The words are
//! taken from the line of the template that the finding was traced to; nothing rendered is ever edited.

use std::sync::Arc;

use plimsoll_control::{Finding, How, Must, Remedy};
use plimsoll_snapshot::field::Lit;
use plimsoll_snapshot::place::Location;

/// The text of a chart's template: a file below the `templates` of a folder that holds a chart. `None` for any other file.
pub(crate) fn template(
    name: &Arc<str>,
    read: &dyn Fn(&Arc<str>) -> Result<String, String>,
) -> Option<String> {
    let (chart, _) = name.rsplit_once("/templates/")?;
    read(&format!("{chart}/Chart.yaml").into()).ok()?;
    read(name).ok()
}

/// Why a finding in a rendered text is left: the template's line, the values that it takes, and what they should come to. `written` is
/// the text of the file in which the finding is told to be, where it can be had.
pub(crate) fn advice(finding: &Finding, remedy: &Remedy, written: Option<&str>) -> String {
    let wish = wish(finding, remedy);
    let wish = wish
        .map(|wish| format!(", so that {wish}"))
        .unwrap_or_default();
    match &finding.place.location {
        Some(at) => format!("{}{wish}", whereabouts(at, written)),
        None => format!("it was not read from a file: change what it was made from{wish}"),
    }
}

/// Where to change it.
fn whereabouts(at: &Location, written: Option<&str>) -> String {
    let line = at.start.line;
    let about = if at.exact { "" } else { "about " };
    let number = (line as usize).saturating_sub(1);
    let values = written
        .and_then(|text| text.lines().nth(number))
        .map(values);
    match values.unwrap_or_default().as_slice() {
        [] => format!(
            "it was rendered: change {} at {about}line {line}, or the values or patches that end up there",
            at.file
        ),
        values => format!(
            "it was rendered: change {} in the values of its chart, which {} takes at {about}line {line}",
            values.join(" and "),
            at.file
        ),
    }
}

/// What is wanted of the rendered text, where it follows from the finding alone.
fn wish(finding: &Finding, remedy: &Remedy) -> Option<String> {
    let path = &finding.place.path;
    let be = |value: &Lit<'_>| match value {
        Lit::Bool(value) => format!("{path} is {value}"),
        Lit::Int(value) => format!("{path} is {value}"),
        Lit::Str(value) => format!("{path} is {value}"),
    };
    match (remedy.how, finding.clause.map(|clause| clause.must)) {
        (How::Set(value), _) => Some(be(&value)),
        (How::Remove | How::RemoveItem, _) => Some(format!("{path} is gone")),
        (How::AsDescribed, Some(Must::Be(good))) => good.first().map(be),
        (How::AsDescribed, Some(Must::NotBe(_) | Must::BeOrAbsent(_))) => {
            Some(format!("{path} is gone"))
        }
        (How::AsDescribed, Some(Must::Hold(Lit::Str(wanted)))) => {
            Some(format!("{path} holds {wanted}"))
        }
        _ => None,
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
        let says = whereabouts(&location(2, true), Some(template));
        let wanted = "change web.privileged and safe in the values of its chart, which web/templates/a.yaml takes at line 2";
        assert!(says.ends_with(wanted), "{says}");
    }

    #[test]
    fn without_values_the_line_is_named() {
        let says = whereabouts(&location(1, false), Some("a: b\n"));
        assert!(
            says.contains("change web/templates/a.yaml at about line 1, or the values"),
            "{says}"
        );
        assert_eq!(says, whereabouts(&location(1, false), None));
    }

    #[test]
    fn a_template_is_below_a_chart() {
        let read = |name: &Arc<str>| match &**name {
            "web/Chart.yaml" | "web/templates/a.yaml" | "templates/b.yaml" => Ok(name.to_string()),
            _ => Err("not there".to_owned()),
        };
        let found = |name: &str| template(&name.into(), &read).is_some();
        assert!(found("web/templates/a.yaml"));
        assert!(
            !found("web/a.yaml") && !found("other/templates/a.yaml") && !found("templates/b.yaml")
        );
    }
}
