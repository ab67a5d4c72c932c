//! Rights of the account `default`, or of all accounts, go to every pod that names no account of its own.

use plimsoll_control::{
    Companion, Control, Enforce, Extent, Finding, Fix, Header, How, JoinedFound, Remedy, Revision,
    Rule, Severity,
};
use plimsoll_guide::{AUTH_07, Chapter, RBAC_08};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Subject;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;
use plimsoll_yaml::{Node, Segment};

use crate::grants::BINDINGS;

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "default-service-account-bound",
        formerly: &[],
        title: "binding gives rights to pods that asked for none",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_08, &AUTH_07],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Edits(&[Remedy::review(
            How::AddAnd(Companion::ServiceAccount, bind_own),
            "pods that use the rights lose them until they name the new account",
        )
        .to(Extent::Strict)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::JoinedInPart {
        check,
        kinds: BINDINGS,
        enforce: IN_CEL,
    })],
};

/// Roles of public keys, which the API server gives to all accounts.
const MADE_FOR_IT: [&str; 2] = [
    "system:cluster-trust-bundle-discovery",
    "system:service-account-issuer-discovery",
];

const IN_CEL: Enforce = Enforce::Cel(&[
    "{object}.roleRef.kind == 'ClusterRole' && {object}.roleRef.name in \
     ['system:cluster-trust-bundle-discovery', 'system:service-account-issuer-discovery'] ? [] : \
     {object.subjects}.filter(s, s.kind == 'ServiceAccount' && s.name == 'default' || \
     s.kind == 'User' && s.name.startsWith('system:serviceaccount:') && s.name.endsWith(':default') || \
     s.kind == 'Group' && (s.name == 'system:serviceaccounts' || s.name.startsWith('system:serviceaccounts:'))) \
     .map(s, 'gives the role ' + {object}.roleRef.name + ' to ' + s.kind + ' ' + s.name + ', and so to pods that name no account')",
]);

fn check(facts: &Facts, found: &mut JoinedFound) {
    let imitations = facts.rbac.imitations();
    for binding in &facts.rbac.bindings {
        let own =
            MADE_FOR_IT.into_iter().any(|role| binding.gives(role)) && !imitations.gives(binding);
        match binding
            .subjects
            .iter()
            .find(|subject| is_shared(subject) && !own)
        {
            Some(subject) => {
                let predicate = format!(
                    "gives the role {} to {}, and so to pods that name no account",
                    binding.role_name,
                    subject.describe()
                );
                let label = "shared by pods that asked for nothing";
                let finding = found.on_object(&binding.object, &subject.place, &predicate, label);
                if &*subject.kind != "ServiceAccount" || binding.is_cluster() {
                    finding.without_fix(
                        "which accounts need the rights is for the owner of the cluster to say",
                    );
                }
                if binding.is_cluster() {
                    finding.weigh(Severity::High, "it holds in the whole cluster");
                }
            }
            None => found.pass(),
        }
    }
}

fn is_shared(subject: &Subject) -> bool {
    let account = match &*subject.kind {
        "ServiceAccount" => &*subject.name == "default",
        "User" => is_default_by_user_name(&subject.name),
        _ => false,
    };
    let group = &*subject.kind == "Group"
        && (&*subject.name == "system:serviceaccounts"
            || subject.name.starts_with("system:serviceaccounts:"));
    account || group
}

/// Is it the user name under which an account `default` logs in?
fn is_default_by_user_name(name: &str) -> bool {
    let account = name.strip_prefix("system:serviceaccount:");
    account.is_some_and(|account| account.ends_with(":default"))
}

/// Names an account like the binding in place of the shared one.
fn bind_own<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    let own = object.name().ok_or("the binding has no name")?;
    let subjects = object
        .node
        .get("subjects")
        .into_iter()
        .flat_map(Node::items);
    let here = subjects.map(|subject| subject.path());
    let subject = here
        .into_iter()
        .find(|path| finding.place.path.starts_with(path));
    let mut name = subject.ok_or("its subject is not there any more")?;
    name.push(Segment::Key("name".into()));
    Ok(vec![Edit::set(name, own)])
}
