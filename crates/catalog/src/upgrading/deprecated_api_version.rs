//! An `apiVersion` of Kubernetes' own that the target version still serves and a later one will not. The table is the
//! snapshot's.

use plimsoll_control::{Control, Enforce, Fix, Found, Header, Revision, Rule, Severity, Words};
use plimsoll_guide::{Chapter, UPG_01};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::served::{Served, served};
use plimsoll_snapshot::value::At;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "deprecated-api-version",
        formerly: &[],
        title: "object in an API version that a later Kubernetes will not have",
        chapter: Chapter::Upgrading,
        guide: &[&UPG_01],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Not(
            "fields may have other names in the next version: convert the object with kubectl convert and compare",
        ),
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
    let told_elsewhere = object.kind == "PodSecurityPolicy";
    let version = object.target.version;
    let going = served(object.api_version, object.kind, version).filter(|_| !told_elsewhere);
    let Some(Served::Deprecated { until, instead }) = going else {
        return;
    };
    let advice = instead.map_or_else(String::new, |instead| format!("; write {instead}"));
    let predicate = format!(
        "is written in {}, which Kubernetes {until} will not have any more{advice}",
        object.api_version
    );
    let place = At::nearest(object.node, &["apiVersion"]);
    let finding = found.on_object(place, &predicate, "deprecated");
    if until.0 == version.0 + 1 {
        finding.weigh(Severity::Medium, "the next upgrade removes it");
    }
}
