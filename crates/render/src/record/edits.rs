//! Edits for the findings of a record. They are planned after the scan, and on the files as they are written, so they find their
//! findings by control and place.

use std::collections::HashMap;

use plimsoll_control::{Finding as Found, Safety as Care};
use plimsoll_fix::Alone;
use plimsoll_scan::Report;

use super::{Edit, Finding, Fix, Location, Record, Safety};

/// What each of some findings is ended by.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Edits(HashMap<Key, Planned>);

/// Control, file, document, path, line and column.
type Key = (String, String, u32, String, u32, u32);

#[derive(Clone, PartialEq, Debug)]
struct Planned {
    option: &'static str,
    safety: Safety,
    edits: Vec<Edit<'static>>,
}

impl Edits {
    /// What was planned for the findings of a report.
    pub fn of(report: &Report, planned: Vec<Alone>) -> Edits {
        let edits = planned.into_iter().filter_map(|alone| {
            let reported = report.findings.get(alone.finding)?;
            Some((key_of(&reported.finding)?, Planned::of(alone)))
        });
        Edits(edits.collect())
    }
}

impl Planned {
    fn of(alone: Alone) -> Planned {
        let edit = |edit: plimsoll_fix::Replaced| Edit {
            location: Location::at(&edit.location).into_owned(),
            text: edit.text.into(),
        };
        Planned {
            option: alone.remedy.extent.as_str(),
            safety: Safety::of(alone.remedy.safety),
            edits: alone.edits.into_iter().map(edit).collect(),
        }
    }

    /// The fix with the edits; the remedy that they make is its first option.
    fn told(&self, fix: &mut Fix<'_>) {
        fix.options.retain(|option| option != self.option);
        fix.options.insert(0, self.option.into());
        fix.safety = self.safety;
        fix.edits.clone_from(&self.edits);
    }
}

impl Record<'_> {
    /// The same with these edits in the fixes of its findings.
    #[must_use]
    pub fn with_edits(mut self, edits: &Edits) -> Self {
        for finding in &mut self.findings {
            let planned = key(finding).and_then(|key| edits.0.get(&key));
            if let (Some(planned), Some(fix)) = (planned, &mut finding.fix) {
                planned.told(fix);
            }
        }
        self
    }
}

fn key_of(finding: &Found) -> Option<Key> {
    let at = finding.place.location.as_ref()?;
    Some((
        finding.control.id.to_owned(),
        at.file.to_string(),
        at.document,
        finding.place.path.to_string(),
        at.start.line,
        at.start.column,
    ))
}

fn key(finding: &Finding<'_>) -> Option<Key> {
    let at = finding.location.as_ref().filter(|at| at.exact)?;
    Some((
        finding.control.to_string(),
        at.file.to_string(),
        at.document,
        finding.path.to_string(),
        at.line,
        at.column,
    ))
}

impl Safety {
    pub(super) fn of(care: Care) -> Safety {
        match care {
            Care::Safe => Safety::Safe,
            Care::Review(_) => Safety::Review,
        }
    }
}

impl Location<'_> {
    fn into_owned(self) -> Location<'static> {
        Location {
            file: self.file.into_owned().into(),
            ..self
        }
    }
}
