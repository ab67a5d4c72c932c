//! What is said about findings in texts that a program rendered: where to change what they were rendered from, and how. The words are
//! taken from the line of the template or patch that the finding was traced to; nothing rendered is ever edited.

mod line;

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_control::remedy::{item, literal};
use plimsoll_control::{Finding, How, Must, Remedy};
use plimsoll_scan::Report;
use plimsoll_snapshot::place::Location;
use plimsoll_yaml::Path;
use plimsoll_yaml::edit::{Change, Edit, Value};

use crate::outcome::{Fate, Fixes, Outcome, Wanted};

/// The text of a chart's template: a file below the `templates` of a folder that holds a chart. `None` for any other file.
pub(crate) fn template(
    name: &Arc<str>,
    read: &dyn Fn(&Arc<str>) -> Result<String, String>,
) -> Option<String> {
    let chart = match name.rsplit_once("/templates/") {
        Some((chart, _)) => format!("{chart}/Chart.yaml"),
        None if name.starts_with("templates/") => "Chart.yaml".to_owned(),
        None => return None,
    };
    read(&chart.into()).ok()?;
    read(name).ok()
}

impl Fixes {
    /// Adds the findings of a report that are asked for and stand in rendered texts only: each is left, and told with what to change.
    /// `read` gives the texts that they were rendered from.
    pub fn tell(
        &mut self,
        rendered: &Report,
        wanted: &Wanted<'_>,
        read: &dyn Fn(&Arc<str>) -> Result<String, String>,
    ) {
        let mut texts = BTreeMap::new();
        for reported in &rendered.findings {
            let finding = &reported.finding;
            if !(wanted.asks)(finding) {
                continue;
            }
            let remedy = wanted.remedy(finding);
            let fate = match &remedy {
                Err(fate) => fate.clone(),
                Ok(remedy) => {
                    let file = finding.place.location.as_ref().map(|at| &at.file);
                    let written = file.and_then(|file| {
                        let text = texts.entry(file).or_insert_with(|| read(file).ok());
                        text.as_deref()
                    });
                    Fate::Refused(advice(finding, remedy, written))
                }
            };
            self.outcomes.push(Outcome {
                reported: reported.clone(),
                remedy: remedy.ok(),
                fate,
                edits: Vec::new(),
            });
        }
    }
}

/// Why a finding in a rendered text is left: the line of the template or patch as it should be, or the values that it takes, and what they
/// should come to. `written` is the text of the file in which the finding is told to be, where it can be had.
pub(crate) fn advice(finding: &Finding, remedy: &Remedy, written: Option<&str>) -> String {
    let wish = wish(finding, remedy);
    let path = &finding.place.path;
    let Some(at) = &finding.place.location else {
        let from = "it was not read from a file: change what it was made from".to_owned();
        return followed(from, wish.as_ref(), path);
    };
    let number = (at.start.line as usize).saturating_sub(1);
    let line = written.and_then(|text| text.lines().nth(number));
    let place = format!("line {} of {}", at.start.line, at.file);
    let change = wish.as_ref().zip(line.filter(|_| at.exact));
    let change = change.and_then(|(wish, line)| line::change(wish, &place, line));
    let says = match change {
        Some(change) => format!("it was rendered: {change}"),
        None => whereabouts(at, line),
    };
    followed(says, wish.as_ref(), path)
}

/// Where to change it.
fn whereabouts(at: &Location, line: Option<&str>) -> String {
    let number = at.start.line;
    let about = if at.exact { "" } else { "about " };
    match line.map(values).unwrap_or_default().as_slice() {
        [] => format!(
            "it was rendered: change {} at {about}line {number}, or the values or patches that end up there",
            at.file
        ),
        values => format!(
            "it was rendered: change {} in the values of its chart, which {} takes at {about}line {number}",
            values.join(" and "),
            at.file
        ),
    }
}

/// What is wanted of the rendered text, where it follows from the finding alone.
fn wish(finding: &Finding, remedy: &Remedy) -> Option<Edit> {
    let path = finding.place.path.clone();
    match (remedy.how, finding.clause.map(|clause| clause.must)) {
        (How::Set(value), _) => Some(Edit::set(path, literal(value))),
        (How::Remove, _) => Some(Edit::remove(path)),
        (How::RemoveItem, _) => item(path).map(Edit::remove),
        (How::AsDescribed, Some(Must::Be(good))) => Some(Edit::set(path, literal(*good.first()?))),
        (How::AsDescribed, Some(Must::NotBe(_) | Must::BeOrAbsent(_))) => Some(Edit::remove(path)),
        (How::AsDescribed, Some(Must::Hold(wanted))) => Some(Edit::append(path, literal(wanted))),
        _ => None,
    }
}

/// The same, with what it should come to, or else what it is about.
fn followed(says: String, wish: Option<&Edit>, path: &Path) -> String {
    let said = |value: &Value| match value {
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Str(text) => text.clone(),
        Value::List(_) | Value::Map(_) => "as described".to_owned(),
    };
    match wish.map(|wish| (&wish.path, &wish.change)) {
        None => format!("{says}: it is about {path}"),
        Some((path, Change::Set(value))) => format!("{says}, so that {path} is {}", said(value)),
        Some((path, Change::Append(value))) => {
            format!("{says}, so that {path} holds {}", said(value))
        }
        Some((path, Change::Remove | Change::Withdraw)) => {
            format!("{says}, so that {path} is gone")
        }
    }
}

/// The names behind `.Values.` in what a line of a template prints, each once: a condition is no part of it.
fn values(line: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let is_condition = |action: &&str| {
        let mut words = action.trim_start_matches('-').split_whitespace();
        words
            .next()
            .is_some_and(|word| word == "if" || word == "else")
    };
    let printed = line.split("{{").filter(|action| !is_condition(action));
    for rest in printed.flat_map(|action| action.split(".Values.").skip(1)) {
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
        let says = whereabouts(&location(2, true), template.lines().nth(1));
        let wanted = "change web.privileged and safe in the values of its chart, which web/templates/a.yaml takes at line 2";
        assert!(says.ends_with(wanted), "{says}");
    }

    #[test]
    fn a_condition_gives_no_values() {
        assert_eq!(values("{{- if .Values.deploy }}"), [""; 0]);
        let line = "{{ if .Values.deploy }}user: {{ .Values.user }}{{ end }}";
        assert_eq!(values(line), ["user"]);
    }

    #[test]
    fn without_values_the_line_is_named() {
        let says = whereabouts(&location(1, false), Some("a: b"));
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
        let here = |name: &Arc<str>| match &**name {
            "Chart.yaml" | "templates/b.yaml" => Ok(name.to_string()),
            _ => Err("not there".to_owned()),
        };
        assert!(template(&"templates/b.yaml".into(), &here).is_some());
        assert!(
            !found("web/a.yaml") && !found("other/templates/a.yaml") && !found("templates/b.yaml")
        );
    }
}
