//! The list of controls: for machines, and for people by chapter.

use std::io::{self, Write};

use plimsoll_control::{Control, Extent, Level};
use plimsoll_guide::{Chapter, Recommendation};
use plimsoll_snapshot::facts::FactKind;
use serde::Serialize;

use crate::json::pretty;
use crate::pen::Pen;
use crate::style::{self, FAINT, PLAIN, STRONG};

#[derive(Serialize)]
struct Row {
    id: &'static str,
    formerly: &'static [&'static str],
    title: &'static str,
    severity: &'static str,
    chapter: &'static str,
    guide: Vec<&'static str>,
    pss: Vec<Check>,
    cis: Vec<&'static str>,
    attack: Vec<&'static str>,
    evidence: Vec<&'static str>,
    fix: Option<&'static str>,
    enforced: bool,
    detected: bool,
    since: Option<String>,
    until: Option<String>,
}

#[derive(Serialize)]
struct Check {
    level: &'static str,
    check: &'static str,
}

/// Writes the controls as a JSON array, in the order given. `enforced` tells whether the API server can enforce one.
///
/// # Errors
/// What writing to `out` gives.
pub fn controls_json(
    controls: &[&'static Control],
    enforced: impl Fn(&'static Control) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let rows = controls.iter().copied();
    let rows: Vec<_> = rows
        .map(|control| Row::of(control, enforced(control)))
        .collect();
    pretty(&rows, out)
}

impl Row {
    fn of(control: &'static Control, enforced: bool) -> Row {
        let head = &control.head;
        let pss = head.pss.iter();
        Row {
            id: head.id,
            formerly: head.formerly,
            title: head.title,
            severity: head.severity.as_str(),
            chapter: head.chapter.slug(),
            guide: head
                .guide
                .iter()
                .map(|recommendation| recommendation.id)
                .collect(),
            pss: pss
                .map(|check| Check {
                    level: check.level.as_str(),
                    check: check.check,
                })
                .collect(),
            cis: references(control, |recommendation| recommendation.cis),
            attack: references(control, |recommendation| recommendation.attack),
            evidence: evidence(control),
            fix: head
                .fix
                .remedy(Extent::Recommended)
                .map(|remedy| remedy.safety.as_str()),
            enforced,
            detected: false,
            since: since(control),
            until: None,
        }
    }
}

/// Ids that the control's recommendations refer to, each once, in the recommendations' order.
pub(crate) fn references(
    control: &Control,
    of: fn(&'static Recommendation) -> &'static [&'static str],
) -> Vec<&'static str> {
    let mut ids = Vec::new();
    for id in control
        .head
        .guide
        .iter()
        .flat_map(|recommendation| of(recommendation))
    {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    ids
}

/// The first version for which the control judges anything; `None` when that is every version we know.
pub(crate) fn since(control: &Control) -> Option<String> {
    let first = control.revisions.first()?.since;
    (first.0 > 0).then(|| first.to_string())
}

/// What a control looks at: written objects always, and what else it needs.
fn evidence(control: &Control) -> Vec<&'static str> {
    let needs = control.needs.iter().map(|kind| match kind {
        FactKind::ServiceAccount => "service-account",
        FactKind::AdmissionPolicyBinding => "admission-policy-binding",
        FactKind::TrustedRegistries => "trusted-registries",
        FactKind::Namespace => "namespace",
        FactKind::NetworkPolicy => "network-policy",
        FactKind::ResourcePolicy => "resource-policy",
        FactKind::AllBelowConfiguration => "all-below-configuration",
        FactKind::Role => "role",
        FactKind::Everything => "everything",
        FactKind::CommandLine => "command-line",
    });
    ["manifest"].into_iter().chain(needs).collect()
}

/// Writes the controls for people, by chapter.
///
/// # Errors
/// What writing to `out` gives.
pub fn controls_text(
    controls: &[&'static Control],
    width: usize,
    color: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let pen = &mut Pen::new(out, width, color);
    for chapter in Chapter::ALL {
        let rows: Vec<_> = controls
            .iter()
            .filter(|control| control.head.chapter == chapter)
            .collect();
        if rows.is_empty() {
            continue;
        }
        pen.line(&[(STRONG, chapter.title())])?;
        for control in rows {
            row(control, pen)?;
        }
        pen.end()?;
    }
    pen.line(&[
        (STRONG, &format!("{} controls", controls.len())),
        (PLAIN, "; plimsoll explain CONTROL says more"),
    ])
}

fn row(control: &Control, pen: &mut Pen<'_>) -> io::Result<()> {
    let head = &control.head;
    let severity = format!("{:<9}", head.severity.as_str());
    pen.line(&[
        (PLAIN, "  "),
        (style::of(head.severity), &severity),
        (STRONG, head.id),
    ])?;
    let guide = head
        .guide
        .iter()
        .map(|recommendation| recommendation.id.to_owned());
    let levels = [Level::Baseline, Level::Restricted].into_iter();
    let levels = levels.filter(|level| head.pss.iter().any(|check| check.level == *level));
    let levels = levels.map(|level| format!("Pod Security {}", level.as_str()));
    let references = guide.chain(levels).collect::<Vec<_>>().join(", ");
    let margin = " ".repeat(11);
    pen.flow(
        &[(PLAIN, &margin)],
        (PLAIN, &margin),
        &[
            (PLAIN, head.title),
            (FAINT, " ("),
            (FAINT, &references),
            (FAINT, ")"),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{BAD, SMALL};

    #[test]
    fn the_fields_of_the_contract_in_order() {
        let mut out = Vec::new();
        controls_json(&[&BAD], |_| true, &mut out).unwrap();
        let shown = String::from_utf8(out)
            .unwrap()
            .split_whitespace()
            .collect::<String>();
        let wanted = concat!(
            r#"[{"id":"bad-thing","formerly":["old-name"],"title":"abadthing","severity":"critical","#,
            r#""chapter":"pod-security","guide":["PSC-01"],"pss":[{"level":"baseline","check":"badThings"}],"#,
            r#""cis":["5.2.2","5.2.10"],"attack":["T1610","T1611"],"evidence":["manifest","service-account"],"#,
            r#""fix":null,"enforced":true,"detected":false,"since":"1.25","until":null}]"#,
        );
        assert_eq!(shown, wanted);
    }

    #[test]
    fn people_get_chapters() {
        let mut out = Vec::new();
        controls_text(&[&BAD, &SMALL], 80, false, &mut out).unwrap();
        let wanted = "\
Kubernetes Pod security
  critical bad-thing
           a bad thing (PSC-01, Pod Security baseline)
  low      small-thing
           a small thing (PSC-01)

2 controls; plimsoll explain CONTROL says more
";
        assert_eq!(String::from_utf8(out).unwrap(), wanted);
    }
}
