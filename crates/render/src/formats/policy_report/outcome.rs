//! One result of a report for clusters: a finding, a waived one, a gap, what was not assessed, what passes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::escape::escape;
use crate::formats::Catalogue;
use crate::formats::words::{guide, or_empty};
use crate::record::{Finding, Gap, NotAssessed, Waived};

/// A result.
#[derive(Serialize, Default)]
pub(super) struct Outcome<'r> {
    source: &'static str,
    policy: Cow<'r, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    pub(super) result: &'static str,
    scored: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<Reference<'r>>,
    message: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    properties: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'r> {
    api_version: Cow<'r, str>,
    kind: Cow<'r, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<Cow<'r, str>>,
    name: Cow<'r, str>,
    field_path: Cow<'r, str>,
}

fn category(control: &str, catalogue: Catalogue<'_>) -> Option<&'static str> {
    Some(catalogue.find(control)?.head.chapter.title())
}

pub(super) fn of_finding<'r>(finding: &'r Finding<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
    let object = &finding.object;
    let mut properties = BTreeMap::from([
        ("fingerprint", finding.fingerprint.to_string()),
        ("guide", guide(finding)),
        ("path", escape(&finding.path).into_owned()),
        ("rank", finding.priority.rank.to_string()),
    ]);
    if let Some(container) = &object.container {
        properties.insert("container", escape(container).into_owned());
    }
    if let Some(at) = &finding.location {
        let place = format!("{}:{}:{}", escape(&at.file), at.line, at.column);
        properties.insert("location", place);
    }
    Outcome {
        source: "plimsoll",
        policy: (&*finding.control).into(),
        category: category(&finding.control, catalogue),
        severity: Some(finding.severity.as_str()),
        result: "fail",
        scored: true,
        resources: vec![Reference {
            api_version: escape(&object.api_version),
            kind: escape(&object.kind),
            namespace: object.namespace.as_deref().map(escape),
            name: escape(&object.name),
            field_path: escape(&finding.path),
        }],
        message: escape(&finding.message).into_owned(),
        properties,
    }
}

pub(super) fn of_waived<'r>(waived: &'r Waived<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
    let mut outcome = of_finding(&waived.finding, catalogue);
    let waiver = &waived.waiver;
    for (name, text) in [
        ("waiverReason", &*waiver.reason),
        ("waiverOwner", or_empty(&waiver.owner)),
        ("waiverExpires", or_empty(&waiver.expires)),
        ("waiverSource", &*waiver.source),
    ] {
        if !text.is_empty() {
            let text = escape(text).into_owned();
            outcome.properties.insert(name, text);
        }
    }
    Outcome {
        result: "skip",
        scored: false,
        ..outcome
    }
}

pub(super) fn of_gap<'r>(gap: &'r Gap<'_>) -> Outcome<'r> {
    let file = escape(gap.location.file()).into_owned();
    let place = match gap.location.place() {
        Some(at) => format!("{file}:{}:{}", at.line, at.column),
        None => file,
    };
    Outcome {
        source: "plimsoll",
        policy: format!("gap/{}", gap.reason).into(),
        result: "error",
        message: escape(&gap.message).into_owned(),
        properties: BTreeMap::from([("location", place)]),
        ..Outcome::default()
    }
}

pub(super) fn of_open<'r>(open: &'r NotAssessed<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
    let message = format!("not assessed: {}; {}", open.reason, open.would_help);
    Outcome {
        source: "plimsoll",
        policy: (&*open.control).into(),
        category: category(&open.control, catalogue),
        result: "skip",
        message: escape(&message).into_owned(),
        ..Outcome::default()
    }
}

pub(super) fn of_passed<'r>(
    control: &'r str,
    passed: usize,
    catalogue: Catalogue<'_>,
) -> Outcome<'r> {
    Outcome {
        source: "plimsoll",
        policy: control.into(),
        category: category(control, catalogue),
        result: "pass",
        scored: true,
        message: format!("{passed} subjects pass"),
        ..Outcome::default()
    }
}
