//! One fault gives one finding: what several renderings make of the same written line is told once, and where else it is
//! so. Concerns overlays with a common base and charts with several files of values; a written file belongs to one unit.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use plimsoll_control::{Finding, Related};

/// What makes findings of different units the same fault: the control, the place, what is waived of it, and which of the
/// objects it is that one unit makes from there.
type Fault = (
    &'static str,
    (Arc<str>, u32, u32, u32),
    (String, String, Option<String>),
    bool,
    usize,
);

/// A finding with the waiver that hides it.
type Judged<W> = (Box<Finding>, Option<W>);

/// Folds the findings of other units into the first of the same fault. Each comes with whether it is waived; the order
/// stays.
pub(crate) fn fold<W>(findings: Vec<Judged<W>>) -> Vec<Judged<W>> {
    let mut units = findings
        .iter()
        .map(|(finding, _)| &finding.subject.object.unit);
    let one = units.next();
    if units.all(|unit| Some(unit) == one) {
        return findings;
    }
    let mut seen: HashMap<(Arc<str>, Fault), usize> = HashMap::new();
    let mut first: HashMap<Fault, usize> = HashMap::new();
    let mut same: BTreeMap<usize, Vec<Related>> = BTreeMap::new();
    let mut folded = HashSet::new();
    for (index, (finding, waiver)) in findings.iter().enumerate() {
        let Some(mut fault) = fault(finding, waiver.is_some()) else {
            continue;
        };
        let unit = &finding.subject.object.unit;
        let ordinal = seen.entry((unit.clone(), fault.clone())).or_default();
        fault.4 = *ordinal;
        *ordinal += 1;
        match first.get(&fault) {
            Some(earlier) => {
                same.entry(*earlier).or_default().push(elsewhere(finding));
                folded.insert(index);
            }
            None => drop(first.insert(fault, index)),
        }
    }
    let told = findings.into_iter().enumerate();
    let told = told.filter(|(index, _)| !folded.contains(index));
    told.map(|(index, (mut finding, waiver))| {
        finding
            .related
            .extend(same.remove(&index).unwrap_or_default());
        (finding, waiver)
    })
    .collect()
}

/// The fault of a finding, with 0 as the number of its object. `None` without a place.
fn fault(finding: &Finding, waived: bool) -> Option<Fault> {
    let at = finding.place.location.as_ref()?;
    let subject = &finding.subject;
    Some((
        finding.control.id,
        (at.file.clone(), at.document, at.start.line, at.start.column),
        (
            subject.object.kind.clone(),
            finding.place.stable.clone(),
            subject.container.clone(),
        ),
        waived,
        0,
    ))
}

fn elsewhere(finding: &Finding) -> Related {
    let object = &finding.subject.object;
    Related {
        message: format!("{} of {} is the same", object.name, object.unit),
        object: object.clone(),
        place: finding.place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_control::{Control, Found, Header, Revision, Rule, Severity, Words};
    use plimsoll_guide::Chapter;
    use plimsoll_snapshot::pod::Container;
    use plimsoll_snapshot::provenance::{LineMap, Provenance, Step};
    use plimsoll_snapshot::target::Target;
    use plimsoll_snapshot::value::At;
    use plimsoll_snapshot::version::Minor;

    use crate::{Report, Scan, SourceText};

    static CONTROL: Control = Control {
        head: Header {
            id: "any-container",
            formerly: &[],
            title: "a container",
            chapter: Chapter::BeyondTheGuide,
            guide: &[],
            pss: &[],
            severity: Severity::High,
            page: plimsoll_control::Page::Text(""),
            fix: plimsoll_control::Fix::Not(""),
        },
        needs: &[],
        revisions: &[Revision::always(Rule::Container {
            check,
            words: &[],
            enforce: plimsoll_control::Enforce::Not("a test"),
        })],
    };

    fn check(container: &Container<'_, '_>, _: Words, found: &mut Found<'_>) {
        found.on_container(container, At::node(container.node), "is there", "");
    }

    const POD: &str = "kind: Pod\napiVersion: v1\nspec: {containers: [{name: a}]}\n";

    /// The report on texts of these units, all rendered from the last line of one file, or each written by itself.
    fn report(texts: &[(&str, &str)], rendered: bool) -> Report {
        let scan = Scan::new([&CONTROL], Target::new(Minor::NEWEST));
        let part = |(unit, text): &(&str, &str)| {
            let mut map = LineMap::new("base".into());
            let source = map.add("base/a.yaml".into(), "# base\n- name: a\n".to_owned());
            for _ in text.lines() {
                let (part, exact) = (Some(2..9), true);
                map.push(Some(Step {
                    source,
                    line: 2,
                    part,
                    exact,
                }));
            }
            let provenance = match rendered {
                true => Provenance::Rendered(map.into()),
                false => Provenance::Written,
            };
            let name = format!("{unit}/a.yaml").into();
            scan.judge(&SourceText {
                name,
                unit: (*unit).into(),
                text,
                provenance,
            })
        };
        scan.report(texts.iter().map(part).collect(), Vec::new(), Vec::new())
    }

    #[test]
    fn what_two_units_make_of_one_line_is_one_finding() {
        let both = report(&[("dev", POD), ("prod", POD)], true);
        assert_eq!(both.findings.len(), 1);
        let finding = &both.findings[0].finding;
        assert_eq!(&*finding.subject.object.unit, "dev");
        assert_eq!(&*finding.related[0].object.unit, "prod");
        assert_eq!(
            both.summary.controls["any-container"].failed, 2,
            "subjects are counted"
        );
        assert_eq!(
            report(&[("dev", POD), ("prod", POD)], false).findings.len(),
            2
        );
    }

    #[test]
    fn what_one_unit_makes_of_a_line_twice_stays_two() {
        let twice = format!("{POD}---\n{POD}");
        assert_eq!(report(&[("dev", &twice)], true).findings.len(), 2);
        let both = report(&[("dev", &twice), ("prod", &twice)], true);
        assert_eq!(both.findings.len(), 2);
        assert!(
            both.findings
                .iter()
                .all(|reported| reported.finding.related.len() == 1)
        );
    }
}
