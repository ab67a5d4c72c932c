//! What was not judged, or not counted, as it is written down: gaps, what was not assessed, what is waived.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Finding, Location};

/// Something that could not be looked at.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Gap<'r> {
    /// The word for why.
    pub reason: Cow<'r, str>,
    /// What it is and what to do about it.
    pub message: Cow<'r, str>,
    /// Where.
    pub location: GapLocation<'r>,
    /// The controls that could not judge because of it; empty when that is all of them.
    pub controls: Vec<Cow<'r, str>>,
}

/// Where a gap is: it always has a file, and a place in it where that can be told.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum GapLocation<'r> {
    /// A place in a file.
    Place(Location<'r>),
    /// A file or folder as a whole.
    File {
        /// As shown.
        file: Cow<'r, str>,
    },
}

impl GapLocation<'_> {
    /// The file or folder.
    pub fn file(&self) -> &str {
        match self {
            GapLocation::Place(location) => &location.file,
            GapLocation::File { file } => file,
        }
    }

    /// The place in the file; `None` when that cannot be told.
    pub fn place(&self) -> Option<&Location<'_>> {
        match self {
            GapLocation::Place(location) => Some(location),
            GapLocation::File { .. } => None,
        }
    }
}

impl<'r> Gap<'r> {
    pub(crate) fn of(gap: &'r plimsoll_scan::Gap) -> Gap<'r> {
        Gap {
            reason: gap.reason.as_str().into(),
            message: gap.message.as_str().into(),
            location: match &gap.location {
                Some(location) => GapLocation::Place(Location::at(location)),
                None => GapLocation::File {
                    file: (&*gap.file).into(),
                },
            },
            controls: gap.controls.iter().map(|id| (*id).into()).collect(),
        }
    }
}

/// A control that could not judge some subjects for want of evidence that was not asked for.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NotAssessed<'r> {
    /// The control's id.
    pub control: Cow<'r, str>,
    /// What is missing.
    pub reason: Cow<'r, str>,
    /// What would answer it.
    pub would_help: Cow<'r, str>,
    /// How many subjects; 0 where the control was turned off.
    #[serde(default)]
    pub subjects: usize,
}

impl<'r> NotAssessed<'r> {
    pub(crate) fn of(open: &'r plimsoll_scan::NotAssessed) -> NotAssessed<'r> {
        NotAssessed {
            control: open.control.into(),
            reason: (&*open.reason).into(),
            would_help: open.would_help.into(),
            subjects: open.subjects,
        }
    }
}

/// A finding that somebody has decided to live with.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Waived<'r> {
    /// The finding.
    pub finding: Finding<'r>,
    /// The decision.
    pub waiver: Waiver<'r>,
}

/// The decision to live with a finding. What nobody said is `null`.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Waiver<'r> {
    /// Why.
    pub reason: Cow<'r, str>,
    /// Who.
    pub owner: Option<Cow<'r, str>>,
    /// Until when, as `2027-01-31`.
    pub expires: Option<Cow<'r, str>>,
    /// Where it stands.
    pub source: Cow<'r, str>,
}

impl<'r> Waived<'r> {
    pub(crate) fn of(waived: &'r plimsoll_scan::Waived) -> Waived<'r> {
        let waiver = &waived.waiver;
        Waived {
            finding: Finding::of(&waived.reported),
            waiver: Waiver {
                reason: waiver.reason.as_str().into(),
                owner: waiver.owner.as_deref().map(Cow::Borrowed),
                expires: waiver.expires.map(|date| date.to_string().into()),
                source: waiver.source().into(),
            },
        }
    }
}
