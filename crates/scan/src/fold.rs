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

/// Folds the findings of other units into the first of the same fault. Each comes with whether it is waived; the order
/// stays.
pub(crate) fn fold<W>(findings: Vec<(Finding, Option<W>)>) -> Vec<(Finding, Option<W>)> {
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
