//! What several formats say alike: an object in a few words, severities on other tools' scales, file names as URIs.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use plimsoll_control::Severity;

use crate::escape::escape;
use crate::record::{Finding, Object};

/// What may not stand in a path of a URI as it is (RFC 3986); a colon would make the first part a scheme.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The severities, the worst first.
pub(super) fn worst_first() -> impl Iterator<Item = Severity> {
    Severity::ALL.into_iter().rev()
}

/// A file as a URI: relative as it was given, or `file://`.
pub fn uri(file: &str) -> String {
    let path = utf8_percent_encode(relative(file), NOT_IN_PATHS);
    match file.starts_with('/') {
        true => format!("file://{path}"),
        false => path.to_string(),
    }
}

/// A file without a leading `./`, which tools that compare it with the repository's files do not understand.
pub(super) fn relative(file: &str) -> &str {
    let mut rest = file;
    while let Some(inner) = rest.strip_prefix("./") {
        rest = inner.trim_start_matches('/');
    }
    rest
}

/// An object and its container in a few words: `Deployment shop/api, container proxy`. Escaped.
pub(super) fn subject(object: &Object<'_>) -> String {
    let mut words = escape(&object.kind).into_owned();
    words.push(' ');
    if let Some(namespace) = &object.namespace {
        words += &escape(namespace);
        words.push('/');
    }
    words += &escape(&object.name);
    if let Some(container) = object.container.as_deref().filter(|name| !name.is_empty()) {
        words += ", container ";
        words += &escape(container);
    }
    words
}

/// The recommendations of a finding in one text: `PSC-01, PSC-02`.
pub(super) fn guide(finding: &Finding<'_>) -> String {
    finding.guide.join(", ")
}

/// An optional text, empty where there is none.
pub(super) fn or_empty<'t>(text: &'t Option<Cow<'_, str>>) -> &'t str {
    text.as_deref().unwrap_or_default()
}

/// A severity on the scale of CVSS 3: the middle of the band of the same name, which is how GitHub reads it back.
pub(super) fn cvss(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}
