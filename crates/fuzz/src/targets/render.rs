//! Reports full of hostile names: every format is well-formed to an independent reader, has as many findings as the report, passes on
//! nothing that steers a terminal, and a saved report is the same report. The text is every name in a manifest and of its file.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use plimsoll_control::Control;
use plimsoll_render::{Catalogue, FORMATS, Format, Record, TextOptions};
use plimsoll_scan::Report;
use plimsoll_yaml::edit::Value;

use super::scan::{CONTROLS, scan};

/// What a format may quote pages of: the control with the shortest, because pages are long and the same for every text.
pub static QUOTED: LazyLock<Vec<&'static Control>> = LazyLock::new(|| {
    let controls = CONTROLS.iter().copied();
    let shortest = controls.min_by_key(|control| control.head.page.text().len());
    Vec::from_iter(shortest)
});

/// Panics where it does not hold.
pub fn holds(text: &str) {
    if text.contains('\0') {
        return;
    }
    let mut report = scan(&[(format!("{text}.yaml").into(), manifest(text))]);
    shorten(&mut report, text.len());
    let record = Record::of(&report);
    for format in FORMATS {
        well_formed(format, &written(format, &report), &record);
    }
}

/// Keeps a part of a report, another one for another number: reports are long, and what tells them apart is short.
pub fn shorten(report: &mut Report, number: usize) {
    let mut next = number;
    let mut keeps = |one_of: usize| {
        next += 1;
        next.is_multiple_of(one_of)
    };
    report.findings.retain(|_| keeps(4));
    report.not_assessed.retain(|_| keeps(4));
    report.summary.controls.retain(|_, _| keeps(16));
}

/// What a format shows is well-formed to others, and says as much as the report.
pub fn well_formed(format: &Format, shown: &str, record: &Record<'_>) {
    treacherous(format.name, shown);
    match format.name {
        "json" => saved(shown, record),
        "jsonl" => shown.lines().for_each(is_json),
        "junit" => xml(shown, record),
        "csv" => table(shown, record),
        "github" => commands(shown, record),
        "openmetrics" => metrics(shown),
        "html" => tags(shown),
        _ if format.extension == "json" || format.extension == "sarif" => is_json(shown),
        _ => assert!(!shown.is_empty()),
    }
}

fn written(format: &Format, report: &Report) -> String {
    let options = TextOptions {
        width: 80,
        color: false,
        fail_on: None,
        verbose: true,
    };
    let mut out = Vec::new();
    let written = format.write(report, Catalogue(&QUOTED), &options, &mut out);
    written.expect("memory takes everything");
    String::from_utf8(out).expect("a format is text")
}

/// A bad deployment that has this text wherever it may say something.
pub fn manifest(text: &str) -> String {
    let map = |members: Vec<(&str, Value)>| {
        Value::Map(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    let named = |key: &str| map(vec![(key, text.into()), (text, text.into())]);
    let container = map(vec![
        ("name", text.into()),
        ("image", text.into()),
        (
            "env",
            Value::List(vec![map(vec![
                ("name", text.into()),
                ("value", text.into()),
            ])]),
        ),
        ("securityContext", map(vec![("privileged", true.into())])),
    ]);
    let spec = map(vec![
        ("hostNetwork", true.into()),
        ("serviceAccountName", text.into()),
        ("containers", Value::List(vec![container])),
        (
            "volumes",
            Value::List(vec![map(vec![
                ("name", text.into()),
                ("hostPath", named("path")),
            ])]),
        ),
    ]);
    let annotations = map(vec![
        (
            "plimsoll.dev/allow.host-network",
            format!("({text}): {text}").into(),
        ),
        (text, text.into()),
    ]);
    let metadata = map(vec![
        ("name", text.into()),
        ("namespace", text.into()),
        ("annotations", annotations),
    ]);
    let pod = map(vec![
        ("apiVersion", "v1".into()),
        ("kind", "Pod".into()),
        ("metadata", metadata),
        ("spec", spec),
    ]);
    let unknown = map(vec![
        ("apiVersion", text.into()),
        ("kind", text.into()),
        ("metadata", named("name")),
    ]);
    format!(
        "{}---\n{}",
        plimsoll_yaml::write(&pod),
        plimsoll_yaml::write(&unknown)
    )
}

/// The bytes that are not those of printable ASCII.
static ODD: [bool; 256] = {
    let mut odd = [true; 256];
    let mut byte = b' ' as usize;
    while byte < 0x7f {
        odd[byte] = false;
        byte += 1;
    }
    odd
};

/// Nothing that a terminal obeys or that reverses what is read.
pub fn treacherous(format: &str, shown: &str) {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    // Nearly all lines are plain, and one look at each byte without a comparison, which the engine would count, sees it.
    let plain = |line: &&str| {
        !line
            .bytes()
            .fold(false, |odd, byte| odd | ODD[usize::from(byte)])
    };
    // CSV ends its lines with both.
    assert!(!shown.ends_with('\r'), "{format}: {shown:?}");
    let lines = shown
        .split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line));
    for line in lines.filter(|line| !plain(line)) {
        assert_eq!(line.find(steers), None, "{format}: {line:?}");
    }
}

fn is_json(text: &str) {
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        panic!("{error}: {text}");
    }
}

fn saved(text: &str, record: &Record<'_>) {
    let read: Record<'_> = serde_json::from_str(text).expect("a report can be read back");
    assert_eq!(&read, record);
}

fn xml(text: &str, record: &Record<'_>) {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut failures = 0;
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(tag) | Event::Empty(tag) => {
                failures += usize::from(tag.name().as_ref() == b"failure");
                for attribute in tag.attributes() {
                    attribute
                        .expect("an attribute")
                        .unescape_value()
                        .expect("its value");
                }
            }
            Event::Text(text) => drop(text.decode().expect("text")),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(failures, record.findings.len());
    let allowed =
        |c: char| c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || "\n\r\t".contains(c);
    assert!(
        text.chars().all(allowed),
        "a character that XML does not have"
    );
}

fn table(text: &str, record: &Record<'_>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        rows += 1;
        for field in &row.expect("as many fields as the head") {
            assert!(
                !field.starts_with(['=', '+', '-', '@', '\t']),
                "a formula: {field:?}"
            );
        }
    }
    assert!(rows >= record.findings.len() + record.waived.len());
}

fn commands(text: &str, record: &Record<'_>) {
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines.len(),
        record.findings.len() + record.gaps.len() + 1,
        "{text}"
    );
    for line in &lines[..lines.len() - 1] {
        let levels = ["::error ", "::warning ", "::notice "];
        assert!(levels.iter().any(|level| line.starts_with(level)), "{line}");
        assert_eq!(line.split_once("::").map(|_| ()), Some(()));
    }
}

fn metrics(text: &str) {
    assert!(text.ends_with("# EOF\n") && text.matches("# EOF\n").count() == 1);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("plimsoll_"), "{line:?}");
        let value = line.rsplit_once(' ').map(|(_, value)| value.parse::<f64>());
        assert!(matches!(value, Some(Ok(_))), "{line:?}");
    }
}

/// The page about a plain name: its elements and how many scripts it has.
static PLAIN: LazyLock<(BTreeSet<String>, usize)> = LazyLock::new(|| {
    let report = scan(&[("plain.yaml".into(), manifest("plain"))]);
    let page = written(Format::find("html").expect("the page is a format"), &report);
    (elements(&page), page.matches("<script").count())
});

fn elements(page: &str) -> BTreeSet<String> {
    let name = |rest: &str| {
        rest.chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect()
    };
    page.split('<').skip(1).map(name).collect()
}

/// The page has no element that the same page about a plain name has not.
fn tags(shown: &str) {
    let (plain, scripts) = &*PLAIN;
    // Where a value cannot be judged, a line of its own tells of it.
    let odd = elements(shown);
    let new: Vec<_> = odd.difference(plain).filter(|name| *name != "br").collect();
    assert!(new.is_empty(), "{new:?}");
    assert_eq!(shown.matches("<script").count(), *scripts);
}
