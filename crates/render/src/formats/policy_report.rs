//! Reports as Kubernetes objects: `openreports.io/v1alpha1`, and `wgpolicyk8s.io/v1alpha2` from which it came. A `List` that
//! `kubectl apply` takes: a report for each namespace, and a cluster report for everything else.
//!
//! Findings fail; what is waived or was not assessed is skipped; gaps are errors; a control that has nothing to say against
//! anything passes, in the cluster report, because subjects that pass are only counted. Invariant: names and namespaces are
//! such as the API server accepts, whatever was scanned.

mod outcome;

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use self::outcome::{Outcome, of_finding, of_gap, of_open, of_passed, of_waived};
use super::Catalogue;
use crate::json::pretty;
use crate::record::{Object, Record};

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
