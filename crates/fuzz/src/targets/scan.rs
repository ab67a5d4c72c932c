//! Scanning: no control panics, the report depends neither on the order of the files nor on a second look, every place is in its file,
//! and findings keep their fingerprints when lines move. Form feeds separate the files of a text.

use std::sync::{Arc, LazyLock};

use plimsoll_control::Control;
use plimsoll_scan::{GapReason, Report, Scan, SourceText};
use plimsoll_snapshot::target::Target;
use plimsoll_snapshot::version::Minor;

/// Every control.
pub static CONTROLS: LazyLock<Vec<&'static Control>> =
    LazyLock::new(|| plimsoll_catalog::all().collect());

/// Panics where it does not hold.
pub fn holds(text: &str) {
    let files = files(text);
    let report = scan(&files);
    let mut reversed = files.clone();
    reversed.reverse();
    assert_eq!(
        json(&report),
        json(&scan(&reversed)),
        "the order of the files matters"
    );
    for reported in &report.findings {
        if let Some(place) = &reported.finding.place.location {
            let file = files.iter().find(|(name, _)| *name == place.file);
            let (_, text) = file.expect("a finding is in one of the files");
            assert!(
                place.start.line as usize <= text.split('\n').count(),
                "{place:?}"
            );
            assert!((place.start.line, place.start.column) <= (place.end.line, place.end.column));
        }
    }
    moved(&files, &report);
}

/// The same with two more lines at the top of each file that does not depend on how it begins.
fn moved(files: &[(Arc<str>, String)], report: &Report) {
    let plain = |text: &String| text.starts_with(|c: char| c.is_ascii_alphabetic());
    if !files.iter().all(|(_, text)| plain(text)) {
        return;
    }
    let below = |(name, text): &(Arc<str>, String)| (name.clone(), format!("# a line\n\n{text}"));
    let lower = scan(&files.iter().map(below).collect::<Vec<_>>());
    let prints = |report: &Report| {
        let prints = report.findings.iter().map(|it| it.fingerprint.to_string());
        let mut prints: Vec<String> = prints.collect();
        prints.sort();
        prints
    };
    assert_eq!(
        prints(&lower),
        prints(report),
        "fingerprints move with the lines"
    );
    assert_eq!(lower.gaps.len(), report.gaps.len());
}

/// The files of a text, with names.
pub fn files(text: &str) -> Vec<(Arc<str>, String)> {
    let named = |(number, text): (usize, &str)| (format!("{number}.yaml").into(), text.to_owned());
    text.split('\u{c}').take(4).enumerate().map(named).collect()
}

/// The report on files, as the product makes it.
pub fn scan(files: &[(Arc<str>, String)]) -> Report {
    let first = Scan::new(CONTROLS.iter().copied(), Target::new(Minor::NEWEST));
    let mut parts = judge(&first, files);
    let repinned = first.repinned(&parts);
    if let Some(scan) = &repinned {
        parts = judge(scan, files);
    }
    let report = repinned
        .unwrap_or(first)
        .report(parts, Vec::new(), vec!["folder".to_owned()]);
    without_panics(&report);
    report
}

/// The same report, in which no control panicked.
pub fn without_panics(report: &Report) -> &Report {
    let mut gaps = report.gaps.iter();
    let panics = gaps.find(|gap| gap.reason == GapReason::ControlPanicked);
    assert!(panics.is_none(), "{panics:?}");
    report
}

/// What a scan says about each file.
pub fn judge(scan: &Scan, files: &[(Arc<str>, String)]) -> Vec<Box<plimsoll_scan::Part>> {
    let part = |(name, text): &(Arc<str>, String)| {
        scan.judge(&SourceText {
            name: name.clone(),
            unit: "".into(),
            text,
            provenance: plimsoll_snapshot::provenance::Provenance::Written,
        })
    };
    files.iter().map(part).collect()
}

/// The report as it is written down.
pub fn json(report: &Report) -> String {
    let mut out = Vec::new();
    plimsoll_render::json(report, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("JSON is text")
}
