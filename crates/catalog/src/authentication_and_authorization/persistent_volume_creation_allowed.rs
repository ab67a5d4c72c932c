//! A PersistentVolume of type hostPath shows any folder of a node to a pod that Pod Security thinks harmless.

use plimsoll_control::{
    Control, Enforce, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity,
};
use plimsoll_guide::{BEY_13, Chapter, RBAC_03};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use crate::grants::{Power, ROLES, in_cel, judge};
use crate::withdraw::{strictly, without_powers};

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "persistent-volume-creation-allowed",
        formerly: &[],
        title: "role lets its holders create PersistentVolumes",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&BEY_13, &RBAC_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[strictly(without)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: ROLES,
        enforce: Enforce::Made(cel),
    })],
};

static POWERS: &[Power] = &[Power {
    resources: &[("", "persistentvolumes")],
    verbs: &["create"],
    cluster_only: true,
    tamed_by_names: false,
    in_wildcards: false,
    does: "create PersistentVolumes, folders of nodes included",
    label: "a volume of type hostPath passes Pod Security",
    cluster: Severity::Medium,
    namespace: Severity::Medium,
}];

fn check(facts: &Facts, found: &mut JoinedFound) {
    judge(facts, POWERS, found);
}

fn cel() -> String {
    in_cel(POWERS)
}

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_powers(object, finding, POWERS.iter())
}
