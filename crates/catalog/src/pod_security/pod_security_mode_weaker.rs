//! `audit` or `warn` of the Pod Security labels weaker than `enforce`: refused pods then come without the warning that the
//! workload behind them would have given.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Found, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{Level, enforced, labels, named};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::edit::Edit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-mode-weaker",
        formerly: &[],
        title: "namespace warns of less than it refuses",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::safe(How::Rule(same_as_enforced)).patched(AS_ENFORCED)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: TELLING,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "{words}.filter(w, 'pod-security.kubernetes.io/enforce' in {labels} && 'pod-security.kubernetes.io/' + w in {labels} && \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/' + w]) >= 0 && \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/' + w]) < \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/enforce'])) \
     .map(w, 'sets ' + w + ' to a weaker level of pod security than it enforces')",
]);

const AS_ENFORCED: &[&str] = &[
    "{words}.filter(w, 'pod-security.kubernetes.io/enforce' in {labels} && 'pod-security.kubernetes.io/' + w in {labels} && \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/' + w]) >= 0 && \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/' + w]) < \
     ['privileged', 'baseline', 'restricted'].indexOf({labels}['pod-security.kubernetes.io/enforce'])) \
     .map(w, JSONPatch{op: 'replace', path: '/metadata/labels/pod-security.kubernetes.io~1' + w, \
     value: {labels}['pod-security.kubernetes.io/enforce']})",
];

const TELLING: Words = &["audit", "warn"];

fn check(object: &Object<'_>, telling: Words, found: &mut Found<'_>) {
    let labels = labels(object);
    let Some(enforced) = enforced(&labels) else {
        return;
    };
    for label in &labels {
        let weaker = Level::read(label.text).is_some_and(|level| level < enforced);
        if telling.contains(&label.name) && weaker {
            let predicate = format!(
                "sets {} to a weaker level of pod security than it enforces",
                label.name
            );
            found.on_object(
                At::node(label.node),
                &predicate,
                "keeps silent about what is going to be refused",
            );
        }
    }
}

/// Warns of what is refused.
fn same_as_enforced(object: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let labels = labels(object);
    let level = named(&labels, "enforce").ok_or("no level is enforced")?;
    Ok(vec![Edit::set(finding.place.path.clone(), level.text)])
}
