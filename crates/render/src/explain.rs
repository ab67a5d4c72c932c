//! What a control or a recommendation is about, for people: references, then the control's page, or what is asked for,
//! how it is judged, what to change and what serves it.

use std::io::{self, Write};

use plimsoll_control::{Control, PssCheck};
use plimsoll_guide::{Recommendation, find};

use crate::controls::{references, since};
use crate::coverage::{Coverage, Served};
use crate::frame::available;
use crate::markdown::page;
use crate::pen::{Pen, Piece};
use crate::style::{self, CODE, FAINT, GOOD, PARTLY, PLAIN, STRONG};

/// Lines of prose longer than this are hard to read.
const PROSE: usize = 100;

/// Writes a control's references and its page. `enforcement` says what the API server can do about it.
///
/// # Errors
/// What writing to `out` gives.
pub fn explain_control(
    control: &Control,
    enforcement: Option<&str>,
    width: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, width.min(PROSE), color);
    let head = &control.head;
    let severity = style::of(head.severity);
    let title = [
        (severity, head.severity.as_str()),
        (STRONG, "["),
        (STRONG, head.id),
        (STRONG, "]: "),
        (STRONG, head.title),
    ];
    pen.flow(&[], (PLAIN, "    "), &title)?;
    pen.end()?;
    row("chapter", &[(PLAIN, head.chapter.title())], pen)?;
    for recommendation in head.guide {
        row(
            "guide",
            &[
                (STRONG, recommendation.id),
                (PLAIN, " "),
                (PLAIN, recommendation.title),
            ],
            pen,
        )?;
    }
    row_of_list(
        "Pod Security",
        &head.pss.iter().map(pss).collect::<Vec<_>>(),
        pen,
    )?;
    row_of_list(
        "CIS",
        &references(control, |recommendation| recommendation.cis),
        pen,
    )?;
    row_of_list(
        "ATT&CK",
        &references(control, |recommendation| recommendation.attack),
        pen,
    )?;
    if let Some(since) = since(control) {
        row("since", &[(PLAIN, &format!("Kubernetes {since}"))], pen)?;
    }
    for remedy in head.fix.remedies() {
        let says = format!("{}: {}", remedy.extent.as_str(), available(remedy.safety));
        row("fix", &[(PLAIN, &says)], pen)?;
    }
    if let Some(says) = enforcement {
        row("API server", &[(PLAIN, says)], pen)?;
    }
    row_of_list("formerly", head.formerly, pen)?;
    page(head.page.text(), pen)
}

fn pss(check: &PssCheck) -> String {
    format!("{} (check {})", check.level.as_str(), check.check)
}

fn row(name: &str, text: &[Piece<'_>], pen: &mut Pen<'_>) -> io::Result<()> {
    let name = format!("  {name:<14}");
    pen.flow(&[(FAINT, &name)], (PLAIN, &" ".repeat(name.len())), text)
}

fn row_of_list(name: &str, items: &[impl AsRef<str>], pen: &mut Pen<'_>) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
    row(name, &[(PLAIN, &items.join(", "))], pen)
}

/// Writes what a recommendation asks for, how it is judged, what to change and what serves it.
///
/// # Errors
/// What writing to `out` gives.
pub fn explain_recommendation(
    recommendation: &Recommendation,
    coverage: &Coverage<'_>,
    width: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, width.min(PROSE), color);
    pen.flow(
        &[],
        (PLAIN, "    "),
        &[
            (STRONG, recommendation.id),
            (STRONG, ": "),
            (STRONG, recommendation.title),
        ],
    )?;
    pen.end()?;
    origin(recommendation, pen)?;
    row(
        "severity",
        &[(PLAIN, recommendation.severity.as_str())],
        pen,
    )?;
    row_of_list(
        "helps against",
        &words(recommendation.threats, |threat| threat.as_str()),
        pen,
    )?;
    row_of_list(
        "looks at",
        &words(recommendation.evidence, |evidence| evidence.as_str()),
        pen,
    )?;
    row_of_list("CIS", recommendation.cis, pen)?;
    row_of_list("ATT&CK", recommendation.attack, pen)?;
    section("What is asked for", recommendation.statement, pen)?;
    if let Some(note) = recommendation.superseded {
        section("What has changed since", note, pen)?;
    }
    section("How it is judged", recommendation.how, pen)?;
    section("What to change", recommendation.remedy, pen)?;
    section("Kubernetes versions", recommendation.versions, pen)?;
    served(recommendation, coverage, pen)?;
    related(recommendation, pen)
}

fn origin(recommendation: &Recommendation, pen: &mut Pen<'_>) -> io::Result<()> {
    let mut source = recommendation.source.describe().to_owned();
    if let Some(page) = recommendation.page_v1_0 {
        source += &format!("; page {page} of v1.0");
    }
    row(
        "chapter",
        &[
            (PLAIN, recommendation.chapter.title()),
            (PLAIN, ", "),
            (PLAIN, recommendation.section),
        ],
        pen,
    )?;
    row("source", &[(PLAIN, &source)], pen)?;
    row("kind", &[(PLAIN, recommendation.kind.as_str())], pen)
}

fn words<T: Copy>(items: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
    items.iter().copied().map(word).collect()
}

fn section(heading: &str, text: &str, pen: &mut Pen<'_>) -> io::Result<()> {
    pen.end()?;
    pen.line(&[(STRONG, heading)])?;
    pen.flow(&[(PLAIN, "  ")], (PLAIN, "  "), &[(PLAIN, text)])
}

fn served(
    recommendation: &Recommendation,
    coverage: &Coverage<'_>,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    pen.end()?;
    pen.line(&[(STRONG, "What serves it")])?;
    let looked_at = coverage.served_by(recommendation).next().is_some();
    let (style, says) = match coverage.of(recommendation) {
        Served::Whole if looked_at => (GOOD, "These controls look at it:".to_owned()),
        Served::Whole => (GOOD, "It can be generated:".to_owned()),
        Served::Partly(clause) if looked_at => (
            PARTLY,
            format!("These controls look at a part of it. Missing: {clause}"),
        ),
        Served::Partly(clause) => (PARTLY, format!("In part. Missing: {clause}")),
        Served::NotYet => (
            PARTLY,
            "Nothing yet: no scan says anything about it.".to_owned(),
        ),
    };
    pen.flow(&[(PLAIN, "  ")], (PLAIN, "  "), &[(style, &says)])?;
    for control in coverage.served_by(recommendation) {
        let head = &control.head;
        pen.flow(
            &[(FAINT, "  - ")],
            (PLAIN, "    "),
            &[(CODE, head.id), (PLAIN, ": "), (PLAIN, head.title)],
        )?;
    }
    for generator in coverage.written_by(recommendation) {
        let command = format!("plimsoll generate {}", generator.id);
        pen.flow(
            &[(FAINT, "  - ")],
            (PLAIN, "    "),
            &[(CODE, &command), (PLAIN, ": "), (PLAIN, generator.title)],
        )?;
    }
    Ok(())
}

fn related(recommendation: &Recommendation, pen: &mut Pen<'_>) -> io::Result<()> {
    if recommendation.related.is_empty() {
        return Ok(());
    }
    pen.end()?;
    pen.line(&[(STRONG, "See also")])?;
    for other in recommendation.related.iter().filter_map(|id| find(id)) {
        pen.flow(
            &[(FAINT, "  - ")],
            (PLAIN, "    "),
            &[(STRONG, other.id), (PLAIN, " "), (PLAIN, other.title)],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use plimsoll_guide::{APX_A, PSC_01, PSC_02};

    use super::*;
    use crate::coverage::Writes;
    use crate::fixture::BAD;

    static WRITTEN: &[&Recommendation] = &[&PSC_01, &APX_A];

    fn shown(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    const EXPLAINED: &str = "\
critical[bad-thing]: a bad thing

  chapter       Kubernetes Pod security
  guide         PSC-01 Forbid privileged containers
  Pod Security  baseline (check badThings)
  CIS           5.2.2, 5.2.10
  ATT&CK        T1610, T1611
  since         Kubernetes 1.25
  formerly      old-name

  A container does a bad thing, which goes on in `spec.bad`.

Options

  - Minimal: read (https://kubernetes.io/docs/) on.
    1. first
    2. second

Examples

    bad (Kubernetes 1.25 and newer)
    kind: Pod
    spec:
      bad: true  # ← bad-thing, other[high]
";

    #[test]
    fn a_control_is_its_references_and_its_page() {
        assert_eq!(
            shown(|out| explain_control(&BAD, None, 80, false, out)),
            EXPLAINED
        );
        let colored = shown(|out| explain_control(&BAD, None, 80, true, out));
        assert_eq!(anstyle_free(&colored), EXPLAINED.replace('`', ""));
        assert_ne!(colored, EXPLAINED);
    }

    /// Without what is between an escape character and the `m` that ends it.
    fn anstyle_free(text: &str) -> String {
        let mut parts = text.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        first
            + &parts
                .map(|part| part.split_once('m').unwrap().1)
                .collect::<String>()
    }

    #[test]
    fn a_recommendation_says_what_serves_it_or_that_nothing_does() {
        let coverage = Coverage {
            controls: vec![&BAD],
            generators: vec![Writes {
                id: "thing",
                title: "a thing that is good",
                serves: WRITTEN,
            }],
            missing: Vec::new(),
        };
        let served = shown(|out| explain_recommendation(&PSC_01, &coverage, 100, false, out));
        assert!(served.starts_with("PSC-01: Forbid privileged containers\n"));
        let by = "\n  These controls look at it:\n  - bad-thing: a bad thing\n  - plimsoll generate thing: a thing that is good\n";
        assert!(served.contains(by), "{served}");
        let artifact = shown(|out| explain_recommendation(&APX_A, &coverage, 100, false, out));
        let by = "\n  It can be generated:\n  - plimsoll generate thing: a thing that is good\n";
        assert!(artifact.contains(by), "{artifact}");
        for text in [PSC_01.statement, PSC_01.how, PSC_01.remedy, PSC_01.versions] {
            let first: Vec<_> = text.split(' ').take(4).collect();
            assert!(
                served.contains(&format!("\n  {}", first.join(" "))),
                "{text}"
            );
        }
        assert!(served.contains("What has changed since"));
        let open = shown(|out| explain_recommendation(&PSC_02, &coverage, 100, false, out));
        assert!(open.contains("Nothing yet: no scan says anything about it."));
        let missing = [(&PSC_01, "the other half")];
        let coverage = Coverage {
            missing: missing.to_vec(),
            ..coverage
        };
        let partly = shown(|out| explain_recommendation(&PSC_01, &coverage, 100, false, out));
        assert!(partly.contains("Missing: the other half"));
    }
}
