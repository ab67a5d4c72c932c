//! The report as JSON, `plimsoll.report/v1`: how it is written. What it holds is a [`Record`](crate::record::Record).

mod harmless;
mod indented;
mod members;

use std::io::{self, BufWriter, Write};

use plimsoll_scan::Report;
use serde::Serialize;
use serde_json::ser::CompactFormatter;

use crate::json::harmless::Harmless;
use crate::json::members::{Members, lay_out};
use crate::record::{Finding, Gap, NotAssessed, Record, SCHEMA, Summary, Target, Tool, Waived};

/// JSON is written in small pieces: they are put together up to so many bytes, without asking a stream whose type is not known each
/// time.
const TOGETHER: usize = 1 << 16;

/// Writes the report, indented by two spaces.
///
/// # Errors
/// What writing to `out` gives.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut members = Members::begin(BufWriter::with_capacity(TOGETHER, out))?;
    members.value("schema", &SCHEMA)?;
    members.value("tool", &Tool::THIS)?;
    members.value("target", &Target::of(report))?;
    members.list("findings", &report.findings, Finding::of)?;
    members.list("waived", &report.waived, Waived::of)?;
    if report.compared.is_some() {
        members.list("known", &report.known, Finding::of)?;
    }
    members.list("gaps", &report.gaps, Gap::of)?;
    members.list("notAssessed", &report.not_assessed, NotAssessed::of)?;
    members.value("summary", &Summary::of(report))?;
    members.end()
}

/// Writes a report that was read back, as [`json`] wrote it.
pub(crate) fn record(record: &Record<'_>, out: &mut dyn Write) -> io::Result<()> {
    pretty(record, out)
}

/// Writes a value, indented by two spaces, and ends the line.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(TOGETHER, out);
    lay_out(value, 0, &mut out)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes a value on one line, and ends the line.
pub(crate) fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let layout = Harmless(CompactFormatter);
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut *out, layout,
    ))?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::escape::is_treacherous;
    use crate::fixture::{SMALL, compared_report, full_report, hostile_report, waived_report};

    fn written(report: &Report) -> String {
        let mut out = Vec::new();
        json(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn read(report: &Report) -> Value {
        serde_json::from_str(&written(report)).unwrap()
    }

    /// The names of an object's members as they stand in the text, whose nesting is two spaces a level.
    fn names(text: &str, level: usize) -> Vec<&str> {
        let indent = "  ".repeat(level) + "\"";
        text.lines()
            .filter_map(|line| line.strip_prefix(&indent)?.split_once("\":"))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn the_order_of_the_contract() {
        let text = written(&full_report());
        assert_eq!(
            names(&text, 1),
            [
                "schema",
                "tool",
                "target",
                "findings",
                "waived",
                "gaps",
                "notAssessed",
                "summary"
            ]
        );
        let of_finding = [
            "control",
            "severity",
            "priority",
            "message",
            "guide",
            "object",
            "path",
            "location",
            "related",
            "fix",
            "fingerprint",
        ];
        assert_eq!(names(&text, 3)[..of_finding.len()], of_finding);
        assert!(
            text.starts_with("{\n  \"schema\": \"plimsoll.report/v1\",\n") && text.ends_with("}\n")
        );
    }

    #[test]
    fn a_finding_as_the_contract_has_it() {
        let report = full_report();
        let shown = &read(&report)["findings"][0];
        assert_eq!(
            shown["object"].to_string(),
            r#"{"apiVersion":"apps/v1","container":"proxy","kind":"Deployment","name":"api","namespace":"shop","unit":"deploy"}"#
        );
        assert_eq!(
            shown["location"].to_string(),
            r#"{"column":26,"document":1,"endColumn":42,"endLine":31,"exact":true,"file":"deploy/api.yaml","line":31}"#
        );
        assert_eq!(
            shown["path"],
            report.findings[0].finding.place.path.to_string()
        );
        assert_eq!(shown["guide"].to_string(), r#"["PSC-01"]"#);
        assert_eq!(shown["fix"], Value::Null);
        assert_eq!(shown.get("severityReason"), None);
        assert_eq!(
            read(&report)["findings"][1]["related"][0]["object"]["name"],
            "web"
        );
    }

    #[test]
    fn what_an_object_does_not_say_is_absent_and_a_live_one_has_no_location() {
        let mut report = full_report();
        let finding = &mut report.findings[0].finding;
        std::sync::Arc::make_mut(&mut finding.subject.object).namespace = None;
        finding.subject.container = None;
        finding.place.location = None;
        let shown = &read(&report)["findings"][0];
        assert_eq!(shown["object"].get("namespace"), None);
        assert_eq!(shown["object"].get("container"), None);
        assert_eq!(shown.get("location"), Some(&Value::Null));
    }

    #[test]
    fn gaps_what_is_open_and_the_counts() {
        let shown = read(&full_report());
        assert_eq!(shown["gaps"][0]["location"]["line"], 9);
        assert_eq!(
            shown["gaps"][1]["location"].to_string(),
            r#"{"file":"deploy/gone"}"#
        );
        assert_eq!(
            shown["notAssessed"][0]["wouldHelp"],
            "scan its folder as well"
        );
        let summary = &shown["summary"];
        assert_eq!(
            summary["findings"].to_string(),
            r#"{"critical":1,"high":1,"low":0,"medium":0}"#
        );
        assert_eq!(
            summary["controls"][SMALL.head.id].to_string(),
            r#"{"failed":0,"notAssessed":0,"passed":3,"waived":0}"#
        );
        assert_eq!(summary["unknownKinds"][0]["judgedAs"], "carrier");
        assert_eq!(summary["unknownKinds"][1]["judgedAs"], Value::Null);
    }

    #[test]
    fn a_waived_finding_as_the_contract_has_it() {
        let shown = read(&waived_report());
        assert_eq!(shown["findings"].as_array().unwrap().len(), 1);
        assert_eq!(shown["waived"][0]["finding"]["control"], "bad-thing");
        assert_eq!(
            shown["waived"][0]["waiver"].to_string(),
            r#"{"expires":"2027-01-31","owner":"me","reason":"loads a module","source":"deploy/api.yaml:31"}"#
        );
        assert_eq!(shown["summary"]["waived"], 1);
    }

    #[test]
    fn what_is_known_stands_apart_and_only_with_a_baseline() {
        let shown = read(&compared_report());
        assert_eq!(shown["findings"].as_array().unwrap().len(), 1);
        assert_eq!(shown["known"][0]["control"], SMALL.head.id);
        assert_eq!(
            shown["summary"]["baseline"].to_string(),
            r#"{"gone":3,"known":1,"source":"former.json"}"#
        );
        let without = read(&full_report());
        assert_eq!(without.get("known"), None);
        assert_eq!(without["summary"].get("baseline"), None);
    }

    #[test]
    fn hostile_text_is_valid_json_and_unchanged() {
        let report = hostile_report();
        assert_eq!(
            read(&report)["findings"][0]["message"],
            report.findings[0].finding.message.to_string()
        );
        let text = written(&report);
        assert!(text.contains("\\u001b[2J\\r\\nforged\\u202e\\u200b\\u009b\\u2066"));
        let plain = |c: char| c == '\n' || !is_treacherous(c);
        assert!(text.chars().all(plain), "{text}");
    }
}
