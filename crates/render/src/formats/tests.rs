//! What holds for every format of the table, and for each format when names are hostile.

use std::collections::HashSet;

use quick_xml::events::Event;
use serde_json::Value;

use super::*;
use crate::fixture::{BAD, SMALL, full_report, report_full_of, steers};

/// What people have tried, in one name.
const EVIL: &str = "=1+1</script><img src=x onerror=e>\u{1b}[31m\u{202e}\r\n::error::forged\n##[error]%0A%\"'`|]]>&\0\u{9b}\u{fffe}${{ x }}[a](https://evil.example)\u{2028}# EOF\u{2066}\\";

const CATALOGUE: Catalogue<'_> = Catalogue(&[&BAD, &SMALL]);

fn written(name: &str, report: &Report) -> String {
    let mut out = Vec::new();
    let format = Format::find(name).unwrap();
    format
        .write_record(&Record::of(report), CATALOGUE, &mut out)
        .unwrap();
    String::from_utf8(out).unwrap()
}

fn hostile(name: &str) -> String {
    written(name, &report_full_of(EVIL))
}

fn hostile_json(name: &str) -> Value {
    serde_json::from_str(&hostile(name)).unwrap()
}

/// Every text in a value, names of members aside.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn names_are_unique_and_found() {
    let names: HashSet<_> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
    for format in FORMATS {
        assert!(std::ptr::eq(Format::find(format.name).unwrap(), format));
        assert!(!format.help.is_empty() && !format.help.ends_with('.'));
    }
    assert!(Format::find("yaml").is_none());
}

#[test]
fn a_scan_and_its_record_are_written_alike() {
    let options = TextOptions {
        width: 80,
        color: false,
        fail_on: None,
        verbose: false,
    };
    let report = full_report();
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let mut out = Vec::new();
        format
            .write(&report, CATALOGUE, &options, &mut out)
            .unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            written(format.name, &report)
        );
    }
    let record = Record::of(&report);
    let text = Format::find("text").unwrap();
    let refused = text.write_record(&record, CATALOGUE, &mut Vec::new());
    assert_eq!(refused.unwrap_err().kind(), io::ErrorKind::Unsupported);
}

#[test]
fn no_format_passes_on_what_steers_a_terminal() {
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let shown = hostile(format.name).replace("\r\n", "\n");
        assert!(!shown.contains(steers), "{}: {shown:?}", format.name);
    }
}

/// What a reader of a format could take for more than text: what must not stand in it as it is, for every format.
#[test]
fn what_people_have_tried_stands_nowhere_as_it_is() {
    let raw: [(&str, &[&str]); 6] = [
        ("</script><img", &["html", "junit", "markdown"]),
        ("\n::error::forged", &[]),
        ("\n##[error]", &[]),
        ("[a](https://evil.example)", &["markdown"]),
        ("`|]]>", &["html", "junit", "markdown"]),
        ("${{ x }}\n", &[]),
    ];
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let shown = hostile(format.name).replace("\r\n", "\n");
        for (tried, only) in &raw {
            let minds = only.is_empty() || only.contains(&format.name);
            assert!(
                !minds || !shown.contains(tried),
                "{tried:?} in {}",
                format.name
            );
        }
    }
}

#[test]
fn a_comparison_lets_nothing_hostile_pass_either() {
    let mut report = report_full_of(EVIL);
    report.known = report.findings.split_off(1);
    report.compared = Some(plimsoll_scan::Compared {
        source: EVIL.to_owned(),
        gone: 1,
    });
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let shown = written(format.name, &report).replace("\r\n", "\n");
        assert!(!shown.contains(steers), "{}: {shown:?}", format.name);
    }
}

#[test]
fn no_control_of_another_version_is_lost() {
    let report = full_report();
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let mut out = Vec::new();
        format
            .write_record(&Record::of(&report), Catalogue(&[]), &mut out)
            .unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.contains("bad-thing"), "{}: {shown}", format.name);
    }
}

#[test]
fn hostile_names_in_jsonl_stay_on_their_line() {
    let report = report_full_of(EVIL);
    let lines = written("jsonl", &report);
    let types: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].clone())
        .collect();
    let findings = types.iter().filter(|it| **it == "finding").count();
    assert_eq!(findings, report.findings.len());
    assert_eq!(types.first().unwrap(), "report");
    assert_eq!(types.last().unwrap(), "summary");
}

#[test]
fn hostile_names_in_sarif_are_no_links_and_no_addresses() {
    let log = hostile_json("sarif");
    let run = &log["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let said = result["message"]["text"].as_str().unwrap();
        assert!(said.contains("\\[a\\]("), "{said}");
        for (at, _) in said.match_indices("](") {
            assert!(said[..at].ends_with('\\'), "{said}");
        }
        let place = &result["locations"][0]["physicalLocation"];
        if let Some(uri) = place["artifactLocation"]["uri"].as_str() {
            let bad = |c: char| !c.is_ascii() || " <>\"{}|\\^`\0\n".contains(c);
            assert!(!uri.contains(bad), "{uri}");
        }
    }
    assert!(
        run["results"].to_string().contains("%00"),
        "the file is named"
    );
}

#[test]
fn hostile_names_in_junit_are_well_formed_text() {
    let report = report_full_of(EVIL);
    let text = written("junit", &report);
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut cases, mut failures) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                for attribute in tag.attributes() {
                    let value = attribute.unwrap().unescape_value().unwrap();
                    assert!(!value.contains(['\u{fffe}', '\0']), "{value:?}");
                }
                match tag.name().as_ref() {
                    b"testcase" => cases += 1,
                    b"failure" => failures += 1,
                    b"testsuites" | b"testsuite" | b"error" | b"skipped" => {}
                    other => panic!("{}", String::from_utf8_lossy(other)),
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(failures, report.findings.len());
    let waived_and_open = report.waived.len() + report.not_assessed.len();
    assert!(cases >= failures + waived_and_open + report.gaps.len());
}

/// What the schema of Jenkins' xUnit plugin allows, except that Surefire has no `file` and `line`.
#[test]
fn junit_keeps_to_what_its_readers_know() {
    let known: [(&str, &[&str]); 6] = [
        (
            "testsuites",
            &["name", "tests", "failures", "errors", "time"],
        ),
        (
            "testsuite",
            &[
                "name",
                "tests",
                "failures",
                "errors",
                "time",
                "skipped",
                "timestamp",
            ],
        ),
        ("testcase", &["classname", "name", "time", "file", "line"]),
        ("failure", &["message", "type"]),
        ("error", &["message", "type"]),
        ("skipped", &["message", "type"]),
    ];
    let mut report = crate::fixture::waived_report();
    report.findings.extend(full_report().findings);
    let text = written("junit", &report);
    let mut reader = quick_xml::Reader::from_str(&text);
    let (mut seen, mut declared, mut cases) = (HashSet::new(), 0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                let (_, allowed) = known.iter().find(|(known, _)| *known == name).unwrap();
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    assert!(allowed.contains(&key.as_str()), "{name} has no {key}");
                    let value = attribute.unescape_value().unwrap();
                    if (name.as_str(), key.as_str()) == ("testsuite", "tests") {
                        declared += value.parse::<usize>().unwrap();
                    }
                }
                cases += usize::from(name == "testcase");
                seen.insert(name);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(seen.len(), known.len(), "{seen:?}");
    assert_eq!(declared, cases);
}

#[test]
fn hostile_names_in_github_give_no_commands() {
    let report = report_full_of(EVIL);
    let text = written("github", &report);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), report.findings.len() + report.gaps.len() + 1);
    let (last, commands) = lines.split_last().unwrap();
    assert!(last.starts_with("plimsoll: "), "{last}");
    for line in commands {
        let levels = ["::error ", "::warning ", "::notice "];
        assert!(levels.iter().any(|level| line.starts_with(level)), "{line}");
        let (properties, message) = line[2..].split_once("::").unwrap();
        assert!(
            !properties.contains("::") && message.contains("%250A"),
            "{line}"
        );
        for (at, _) in line.match_indices('%') {
            let code = &line[at + 1..at + 3];
            assert!(["25", "0A", "3A", "2C"].contains(&code), "{line}");
        }
    }
}

#[test]
fn hostile_names_in_gitlab_are_text() {
    let issues = hostile_json("gitlab");
    let report = report_full_of(EVIL);
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), report.findings.len() + report.gaps.len());
    for text in issues.iter().flat_map(texts) {
        assert!(!text.contains(steers) && !text.contains('\n'), "{text}");
    }
}

#[test]
fn hostile_names_in_csv_are_no_formulas() {
    let report = report_full_of(EVIL);
    let text = written("csv", &report);
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        rows += 1;
        for field in &row.unwrap() {
            assert!(!field.starts_with(['=', '+', '-', '@']), "{field}");
            assert!(!field.contains(steers) && !field.contains('\n'), "{field}");
        }
    }
    let others = report.waived.len() + report.gaps.len() + report.not_assessed.len();
    assert_eq!(rows, report.findings.len() + others);
    assert!(text.contains("'=1+1"));
}

#[test]
fn hostile_names_in_reports_for_clusters_name_nothing() {
    for name in ["openreports", "policy-report"] {
        let list = hostile_json(name);
        for item in list["items"].as_array().unwrap() {
            let metadata = &item["metadata"];
            assert_eq!(
                metadata.get("namespace"),
                None,
                "no namespace is called that"
            );
            assert!(metadata["name"].as_str().unwrap().starts_with("plimsoll"));
            for text in texts(item) {
                assert!(!text.contains(steers) && !text.contains('\n'), "{text}");
            }
        }
    }
}

#[test]
fn hostile_names_in_oscal_mark_nothing_up() {
    let document = hostile_json("oscal");
    let result = &document["assessment-results"]["results"][0];
    let observations = result["observations"].as_array().unwrap();
    assert!(!observations.is_empty());
    let mut marked_up = Vec::new();
    gather_markup(&document, &mut marked_up);
    assert!(marked_up.len() > 2 * observations.len());
    for said in marked_up {
        for (at, _) in said.match_indices(['<', '[', '`', '|', '&']) {
            assert!(said[..at].ends_with('\\'), "{said}");
        }
    }
}

/// The texts that OSCAL reads as Markdown; everything else is a string, a token or an address.
fn gather_markup<'v>(value: &'v Value, into: &mut Vec<&'v str>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        match member {
            Value::String(text)
                if ["title", "description", "statement", "remarks"].contains(&name.as_str()) =>
            {
                into.push(text);
            }
            member => gather_markup(member, into),
        }
    }
    let items = value.as_array().into_iter().flatten();
    items.for_each(|item| gather_markup(item, into));
}

#[test]
fn hostile_names_in_openmetrics_are_labels() {
    let report = report_full_of(EVIL);
    let text = written("openmetrics", &report);
    assert!(text.ends_with("\n# EOF\n"));
    let mut findings = 0;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("plimsoll_"), "{line}");
        let (_, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<u64>().is_ok(), "{line}");
        findings += usize::from(line.starts_with("plimsoll_finding_info{"));
        if let Some((_, labels)) = line.split_once('{') {
            let unescaped = labels.replace("\\\\", "").replace("\\\"", "");
            assert_eq!(unescaped.matches('"').count() % 2, 0, "{line}");
        }
    }
    assert_eq!(findings, report.findings.len());
    assert_eq!(text.matches("# EOF\n").count(), 1);
}
