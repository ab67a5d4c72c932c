//! The report as JSON, `plimsoll.report/v1`. Scripts rely on every name here and below: fields may be added and never
//! changed.

mod finding;
mod harmless;
mod summary;

use std::io::{self, Write};

use plimsoll_scan::{Gap, NotAssessed, Report, Reported, Waived};
use serde::{Serialize, Serializer};

use crate::json::finding::{FindingShown, Where};
use crate::json::harmless::Harmless;
use crate::json::summary::Summary;

/// The schema's name.
pub(crate) const SCHEMA: &str = "plimsoll.report/v1";

/// Writes the report, indented by two spaces.
///
/// # Errors
/// What writing to `out` gives.
pub fn json(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    pretty(&Whole::of(report), out)
}

/// Writes a value, indented by two spaces, and ends the line.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless::default());
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Serializes item by item, so that a long list is never held twice.
fn each<'r, T: 'r, S: Serializer, V: Serialize>(
    items: &'r [T],
    serializer: S,
    shown: fn(&'r T) -> V,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(items.iter().map(shown))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'r> {
    schema: &'static str,
    tool: Tool,
    target: Target<'r>,
    #[serde(serialize_with = "findings")]
    findings: &'r [Reported],
    #[serde(serialize_with = "waived")]
    waived: &'r [Waived],
    #[serde(serialize_with = "known", skip_serializing_if = "Option::is_none")]
    known: Option<&'r [Reported]>,
    #[serde(serialize_with = "gaps")]
    gaps: &'r [Gap],
    #[serde(serialize_with = "not_assessed")]
    not_assessed: &'r [NotAssessed],
    summary: Summary<'r>,
}

fn findings<'r, S: Serializer>(items: &&'r [Reported], serializer: S) -> Result<S::Ok, S::Error> {
    each(items, serializer, FindingShown::<'r>::of)
}

fn known<'r, S: Serializer>(
    items: &Option<&'r [Reported]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    each(
        items.unwrap_or_default(),
        serializer,
        FindingShown::<'r>::of,
    )
}

fn waived<'r, S: Serializer>(items: &&'r [Waived], serializer: S) -> Result<S::Ok, S::Error> {
    each(items, serializer, WaivedShown::<'r>::of)
}

fn gaps<'r, S: Serializer>(items: &&'r [Gap], serializer: S) -> Result<S::Ok, S::Error> {
    each(items, serializer, GapShown::<'r>::of)
}

fn not_assessed<'r, S: Serializer>(
    items: &&'r [NotAssessed],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    each(items, serializer, NotAssessedShown::<'r>::of)
}

impl<'r> Whole<'r> {
    fn of(report: &'r Report) -> Whole<'r> {
        Whole {
            schema: SCHEMA,
            tool: Tool {
                name: "plimsoll",
                version: env!("CARGO_PKG_VERSION"),
            },
            target: Target {
                kubernetes_version: report.version.to_string(),
                profile: report.profile,
                sources: &report.sources,
            },
            findings: &report.findings,
            waived: &report.waived,
            known: report.compared.as_ref().map(|_| report.known.as_slice()),
            gaps: &report.gaps,
            not_assessed: &report.not_assessed,
            summary: Summary::of(report),
        }
    }
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Target<'r> {
    kubernetes_version: String,
    profile: &'static str,
    sources: &'r [String],
}

#[derive(Serialize)]
struct WaivedShown<'r> {
    finding: FindingShown<'r>,
    waiver: WaiverShown<'r>,
}

/// What nobody said is `null`.
#[derive(Serialize)]
struct WaiverShown<'r> {
    reason: &'r str,
    owner: Option<&'r str>,
    expires: Option<String>,
    source: String,
}

impl<'r> WaivedShown<'r> {
    fn of(waived: &'r Waived) -> WaivedShown<'r> {
        let waiver = &waived.waiver;
        WaivedShown {
            finding: FindingShown::of(&waived.reported),
            waiver: WaiverShown {
                reason: &waiver.reason,
                owner: waiver.owner.as_deref(),
                expires: waiver.expires.map(|date| date.to_string()),
                source: waiver.source(),
            },
        }
    }
}

#[derive(Serialize)]
struct GapShown<'r> {
    reason: &'static str,
    message: &'r str,
    location: GapWhere<'r>,
    controls: &'r [&'static str],
}

/// A gap always has a file, and a place in it where that can be told.
#[derive(Serialize)]
#[serde(untagged)]
enum GapWhere<'r> {
    Place(Where<'r>),
    File { file: &'r str },
}

impl<'r> GapShown<'r> {
    fn of(gap: &'r Gap) -> GapShown<'r> {
        GapShown {
            reason: gap.reason.as_str(),
            message: &gap.message,
            location: match &gap.location {
                Some(location) => GapWhere::Place(Where::at(location)),
                None => GapWhere::File { file: &gap.file },
            },
            controls: &gap.controls,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NotAssessedShown<'r> {
    control: &'static str,
    reason: &'r str,
    would_help: &'static str,
    subjects: usize,
}

impl<'r> NotAssessedShown<'r> {
    fn of(open: &'r NotAssessed) -> NotAssessedShown<'r> {
        NotAssessedShown {
            control: open.control,
            reason: &open.reason,
            would_help: open.would_help,
            subjects: open.subjects,
        }
    }
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
            report.findings[0].finding.message
        );
        let text = written(&report);
        assert!(text.contains("\\u001b[2J\\r\\nforged\\u202e\\u200b\\u009b\\u2066"));
        let plain = |c: char| c == '\n' || !is_treacherous(c);
        assert!(text.chars().all(plain), "{text}");
    }
}
