//! An account of one namespace that may do everything in another makes the two one.

use plimsoll_control::{Control, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::{Binding, Role, Subject};

use plimsoll_guide::{Chapter, NET_03};

fn check(facts: &Facts, found: &mut JoinedFound) {
    let broad = facts.rbac.ways().giving(is_broad);
    for (binding, broad) in facts.rbac.bindings.iter().zip(broad) {
        let built_in = ["admin", "edit"]
            .into_iter()
            .any(|role| binding.gives(role));
        let is_broad = built_in || broad.is_some();
        let stranger = binding
            .subjects
            .iter()
            .find(|subject| is_stranger(binding, subject));
        match stranger.filter(|_| is_broad && !binding.is_cluster()) {
            Some(subject) => {
                let predicate = format!(
                    "gives {}, which lives in another namespace, the broad role {}",
                    subject.describe(),
                    binding.role_name
                );
                let label = "whoever has that namespace has this one";
                found.on_object(&binding.object, &subject.place, &predicate, label);
            }
            None => found.pass(),
        }
    }
}

/// An account of another namespace than the binding's, as far as both are said.
fn is_stranger(binding: &Binding, subject: &Subject) -> bool {
    let (Some(here), Some(there)) = (&binding.object.namespace, &subject.namespace) else {
        return false;
    };
    here.as_str() != &**there
}

/// Does a rule speak of all resources of Kubernetes itself, or of all verbs on workloads or Secrets?
fn is_broad(role: &Role) -> bool {
    role.rules.iter().any(|rule| {
        let all = rule.verbs.iter().any(|verb| &**verb == "*");
        let core = rule.covers("") || rule.covers("apps");
        let heavy = ["secrets", "pods", "deployments"];
        let named = heavy
            .iter()
            .any(|resource| rule.names_resource(resource).is_some());
        core && (rule.every_resource().is_some() || all && named)
    })
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "broad-rights-from-another-namespace",
        formerly: &[],
        title: "RoleBinding gives an account of another namespace broad rights",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&NET_03],
        pss: &[],
        severity: Severity::Medium,
        fix: Fix::Not("which rights somebody needs is for the owner of the cluster to say"),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};
