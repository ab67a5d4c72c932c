//! Every recommendation with what serves it and, given a report, with which evidence. What nothing serves yet is said
//! as plainly as what something does.

use std::io::{self, Write};

use plimsoll_guide::{ALL, Chapter, Recommendation};
use serde::Serialize;

use crate::coverage::{Coverage, Served};
use crate::evidence::{Counts, Evidence};
use crate::json::pretty;
use crate::pen::Pen;
use crate::style::{FAINT, GOOD, PARTLY, PLAIN, STRONG};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'c> {
    id: &'static str,
    title: &'static str,
    chapter: &'static str,
    kind: &'static str,
    status: &'static str,
    served_by: Vec<Server<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Weighed>,
}

#[derive(Serialize)]
struct Server<'c> {
    what: &'static str,
    id: &'c str,
}

/// The verdicts of all controls that serve a recommendation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Weighed {
    assessed: usize,
    passed: usize,
    failed: usize,
    waived: usize,
    not_assessed: usize,
}

impl Weighed {
    fn of(
        recommendation: &Recommendation,
        coverage: &Coverage<'_>,
        evidence: &Evidence,
    ) -> Weighed {
        let mut sum = Counts::default();
        let served_by = coverage.served_by(recommendation);
        for counts in served_by.filter_map(|control| evidence.get(control.head.id)) {
            sum.passed += counts.passed;
            sum.failed += counts.failed;
            sum.waived += counts.waived;
            sum.not_assessed += counts.not_assessed;
        }
        Weighed {
            assessed: sum.passed + sum.failed + sum.waived,
            passed: sum.passed,
            failed: sum.failed,
            waived: sum.waived,
            not_assessed: sum.not_assessed,
        }
    }
}

/// Writes every recommendation as a JSON array; with the verdicts of a report, if given.
///
/// # Errors
/// What writing to `out` gives.
pub fn guide_json(
    coverage: &Coverage<'_>,
    evidence: Option<&Evidence>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let row = |recommendation: &'static Recommendation| {
        let served = coverage.of(recommendation);
        let server = |what, id| Server { what, id };
        let controls = coverage.served_by(recommendation);
        let controls = controls.map(|control| server("control", control.head.id));
        let generators = coverage.written_by(recommendation);
        let generators = generators.map(|generator| server("generator", generator.id));
        Row {
            id: recommendation.id,
            title: recommendation.title,
            chapter: recommendation.chapter.slug(),
            kind: recommendation.kind.as_str(),
            status: served.as_str(),
            served_by: controls.chain(generators).collect(),
            missing: served.missing(),
            evidence: evidence.map(|evidence| Weighed::of(recommendation, coverage, evidence)),
        }
    };
    let rows: Vec<_> = ALL.into_iter().map(row).collect();
    pretty(&rows, out)
}

/// Writes every recommendation for people, by chapter; with the verdicts of a report, if given.
///
/// # Errors
/// What writing to `out` gives.
pub fn guide_text(
    coverage: &Coverage<'_>,
    evidence: Option<&Evidence>,
    width: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, width, color);
    for chapter in Chapter::ALL {
        let rows: Vec<_> = ALL
            .into_iter()
            .filter(|recommendation| recommendation.chapter == chapter)
            .collect();
        pen.flow(
            &[],
            (PLAIN, "  "),
            &[
                (STRONG, chapter.title()),
                (PLAIN, ": "),
                (PLAIN, &totals(coverage, &rows)),
            ],
        )?;
        for recommendation in rows {
            row(recommendation, coverage, evidence, pen)?;
        }
        pen.end()?;
    }
    let totals = totals(coverage, &ALL);
    pen.flow(&[], (PLAIN, "  "), &[(STRONG, "All: "), (PLAIN, &totals)])?;
    let served = "\"Served\" says that a control looks at it in what was scanned, or that it can be generated; not that it is met.";
    pen.flow(&[], (PLAIN, ""), &[(PLAIN, served)])
}

/// `39 recommendations, 20 served, 2 partly, 17 not yet`.
fn totals(coverage: &Coverage<'_>, recommendations: &[&Recommendation]) -> String {
    let (mut whole, mut partly) = (0, 0);
    for recommendation in recommendations {
        match coverage.of(recommendation) {
            Served::Whole => whole += 1,
            Served::Partly(_) => partly += 1,
            Served::NotYet => {}
        }
    }
    let all = recommendations.len();
    format!(
        "{all} recommendations, {whole} served, {partly} partly, {} not yet",
        all - whole - partly
    )
}

fn row(
    recommendation: &'static Recommendation,
    coverage: &Coverage<'_>,
    evidence: Option<&Evidence>,
    pen: &mut Pen<'_>,
) -> io::Result<()> {
    let served = coverage.of(recommendation);
    let (style, word) = match served {
        Served::Whole => (GOOD, "served   "),
        Served::Partly(_) => (PARTLY, "partly   "),
        Served::NotYet => (FAINT, "not yet  "),
    };
    let id = format!("{:<9}", recommendation.id);
    let margin = " ".repeat(20);
    pen.flow(
        &[(PLAIN, "  "), (style, word), (STRONG, &id)],
        (PLAIN, &margin),
        &[(PLAIN, recommendation.title)],
    )?;
    let by: Vec<_> = coverage
        .served_by(recommendation)
        .map(|control| control.head.id)
        .collect();
    if !by.is_empty() {
        pen.flow(
            &[(FAINT, &format!("{margin}by "))],
            (PLAIN, &margin),
            &[(FAINT, &by.join(", "))],
        )?;
    }
    let written_by: Vec<_> = coverage
        .written_by(recommendation)
        .map(|generator| generator.id)
        .collect();
    if !written_by.is_empty() {
        let start = format!("{margin}plimsoll generate ");
        pen.flow(
            &[(FAINT, &start)],
            (PLAIN, &margin),
            &[(FAINT, &written_by.join(", "))],
        )?;
    }
    if let Some(clause) = served.missing() {
        pen.flow(
            &[(PARTLY, &format!("{margin}missing: "))],
            (PLAIN, &margin),
            &[(PLAIN, clause)],
        )?;
    }
    match evidence.map(|evidence| Weighed::of(recommendation, coverage, evidence)) {
        Some(weighed) if served != Served::NotYet => pen.flow(
            &[(PLAIN, &margin)],
            (PLAIN, &margin),
            &[(PLAIN, &weighed.words())],
        ),
        _ => Ok(()),
    }
}

impl Weighed {
    fn words(&self) -> String {
        let Weighed {
            assessed,
            passed,
            failed,
            waived,
            not_assessed,
        } = self;
        format!(
            "{assessed} assessed: {passed} passed, {failed} failed, {waived} waived; {not_assessed} not assessed"
        )
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_guide::{APX_A, PSC_01, PSC_03};
    use serde_json::Value;

    use super::*;
    use crate::coverage::Writes;
    use crate::fixture::{BAD, SMALL};

    static WRITTEN: &[&Recommendation] = &[&PSC_03, &APX_A];

    fn coverage(missing: &[(&'static Recommendation, &'static str)]) -> Coverage<'static> {
        Coverage {
            controls: vec![&BAD, &SMALL],
            generators: vec![Writes {
                id: "thing",
                title: "a thing",
                serves: WRITTEN,
            }],
            missing: missing.to_vec(),
        }
    }

    fn evidence() -> Evidence {
        let counts = Counts {
            failed: 1,
            passed: 2,
            waived: 3,
            not_assessed: 4,
        };
        [
            (BAD.head.id.to_owned(), counts),
            (SMALL.head.id.to_owned(), counts),
        ]
        .into()
    }

    fn rows(coverage: &Coverage<'_>, evidence: Option<&Evidence>) -> Vec<Value> {
        let mut out = Vec::new();
        guide_json(coverage, evidence, &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    fn row<'r>(rows: &'r [Value], id: &str) -> &'r Value {
        rows.iter().find(|row| row["id"] == id).unwrap()
    }

    #[test]
    fn every_recommendation_has_its_status() {
        let rows = rows(&coverage(&[]), None);
        assert_eq!(rows.len(), ALL.len());
        let served = row(&rows, "PSC-01");
        assert_eq!(served["status"], "served");
        assert_eq!(
            served["servedBy"].to_string(),
            r#"[{"id":"bad-thing","what":"control"},{"id":"small-thing","what":"control"}]"#
        );
        assert_eq!(served.get("evidence"), None);
        let open = row(&rows, "PSC-02");
        assert_eq!(
            (
                open["status"].as_str(),
                open["servedBy"].to_string().as_str()
            ),
            (Some("notYet"), "[]")
        );
    }

    #[test]
    fn what_is_written_serves_what_asks_for_it() {
        let rows = rows(&coverage(&[]), None);
        let artifact = row(&rows, "APX-A");
        assert_eq!(artifact["status"], "served");
        let by = r#"[{"id":"thing","what":"generator"}]"#;
        assert_eq!(artifact["servedBy"].to_string(), by);
        let check = row(&rows, "PSC-03");
        assert_eq!(check["status"], "partly", "no scan looks at it");
        assert_eq!(check["servedBy"].to_string(), by);
        assert!(check["missing"].is_string());
        let mut out = Vec::new();
        guide_text(&coverage(&[]), None, 100, false, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(
            shown.contains("\n                    plimsoll generate thing\n"),
            "{shown}"
        );
    }

    #[test]
    fn evidence_is_the_sum_over_the_controls() {
        let rows = rows(&coverage(&[]), Some(&evidence()));
        let wanted = r#"{"assessed":12,"failed":2,"notAssessed":8,"passed":4,"waived":6}"#;
        assert_eq!(row(&rows, "PSC-01")["evidence"].to_string(), wanted);
        assert_eq!(row(&rows, "PSC-02")["evidence"]["assessed"], 0);
    }

    #[test]
    fn what_is_missing_is_said() {
        let missing = [(&PSC_01, "the other half")];
        let rows = rows(&coverage(&missing), None);
        assert_eq!(
            (
                &row(&rows, "PSC-01")["status"],
                &row(&rows, "PSC-01")["missing"]
            ),
            (&"partly".into(), &"the other half".into())
        );
        let mut out = Vec::new();
        guide_text(&coverage(&missing), Some(&evidence()), 100, false, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        let wanted = "  partly   PSC-01   Forbid privileged containers
                    by bad-thing, small-thing
                    missing: the other half
                    12 assessed: 4 passed, 2 failed, 6 waived; 8 not assessed
  not yet  PSC-02   ";
        assert!(shown.contains(wanted), "{shown}");
        let last = format!(
            "All: {} recommendations, 1 served, 2 partly, {} not yet\n",
            ALL.len(),
            ALL.len() - 3
        );
        assert!(shown.contains(&last), "{shown}");
    }
}
