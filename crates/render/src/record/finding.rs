//! A finding as it is written down, with its object and its places.

use std::borrow::Cow;

use plimsoll_control::{Extent, Severity};
use plimsoll_scan::Reported;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::{self, Place};
use serde::{Deserialize, Serialize};

/// One recommendation that is not met, at one place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding<'r> {
    /// The control's id.
    pub control: Cow<'r, str>,
    /// How bad it is.
    #[serde(with = "severity")]
    pub severity: Severity,
    /// Why the severity differs from the control's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity_reason: Option<Cow<'r, str>>,
    /// What to do first, and why.
    pub priority: Priority<'r>,
    /// One sentence that makes sense alone.
    pub message: Cow<'r, str>,
    /// The recommendations that it speaks to.
    pub guide: Vec<Cow<'r, str>>,
    /// What it is about.
    pub object: Object<'r>,
    /// Where in the document, in Kubernetes' own notation.
    pub path: Cow<'r, str>,
    /// Where in a file; `None` for a live object.
    pub location: Option<Location<'r>>,
    /// Other places that explain it.
    pub related: Vec<Related<'r>>,
    /// What would repair it; `None` when we cannot.
    pub fix: Option<Fix<'r>>,
    /// Survives moved lines, reordered lists and renamed files.
    pub fingerprint: Cow<'r, str>,
}

/// What to do first, and why.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Priority<'r> {
    /// From 1; unique within a report.
    pub rank: usize,
    /// The reason for the rank.
    pub why: Cow<'r, str>,
}

/// An object, and the container in it where one is meant.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Object<'r> {
    /// As written.
    pub api_version: Cow<'r, str>,
    /// As written.
    pub kind: Cow<'r, str>,
    /// `None` where the object does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Cow<'r, str>>,
    /// As written; empty when it has none.
    pub name: Cow<'r, str>,
    /// `None` when the whole object is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Cow<'r, str>>,
    /// What is deployed together with it.
    pub unit: Cow<'r, str>,
}

/// A place in a text. Lines and columns count from 1, columns in code points; the end is exclusive.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Location<'r> {
    /// As given, joined with the path below it; `/` on every system.
    pub file: Cow<'r, str>,
    /// From 1 within the file.
    pub document: u32,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// First column behind it.
    pub end_column: u32,
    /// `false` when a rendered text could only be traced to about here.
    pub exact: bool,
}

/// Another place that explains a finding.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Related<'r> {
    /// What is there.
    pub message: Cow<'r, str>,
    /// The object there.
    pub object: Object<'r>,
    /// Where in its document.
    pub path: Cow<'r, str>,
    /// Where in a file; `None` for a live object.
    pub location: Option<Location<'r>>,
}

/// What would repair a finding.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Fix<'r> {
    /// May it be applied without looking?
    pub safety: Safety,
    /// Which remedies there are, the one that is applied first.
    pub options: Vec<Cow<'r, str>>,
    /// The first remedy as changes to texts, which end the finding by themselves; empty when the report was written without
    /// them, or there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit<'r>>,
}

/// May a fix be applied without looking?
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// It changes nothing that works.
    Safe,
    /// Somebody has to know the workload.
    Review,
}

impl Safety {
    /// The word used in every output.
    pub fn as_str(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Review => "review",
        }
    }
}

/// A change to a text: what stands at a place is replaced.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edit<'r> {
    /// What is replaced; empty to insert.
    pub location: Location<'r>,
    /// What stands there afterwards.
    pub text: Cow<'r, str>,
}

impl Fix<'_> {
    /// How safe the remedy is that is taken unless another is asked for, and which there are.
    fn of(fix: plimsoll_control::Fix) -> Option<Self> {
        let remedy = fix.remedy(Extent::Recommended)?;
        let options = fix
            .remedies()
            .iter()
            .map(|remedy| remedy.extent.as_str().into());
        Some(Fix {
            safety: Safety::of(remedy.safety),
            options: options.collect(),
            edits: Vec::new(),
        })
    }
}

impl<'r> Finding<'r> {
    pub(crate) fn of(reported: &'r Reported) -> Finding<'r> {
        let finding = &reported.finding;
        let (control, place) = (finding.control, &finding.place);
        Finding {
            control: control.id.into(),
            severity: finding.severity,
            severity_reason: finding.severity_reason().map(Cow::Borrowed),
            priority: Priority {
                rank: reported.priority.rank,
                why: (&*reported.priority.why).into(),
            },
            message: finding.message.to_string().into(),
            guide: control.guide.iter().map(|it| it.id.into()).collect(),
            object: Object::of(
                &finding.subject.object,
                finding.subject.container.as_deref(),
            ),
            path: place.path.to_string().into(),
            location: Location::of(place),
            related: finding.related().iter().map(Related::of).collect(),
            fix: Fix::of(finding.fix()),
            fingerprint: reported.fingerprint.to_string().into(),
        }
    }
}

impl<'r> Object<'r> {
    fn of(object: &'r ObjectId, container: Option<&'r str>) -> Object<'r> {
        Object {
            api_version: object.api_version.as_str().into(),
            kind: object.kind.as_str().into(),
            namespace: object.namespace.as_deref().map(Cow::Borrowed),
            name: object.name.as_str().into(),
            container: container.map(Cow::Borrowed),
            unit: (&*object.unit).into(),
        }
    }
}

impl<'r> Location<'r> {
    fn of(place: &'r Place) -> Option<Location<'r>> {
        place.location.as_ref().map(Location::at)
    }

    pub(super) fn at(location: &'r place::Location) -> Location<'r> {
        Location {
            file: (&*location.file).into(),
            document: location.document,
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
            exact: location.exact,
        }
    }
}

impl<'r> Related<'r> {
    fn of(related: &'r plimsoll_control::Related) -> Related<'r> {
        Related {
            message: related.message.as_str().into(),
            object: Object::of(&related.object, None),
            path: related.place.path.to_string().into(),
            location: Location::of(&related.place),
        }
    }
}

/// A severity as its word.
mod severity {
    use plimsoll_control::Severity;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        severity: &Severity,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(severity.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Severity, D::Error> {
        let word = String::deserialize(deserializer)?;
        let mut all = Severity::ALL.into_iter();
        all.find(|severity| severity.as_str() == word)
            .ok_or_else(|| D::Error::custom(format!("no severity is called {word:?}")))
    }
}
