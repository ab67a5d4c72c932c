//! A finding in JSON, with its object and its places.

use std::fmt::Display;

use plimsoll_control::{Extent, Finding, Fix, Related};
use plimsoll_guide::Recommendation;
use plimsoll_scan::Reported;
use plimsoll_snapshot::object::ObjectId;
use plimsoll_snapshot::place::{Location, Place};
use serde::{Serialize, Serializer};

use super::each;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FindingShown<'r> {
    control: &'static str,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity_reason: Option<&'static str>,
    priority: Priority<'r>,
    message: &'r str,
    #[serde(serialize_with = "ids")]
    guide: &'static [&'static Recommendation],
    object: Object<'r>,
    #[serde(serialize_with = "shown")]
    path: &'r plimsoll_yaml::Path,
    location: Option<Where<'r>>,
    #[serde(serialize_with = "related")]
    related: &'r [Related],
    fix: Option<FixShown>,
    fingerprint: &'r str,
}

/// What can be done, as the report says it: how safe the remedy is that is taken unless another is asked for.
#[derive(Serialize)]
struct FixShown {
    safety: &'static str,
    options: Vec<&'static str>,
}

impl FixShown {
    fn of(fix: Fix) -> Option<FixShown> {
        let options = fix.remedies().iter().map(|remedy| remedy.extent.as_str());
        fix.remedy(Extent::Recommended).map(|remedy| FixShown {
            safety: remedy.safety.as_str(),
            options: options.collect(),
        })
    }
}

#[derive(Serialize)]
struct Priority<'r> {
    rank: usize,
    why: &'r str,
}

fn ids<S: Serializer>(guide: &&[&Recommendation], serializer: S) -> Result<S::Ok, S::Error> {
    each(guide, serializer, |recommendation| recommendation.id)
}

fn shown<S: Serializer>(text: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(text)
}

fn related<'r, S: Serializer>(items: &&'r [Related], serializer: S) -> Result<S::Ok, S::Error> {
    each(items, serializer, RelatedShown::<'r>::of)
}

impl<'r> FindingShown<'r> {
    pub(crate) fn of(reported: &'r Reported) -> FindingShown<'r> {
        let Finding {
            control,
            severity,
            severity_reason,
            message,
            label: _,
            subject,
            place,
            related,
            fix,
            clause: _,
        } = &reported.finding;
        FindingShown {
            control: control.id,
            severity: severity.as_str(),
            severity_reason: *severity_reason,
            priority: Priority {
                rank: reported.priority.rank,
                why: &reported.priority.why,
            },
            message,
            guide: control.guide,
            object: Object::of(&subject.object, subject.container.as_deref()),
            path: &place.path,
            location: Where::of(place),
            related,
            fix: FixShown::of(*fix),
            fingerprint: &reported.fingerprint,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'r> {
    api_version: &'r str,
    kind: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'r str>,
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<&'r str>,
    unit: &'r str,
}

impl<'r> Object<'r> {
    fn of(object: &'r ObjectId, container: Option<&'r str>) -> Object<'r> {
        Object {
            api_version: &object.api_version,
            kind: &object.kind,
            namespace: object.namespace.as_deref(),
            name: &object.name,
            container,
            unit: &object.unit,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Where<'r> {
    file: &'r str,
    document: u32,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    exact: bool,
}

impl<'r> Where<'r> {
    fn of(place: &'r Place) -> Option<Where<'r>> {
        place.location.as_ref().map(Where::at)
    }

    pub(super) fn at(location: &'r Location) -> Where<'r> {
        Where {
            file: &location.file,
            document: location.document,
            line: location.start.line,
            column: location.start.column,
            end_line: location.end.line,
            end_column: location.end.column,
            exact: location.exact,
        }
    }
}

#[derive(Serialize)]
struct RelatedShown<'r> {
    message: &'r str,
    object: Object<'r>,
    #[serde(serialize_with = "shown")]
    path: &'r plimsoll_yaml::Path,
    location: Option<Where<'r>>,
}

impl<'r> RelatedShown<'r> {
    fn of(related: &'r Related) -> RelatedShown<'r> {
        RelatedShown {
            message: &related.message,
            object: Object::of(&related.object, None),
            path: &related.place.path,
            location: Where::of(&related.place),
        }
    }
}
