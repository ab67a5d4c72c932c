//! An `apiVersion` of Kubernetes' own that the target version does not have yet, or has only where somebody switched it on:
//! alpha versions, and beta versions that are younger than 1.24.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, UPG_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::served::{Served, served};
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "unserved-api-version",
        formerly: &[],
        title: "object in an API version that the cluster does not serve by default",
        chapter: Chapter::Upgrading,
        guide: &[&UPG_01],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("whether the version is switched on is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[],
        check,
        words: &[],
        enforce: Enforce::API_VERSION,
    })],
};

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let version = object.target.version;
    let written = object.api_version;
    let predicate = match served(written, object.kind, version) {
        Some(Served::NotYet { since }) => {
            format!("is written in {written}, which Kubernetes has only since {since}")
        }
        Some(Served::OnRequest { until, instead }) => {
            let end = until.map_or_else(String::new, |until| format!(" and {until} removes"));
            let advice = instead.map_or_else(String::new, |instead| format!("; write {instead}"));
            format!("is written in {written}, which is off by default{end}{advice}")
        }
        _ => return,
    };
    let place = At::nearest(object.node, &["apiVersion"]);
    found.on_object(
        place,
        &predicate,
        "the API server refuses this object unless somebody switched the version on",
    );
}
