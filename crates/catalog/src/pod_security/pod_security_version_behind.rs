//! An enforced level of the Pod Security Standards that is pinned to a version more than three behind the target.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{Level, PolicyVersion, enforced, labels, named};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::edit::Edit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-version-behind",
        formerly: &[],
        title: "namespace enforces rules of an old Kubernetes version",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(pin),
            "pods that newer versions of the level forbid are refused when they are made next",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: &[],
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&["'pod-security.kubernetes.io/enforce' in {labels} && \
     {labels}['pod-security.kubernetes.io/enforce'] in ['baseline', 'restricted'] && \
     'pod-security.kubernetes.io/enforce-version' in {labels} && \
     {labels}['pod-security.kubernetes.io/enforce-version'].matches('^v1[.](0|[1-9][0-9]{0,8})$') && \
     int({labels}['pod-security.kubernetes.io/enforce-version'].substring(3)) + 3 < {minor} ? \
     ['pins its level of pod security to ' + {labels}['pod-security.kubernetes.io/enforce-version'] + ', far behind the cluster'] : []"]);

/// Kubernetes maintains its three newest versions; a pin that is older than those has been forgotten.
const PATIENCE: u32 = 3;

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let labels = labels(object);
    if enforced(&labels).is_none_or(|level| level == Level::Privileged) {
        return;
    }
    let Some(label) = named(&labels, "enforce-version") else {
        return;
    };
    let Some(PolicyVersion::Pinned(minor)) = PolicyVersion::read(label.text) else {
        return;
    };
    let version = object.target.version;
    if minor + PATIENCE < u32::from(version.0) {
        let predicate =
            format!("pins its level of pod security to 1.{minor}, far behind {version}");
        found.on_object(
            At::node(label.node),
            &predicate,
            "what newer versions of the level forbid is let in",
        );
    }
}

/// Pins the version that the cluster has.
fn pin(object: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let version = format!("v{}", object.target.version);
    Ok(vec![Edit::set(finding.place.path.clone(), version)])
}
