//! Saved reports from elsewhere: what is read as a report is well-formed in every format, whatever its fields say, and writing it down
//! and reading it keeps it. Each line of the text is a JSON pointer and a value that takes the place of what a report says there.

use std::sync::LazyLock;

use plimsoll_render::{Catalogue, FORMATS, Record};
use serde_json::Value;

use super::render::{QUOTED, manifest, shorten, well_formed};
use super::scan::scan;

/// A report with findings, gaps, waived findings and what was not assessed.
static REPORT: LazyLock<Value> = LazyLock::new(|| {
    let mut report = scan(&[("web.yaml".into(), manifest("web"))]);
    shorten(&mut report, 0);
    serde_json::to_value(Record::of(&report)).expect("a report is JSON")
});

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let mut value = REPORT.clone();
    for line in text.lines() {
        let Some((pointer, with)) = line.split_once(' ') else {
            continue;
        };
        if let (Some(place), Ok(with)) = (value.pointer_mut(pointer), serde_json::from_str(with)) {
            *place = with;
        }
    }
    let Ok(record) = Record::read(&value.to_string()) else {
        return;
    };
    for format in FORMATS.iter().filter(|format| format.takes_records()) {
        let mut out = Vec::new();
        let written = format.write_record(&record, Catalogue(&QUOTED), &mut out);
        written.expect("memory takes everything");
        let shown = String::from_utf8(out).expect("a format is text");
        well_formed(format, &shown, &record);
    }
}
