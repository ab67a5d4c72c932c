//! One fault gives one finding: what several renderings make of the same written line is told once, and where else it is
//! so. Concerns overlays with a common base and charts with several files of values; a written file belongs to one unit.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use plimsoll_control::{Finding, Related};
use plimsoll_yaml::Position;

/// What makes findings of different units in one file the same fault: the control, the place, what is waived of it, and
/// which of the objects it is that one unit makes from there.
type Fault<'f> = (
    &'static str,
    (u32, Position),
    (&'f str, &'f str, Option<&'f str>),
    bool,
    usize,
);

/// A finding with the waiver that hides it.
type Judged<W> = (Box<Finding>, Option<W>);

/// Folds the findings of other units into the first of the same fault. They come by file; each comes with whether it is
/// waived; the order stays.
pub(crate) fn fold<W>(findings: Vec<Judged<W>>) -> Vec<Judged<W>> {
    let mut folds = Folds::default();
    let mut before = 0;
    for of_file in findings.chunk_by(|(one, _), (other, _)| file(one) == file(other)) {
        folds.find(before, of_file);
        before += of_file.len();
    }
    let told = findings.into_iter().enumerate();
    let told = told.filter(|(index, _)| !folds.folded.contains(index));
    told.map(|(index, (mut finding, waiver))| {
        let same = folds.same.remove(&index);
        finding.relate(same.unwrap_or_default());
        (finding, waiver)
    })
    .collect()
}

/// Findings by their number in the report.
#[derive(Default)]
struct Folds {
    /// What is the same as a finding, elsewhere.
    same: HashMap<usize, Vec<Related>>,
    /// Those that are told with another.
    folded: HashSet<usize>,
}

impl Folds {
    /// Finds what is the same among the findings of one file, of which `before` come before.
    fn find<W>(&mut self, before: usize, findings: &[Judged<W>]) {
        let mut units = findings.iter().map(unit);
        let one = units.next();
        if units.all(|unit| Some(unit) == one) {
            return;
        }
        let mut seen: HashMap<(&str, Fault<'_>), usize> = HashMap::new();
        let mut first: HashMap<Fault<'_>, usize> = HashMap::new();
        for (index, judged) in findings.iter().enumerate() {
            let (finding, waiver) = judged;
            let Some(mut fault) = fault(finding, waiver.is_some()) else {
                continue;
            };
            let ordinal = seen.entry((unit(judged), fault)).or_default();
            fault.4 = *ordinal;
            *ordinal += 1;
            match first.entry(fault) {
                Entry::Occupied(earlier) => {
                    let same = self.same.entry(*earlier.get()).or_default();
                    same.push(elsewhere(finding));
                    self.folded.insert(before + index);
                }
                Entry::Vacant(here) => drop(here.insert(before + index)),
            }
        }
    }
}

fn unit<W>((finding, _): &Judged<W>) -> &str {
    &finding.subject.object.unit
}

fn file(finding: &Finding) -> Option<&str> {
    finding.place.location.as_ref().map(|at| &*at.file)
}

/// The fault of a finding, with 0 as the number of its object. `None` without a place.
fn fault(finding: &Finding, waived: bool) -> Option<Fault<'_>> {
    let at = finding.place.location.as_ref()?;
    let subject = &finding.subject;
    let what = (
        &*subject.object.kind,
        &*finding.place.stable,
        subject.container.as_deref(),
    );
    Some((finding.control.id, (at.document, at.start), what, waived, 0))
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
        assert_eq!(&*finding.related()[0].object.unit, "prod");
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
                .all(|reported| reported.finding.related().len() == 1)
        );
    }
}
