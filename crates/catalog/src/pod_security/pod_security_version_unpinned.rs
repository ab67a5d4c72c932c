//! An enforced level of the Pod Security Standards whose version no label pins, so that an upgrade changes what is refused.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{
    ENFORCE_VERSION, Level, PolicyVersion, enforced, labels, named,
};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::edit::Edit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-version-unpinned",
        formerly: &[],
        title: "namespace follows whatever its enforced level means today",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::safe(How::Rule(pin)).patched(PINNED)]),
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
     (!('pod-security.kubernetes.io/enforce-version' in {labels}) || {labels}['pod-security.kubernetes.io/enforce-version'] == 'latest') ? \
     ['does not pin the version of the level of pod security that it enforces'] : []"]);

const PINNED: &[&str] = &["'pod-security.kubernetes.io/enforce' in {labels} && \
     {labels}['pod-security.kubernetes.io/enforce'] in ['baseline', 'restricted'] && \
     (!('pod-security.kubernetes.io/enforce-version' in {labels}) || {labels}['pod-security.kubernetes.io/enforce-version'] == 'latest') ? \
     [JSONPatch{op: 'add', path: '/metadata/labels/pod-security.kubernetes.io~1enforce-version', value: 'v1.{minor}'}] : []"];

fn check(object: &Object<'_>, _: Words, found: &mut Found<'_>) {
    let labels = labels(object);
    if enforced(&labels).is_none_or(|level| level == Level::Privileged) {
        return;
    }
    let place = At::nearest(object.node, ENFORCE_VERSION);
    let pin = named(&labels, "enforce-version").map(|label| PolicyVersion::read(label.text));
    if pin == Some(Some(PolicyVersion::Latest)) || !place.missing.is_empty() {
        found.on_object(
            place,
            "does not pin the version of the level of pod security that it enforces",
            "the next upgrade of the cluster may refuse pods that run today",
        );
    }
}

/// Pins the version that the cluster has.
fn pin(object: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let version = format!("v{}", object.target.version);
    Ok(vec![Edit::set(finding.place.path.clone(), version)])
}
