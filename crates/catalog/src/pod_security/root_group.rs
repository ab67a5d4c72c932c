//! `runAsGroup` must be set and not 0, for the container or its pod; without it the image decides, and most images say
//! group 0. Not for Windows pods, which have no such groups.

use plimsoll_control::{
    Clause, Control, Describe, Finding, Fix, Guard, Header, How, Must, Remedy, Revision, Rule,
    Says, Severity,
};
use plimsoll_guide::{Chapter, POD_03, PSC_08};
use plimsoll_snapshot::field::{self, Lit};
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

const CLAUSES: &[Clause] = &[Clause {
    field: &field::RUN_AS_GROUP,
    must: Must::BeOther(&[Lit::Int(0)]),
    says: Says {
        set: "runs in the root group (runAsGroup is 0)",
        unset: "may run in the root group (runAsGroup is not set)",
        because: "files of the image and of volumes are often open to group 0",
    },
    weights: &[],
}];

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "root-group",
        formerly: &[],
        title: "container may run in group 0",
        chapter: Chapter::PodSecurity,
        guide: &[&POD_03, &PSC_08],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::Rule(own_group),
            "files that only group 0 may read are out of reach",
        )]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Derived(Describe {
        clauses: CLAUSES,
        unless: &[Guard::Windows],
    }))],
};

/// The group of programs that have no reason for another one: images for users other than root often have it.
const NOBODY: i64 = 65532;

/// A group of the same number as the user, where that is known: such a group holds nobody else.
fn own_group<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let path = &finding.place.path;
    let pod = object.pod().ok_or("the pod cannot be read")?;
    let mut containers = pod.containers();
    let own = containers.find(|container| path.starts_with(&container.node.path()));
    let user = match own {
        Some(container) => container.effective(&field::RUN_AS_USER).value,
        None => pod.read(&field::POD_RUN_AS_USER).value,
    };
    let group = match user.is() {
        Some(Lit::Int(user)) if user > 0 => user,
        _ => NOBODY,
    };
    Ok(vec![Edit::set(path.clone(), group)])
}
