//! A Namespace without an enforced level of the Pod Security Standards, or with the level that allows everything. What the
//! API server does without a label is its own configuration, which objects do not show.

use plimsoll_control::{
    Control, Enforce, Extent, Finding, Fix, Found, Header, How, Remedy, Revision, Rule, Severity,
    Words,
};
use plimsoll_guide::{Chapter, NET_03, POD_13};
use plimsoll_snapshot::object::Object;
use plimsoll_snapshot::pod_security::{ENFORCE, Level, PREFIX, labels, named};
use plimsoll_snapshot::value::At;
use plimsoll_yaml::Segment;
use plimsoll_yaml::edit::Edit;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "pod-security-not-enforced",
        formerly: &[],
        title: "namespace lets in every pod",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_13, &NET_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[
            Remedy::review(
                How::Rule(enforce_baseline),
                "pods that the level baseline forbids are refused when they are made next",
            ),
            Remedy::review(
                How::Rule(enforce_restricted),
                "pods that the level restricted forbids are refused when they are made next",
            )
            .to(Extent::Strict),
        ]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Object {
        kinds: &[("", "Namespace")],
        check,
        words: EXEMPT,
        enforce: IN_CEL,
    })],
};

const IN_CEL: Enforce = Enforce::Cel(&["{object}.metadata.name in {words} ? [] : \
     !('pod-security.kubernetes.io/enforce' in {labels}) ? ['does not say which level of pod security it enforces'] : \
     {labels}['pod-security.kubernetes.io/enforce'] == 'privileged' ? ['enforces the level privileged, which allows every pod'] : []"]);

/// The cluster's own namespaces, where workloads of users have no place.
const EXEMPT: Words = &["kube-node-lease", "kube-public", "kube-system"];

/// The modes that tell of pods and refuse none.
const TELLING: &[&str] = &["audit", "warn"];

fn check(object: &Object<'_>, exempt: Words, found: &mut Found<'_>) {
    if object.name().is_some_and(|name| exempt.contains(&name)) {
        return;
    }
    let labels = labels(object);
    let place = At::nearest(object.node, ENFORCE);
    match named(&labels, "enforce") {
        Some(label) if Level::read(label.text) == Some(Level::Privileged) => {
            found.on_object(
                place,
                "enforces the level privileged, which allows every pod",
                "lets pods take over their node",
            );
        }
        None if !place.missing.is_empty() => {
            found.on_object(
                place,
                "does not say which level of pod security it enforces",
                "unless the API server is configured otherwise, every pod is let in",
            );
        }
        _ => {}
    }
}

fn enforce_baseline(object: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    Ok(enforce(Level::Baseline, object, finding))
}

fn enforce_restricted(object: &Object<'_>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    Ok(enforce(Level::Restricted, object, finding))
}

/// The level, and the version whose rules it has: those of the cluster. A version that is there already belonged to a
/// level that forbade nothing. What is told of less than is refused then is told of as much.
fn enforce(level: Level, object: &Object<'_>, finding: &Finding) -> Vec<Edit> {
    let path = finding.place.path.clone();
    let beside = |name: &str| {
        let mut path = path.clone();
        path.pop();
        path.push(Segment::Key(format!("{PREFIX}{name}").into()));
        path
    };
    let version = format!("v{}", object.target.version);
    let labels = labels(object);
    let weaker = labels.iter().filter(|label| {
        TELLING.contains(&label.name) && Level::read(label.text).is_some_and(|told| told < level)
    });
    let told = weaker.map(|label| Edit::set(beside(label.name), level.as_str()));
    let mut edits = vec![
        Edit::set(path.clone(), level.as_str()),
        Edit::set(beside("enforce-version"), version),
    ];
    edits.extend(told);
    edits
}
