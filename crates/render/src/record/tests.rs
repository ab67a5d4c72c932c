//! What is written is what is read, and what is read is checked.

use super::*;
use crate::fixture::{full_report, hostile_report, waived_report};

fn written(report: &Report) -> String {
    let mut out = Vec::new();
    crate::json(report, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_report_read_back_is_the_report() {
    for report in [full_report(), waived_report(), hostile_report()] {
        let text = written(&report);
        let record = Record::read(&text).unwrap();
        assert_eq!(record, Record::of(&report));
        let mut again = Vec::new();
        crate::json::record(&record, &mut again).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), text);
    }
}

#[test]
fn a_fix_is_read_back_with_its_edits() {
    let text = written(&full_report());
    let place = r#"{"file": "a", "document": 1, "line": 1, "column": 2, "endLine": 1, "endColumn": 3, "exact": true}"#;
    let fix = format!(
        r#""fix": {{"safety": "review", "options": ["recommended"], "edits": [{{"location": {place}, "text": "x"}}]}}"#
    );
    let record = Record::read(&text.replacen(r#""fix": null"#, &fix, 1)).unwrap();
    let fix = record.findings[0].fix.as_ref().unwrap();
    assert_eq!(
        (fix.safety, fix.edits[0].location.column),
        (Safety::Review, 2)
    );
    assert_eq!(fix.edits[0].text, "x");
}

#[test]
fn fields_of_a_later_version_are_passed_over() {
    let text = written(&full_report());
    let grown = text.replacen(
        "\"findings\": [",
        "\"grown\": {\"a\": []}, \"findings\": [",
        1,
    );
    assert_eq!(Record::read(&grown).unwrap(), Record::read(&text).unwrap());
}

#[test]
fn what_is_no_report_of_this_schema_is_told_apart() {
    let text = written(&full_report());
    let newer = text.replacen("report/v1", "report/v2", 1);
    let said = Record::read(&newer).unwrap_err().to_string();
    assert!(
        said.contains("\"plimsoll.report/v2\"") && said.contains("newer"),
        "{said}"
    );
    let said = Record::read(r#"{"schema": "other/v1"}"#).unwrap_err();
    assert!(matches!(said, NotAReport::Schema(_)), "{said}");
    for bad in ["[]", "", "{}", &text[..text.len() / 2]] {
        let said = Record::read(bad).unwrap_err();
        assert!(matches!(said, NotAReport::Unreadable(_)), "{said}");
    }
    let said = Record::read(&text.replacen("\"critical\"", "\"dire\"", 1)).unwrap_err();
    assert!(said.to_string().contains("dire"), "{said}");
}
