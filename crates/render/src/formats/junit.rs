//! JUnit XML as Jenkins and Surefire read it: a suite for each control, a failed case for each finding, a skipped one for
//! each waived finding and each control left open, and a passed one where a control has nothing to say against anything.
//! Gaps are errors of a suite of their own.
//!
//! Invariant: well-formed whatever names say; characters that XML cannot hold are visible escapes.

use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::Catalogue;
use super::words::{guide, subject};
use crate::escape::escape;
use crate::record::{Finding, Gap, Location, NotAssessed, Record, Waived};

type Out<'o> = Writer<&'o mut dyn Write>;

/// What is said about one control.
#[derive(Default)]
struct Suite<'r> {
    findings: Vec<&'r Finding<'r>>,
    waived: Vec<&'r Waived<'r>>,
    open: Vec<&'r NotAssessed<'r>>,
    gaps: Vec<&'r Gap<'r>>,
    passed: usize,
}

/// How many cases there are, and how many of them are not fine.
#[derive(Copy, Clone, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the suites.
pub(super) fn junit(record: &Record<'_>, _: Catalogue<'_>, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(record);
    let mut total = Counts::default();
    for counts in suites.values().map(Suite::counts) {
        total.tests += counts.tests;
        total.failures += counts.failures;
        total.errors += counts.errors;
        total.skipped += counts.skipped;
    }
    let date = record.target.date.as_deref();
    let timestamp = date.map(|date| format!("{}T00:00:00", clean(date)));
    let mut out = Writer::new_with_indent(out, b' ', 2);
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.write_event(Event::Start(total.on("testsuites", "plimsoll", None)))?;
    for (name, suite) in &suites {
        let start = suite.counts().on("testsuite", name, timestamp.as_deref());
        out.write_event(Event::Start(start))?;
        suite.write(name, &mut out)?;
        out.write_event(Event::End(BytesEnd::new("testsuite")))?;
    }
    out.write_event(Event::End(BytesEnd::new("testsuites")))?;
    out.get_mut().write_all(b"\n")
}

fn suites<'r>(record: &'r Record<'_>) -> BTreeMap<&'r str, Suite<'r>> {
    let mut suites: BTreeMap<&str, Suite<'_>> = BTreeMap::new();
    for (control, counts) in &record.summary.controls {
        if counts.passed > 0 {
            suites.entry(control).or_default().passed = counts.passed;
        }
    }
    for finding in &record.findings {
        let suite = suites.entry(&finding.control).or_default();
        suite.findings.push(finding);
    }
    for waived in &record.waived {
        let suite = suites.entry(&waived.finding.control).or_default();
        suite.waived.push(waived);
    }
    for open in &record.not_assessed {
        suites.entry(&open.control).or_default().open.push(open);
    }
    if !record.gaps.is_empty() {
        suites.entry("gaps").or_default().gaps = record.gaps.iter().collect();
    }
    suites
}

impl Counts {
    fn on<'n>(self, element: &'n str, name: &str, timestamp: Option<&str>) -> BytesStart<'n> {
        let mut start = BytesStart::new(element);
        start.push_attribute(("name", clean(name).as_str()));
        for (attribute, count) in [
            ("tests", self.tests),
            ("failures", self.failures),
            ("errors", self.errors),
        ] {
            start.push_attribute((attribute, count.to_string().as_str()));
        }
        // The schema of Jenkins' xUnit plugin has no such attribute on the whole.
        if element == "testsuite" {
            start.push_attribute(("skipped", self.skipped.to_string().as_str()));
        }
        start.push_attribute(("time", "0"));
        if let Some(timestamp) = timestamp {
            start.push_attribute(("timestamp", timestamp));
        }
        start
    }
}

impl Suite<'_> {
    /// One case says that all is well where nothing else is said.
    fn says_passed(&self) -> bool {
        self.passed > 0 && self.findings.is_empty()
    }

    fn counts(&self) -> Counts {
        let skipped = self.waived.len() + self.open.len();
        Counts {
            tests: self.findings.len()
                + self.gaps.len()
                + skipped
                + usize::from(self.says_passed()),
            failures: self.findings.len(),
            errors: self.gaps.len(),
            skipped,
        }
    }

    fn write(&self, name: &str, out: &mut Out<'_>) -> io::Result<()> {
        if self.says_passed() {
            let start = case(name, &format!("{} passed", self.passed), None, None);
            out.write_event(Event::Empty(start))?;
        }
        for finding in &self.findings {
            let body = Body {
                element: "failure",
                message: &finding.message,
                kind: finding.severity.as_str(),
                text: details(finding),
            };
            body.write(of_finding(name, finding), out)?;
        }
        for waived in &self.waived {
            let body = Body {
                element: "skipped",
                message: &format!("waived: {}", waived.waiver.reason),
                kind: "waived",
                text: details(&waived.finding),
            };
            body.write(of_finding(name, &waived.finding), out)?;
        }
        for open in &self.open {
            let body = Body {
                element: "skipped",
                message: &format!("not assessed: {}; {}", open.reason, open.would_help),
                kind: "notAssessed",
                text: String::new(),
            };
            body.write(
                case(name, &format!("not assessed: {}", open.reason), None, None),
                out,
            )?;
        }
        self.gaps.iter().try_for_each(|gap| write_gap(gap, out))
    }
}

fn write_gap(gap: &Gap<'_>, out: &mut Out<'_>) -> io::Result<()> {
    let (file, place) = (gap.location.file(), gap.location.place());
    let at = place.map_or(String::new(), |at| format!(":{}", at.line));
    let body = Body {
        element: "error",
        message: &gap.message,
        kind: &gap.reason,
        text: String::new(),
    };
    let name = format!("{}: {file}{at}", gap.reason);
    body.write(case("gaps", &name, Some(file), place), out)
}

fn of_finding(control: &str, finding: &Finding<'_>) -> BytesStart<'static> {
    let name = format!("{}: {}", subject(&finding.object), finding.path);
    let at = finding.location.as_ref();
    case(control, &name, at.map(|at| &*at.file), at)
}

/// Jenkins groups cases by the part of `classname` before its last dot.
fn case(
    control: &str,
    name: &str,
    file: Option<&str>,
    location: Option<&Location<'_>>,
) -> BytesStart<'static> {
    let mut start = BytesStart::new("testcase");
    let class = format!("plimsoll.{}", clean(control));
    start.push_attribute(("classname", class.as_str()));
    start.push_attribute(("name", clean(name).as_str()));
    start.push_attribute(("time", "0"));
    if let Some(file) = file {
        start.push_attribute(("file", clean(file).as_str()));
    }
    if let Some(at) = location {
        start.push_attribute(("line", at.line.to_string().as_str()));
    }
    start
}

/// What a case that is not fine holds.
struct Body<'b> {
    element: &'b str,
    message: &'b str,
    kind: &'b str,
    text: String,
}

impl Body<'_> {
    fn write(&self, case: BytesStart<'_>, out: &mut Out<'_>) -> io::Result<()> {
        let mut start = BytesStart::new(self.element);
        start.push_attribute(("message", clean(self.message).as_str()));
        start.push_attribute(("type", clean(self.kind).as_str()));
        out.write_event(Event::Start(case))?;
        if self.text.is_empty() {
            out.write_event(Event::Empty(start))?;
        } else {
            out.write_event(Event::Start(start))?;
            out.write_event(Event::Text(BytesText::new(&self.text)))?;
            out.write_event(Event::End(BytesEnd::new(self.element)))?;
        }
        out.write_event(Event::End(BytesEnd::new("testcase")))?;
        Ok(())
    }
}

/// What a person who opens the case wants to know, and the fingerprint.
fn details(finding: &Finding<'_>) -> String {
    let at = finding.location.as_ref();
    let at = at.map(|at| format!("{}:{}:{}\n", clean(&at.file), at.line, at.column));
    format!(
        "{}{}\nguide: {}\nsee: plimsoll explain {}\nfingerprint: {}\n",
        at.unwrap_or_default(),
        clean(&finding.path),
        clean(&guide(finding)),
        clean(&finding.control),
        clean(&finding.fingerprint)
    )
}

/// Without what XML 1.0 cannot hold, even as a reference: control characters and the two noncharacters of the first plane.
fn clean(text: &str) -> String {
    escape(text)
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
