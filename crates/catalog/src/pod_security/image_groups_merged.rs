//! A pod that lists its supplementary groups should not get more from its image: `supplementalGroupsPolicy` must be
//! `Strict`. Absence means `Merge`.

use plimsoll_control::{
    Control, Enforce, Fix, Found, Guard, Header, How, Remedy, Revision, Rule, Severity, Words,
};
use plimsoll_guide::{Chapter, PSC_09};
use plimsoll_snapshot::field::{Lit, SUPPLEMENTAL_GROUPS, SUPPLEMENTAL_GROUPS_POLICY};
use plimsoll_snapshot::pod::Pod;
use plimsoll_snapshot::value::Value;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "image-groups-merged",
        formerly: &[],
        title: "pod lists its groups, and gets those of its image as well",
        chapter: Chapter::PodSecurity,
        guide: &[&PSC_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[Remedy::review(
            How::Set(Lit::Str("Strict")),
            "files that only a group of the image may read are out of reach",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::since(
        33,
        Rule::Pod {
            check,
            words: &["Strict"],
            enforce: IN_CEL,
        },
    )],
};

const IN_CEL: Enforce = Enforce::Cel(&[
    "has({spec}.securityContext) && size({spec.securityContext.supplementalGroups}) > 0 && \
     !(has({spec}.os) && {spec}.os.name == 'windows') && \
     !(has({spec}.securityContext.supplementalGroupsPolicy) && {spec}.securityContext.supplementalGroupsPolicy in {words}) ? \
     ['lists its groups, but gets those of its image too'] : []",
]);

const BECAUSE: &str =
    "the image's /etc/group adds groups that nobody sees here, the root group perhaps";

fn check(pod: &Pod<'_>, words: Words, found: &mut Found<'_>) {
    if Guard::Windows.holds(pod) || !lists_groups(pod) {
        return;
    }
    let policy = pod.read(&SUPPLEMENTAL_GROUPS_POLICY);
    let is_strict = matches!(policy.value, Value::Is(Lit::Str(value)) if words.contains(&value));
    if !is_strict && !matches!(policy.value, Value::Malformed(_)) {
        found.on_object(
            policy.at,
            "lists its groups, but gets those of its image too",
            BECAUSE,
        );
    }
}

/// Does the pod list groups besides the one that its processes run as?
fn lists_groups(pod: &Pod<'_>) -> bool {
    let mut lists = false;
    pod.read_each(&SUPPLEMENTAL_GROUPS, &mut |reading| {
        lists |= matches!(reading.value, Value::Is(_));
    });
    lists
}
