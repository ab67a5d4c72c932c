//! Reading every ConfigMap of a cluster shows how everything in it is set, and the credentials that should not be there.

use plimsoll_control::{Control, Finding, Fix, Header, JoinedFound, Revision, Rule, Severity};
use plimsoll_snapshot::facts::Facts;
use plimsoll_snapshot::facts::rbac::Reach;
use plimsoll_snapshot::object::Object;
use plimsoll_yaml::edit::Edit;

use plimsoll_guide::{Chapter, RBAC_09};

use crate::grants::{chain, reach, who};
use crate::withdraw::{strictly, without_resources};

fn check(facts: &Facts, found: &mut JoinedFound) {
    for granted in facts.rbac.ways().granted() {
        let everywhere = reach(&granted) >= Reach::Cluster && !granted.role.is_bootstrap();
        let mut fine = true;
        for rule in granted.role.rules.iter().filter(|_| everywhere) {
            let reads = ["get", "list", "watch"]
                .into_iter()
                .any(|verb| rule.allows(verb));
            let open = rule.covers("") && rule.names.is_empty() && reads;
            let Some(entry) = rule.names_resource("configmaps").filter(|_| open) else {
                continue;
            };
            fine = false;
            let predicate = format!("{}read any ConfigMap", who(&granted));
            let label = "without resourceNames every ConfigMap can be read";
            let finding = found.on_object(&granted.role.object, &entry.place, &predicate, label);
            finding.relate(chain(&granted));
        }
        if fine {
            found.pass();
        }
    }
}

/// See the page.
pub(super) static CONTROL: Control = Control {
    head: Header {
        id: "config-maps-readable",
        formerly: &[],
        title: "role lets its holders read all ConfigMaps of the cluster",
        chapter: Chapter::AuthenticationAndAuthorization,
        guide: &[&RBAC_09],
        pss: &[],
        severity: Severity::Low,
        fix: Fix::Edits(&[strictly(without)]),
        page: crate::page::beside(module_path!()),
    },
    needs: &[],
    revisions: &[Revision::always(Rule::Joined { check })],
};

fn without<'t>(object: &'t Object<'t>, finding: &Finding) -> Result<Vec<Edit>, &'static str> {
    without_resources(object, finding, &["configmaps"])
}
