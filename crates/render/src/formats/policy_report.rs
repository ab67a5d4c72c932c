//! Reports as Kubernetes objects: `openreports.io/v1alpha1`, and `wgpolicyk8s.io/v1alpha2` from which it came. A `List` that
//! `kubectl apply` takes: a report for each namespace, and a cluster report for everything else.
//!
//! Findings fail; what is waived or was not assessed is skipped; gaps are errors; a control that has nothing to say against
//! anything passes, in the cluster report, because subjects that pass are only counted. Invariant: names and namespaces are
//! such as the API server accepts, whatever was scanned.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::Catalogue;
use super::words::{guide, or_empty};
use crate::escape::escape;
use crate::json::pretty;
use crate::record::{Finding, Gap, NotAssessed, Object, Record, Waived};

/// Results in one object. An ordinary one has about 700 bytes, so this stays far below the 1.5 MiB that etcd takes.
const AT_MOST: usize = 500;

/// Which of the two APIs.
struct Api {
    version: &'static str,
    namespaced: &'static str,
    cluster: &'static str,
    /// Does the report itself name its source?
    has_source: bool,
}

const OPENREPORTS: Api = Api {
    version: "openreports.io/v1alpha1",
    namespaced: "Report",
    cluster: "ClusterReport",
    has_source: true,
};

const POLICY_REPORT: Api = Api {
    version: "wgpolicyk8s.io/v1alpha2",
    namespaced: "PolicyReport",
    cluster: "ClusterPolicyReport",
    has_source: false,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct List<'r> {
    api_version: &'static str,
    kind: &'static str,
    items: Vec<Report<'r>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'r> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'static str>,
    summary: Summary,
    results: &'r [Outcome<'r>],
}

#[derive(Serialize)]
struct Metadata<'r> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'r str>,
    labels: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize, Default)]
struct Summary {
    pass: usize,
    fail: usize,
    warn: usize,
    error: usize,
    skip: usize,
}

/// A result.
#[derive(Serialize, Default)]
struct Outcome<'r> {
    source: &'static str,
    policy: Cow<'r, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    result: &'static str,
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

/// Writes the reports of `openreports.io`.
pub(super) fn openreports(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(&OPENREPORTS, record, catalogue, out)
}

/// Writes the reports of `wgpolicyk8s.io`.
pub(super) fn policy_report(
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write(&POLICY_REPORT, record, catalogue, out)
}

fn write(
    api: &Api,
    record: &Record<'_>,
    catalogue: Catalogue<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let groups = groups(record, catalogue);
    let mut items = Vec::new();
    for (namespace, results) in &groups {
        for (number, results) in results.chunks(AT_MOST).enumerate() {
            items.push(api.report(*namespace, number, results));
        }
    }
    let list = List {
        api_version: "v1",
        kind: "List",
        items,
    };
    pretty(&list, out)
}

impl Api {
    fn report<'r>(
        &self,
        namespace: Option<&'r str>,
        number: usize,
        results: &'r [Outcome<'r>],
    ) -> Report<'r> {
        let mut summary = Summary::default();
        for result in results {
            match result.result {
                "pass" => summary.pass += 1,
                "fail" => summary.fail += 1,
                "error" => summary.error += 1,
                _ => summary.skip += 1,
            }
        }
        Report {
            api_version: self.version,
            kind: match namespace {
                Some(_) => self.namespaced,
                None => self.cluster,
            },
            metadata: Metadata {
                name: match number {
                    0 => "plimsoll".to_owned(),
                    _ => format!("plimsoll-{}", number + 1),
                },
                namespace,
                labels: [("app.kubernetes.io/managed-by", "plimsoll")].into(),
            },
            source: self.has_source.then_some("plimsoll"),
            summary,
            results,
        }
    }
}

type Groups<'r> = BTreeMap<Option<&'r str>, Vec<Outcome<'r>>>;

fn groups<'r>(record: &'r Record<'_>, catalogue: Catalogue<'_>) -> Groups<'r> {
    let mut groups = Groups::new();
    let mut add = |object: Option<&'r Object<'_>>, result| {
        let namespace = object.and_then(|object| object.namespace.as_deref());
        let group = groups.entry(namespace.filter(|name| is_label(name)));
        group.or_default().push(result);
    };
    for finding in &record.findings {
        add(Some(&finding.object), of_finding(finding, catalogue));
    }
    for waived in &record.waived {
        add(Some(&waived.finding.object), of_waived(waived, catalogue));
    }
    for gap in &record.gaps {
        add(None, of_gap(gap));
    }
    for open in &record.not_assessed {
        add(None, of_open(open, catalogue));
    }
    for (control, counts) in &record.summary.controls {
        if counts.passed > 0 && counts.failed == 0 {
            add(None, of_passed(control, counts.passed, catalogue));
        }
    }
    groups
}

fn category(control: &str, catalogue: Catalogue<'_>) -> Option<&'static str> {
    Some(catalogue.find(control)?.head.chapter.title())
}

fn of_finding<'r>(finding: &'r Finding<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
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

fn of_waived<'r>(waived: &'r Waived<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
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

fn of_gap<'r>(gap: &'r Gap<'_>) -> Outcome<'r> {
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

fn of_open<'r>(open: &'r NotAssessed<'_>, catalogue: Catalogue<'_>) -> Outcome<'r> {
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

fn of_passed<'r>(control: &'r str, passed: usize, catalogue: Catalogue<'_>) -> Outcome<'r> {
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

/// Is it a DNS label (RFC 1123), as a namespace's name has to be?
fn is_label(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::full_report;

    #[test]
    fn only_names_of_namespaces_are_namespaces() {
        assert!(is_label("shop") && is_label("a-1"));
        for bad in ["", "-a", "a-", "A", "a.b", "{{ .ns }}", &"a".repeat(64)] {
            assert!(!is_label(bad), "{bad}");
        }
    }

    #[test]
    fn many_results_are_several_objects_with_names_of_their_own() {
        let mut report = full_report();
        let one = report.findings.remove(0);
        report.findings = vec![one; 2 * AT_MOST + 1];
        let mut out = Vec::new();
        openreports(&Record::of(&report), Catalogue(&[]), &mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let in_shop = |item: &&serde_json::Value| item["metadata"]["namespace"] == "shop";
        let items: Vec<_> = list["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(in_shop)
            .collect();
        let names: Vec<_> = items.iter().map(|item| &item["metadata"]["name"]).collect();
        assert_eq!(names, ["plimsoll", "plimsoll-2", "plimsoll-3"]);
        assert_eq!(items[2]["summary"]["fail"], 1);
    }
}
